//! Time limits in words: state as a word, and how many days.

use super::stored::Clocks;
use crate::domain::day::Day;
use crate::domain::time_limit::{State, StateName, Timing};

/// A state as a tag, with what it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Badge {
    pub clock: &'static str,
    /// `Overdue, 3 working days`.
    pub words: String,
    /// Of the badge: `clock over`.
    pub class: &'static str,
    pub statutory: bool,
}

pub fn badge(timing: &Timing, state: State, today: Day) -> Badge {
    Badge {
        clock: timing.clock.label(),
        words: state_words(timing, state, today),
        class: class(state.name()),
        statutory: timing.limit.statutory,
    }
}

/// The clock that presses most: the one longest overdue, else the next one due, else one that runs.
pub fn worst(clocks: &Clocks) -> Option<&(Timing, State)> {
    let open = clocks
        .timings
        .iter()
        .filter(|(_, state)| matches!(state.name(), StateName::Overdue | StateName::DueSoon | StateName::Running));
    // Of those without a due day the last: nothing presses.
    open.min_by_key(|(timing, _)| (timing.due.is_none(), timing.due, timing.clock))
}

/// `5 working days`, `1 day`: in what the limit counts.
pub fn days(timing: &Timing, number: i64) -> String {
    let kind = if timing.limit.unit.counts_working_days() { "working day" } else { "day" };
    let s = if number == 1 { "" } else { "s" };
    format!("{number} {kind}{s}")
}

/// `Due soon, 2 working days left`.
pub fn state_words(timing: &Timing, state: State, today: Day) -> String {
    let label = state.name().label();
    match state {
        State::DueSoon { left: 0 } => match timing.due {
            Some(due) if due != today => format!("Was due on {}", due.long_without_year()),
            _ => "Due today".to_owned(),
        },
        State::Running { left: Some(left) } | State::DueSoon { left } => {
            format!("{label}, {} left", days(timing, left))
        }
        State::Overdue { over } => format!("{label} by {}", days(timing, over)),
        State::Met { taken } if timing.clock.is_before() => format!("{label}, {} before", days(timing, taken)),
        State::Missed { taken, over } if timing.clock.is_before() => {
            format!("{label}, {} before: {over} too few", days(timing, taken))
        }
        State::Met { taken } => format!("{label} in {}", days(timing, taken)),
        State::Missed { taken, over } => format!("{label} by {}, took {taken}", days(timing, over)),
        State::NotStarted | State::Running { left: None } | State::Ended | State::NotRecorded => label.to_owned(),
    }
}

/// Of the badge: its fill says how urgent it is, its words say how much.
fn class(state: StateName) -> &'static str {
    match state {
        StateName::Overdue => "over",
        StateName::DueSoon => "soon",
        StateName::Running | StateName::NotStarted => "run",
        StateName::Met => "met",
        StateName::Missed => "missed",
        StateName::Ended | StateName::NotRecorded => "paused",
    }
}
