//! Undoing a merge: what it made is superseded, what it closed stands as it did before, and each enquiry goes back to its
//! household (counting rule 17). Only while nobody has changed what it depends on, and for thirty days.

use std::collections::BTreeSet;

use serde_json::json;
use sqlx::SqliteConnection;

use super::actions::{self, put};
use super::find::portrait;
use super::queries_merges::{self, Merged, Moved};
use crate::domain::actor::Actor;
use crate::domain::appointment::AppointmentState;
use crate::domain::audit::{Action, Event};
use crate::domain::ids::{EnquiryId, HouseholdId, MergeId};
use crate::domain::instant::Instant;
use crate::domain::ledger::{Entry, Facts, Ledger, Stamp, Superseded};
use crate::domain::merge::{Portrait, UNDO_DAYS, undo_until};
use crate::domain::order;
use crate::features::appointments::Planned;
use crate::features::pipeline::{self, ActionError};
use crate::features::{appointments, audit, enquiries, households, notes, search, tasks};

const WHY: &str = "merge undone";

#[derive(Debug, thiserror::Error)]
pub enum UndoError {
    #[error("There is no such merge")]
    NotFound,
    #[error("This merge is undone already")]
    Already,
    #[error("It was done more than {UNDO_DAYS} days ago. Correct or withdraw what is wrong on the records instead")]
    TooLate,
    #[error("{0}")]
    Built(String),
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

impl From<ActionError> for UndoError {
    fn from(error: ActionError) -> UndoError {
        match error {
            ActionError::Database(error) => UndoError::Database(error),
            other => UndoError::Built(other.to_string()),
        }
    }
}

impl From<appointments::ActionError> for UndoError {
    fn from(error: appointments::ActionError) -> UndoError {
        match error {
            appointments::ActionError::Database(error) => UndoError::Database(error),
            other => UndoError::Built(other.to_string()),
        }
    }
}

impl From<households::ActionError> for UndoError {
    fn from(error: households::ActionError) -> UndoError {
        match error {
            households::ActionError::Database(error) => UndoError::Database(error),
            other @ households::ActionError::Stale => UndoError::Built(other.to_string()),
        }
    }
}

/// All of it or nothing, in the caller's transaction.
pub async fn undo(connection: &mut SqliteConnection, actor: &Actor, id: MergeId) -> Result<(), UndoError> {
    let merged = queries_merges::find(&mut *connection, id).await?.ok_or(UndoError::NotFound)?;
    let before = check(connection, &merged, actor.at).await?;
    let moved = queries_merges::list_moved(&mut *connection, id).await?;
    let ids: Vec<_> = moved.iter().map(|it| it.enquiry).collect();
    enquiries::move_to(connection, &ids, merged.goes).await?;
    take_back(connection, actor, &merged, &touched(&moved)).await?;
    for other in given(&moved) {
        appointments::take_back(connection, actor, other, merged.stamp(), WHY).await?;
    }
    for task in queries_merges::list_tasks(&mut *connection, id).await? {
        let now = tasks::find_current(&mut *connection, task).await?;
        if let Some(open) = now.filter(tasks::Task::is_open) {
            withdraw(connection, actor, open).await?;
        }
    }
    queries_merges::update_undone(connection, actor, id).await?;
    let kept = households::find(connection, merged.kept).await?.ok_or(UndoError::NotFound)?;
    let goes = households::find(connection, merged.goes).await?.ok_or(UndoError::NotFound)?;
    put(connection, actor, &kept, goes.version, &before).await?;
    households::raise_version(connection, merged.goes, kept.version.max(goes.version) + 1).await?;
    households::refresh(connection, &[merged.goes]).await?;
    search::refresh(connection, &[merged.goes]).await?;
    pipeline::refresh(connection, &ids).await?;
    let stayed = households::list_enquiries(connection, merged.kept).await?;
    for enquiry in stayed.into_iter().chain(ids) {
        let event = Event::of_enquiry(Action::MergeUndone, enquiry).with(json!({ "merge": id }));
        audit::record(connection, actor, &event).await?;
    }
    Ok(())
}

async fn withdraw(connection: &mut SqliteConnection, actor: &Actor, open: tasks::Task) -> Result<(), UndoError> {
    match tasks::withdraw(connection, actor, open.id, WHY).await {
        Ok(()) => Ok(()),
        Err(tasks::ActionError::Database(error)) => Err(error.into()),
        Err(stale @ tasks::ActionError::Stale) => Err(UndoError::Built(stale.to_string())),
    }
}

/// What of it made something: the duplicates, and the enquiries that were given what those had.
fn touched(moved: &[Moved]) -> Vec<EnquiryId> {
    let mut touched: Vec<_> =
        moved.iter().filter_map(|it| it.duplicate_of.map(|other| [it.enquiry, other])).flatten().collect();
    touched.sort();
    touched.dedup();
    touched
}

/// The enquiries that were given what a duplicate had.
fn given(moved: &[Moved]) -> BTreeSet<EnquiryId> {
    moved.iter().filter_map(|it| it.duplicate_of).collect()
}

/// All of them together: a hub's reference that goes back stands with neither or with one of them in between.
async fn take_back(
    connection: &mut SqliteConnection,
    actor: &Actor,
    merged: &Merged,
    enquiries: &[EnquiryId],
) -> Result<(), UndoError> {
    if enquiries.is_empty() {
        return Ok(());
    }
    let recorded = merged.stamp();
    let before = pipeline::load_many(connection, enquiries).await?;
    pipeline::take_back_of_many(connection, actor, enquiries, recorded, WHY).await?;
    let after = pipeline::load_many(connection, enquiries).await?;
    for enquiry in enquiries {
        let (Some(before), Some(after)) = (before.get(enquiry), after.get(enquiry)) else { continue };
        let (before, after) = (before.facts(), after.facts());
        notes::withdraw_recorded(connection, actor, *enquiry, recorded).await?;
        possible(&before, &after, actor)?;
        tasks::follow(connection, actor, *enquiry, &before, &after).await?;
    }
    Ok(())
}

/// What was recorded since may need what the merge recorded.
fn possible(before: &Facts, after: &Facts, actor: &Actor) -> Result<(), UndoError> {
    let today = actor.at.london_day();
    let known = order::refusals(before, today);
    let new = order::refusals(after, today).into_iter().find(|refusal| !known.contains(refusal));
    match new {
        None => Ok(()),
        Some(refusal) => Err(UndoError::Built(format!(
            "What was recorded since needs what the merge recorded. {refusal}. Correct or withdraw that first"
        ))),
    }
}

/// The kept household as it was, where the merge can be undone; else why not, and what to do.
pub async fn check(connection: &mut SqliteConnection, merged: &Merged, now: Instant) -> Result<Portrait, UndoError> {
    if merged.undone_at.is_some() {
        return Err(UndoError::Already);
    }
    if now > undo_until(merged.at) {
        return Err(UndoError::TooLate);
    }
    if let Some(further) = queries_merges::find_standing_of(&mut *connection, merged.kept).await? {
        return Err(UndoError::Built(format!(
            "{} merged this household into another on {}. Undo that merge first",
            further.by,
            further.at.london_text()
        )));
    }
    if let Some(later) = queries_merges::find_later_of(&mut *connection, merged.kept, merged.id).await? {
        return Err(UndoError::Built(format!(
            "{} merged one more household into this one on {}. Undo that merge first",
            later.by,
            later.at.london_text()
        )));
    }
    if let Some(separated) = queries_merges::find_separated_since(&mut *connection, merged).await? {
        return Err(UndoError::Built(format!(
            "{} recorded on {} that the household has separated. Undo that separation first",
            separated.by,
            separated.at.london_text()
        )));
    }
    let kept = |json: &Option<String>| Portrait::read(json.as_deref());
    let (Some(before), Some(after)) = (kept(&merged.before), kept(&merged.after)) else {
        return Err(UndoError::Built("What the household was before is no longer kept".to_owned()));
    };
    if let Some(who) = changed_by(connection, merged.kept, &after).await? {
        return Err(UndoError::Built(format!(
            "{who} changed the household since. Put it back as the merge left it, then undo the merge"
        )));
    }
    let moved = queries_merges::list_moved(&mut *connection, merged.id).await?;
    for enquiry in touched(&moved) {
        if changed_since(&pipeline::load(connection, enquiry).await?, merged.stamp()) {
            return Err(UndoError::Built(
                "A date or a detail that the merge recorded was corrected or withdrawn since. Correct what is wrong on \
                 the records instead"
                    .to_owned(),
            ));
        }
    }
    for other in given(&moved) {
        if let Some((was, now)) = appointments::find_moved(connection, other, merged.stamp()).await? {
            return Err(UndoError::Built(format!(
                "{} changed the visit that the merge brought: it was planned for {}. Put it back so, or cancel it, then \
                 undo the merge",
                now.by,
                was.visit.when()
            )));
        }
    }
    Ok(before)
}

/// What stands again once the merge is undone though it was cancelled since: the visit that was brought was cancelled, and
/// the one from which it was brought is another plan.
pub async fn stands_again(
    connection: &mut SqliteConnection,
    merged: &Merged,
    moved: &[Moved],
) -> sqlx::Result<Vec<String>> {
    let mut said = Vec::new();
    for one in moved {
        let Some(other) = one.duplicate_of else { continue };
        let cancelled = appointments::list_cancelled(connection, other, merged.stamp()).await?;
        let stand = appointments::list_of_enquiry(&mut *connection, one.enquiry).await?;
        let stands =
            |was: &Planned| stand.iter().any(|own| own.state == AppointmentState::Planned && own.visit == was.visit);
        said.extend(cancelled.iter().filter(|(was, _)| stands(was)).map(|(was, now)| {
            format!(
                "{} cancelled the visit that the merge brought. Undone, it is planned for {} again with {}: cancel it \
                 there too, if nobody goes",
                now.by,
                was.visit.when(),
                one.reference
            )
        }));
    }
    Ok(said)
}

/// Who has changed a household since it was so; None while it is. "Jan Teal has", "Somebody has".
pub async fn changed_by(
    connection: &mut SqliteConnection,
    id: HouseholdId,
    expected: &Portrait,
) -> sqlx::Result<Option<String>> {
    let household = households::find(connection, id).await?.ok_or(sqlx::Error::RowNotFound)?;
    if portrait(connection, &household).await? == *expected {
        return Ok(None);
    }
    let last = households::find_last_change(&mut *connection, id).await?;
    Ok(Some(last.map_or("Somebody has".to_owned(), |it| format!("{} has", it.by))))
}

/// Whether something that the merge wrote no longer holds as it wrote it. Under another name it does, and what it wrote
/// over itself need not.
fn changed_since(ledger: &Ledger, recorded: Stamp) -> bool {
    fn holds<F: PartialEq>(entries: &[Entry<F>], wrote: &Entry<F>) -> bool {
        let versions = || entries.iter().filter(|it| it.root == wrote.root && it.id >= wrote.id);
        let ends = versions().filter_map(|it| it.superseded.as_ref());
        let is_renamed = ends.map(|end| end.why.as_str()).all(pipeline::is_renaming);
        versions().any(|it| it.in_force() && (it.fact == wrote.fact || is_renamed))
    }
    fn any<F: PartialEq>(entries: &[Entry<F>], recorded: Stamp) -> bool {
        let itself = |end: &Superseded| (end.at, end.by, end.why.as_str()) == (recorded.at, recorded.by, actions::WHY);
        let wrote = entries.iter().filter(|it| it.recorded == recorded);
        wrote.filter(|it| !it.superseded.as_ref().is_some_and(itself)).any(|it| !holds(entries, it))
    }
    any(&ledger.milestones, recorded)
        || any(&ledger.attributes, recorded)
        || any(&ledger.pauses, recorded)
        || any(&ledger.in_touch, recorded)
}
