//! What stands in the cells of a row: the same words on the page and in a file.

use super::columns::Column;
use super::more::More;
use super::queries_rows::Row;
use crate::domain::day::Day;
use crate::domain::pause::{PauseReason, holds};
use crate::domain::stage::Stage;
use crate::domain::standing::State;
use crate::domain::text::phone;
use crate::features::time_limits::{badge, worst};

/// One cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    pub column: Column,
    pub look: Look,
    /// Most cells have one; a household in both stages has two.
    pub words: Vec<String>,
    /// Under them, smaller.
    pub meta: String,
    pub value: Value,
}

/// How a page shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look {
    Plain,
    /// Not to be broken: a day, a number.
    Short,
    Tag,
    Faint,
    Dashed,
    Muted,
    /// With the class of how urgent it is.
    Clock(&'static str),
}

/// What a spreadsheet can count with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Value {
    Text,
    Day(Day),
    Number(i64),
}

impl Cell {
    fn of(column: Column, look: Look, words: impl Into<String>) -> Cell {
        Cell { column, look, words: vec![words.into()], meta: String::new(), value: Value::Text }
    }

    fn nothing(column: Column) -> Cell {
        Cell { words: Vec::new(), ..Cell::of(column, Look::Plain, "") }
    }

    fn day(column: Column, day: Option<Day>) -> Cell {
        day.map_or_else(
            || Cell::nothing(column),
            |day| Cell { value: Value::Day(day), ..Cell::of(column, Look::Short, day.short()) },
        )
    }

    fn with(self, meta: impl Into<String>) -> Cell {
        Cell { meta: meta.into(), ..self }
    }

    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// Everything that it says, in one line.
    pub fn text(&self) -> String {
        let meta = (!self.meta.is_empty()).then_some(self.meta.as_str());
        self.words.iter().map(String::as_str).chain(meta).collect::<Vec<_>>().join(", ")
    }

    pub fn label(&self) -> &'static str {
        self.column.label()
    }

    pub fn is_number(&self) -> bool {
        matches!(self.value, Value::Number(_))
    }
}

pub fn cell(column: Column, row: &Row, more: &More, today: Day) -> Cell {
    let facts = more.facts.get(&row.id);
    let fact = |day: fn(&super::queries_columns::Facts) -> Option<Day>| Cell::day(column, facts.and_then(day));
    let reached = more.people.get(&row.id);
    let not_recorded = || Cell::of(column, Look::Muted, "Not recorded");
    match column {
        Column::Stage => stages(row, today),
        Column::State => state(row, today),
        Column::Limit => match more.clocks.get(&row.id).and_then(worst) {
            Some((timing, state)) => {
                let badge = badge(timing, *state, today);
                Cell::of(column, Look::Clock(badge.class), badge.words).with(badge.clock)
            }
            None => Cell::nothing(column),
        },
        Column::Officer => match &row.officer {
            Some(officer) => Cell::of(column, Look::Plain, officer),
            None => Cell::of(column, Look::Dashed, "Unassigned"),
        },
        Column::Source => {
            let source = row.source.as_ref();
            let cell = source.map_or_else(not_recorded, |source| Cell::of(column, Look::Plain, source));
            cell.with(row.hub.as_ref().map(|hub| format!("through {hub}")).unwrap_or_default())
        }
        Column::Hub => Cell::of(column, Look::Plain, row.hub.as_deref().unwrap_or("Direct to us")),
        Column::Campaign => match facts.and_then(|facts| facts.campaign.as_ref()) {
            Some(campaign) => Cell::of(column, Look::Plain, campaign),
            None => Cell::nothing(column),
        },
        Column::Kind => match facts.and_then(|facts| facts.kind) {
            Some(kind) => Cell::of(column, Look::Plain, kind.label()),
            None => not_recorded(),
        },
        Column::Telephone => {
            let phones = reached.map(|reached| reached.phones.iter().map(|it| phone::shown(it)).collect());
            Cell { words: phones.unwrap_or_default(), look: Look::Short, ..Cell::nothing(column) }
        }
        Column::Email => {
            let emails = reached.map(|reached| reached.emails.clone());
            Cell { words: emails.unwrap_or_default(), ..Cell::nothing(column) }
        }
        Column::Enquired => fact(|facts| facts.enquired),
        Column::Received => Cell::day(column, Some(row.day)),
        Column::DaysWithUs => {
            let ended = facts.and_then(|facts| facts.approved.or(facts.closed));
            let days = row.day.days_until(ended.unwrap_or(today));
            Cell { value: Value::Number(days), ..Cell::of(column, Look::Short, days.to_string()) }
        }
        Column::NextTask => match more.tasks.get(&row.id) {
            Some((due, what)) => Cell::of(column, Look::Plain, what).with(format!("by {}", due.short())),
            None => Cell::nothing(column),
        },
        Column::NextVisit => match more.visits.get(&row.id) {
            Some(visit) => Cell::of(column, Look::Short, format!("{} at {}", visit.on.short(), visit.at)),
            None => Cell::nothing(column),
        },
        Column::LastContact => match more.contacts.get(&row.id) {
            Some((on, kind)) => Cell::of(column, Look::Short, on.short()).with(kind.label()),
            None => Cell::nothing(column),
        },
        Column::LastEvent => Cell::day(column, Some(row.last_on)),
        Column::FirstContact => fact(|facts| facts.first_contact),
        Column::InitialVisit => fact(|facts| facts.initial_visit),
        Column::Application => fact(|facts| facts.application),
        Column::Stage1 => fact(|facts| facts.stage_1),
        Column::Stage2 => fact(|facts| facts.stage_2),
        Column::Panel => fact(|facts| facts.panel),
        Column::Approved => fact(|facts| facts.approved),
        Column::Closed => fact(|facts| facts.closed),
    }
}

/// Both, where Stage 2 has begun while Stage 1 has no outcome yet.
fn stages(row: &Row, today: Day) -> Cell {
    let both = row.stage == Stage::Stage2 && !row.stage_1_has_outcome;
    let first = both.then_some(Stage::Stage1.label());
    let ended = matches!(state_on(row, today), State::Approved | State::Closed);
    let words = first.into_iter().chain([row.stage.label()]).map(str::to_owned).collect();
    let look = if ended { Look::Faint } else { Look::Tag };
    Cell { words, look, ..Cell::nothing(Column::Stage) }
}

fn state(row: &Row, today: Day) -> Cell {
    let state = state_on(row, today);
    let look = if matches!(state, State::Paused | State::InTouch) { Look::Dashed } else { Look::Plain };
    Cell::of(Column::State, look, state.label()).with(about(row, state))
}

/// Counting rule 7, as `domain::standing` has it.
fn state_on(row: &Row, today: Day) -> State {
    let holds_today = |from: Option<Day>, to| from.is_some_and(|from| holds(from, to, today));
    if row.is_approved {
        State::Approved
    } else if row.is_closed {
        State::Closed
    } else if holds_today(row.paused_from, row.paused_to) {
        State::Paused
    } else if holds_today(row.in_touch_from, row.in_touch_to) {
        State::InTouch
    } else {
        State::Open
    }
}

/// Until when, why, or when next.
fn about(row: &Row, state: State) -> String {
    match state {
        State::Closed => row.close_reason.clone().unwrap_or_default(),
        State::Paused => match (row.paused_to, row.pause_reason) {
            (Some(to), _) => format!("until {}", to.short()),
            (None, Some(reason)) if reason != PauseReason::NotRecorded => reason.label().to_owned(),
            (None, _) => String::new(),
        },
        State::InTouch => row.contact_again_on.map(|on| format!("contact again {}", on.short())).unwrap_or_default(),
        State::Approved | State::Open => String::new(),
    }
}
