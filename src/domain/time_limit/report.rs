//! The report on time limits: of the clocks that started in a period, how they stood on the as-at date (counting rule
//! 19). Known at an instant means known of everything: facts, limits and special days.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{Clock, Rules, State, StateName, Timing, timings};
use crate::domain::day::Day;
use crate::domain::funnel::{group_of, is_duplicate, place};
use crate::domain::interval::{Interval, wilson};
use crate::domain::ledger::Ledger;
use crate::domain::question::{Dimension, Question};
use crate::domain::reason::CloseReason;

/// Clocks of a group that share how they stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Started {
    /// None: nothing is recorded of what the report is split by, or it is not split.
    pub group: Option<String>,
    pub clock: Clock,
    pub state: StateName,
    /// Of what was met or missed.
    pub taken: Option<i64>,
    pub households: i64,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ClockReport {
    pub groups: Vec<ClockGroup>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ClockGroup {
    /// None where the report is not split.
    pub group: Option<String>,
    pub clocks: Vec<ClockCount>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ClockCount {
    pub clock: Clock,
    /// Of a clock that starts on the last day that counts; one that started earlier had the limit of its own day.
    pub limit: Option<String>,
    pub statutory: bool,
    pub started: i64,
    /// With those due soon and those overdue.
    pub running: i64,
    pub due_soon: i64,
    pub overdue: i64,
    pub met: i64,
    pub missed: i64,
    pub ended: i64,
    pub not_recorded: i64,
    /// Of those met and missed, in the days that the limit counts.
    pub median_days: Option<f64>,
    /// `working_days` or `calendar_days`.
    pub days: &'static str,
    /// Those met, of all that are met, missed or overdue: of the others nobody can say yet.
    pub in_time: Option<f64>,
    pub low: Option<f64>,
    pub high: Option<f64>,
}

impl ClockCount {
    /// Met, missed or overdue: whether the limit was kept is known.
    pub fn decided(&self) -> i64 {
        self.met + self.missed + self.overdue
    }

    /// Whether its share in time is drawn from fewer than the small number.
    pub fn is_small(&self, small_number: i64) -> bool {
        self.started > 0 && self.decided() < small_number
    }

    pub fn in_state(&self, state: StateName) -> i64 {
        match state {
            StateName::NotStarted => 0,
            StateName::Running => self.running,
            StateName::DueSoon => self.due_soon,
            StateName::Overdue => self.overdue,
            StateName::Met => self.met,
            StateName::Missed => self.missed,
            StateName::Ended => self.ended,
            StateName::NotRecorded => self.not_recorded,
        }
    }

    pub fn interval(&self) -> Option<Interval> {
        Some(Interval { low: self.low?, high: self.high? })
    }
}

/// The clocks of one enquiry that started in the period, each with its group. Slow and obvious; the fast way, from what
/// is stored, is compared with it.
pub fn started(
    ledger: &Ledger,
    reasons: &[CloseReason],
    question: &Question,
    rules: &Rules,
) -> Vec<(Timing, State, Option<String>)> {
    let facts = ledger.facts_known_at(question.known_at);
    let counts = facts.day_received().is_some() && question.types.includes(facts.fostering_type());
    if !counts || is_duplicate(&facts, reasons, question.as_at) {
        return Vec::new();
    }
    let facts = facts.by(question.as_at);
    timings(&facts, rules)
        .into_iter()
        .filter(|timing| question.includes(timing.start))
        .map(|timing| {
            let state = timing.state_on(question.as_at, &facts.pauses, &rules.days);
            let group = group_of(&facts, question, timing.start);
            (timing, state, group)
        })
        .collect()
}

impl Started {
    pub fn of(state: State, clock: Clock, group: Option<String>) -> Started {
        let taken = match state {
            State::Met { taken } | State::Missed { taken, .. } => Some(taken),
            _ => None,
        };
        Started { group, clock, state: state.name(), taken, households: 1 }
    }
}

/// Not split: one group, of zeros where nothing started. Split: only groups with something to count (counting rule 4).
pub fn count(by: Option<Dimension>, until: Day, started: &[Started], rules: &Rules) -> ClockReport {
    let Some(by) = by else {
        let all: Vec<_> = started.iter().collect();
        return ClockReport { groups: vec![ClockGroup::of(None, until, &all, rules)] };
    };
    let mut split: BTreeMap<&str, Vec<&Started>> = BTreeMap::new();
    for one in started.iter().filter(|one| one.households > 0) {
        split.entry(one.group.as_deref().unwrap_or(by.nothing_recorded())).or_default().push(one);
    }
    let mut groups: Vec<_> =
        split.into_iter().map(|(label, of)| ClockGroup::of(Some(label.to_owned()), until, &of, rules)).collect();
    groups.sort_by_cached_key(|group| place(by, group.group.as_deref().unwrap_or_default()));
    ClockReport { groups }
}

impl ClockGroup {
    fn of(group: Option<String>, until: Day, started: &[&Started], rules: &Rules) -> ClockGroup {
        let watched = Clock::ALL.iter().copied().filter(|clock| clock.is_watched());
        let clocks = watched.filter_map(|clock| {
            let of_it: Vec<_> = started.iter().copied().filter(|one| one.clock == clock).collect();
            let in_use = rules.in_force(clock, until).is_some_and(|limit| limit.in_use);
            (in_use || !of_it.is_empty()).then(|| ClockCount::of(clock, until, &of_it, rules))
        });
        ClockGroup { group, clocks: clocks.collect() }
    }

    pub fn clock(&self, clock: Clock) -> Option<&ClockCount> {
        self.clocks.iter().find(|count| count.clock == clock)
    }
}

impl ClockCount {
    fn of_state(started: &[&Started], state: StateName) -> i64 {
        started.iter().filter(|one| one.state == state).map(|one| one.households).sum()
    }

    fn new(clock: Clock, until: Day, rules: &Rules) -> ClockCount {
        let limit = rules.in_force(clock, until);
        let working = limit.is_some_and(|limit| limit.unit.counts_working_days());
        ClockCount {
            clock,
            limit: limit.map(super::TimeLimit::words),
            statutory: limit.is_some_and(|limit| limit.statutory),
            started: 0,
            running: 0,
            due_soon: 0,
            overdue: 0,
            met: 0,
            missed: 0,
            ended: 0,
            not_recorded: 0,
            median_days: None,
            days: if working { "working_days" } else { "calendar_days" },
            in_time: None,
            low: None,
            high: None,
        }
    }

    fn of(clock: Clock, until: Day, started: &[&Started], rules: &Rules) -> ClockCount {
        let of = |state| ClockCount::of_state(started, state);
        let (due_soon, overdue) = (of(StateName::DueSoon), of(StateName::Overdue));
        let counted = ClockCount {
            started: started.iter().map(|one| one.households).sum(),
            running: of(StateName::Running) + due_soon + overdue,
            due_soon,
            overdue,
            met: of(StateName::Met),
            missed: of(StateName::Missed),
            ended: of(StateName::Ended),
            not_recorded: of(StateName::NotRecorded),
            median_days: median(started),
            ..ClockCount::new(clock, until, rules)
        };
        let interval = wilson(counted.met, counted.decided());
        ClockCount {
            in_time: (counted.decided() > 0).then(|| counted.met as f64 / counted.decided() as f64),
            low: interval.map(|interval| interval.low),
            high: interval.map(|interval| interval.high),
            ..counted
        }
    }
}

/// Linear interpolation at rank (n − 1)/2 (counting rule 15), of the days taken.
fn median(started: &[&Started]) -> Option<f64> {
    let mut by_days: BTreeMap<i64, i64> = BTreeMap::new();
    for one in started {
        if let Some(taken) = one.taken {
            *by_days.entry(taken).or_default() += one.households;
        }
    }
    let all: i64 = by_days.values().sum();
    let at = |rank: i64| {
        let mut before = 0;
        by_days.iter().find(|(_, households)| {
            before += **households;
            rank < before
        })
    };
    let (low, high) = (at((all - 1) / 2)?, at(all / 2)?);
    Some((*low.0 as f64 + *high.0 as f64) / 2.0)
}
