//! The report on time limits, read from the database: of what is known now from how every clock stands, of any other
//! moment from the ledgers.

use serde::Serialize;
use sqlx::SqliteConnection;

use super::queries::clocks as queries;
use super::report::{self, Head};
use crate::db::Db;
use crate::domain::day::Day;
use crate::domain::ids::EnquiryId;
use crate::domain::instant::Instant;
use crate::domain::question::{Dimension, Question};
use crate::domain::time_limit::{self, Clock, ClockReport, Rules, Started, State, StateName};
use crate::features::{pipeline, time_limits};

/// Serialises as the documented JSON.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ClocksReport {
    #[serde(flatten)]
    pub head: Head,
    #[serde(flatten)]
    pub clocks: ClockReport,
}

/// Of several questions, all of the same moment of the database.
pub async fn clocks(db: &Db, questions: &[Question], now: Instant) -> sqlx::Result<Vec<ClocksReport>> {
    let mut snapshot = db.read().begin().await?;
    let service = report::service_name(&mut snapshot).await?;
    let mut reports = Vec::with_capacity(questions.len());
    for question in questions {
        let clocks = read(&mut snapshot, question, now).await?;
        reports.push(ClocksReport { head: Head::new("clocks", service.clone(), question), clocks });
    }
    Ok(reports)
}

/// Counts within the connection's transaction. `now` tells whether what is asked about is what is known at present.
pub(super) async fn read(
    connection: &mut SqliteConnection,
    question: &Question,
    now: Instant,
) -> sqlx::Result<ClockReport> {
    if !from_what_is_stored(connection, question, now).await? {
        return count_ledgers(connection, question).await;
    }
    let rules = rules(connection, question).await?;
    let started = queries::count_started_now(connection, question).await?;
    Ok(time_limit::count(question.by, question.until(), &started, &rules))
}

pub(super) async fn count_ledgers(connection: &mut SqliteConnection, question: &Question) -> sqlx::Result<ClockReport> {
    let rules = rules(connection, question).await?;
    let all = from_ledgers(connection, question, &rules).await?;
    let started: Vec<_> = all.into_iter().map(|one| Started::of(one.state, one.clock, one.group)).collect();
    Ok(time_limit::count(question.by, question.until(), &started, &rules))
}

/// The limits and special days that were recorded by then: a change of them later does not reach an earlier figure.
async fn rules(connection: &mut SqliteConnection, question: &Question) -> sqlx::Result<Rules> {
    time_limits::rules_known_at(connection, question.known_at).await
}

/// What is stored stands for today, and only while nothing of it waits to be worked out again.
async fn from_what_is_stored(
    connection: &mut SqliteConnection,
    question: &Question,
    now: Instant,
) -> sqlx::Result<bool> {
    let today = question.known_at >= now && question.as_at >= now.london_day();
    Ok(today && time_limits::find_rebuild(connection).await?.is_none())
}

/// One clock of one enquiry.
pub struct One {
    pub enquiry: EnquiryId,
    pub start: Day,
    pub clock: Clock,
    pub state: State,
    pub group: Option<String>,
}

async fn from_ledgers(connection: &mut SqliteConnection, question: &Question, rules: &Rules) -> sqlx::Result<Vec<One>> {
    const PAGE: usize = 1_000;
    let reasons = pipeline::list_close_reasons(&mut *connection).await?;
    let enquiries = queries::list_candidates(connection, question).await?;
    let mut all = Vec::new();
    for page in enquiries.chunks(PAGE) {
        for (enquiry, ledger) in pipeline::load_many(connection, page).await? {
            let started = time_limit::started(&ledger, &reasons, question, rules);
            all.extend(started.into_iter().map(|(timing, state, group)| One {
                enquiry,
                start: timing.start,
                clock: timing.clock,
                state,
                group,
            }));
        }
    }
    Ok(all)
}

/// Which of the counted clocks are behind a figure.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Behind {
    pub clock: Option<Clock>,
    pub state: Option<StateName>,
    pub group: Option<String>,
}

impl Behind {
    fn holds(&self, one: &One, by: Option<Dimension>) -> bool {
        let nothing = by.map_or("", Dimension::nothing_recorded);
        let running = [StateName::Running, StateName::DueSoon, StateName::Overdue];
        let state = one.state.name();
        // What runs includes what is due soon and what is overdue.
        let in_state = self
            .state
            .is_none_or(|wanted| wanted == state || (wanted == StateName::Running && running.contains(&state)));
        self.clock.is_none_or(|clock| clock == one.clock)
            && in_state
            && self.group.as_deref().is_none_or(|group| one.group.as_deref().unwrap_or(nothing) == group)
    }
}

/// Every clock behind a figure, from the ledgers as they were known then: the latest start first.
pub async fn behind(connection: &mut SqliteConnection, question: &Question, behind: &Behind) -> sqlx::Result<Vec<One>> {
    let rules = rules(connection, question).await?;
    let mut all = from_ledgers(connection, question, &rules).await?;
    all.retain(|one| behind.holds(one, question.by));
    all.sort_by_key(|one| std::cmp::Reverse((one.start, one.enquiry, one.clock)));
    Ok(all)
}
