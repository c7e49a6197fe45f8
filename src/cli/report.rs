//! `hearth report`: any report of the pages, from the same code.

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::error::ErrorKind;
use clap::{Args, Subcommand, ValueEnum};

use crate::clock::Clock;
use crate::config::Config;
use crate::domain::day::{Day, Period};
use crate::domain::fostering::TypeFilter;
use crate::domain::instant::Instant;
use crate::domain::question::{Basis, Dimension, Question};
use crate::features::reports;

/// Print a report: the same figures as on the pages. Runs beside a running service.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  hearth report funnel --from 2025-04-01 --to 2025-06-30 --by source --format csv")]
pub struct Report {
    #[command(subcommand)]
    report: Which,
}

#[derive(Debug, Subcommand)]
enum Which {
    Funnel(Funnel),
    Clocks(Clocks),
}

const FUNNEL_HELP: &str = r#"Example:
  hearth report funnel --from 2025-04-01 --to 2025-06-30 --as-at 2025-09-30 --known-at 2025-10-02 --format json

JSON: a head, then a group for each value of --by (one group, null, without it).
  {"report":"funnel","service":"…","from":"2025-04-01","to":"2025-06-30","type":"all","as_at":"2025-09-30",
   "known_at":"2025-10-02T22:59:59.999Z","basis":"cohort","by":null,
   "groups":[{"group":null,
     "steps":[{"step":"enquiry","households":120,"implied":0,"of_enquiries":1.0,"of_previous":null,"low":null,"high":null},
              {"step":"contact","households":110,"implied":2,"of_enquiries":0.9167,"of_previous":0.9167,
               "low":0.853,"high":0.954}, …],
     "outcomes":{"approved":9,"open":41,"paused":3,"in_touch":12,"applicant_withdrew":40,"service_ended":15,
                 "transferred":0}}]}
  Steps: enquiry, contact, visit, application, stage_2, panel, approval. `households` includes `implied` (a later step
  is recorded, this one is not). `low` and `high`: 95% Wilson interval of `of_enquiries`. A proportion is null where
  there is nothing to divide by, and on the activity basis always. `outcomes` adds up to the enquiries.

CSV: a row for each step and each outcome of each group, with the head in every row. Columns:
  report, service, from, to, type, as_at, known_at, basis, by, group, measure (step or outcome), name, households,
  implied, of_enquiries, of_previous, low, high

Duplicates count nowhere. Numbers in JSON and CSV are not rounded."#;

/// How many households reached each step, and what became of them.
#[derive(Debug, Args)]
#[command(after_help = FUNNEL_HELP)]
struct Funnel {
    #[command(flatten)]
    asked: Asked,
}

const CLOCKS_HELP: &str = r#"Example:
  hearth report clocks --from 2025-04-01 --to 2025-06-30 --by officer --format json

JSON: the head of every report, then a group for each value of --by (one group, null, without it).
  "groups":[{"group":null,
    "clocks":[{"clock":"first_contact","limit":"1 working day","statutory":false,"started":120,"running":14,
      "due_soon":2,"overdue":9,"met":80,"missed":15,"ended":6,"not_recorded":5,"median_days":1.0,
      "days":"working_days","in_time":0.769,"low":0.68,"high":0.84}, …]}]
  Time limits that started in the period, in their state on the as-at date. `running` includes `due_soon` and `overdue`;
  running, met, missed, ended and not_recorded add up to started. `median_days`: of those met and missed, in `days`.
  `in_time`: met, of those met, missed or overdue, with its 95% Wilson interval. `limit` is that of the last day.
  --by quarter is the quarter of the start; --by officer who has it on the as-at date.

CSV: a row for each clock of each group, with the head in every row. Columns:
  report, service, from, to, type, as_at, known_at, basis, by, group, clock, limit, statutory, started, running,
  due_soon, overdue, met, missed, ended, not_recorded, median_days, days, in_time, low, high

Limits and bank holidays are those that were recorded by --known-at: a later change does not change an earlier figure.
Duplicates count nowhere; supported lodgings have none of these time limits."#;

/// How many time limits were met, were missed or still run.
#[derive(Debug, Args)]
#[command(after_help = CLOCKS_HELP)]
struct Clocks {
    #[command(flatten)]
    asked: Asked,
}

/// What every report is asked.
#[derive(Debug, Args)]
struct Asked {
    /// The first day of the period.
    #[arg(long, value_name = "DATE")]
    from: Day,

    /// The last day of the period; it is in it.
    #[arg(long, value_name = "DATE")]
    to: Day,

    /// Only what had happened by the end of this day, which is not to come. Without it, the London day of --known-at.
    #[arg(long, value_name = "DATE")]
    as_at: Option<Day>,

    /// Only what had been recorded by then: an instant such as 2025-10-02T09:30:00Z, or a date for the whole of that
    /// day in London; an instant to come is now. Without it, now.
    #[arg(long, value_name = "INSTANT", value_parser = Instant::parse)]
    known_at: Option<Instant>,

    /// A group for each value.
    #[arg(long, value_name = "DIMENSION", value_parser = codes(Dimension::ALL, |by| by.code()))]
    by: Option<Dimension>,

    /// Which enquiries. Mainstream includes those with no kind recorded; supported lodgings are in "all" only.
    #[arg(long = "type", value_name = "TYPE", default_value = "all", value_parser = codes(TypeFilter::ALL, |it| it.code()))]
    types: TypeFilter,

    /// Of those received in the period, how many had reached each step (cohort); or what happened in the period,
    /// whenever they were received (activity).
    #[arg(long, value_name = "BASIS", default_value = "cohort", value_parser = codes(Basis::ALL, |it| it.code()))]
    basis: Basis,

    #[arg(long, value_name = "FORMAT", value_enum, default_value_t = Format::Table)]
    format: Format,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Format {
    Table,
    Json,
    Csv,
}

/// Lists the codes in the help and in what is said of a wrong one.
fn codes<T>(all: &'static [T], code: fn(T) -> &'static str) -> impl TypedValueParser<Value = T>
where
    T: Copy + Send + Sync + 'static,
{
    PossibleValuesParser::new(all.iter().map(move |one| code(*one)))
        .try_map(move |text| all.iter().copied().find(|one| code(*one) == text).ok_or("unknown"))
}

impl Asked {
    fn question(&self, now: Instant) -> Question {
        let period = Period { from: self.from, to: self.to };
        let question = Question::new(period, self.as_at, self.known_at.unwrap_or(now), now).unwrap_or_else(|refused| {
            // Wrong usage, as clap says it: on stderr, with exit 2.
            clap::Error::raw(ErrorKind::ValueValidation, format!("{refused}\n")).exit()
        });
        Question { types: self.types, basis: self.basis, by: self.by, ..question }
    }
}

impl Report {
    pub async fn run(self, config: Config, clock: Clock) -> anyhow::Result<()> {
        let now = clock.now();
        match self.report {
            Which::Funnel(Funnel { asked }) => funnel(&asked, &config, now).await,
            Which::Clocks(Clocks { asked }) => clocks(&asked, &config, now).await,
        }
    }
}

async fn funnel(asked: &Asked, config: &Config, now: Instant) -> anyhow::Result<()> {
    let question = asked.question(now);
    let db = super::open_beside(config).await?;
    let report = reports::funnel(&db, &question, now).await?;
    let small_number = reports::small_number(&db).await?;
    db.close().await;
    super::print(&match asked.format {
        Format::Table => reports::funnel_table(&report, small_number),
        Format::Json => serde_json::to_string_pretty(&report)? + "\n",
        Format::Csv => String::from_utf8(reports::funnel_csv(&[report])?)?,
    })
}

async fn clocks(asked: &Asked, config: &Config, now: Instant) -> anyhow::Result<()> {
    let question = asked.question(now);
    if question.basis == Basis::Activity {
        // Wrong usage: what starts in a period is followed from there.
        let refused = "time limits are counted on the cohort basis only: those that started in the period\n";
        clap::Error::raw(ErrorKind::ValueValidation, refused).exit()
    }
    let db = super::open_beside(config).await?;
    let reports = reports::clocks(&db, &[question], now).await?;
    let small_number = reports::small_number(&db).await?;
    db.close().await;
    super::print(&match asked.format {
        Format::Table => reports.iter().map(|report| reports::clocks_table(report, small_number)).collect(),
        Format::Json => serde_json::to_string_pretty(&reports[0])? + "\n",
        Format::Csv => String::from_utf8(reports::clocks_csv(&reports)?)?,
    })
}
