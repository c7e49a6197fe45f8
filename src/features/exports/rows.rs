//! An enquiry of the database as one row, and what one row cannot hold.

use sqlx::SqliteConnection;

use super::queries::{self, Home};
use crate::domain::day::Day;
use crate::domain::enquiry_row::{APPLICANTS, EnquiryRow, LONGEST_CELL};
use crate::domain::household::Applicant;
use crate::domain::ids::EnquiryId;
use crate::domain::ledger::{AttributeName, Facts, Ledger, Milestone};
use crate::domain::milestone::MilestoneKind;
use crate::features::pipeline;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exported {
    pub id: EnquiryId,
    pub row: EnquiryRow,
    /// All the applicants; the row holds the first of them.
    pub people: Vec<Applicant>,
    pub left: Left,
}

/// What one row cannot hold. It is in the export of everything.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Left {
    pub applicants: usize,
    /// A second visit, panel or decision; a reopening; a temporary approval.
    pub milestones: usize,
    pub pauses: usize,
    pub times_in_touch: usize,
    pub officers: usize,
    /// Notes after the first stand in the same cell, without their own dates.
    pub notes: usize,
    /// Notes for which that cell has no room.
    pub long_notes: usize,
    /// Versions that were corrected or withdrawn.
    pub corrections: usize,
}

impl std::ops::AddAssign for Left {
    fn add_assign(&mut self, other: Left) {
        self.applicants += other.applicants;
        self.milestones += other.milestones;
        self.pauses += other.pauses;
        self.times_in_touch += other.times_in_touch;
        self.officers += other.officers;
        self.notes += other.notes;
        self.long_notes += other.long_notes;
        self.corrections += other.corrections;
    }
}

/// In order of their ids. `today` is London's.
pub async fn load(
    connection: &mut SqliteConnection,
    enquiries: &[EnquiryId],
    today: Day,
) -> sqlx::Result<Vec<Exported>> {
    let mut ledgers = pipeline::load_many(connection, enquiries).await?;
    let mut people = queries::list_applicants(connection, enquiries).await?;
    let mut notes = queries::list_notes(connection, enquiries).await?;
    let homes = queries::list_homes(connection, enquiries).await?;
    Ok(homes
        .into_iter()
        .map(|home| {
            let id = home.id;
            let ledger = ledgers.remove(&id).unwrap_or_default();
            exported(
                home,
                &ledger,
                people.remove(&id).unwrap_or_default(),
                notes.remove(&id).unwrap_or_default(),
                today,
            )
        })
        .collect())
}

fn exported(home: Home, ledger: &Ledger, people: Vec<Applicant>, notes: Vec<String>, today: Day) -> Exported {
    let facts = ledger.facts();
    let attribute = |name| facts.attribute(name).map(str::to_owned);
    let in_touch = facts.in_touch.last().filter(|it| it.to.is_none_or(|to| to > today)).cloned();
    let (said, long_notes) = said(&notes);
    let row = EnquiryRow {
        reference: Some(home.reference),
        hub: attribute(AttributeName::Hub),
        hub_reference: attribute(AttributeName::HubReference),
        source: attribute(AttributeName::Source),
        campaign: attribute(AttributeName::Campaign),
        fostering_type: facts.fostering_type(),
        applicants: people.iter().take(APPLICANTS).cloned().collect(),
        address: home.address,
        postcode: home.postcode,
        officer: attribute(AttributeName::Officer),
        pause: facts.pauses.last().cloned(),
        in_touch,
        milestones: milestones(&facts),
        notes: said,
    };
    let officers = facts.attributes.iter().filter(|it| it.name == AttributeName::Officer).count();
    let left = Left {
        applicants: people.len().saturating_sub(APPLICANTS),
        milestones: facts.milestones.len() - row.milestones.len(),
        pauses: facts.pauses.len().saturating_sub(1),
        times_in_touch: facts.in_touch.len() - usize::from(row.in_touch.is_some()),
        officers: officers.saturating_sub(1),
        notes: notes.len().saturating_sub(1 + long_notes),
        long_notes,
        corrections: corrections(ledger),
    };
    Exported { id: home.id, row, people, left }
}

/// What notes say, one below the other; a call that nobody answered says nothing. And how many of the earliest a cell has
/// no room for.
fn said(notes: &[String]) -> (Option<String>, usize) {
    const BETWEEN: &str = "\n\n";
    // A sign before what would be a formula takes one more.
    let mut room = LONGEST_CELL - 1;
    let mut said: Vec<_> = notes.iter().map(String::as_str).filter(|note| !note.trim().is_empty()).collect();
    let fits = |note: &&&str| {
        let length = note.chars().count() + BETWEEN.len();
        // Nothing stands behind the last one.
        let fits = length <= room + BETWEEN.len();
        room = room.saturating_sub(length);
        fits
    };
    let left = said.len() - said.iter().rev().take_while(fits).count();
    said.drain(..left);
    ((!said.is_empty()).then(|| said.join(BETWEEN)), left)
}

/// Of repeats the earliest date with the latest result; of closures the one that holds.
fn milestones(facts: &Facts) -> Vec<Milestone> {
    let mut kept: Vec<Milestone> = Vec::with_capacity(facts.milestones.len());
    for kind in MilestoneKind::ALL {
        let first = match kind {
            MilestoneKind::Closed => facts.closure(),
            kind if kind.column().is_some() => facts.first(*kind),
            _ => None,
        };
        let latest = facts.last(*kind).and_then(|last| last.result);
        kept.extend(first.map(|first| first.clone().with_result(latest)));
    }
    kept.sort_by_key(|milestone| (milestone.on, milestone.kind));
    kept
}

fn corrections(ledger: &Ledger) -> usize {
    let superseded = |count: usize, in_force: usize| count - in_force;
    superseded(ledger.milestones.len(), ledger.milestones.iter().filter(|it| it.in_force()).count())
        + superseded(ledger.attributes.len(), ledger.attributes.iter().filter(|it| it.in_force()).count())
        + superseded(ledger.pauses.len(), ledger.pauses.iter().filter(|it| it.in_force()).count())
        + superseded(ledger.in_touch.len(), ledger.in_touch.iter().filter(|it| it.in_force()).count())
}
