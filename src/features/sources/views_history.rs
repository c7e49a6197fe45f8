//! What became of an entry of the list: how it stood, what went into it, where it went.

use std::cmp::Reverse;

use super::queries::{Entry, Row};
use crate::domain::ids::ListedSourceId;
use crate::domain::instant::Instant;

pub struct Step {
    pub what: What,
    pub by: String,
    pub at: Instant,
}

pub enum What {
    /// In words, as it was from then on.
    Stood(String),
    WentInto(Other),
    TookIn(Other),
}

/// Another entry, by its page and the name that it has, or had last.
pub struct Other {
    pub id: ListedSourceId,
    pub name: String,
}

/// The latest first.
pub fn history(entry: &Entry) -> Vec<Step> {
    let went = entry.now.gone.iter().map(|gone| Step {
        what: What::WentInto(Other { id: gone.into, name: gone.name.clone() }),
        by: gone.by.clone(),
        at: gone.at,
    });
    let took_in = entry.taken_in.iter().filter_map(|other| {
        let gone = other.gone.as_ref()?;
        let what = What::TookIn(Other { id: other.id, name: other.listed.name.clone() });
        Some(Step { what, by: gone.by.clone(), at: gone.at })
    });
    let stood = entry.versions.iter().map(|version| Step {
        what: What::Stood(stood(version)),
        by: version.by.clone(),
        at: version.recorded_at,
    });
    let mut steps: Vec<_> = went.chain(took_in).chain(stood).collect();
    steps.sort_by_key(|step| Reverse(step.at));
    steps
}

fn stood(version: &Row) -> String {
    let listed = &version.listed;
    let runs = listed.runs().map_or_else(String::new, |runs| format!(", {runs}"));
    let offered = if listed.in_use { "" } else { ". No longer offered" };
    let moved = if version.moved { ". Moved in the list" } else { "" };
    format!("{}{runs}{offered}{moved}", listed.name)
}

/// Who did it and when, for somebody who had opened it before.
pub fn last_change(now: &Row) -> String {
    let name = &now.listed.name;
    match &now.gone {
        Some(gone) => format!("{} made “{name}” the same as “{}” on {}", gone.by, gone.name, gone.at.london_text()),
        None => format!("{} changed “{name}” on {}", now.by, now.recorded_at.london_text()),
    }
}
