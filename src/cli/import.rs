//! `hearth import`: other people's files.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context;
use clap::error::ErrorKind;
use clap::{Args, Subcommand, ValueEnum};

use super::files::{self, check_readable};
use super::progress::Progress;
use crate::clock::Clock;
use crate::config::Config;
use crate::db::Db;
use crate::db::files::Output;
use crate::domain::actor::Actor;
use crate::domain::text::written_day::DateOrder;
use crate::features::imports::{self, Limits, Mapping, MappingFile, Newer, Options, Report, Request, Step};
use crate::features::pipeline;

/// Take files in.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  hearth import enquiries tracker.xlsx --mapping tracker.mapping.toml --dry-run\n\n`hearth import enquiries --help` says more."
)]
pub struct Import {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    Enquiries(Enquiries),
}

/// Take a CSV, XLSX or ODS file of enquiries in, all of it or nothing.
///
/// A row that cannot be is refused with its sheet, row, column and a sentence, and never stops the good ones. A row
/// that is known already (by its reference, the hub's reference, or day, names and postcode) makes nothing. Runs
/// beside a running service.
///
/// Without a mapping file the headers are the canonical ones and dates are written as 2025-03-31:
/// reference, hub, hub_reference, source, campaign, fostering_type, enquired_on, received_on, applicant_1_name, and
/// so on: `hearth export enquiries` writes them all. One of enquired_on and received_on is needed, everything else
/// may be left out.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
struct Enquiries {
    /// The file. Its kind is told by its content.
    #[arg(value_name = "FILE")]
    file: PathBuf,

    /// Take this sheet of a workbook and no other.
    #[arg(long, value_name = "NAME")]
    sheet: Option<String>,

    /// How the file's own headers and words become Hearth's. A file of refused rows carries the mapping with which
    /// they were read.
    #[arg(long, value_name = "FILE.toml")]
    mapping: Option<PathBuf>,

    /// In which order day, month and year stand in dates that are text. Real spreadsheet dates need none.
    #[arg(long, value_name = "dmy|mdy|ymd")]
    date_order: Option<DateOrder>,

    /// Take newer facts of known rows too: what was empty is filled, missing milestones are added, a different value
    /// is recorded as a correction, a blank erases nothing.
    #[arg(long)]
    update: bool,

    /// Say what would happen, and write nothing.
    #[arg(long)]
    dry_run: bool,

    /// Write the refused rows with a column `problem` into this file, to correct and bring back (its header row carries
    /// the mapping, so none is to be given again): CSV, or XLSX where its name ends so.
    #[arg(long, value_name = "FILE")]
    problems: Option<PathBuf>,

    /// How to say what happened.
    #[arg(long, value_name = "table|json", default_value = "table", hide_possible_values = true)]
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Table,
    Json,
}

const EXAMPLES: &str = "\
Examples:
  hearth import enquiries enquiries.csv
  hearth import enquiries tracker.xlsx --mapping tracker.mapping.toml --dry-run
  hearth import enquiries weekly.csv --mapping hub.mapping.toml --update --problems to-correct.csv

A mapping file:
  date_order = \"dmy\"
  blank      = [\"n/a\", \"tbc\"]
  hub        = { name = \"Foster with North East\", or_source = \"Regional hub\" }
  [columns]
  \"Date of enq\" = \"received_on\"
  \"Name(s)\"     = \"applicants.name\"
  \"Outcome\"     = \"outcome\"
  [words.outcome]
  \"withdr*\"     = \"applicant_withdrew\"";

fn one_table(table: imports::Table) -> bool {
    table.sheets().is_empty()
}

fn cannot_be_written(path: &Path) -> String {
    format!("{} cannot be written", path.display())
}

impl Import {
    pub async fn run(self, config: Config, clock: Clock) -> anyhow::Result<()> {
        match self.what {
            What::Enquiries(command) => command.run(config, clock).await,
        }
    }
}

impl Enquiries {
    async fn run(self, config: Config, clock: Clock) -> anyhow::Result<()> {
        check_readable(&self.file)?;
        self.mapping.as_deref().map_or(Ok(()), check_readable)?;
        let problems = self.problems_file(&config)?;
        let db = super::open_beside(&config).await?;
        let actor = Actor::command_line(clock.now());
        let request = Arc::new(self.request(&db, &actor).await?);
        if self.sheet.is_some() && request.open(&self.file).is_ok_and(one_table) {
            db.close().await;
            // Wrong usage, as clap says it: on stderr, with exit 2.
            let sentence = "a CSV file has no sheets, so --sheet does nothing: leave it out\n";
            clap::Error::raw(ErrorKind::ArgumentConflict, sentence).exit()
        }
        if self.sheet.is_none() && !request.mapping.sheets.is_empty() && request.open(&self.file).is_ok_and(one_table) {
            eprintln!("a CSV file has no sheets, so those that the mapping names mean nothing here");
        }
        let report = self.import(&db, &actor, &request).await;
        db.close().await;
        let report = report.with_context(|| self.file.display().to_string())?;
        // First what was done: the file of problems may fail.
        super::print(&match self.format {
            Format::Table => report.table(),
            Format::Json => serde_json::to_string(&report)? + "\n",
        })?;
        if let Some((path, file)) = self.problems.as_deref().zip(problems) {
            self.write_problems(&request, &report, path, file)
                .context("the rows above are as they were said to be; only the file of problems is missing")?;
        }
        Ok(())
    }

    /// The file of problems, begun before anything is taken in.
    fn problems_file(&self, config: &Config) -> anyhow::Result<Option<Output>> {
        let Some(path) = self.problems.as_deref() else { return Ok(None) };
        let read: Vec<_> = [Some(self.file.as_path()), self.mapping.as_deref()].into_iter().flatten().collect();
        files::keep_apart("--problems", path, &read, &config.database);
        Ok(Some(Output::begin(path).with_context(|| cannot_be_written(path))?))
    }

    fn write_problems(&self, request: &Request, report: &Report, path: &Path, file: Output) -> anyhow::Result<()> {
        let (mut table, format) = (request.open(&self.file)?, imports::ProblemsFormat::of(path));
        let rows = imports::write_problems(&mut table, request, &report.refused, file.unfinished(), format)
            .with_context(|| path.display().to_string())?;
        file.finish().with_context(|| cannot_be_written(path))?;
        eprintln!("{rows} refused rows are in {}", path.display());
        Ok(())
    }

    async fn request(&self, db: &Db, actor: &Actor) -> anyhow::Result<Request> {
        let reasons = pipeline::list_close_reasons(&mut *db.read().acquire().await?).await?;
        let (mut written, of) = self.written()?;
        if let Some(order) = self.date_order {
            written.date_order = Some(order.code().to_owned());
        }
        Ok(Request {
            mapping: Mapping::of(&written, &reasons).map_err(|why| anyhow::anyhow!("{of}: {why}"))?,
            reasons,
            today: actor.at.london_day(),
            only_sheet: self.sheet.clone(),
            limits: Limits::COMMAND,
        })
    }

    /// The mapping that was given; else the one with which the rows of this file were read before they came back; else
    /// none is wanted. And whose it is, should it not be one.
    fn written(&self) -> anyhow::Result<(MappingFile, String)> {
        if let Some(path) = &self.mapping {
            let text = fs::read_to_string(path).with_context(|| path.display().to_string())?;
            let written = MappingFile::parse(&text).map_err(|why| anyhow::anyhow!("{}: {why}", path.display()))?;
            return Ok((written, path.display().to_string()));
        }
        let of = format!("{}: the mapping that it carries, which --mapping replaces", self.file.display());
        // What is wrong with the file itself is said by whoever reads it.
        match imports::find_carried(&self.file, &Limits::COMMAND).ok().flatten() {
            None => Ok((MappingFile::canonical(), of)),
            Some(Ok(written)) => {
                eprintln!("read with the mapping that {} carries", self.file.display());
                Ok((written, of))
            }
            Some(Err(why)) => anyhow::bail!("{of}: {why}"),
        }
    }

    async fn import(&self, db: &Db, actor: &Actor, request: &Arc<Request>) -> anyhow::Result<Report> {
        let progress = Progress::start();
        let tell = Arc::new(move |step| match step {
            Step::Reading { rows } => progress.say(&format!("reading and checking, {rows} rows")),
            Step::Writing { done, of } => progress.count("writing", done, of),
        });
        let newer = if self.update { Newer::All } else { Newer::None };
        let options = Options { newer, dry_run: self.dry_run };
        Ok(imports::import(db, actor, Arc::clone(request), &self.file, options, tell).await?)
    }
}
