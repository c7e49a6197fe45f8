//! `limit_now`: the clocks of every enquiry as far as they are the same on every day. Made from facts in force and from
//! rules in force, and from nothing else, so that it can be made again and compared.

use std::collections::BTreeMap;

use sqlx::SqliteConnection;

use super::queries::{self, Row};
use super::queries_rules;
use crate::domain::day::Day;
use crate::domain::ids::EnquiryId;
use crate::domain::ledger::{AttributeName, Facts};
use crate::domain::pause::Pause;
use crate::domain::time_limit::{Course, CourseName, Rules, State, Timing, timings};

/// The rows of one enquiry, in the order of the codes of its clocks.
pub fn rows(enquiry: EnquiryId, facts: &Facts, rules: &Rules) -> Vec<Row> {
    if facts.day_received().is_none() {
        return Vec::new();
    }
    let officer = facts.latest_attribute(AttributeName::Officer).filter(|officer| officer.value.is_some());
    let of = |timing: Timing| {
        let open = matches!(timing.course, Course::Open { .. });
        let (taken, over, left, lapses) = match timing.course {
            Course::Open { left, lapses } => (None, None, left, lapses),
            Course::Met { taken } => (Some(taken), None, None, false),
            Course::Missed { taken, over } => (Some(taken), Some(over), None, false),
            Course::Ended | Course::NotRecorded => (None, None, None, false),
        };
        Row {
            enquiry,
            clock: timing.clock,
            start: timing.start,
            course: timing.course.name(),
            due: timing.due,
            soon: timing.soon,
            overdue: timing.overdue,
            end: timing.end,
            taken,
            over,
            left,
            lapses,
            officer: officer.and_then(|officer| officer.user).filter(|_| open),
            unassigned: open && officer.is_none(),
        }
    };
    let mut rows: Vec<_> = timings(facts, rules).into_iter().map(of).collect();
    rows.sort_by_key(|row| row.clock.code());
    rows
}

/// Writes the clocks of enquiries whose facts the caller knows, in place of those that were there.
pub async fn replace(connection: &mut SqliteConnection, enquiries: &[(EnquiryId, &Facts)]) -> sqlx::Result<()> {
    let rules = queries_rules::rules(connection).await?;
    let ids: Vec<_> = enquiries.iter().map(|(enquiry, _)| *enquiry).collect();
    queries::delete(connection, &ids).await?;
    let rows: Vec<_> = enquiries.iter().flat_map(|(enquiry, facts)| rows(*enquiry, facts, &rules)).collect();
    queries::insert(connection, &rows).await
}

/// Writes the clocks of enquiries that had none.
pub async fn add(connection: &mut SqliteConnection, rows: &[Row]) -> sqlx::Result<()> {
    queries::insert(connection, rows).await
}

/// The stored rows of some enquiries, as `rows` makes them.
pub async fn list_stored(
    connection: &mut SqliteConnection,
    enquiries: &[EnquiryId],
) -> sqlx::Result<BTreeMap<EnquiryId, Vec<Row>>> {
    let mut by_enquiry: BTreeMap<EnquiryId, Vec<Row>> = BTreeMap::new();
    for row in queries::list(connection, enquiries, false).await? {
        by_enquiry.entry(row.enquiry).or_default().push(row);
    }
    Ok(by_enquiry)
}

/// One enquiry's clocks on a day, in the order of the pipeline.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Clocks {
    pub timings: Vec<(Timing, State)>,
    pub pauses: Vec<Pause>,
}

/// The open clocks of some enquiries on a day, from what is stored: two statements, whatever their number.
pub async fn list_open(
    connection: &mut SqliteConnection,
    enquiries: &[EnquiryId],
    rules: &Rules,
    today: Day,
) -> sqlx::Result<BTreeMap<EnquiryId, Clocks>> {
    let mut clocks: BTreeMap<EnquiryId, Clocks> = BTreeMap::new();
    for (enquiry, pause) in queries::list_pauses(connection, enquiries).await? {
        clocks.entry(enquiry).or_default().pauses.push(pause);
    }
    for row in queries::list(connection, enquiries, true).await? {
        let of = clocks.entry(row.enquiry).or_default();
        let Some(timing) = row.timing(rules) else { continue };
        let state = timing.state_on(today, &of.pauses, &rules.days);
        of.timings.push((timing, state));
    }
    for of in clocks.values_mut() {
        of.timings.sort_by_key(|(timing, _)| timing.clock);
    }
    Ok(clocks)
}

impl Clocks {
    /// Straight from the facts, for one record.
    pub fn of(facts: &Facts, rules: &Rules, today: Day) -> Clocks {
        let state = |timing: Timing| {
            let state = timing.state_on(today, &facts.pauses, &rules.days);
            (timing, state)
        };
        Clocks { timings: timings(facts, rules).into_iter().map(state).collect(), pauses: facts.pauses.clone() }
    }
}

impl Row {
    /// None where the limit it was made with has gone since, until it is made anew.
    pub fn timing(&self, rules: &Rules) -> Option<Timing> {
        let limit = rules.in_force(self.clock, self.start)?.clone();
        let course = match self.course {
            CourseName::Open => Course::Open { left: self.left, lapses: self.lapses },
            CourseName::Met => Course::Met { taken: self.taken? },
            CourseName::Missed => Course::Missed { taken: self.taken?, over: self.over? },
            CourseName::Ended => Course::Ended,
            CourseName::NotRecorded => Course::NotRecorded,
        };
        let Row { clock, start, due, soon, overdue, end, .. } = *self;
        Some(Timing { clock, limit, start, due, soon, overdue, end, course })
    }
}
