use serde_json::json;
use sqlx::SqliteConnection;

use super::find::{self, Enquiry, Offer, Two, brought_note};
use super::{queries, queries_merges};
use crate::domain::actor::Actor;
use crate::domain::audit::{Action, Event};
use crate::domain::ids::{EnquiryId, HouseholdId, MergeId};
use crate::domain::ledger::{Fact, Milestone, Place};
use crate::domain::merge::{Fate, Portrait};
use crate::domain::reason::ReasonCode;
use crate::features::households::{self, Household, HouseholdForm};
use crate::features::pipeline::{self, ActionError, Amendment};
use crate::features::tasks::{self, Wanted};
use crate::features::{appointments, audit, enquiries, notes, search};
use crate::web::one_time::OrFailure;

/// The reason that a ledger shows beside what a merge changed.
pub const WHY: &str = "merge";

/// One household goes into another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Merge {
    pub kept: HouseholdId,
    pub goes: HouseholdId,
    /// What whoever decided had before them: `Two::seen`.
    pub seen: String,
    /// The household as it will be.
    pub portrait: Portrait,
    /// Every enquiry of the one that goes.
    pub enquiries: Vec<Joined>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Joined {
    pub enquiry: EnquiryId,
    pub fate: Fate,
    /// Of an enquiry logged twice: what the other is given.
    pub brings: Vec<Offer>,
}

#[derive(Debug, thiserror::Error)]
pub enum MergeError {
    /// One of the two is not there, has gone into another already, or may not be opened.
    #[error("One of the two households is no longer there")]
    NotThere,
    #[error("Somebody else has changed one of the two since you opened them")]
    Stale,
    #[error("{0}")]
    Refused(String),
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

impl From<ActionError> for MergeError {
    fn from(error: ActionError) -> MergeError {
        match error {
            ActionError::Database(error) => MergeError::Database(error),
            ActionError::Stale => MergeError::Stale,
            other => MergeError::Refused(other.to_string()),
        }
    }
}

impl From<appointments::ActionError> for MergeError {
    fn from(error: appointments::ActionError) -> MergeError {
        match error {
            appointments::ActionError::Database(error) => MergeError::Database(error),
            appointments::ActionError::Stale => MergeError::Stale,
            other => MergeError::Refused(other.to_string()),
        }
    }
}

impl From<households::ActionError> for MergeError {
    fn from(error: households::ActionError) -> MergeError {
        match error {
            households::ActionError::Database(error) => MergeError::Database(error),
            households::ActionError::Stale => MergeError::Stale,
        }
    }
}

impl OrFailure for MergeError {
    fn or_failure(self) -> Result<MergeError, sqlx::Error> {
        match self {
            MergeError::Database(error) => Err(error),
            refused => Ok(refused),
        }
    }
}

/// All of it or nothing, in the caller's transaction. Nothing is overwritten: what is closed, brought or corrected is
/// recorded now, with the reason "merge", so that every report as known before stays what it was.
pub async fn merge(connection: &mut SqliteConnection, actor: &Actor, merge: &Merge) -> Result<MergeId, MergeError> {
    let two = find::two(connection, merge.kept, merge.goes, actor.user).await?.ok_or(MergeError::NotThere)?;
    let all_are_said = two.goes.enquiries.iter().all(|it| merge.enquiries.iter().any(|said| said.enquiry == it.row.id));
    if two.seen != merge.seen || !all_are_said || merge.enquiries.len() != two.goes.enquiries.len() {
        return Err(MergeError::Stale);
    }
    if let Some(parting) = &two.parting {
        return Err(MergeError::Refused(format!(
            "They separated on {}: undo that separation instead, or add who has come back to the household",
            parting.on.words()
        )));
    }
    let (before, after) = (json!(two.kept.portrait).to_string(), json!(merge.portrait).to_string());
    let id = queries_merges::insert(connection, actor, merge.kept, merge.goes, &before, &after).await?;
    let mut moved = Vec::with_capacity(merge.enquiries.len());
    for joined in &merge.enquiries {
        let duplicate_of = match joined.fate {
            Fate::SameAs(other) => Some(other),
            Fate::CameBack => None,
        };
        queries_merges::insert_enquiry(connection, id, joined.enquiry, duplicate_of).await?;
        moved.push(joined.enquiry);
    }
    enquiries::move_to(connection, &moved, merge.kept).await?;
    put(connection, actor, &two.kept.household, two.goes.household.version, &merge.portrait).await?;
    households::refresh(connection, &[merge.goes]).await?;
    search::refresh(connection, &[merge.goes]).await?;
    for joined in &merge.enquiries {
        if let Fate::SameAs(other) = joined.fate {
            same(connection, actor, id, &two, joined, other).await?;
        }
    }
    trace(connection, actor, &two, Action::HouseholdsMerged, Some(id)).await?;
    Ok(id)
}

/// The household as it is to be. A form of either that is still open somewhere becomes an old one.
pub async fn put(
    connection: &mut SqliteConnection,
    actor: &Actor,
    household: &Household,
    other_version: i64,
    portrait: &Portrait,
) -> Result<(), households::ActionError> {
    let version = household.version.max(other_version);
    households::raise_version(connection, household.id, version).await?;
    let portrait = portrait.clone();
    let form = HouseholdForm {
        household: Household {
            id: household.id,
            address: portrait.address,
            postcode: portrait.postcode,
            language: portrait.language,
            contact_hours: portrait.contact_hours,
            message_allowed: portrait.message_allowed,
            consent_to_contact: portrait.consent_to_contact,
            version,
        },
        applicants: portrait.applicants,
    };
    households::update(connection, actor, &form).await
}

/// An enquiry that was logged twice: the other is given what it lacks, and this one is closed as its duplicate.
async fn same(
    connection: &mut SqliteConnection,
    actor: &Actor,
    id: MergeId,
    two: &Two,
    joined: &Joined,
    other: EnquiryId,
) -> Result<(), MergeError> {
    let from = two.goes.enquiries.iter().find(|it| it.row.id == joined.enquiry).ok_or(MergeError::Stale)?;
    let to = two.enquiry_of_kept(other).ok_or(MergeError::Stale)?;
    let brings = |offer: Offer| joined.brings.contains(&offer);
    let places = joined.brings.iter().filter_map(|offer| match offer {
        Offer::Milestone(entry) => Some(Place::Milestone(*entry)),
        Offer::InTouch(entry) => Some(Place::InTouch(*entry)),
        Offer::Visit(_) | Offer::Note(_) | Offer::Task(_) => None,
    });
    let mut brought = Vec::new();
    for place in places {
        let (fact, _) = from.ledger.in_force(place).ok_or(MergeError::Stale)?;
        brought.push(Amendment::Record(fact));
    }
    if !brought.is_empty() {
        pipeline::amend(connection, actor, other, brought, WHY).await?;
    }
    for visit in from.visits.iter().filter(|it| brings(Offer::Visit(it.id))) {
        appointments::bring(connection, actor, other, &visit.visit, WHY).await?;
    }
    for note in from.notes.iter().filter(|it| brings(Offer::Note(it.id))) {
        notes::add(connection, actor, other, &brought_note(note, &from.row)).await?;
    }
    for task in from.tasks.iter().filter(|it| brings(Offer::Task(it.id))) {
        let wanted = Wanted { what: task.what.clone(), due: task.due, whose: task.whose() };
        let made = tasks::make(connection, actor, Some(to.row.id), &wanted).await?;
        queries_merges::insert_task(connection, id, made).await?;
    }
    Ok(close(connection, actor, from, other).await?)
}

/// Where it has ended already, that it was a duplicate is another version of how it ended.
async fn close(
    connection: &mut SqliteConnection,
    actor: &Actor,
    enquiry: &Enquiry,
    other: EnquiryId,
) -> Result<(), ActionError> {
    let reason = ReasonCode(ReasonCode::DUPLICATE.to_owned());
    let closure = enquiry.facts.closure();
    let entry = enquiry.ledger.milestones.iter().find(|it| it.in_force() && Some(&it.fact) == closure);
    let Some(entry) = entry else {
        let closed = Milestone::closed(actor.at.london_day(), reason).duplicate_of(Some(other));
        return pipeline::record(connection, actor, enquiry.row.id, Fact::Milestone(closed)).await;
    };
    let closed = Milestone { close_reason: Some(reason), duplicate_of: Some(other), ..entry.fact.clone() };
    if closed == entry.fact {
        return Ok(());
    }
    pipeline::correct(connection, actor, enquiry.row.id, Place::Milestone(entry.id), Fact::Milestone(closed), WHY).await
}

/// In the history of each enquiry of both: with which others.
async fn trace(
    connection: &mut SqliteConnection,
    actor: &Actor,
    two: &Two,
    action: Action,
    merge: Option<MergeId>,
) -> sqlx::Result<()> {
    for (one, other) in [(&two.kept, &two.goes), (&two.goes, &two.kept)] {
        let left = other.left.iter().map(|it| it.reference.as_str());
        let with: Vec<_> = other.enquiries.iter().map(|it| it.row.reference.as_str()).chain(left).collect();
        for enquiry in &one.enquiries {
            let event = Event { household: Some(other.household.id), ..Event::of_enquiry(action, enquiry.row.id) };
            audit::record(connection, actor, &event.with(json!({ "merge": merge, "with": with }))).await?;
        }
    }
    Ok(())
}

/// They are two households, and nobody is asked again; or they may be one after all.
pub async fn tell_apart(
    connection: &mut SqliteConnection,
    actor: &Actor,
    one: HouseholdId,
    other: HouseholdId,
    apart: bool,
) -> Result<(), MergeError> {
    let two = find::two(connection, one, other, actor.user).await?.ok_or(MergeError::NotThere)?;
    if set_apart(connection, actor, one, other, apart).await? {
        let action = if apart { Action::HouseholdsToldApart } else { Action::HouseholdsMayBeSame };
        trace(connection, actor, &two, action, None).await?;
    }
    Ok(())
}

/// The same where something else says so, whose audit tells it. Whether that is new.
pub async fn set_apart(
    connection: &mut SqliteConnection,
    actor: &Actor,
    one: HouseholdId,
    other: HouseholdId,
    apart: bool,
) -> sqlx::Result<bool> {
    let (low, high) = (one.min(other), one.max(other));
    let is_new = match apart {
        true => queries::insert_told_apart(connection, actor, low, high).await?,
        false => queries::update_taken_back(connection, actor, low, high).await?,
    };
    if is_new {
        households::update_told_apart(connection, low, high, apart).await?;
    }
    Ok(is_new)
}
