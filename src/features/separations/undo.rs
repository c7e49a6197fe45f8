//! Undoing a separation: those who left are in the household again as it was, and their own enquiry is withdrawn as if
//! it had never been made (counting rule 17). Only while nothing has been built on either, and for thirty days.

use serde_json::json;
use sqlx::SqliteConnection;

use super::queries::{self, Separated};
use crate::domain::actor::Actor;
use crate::domain::audit::{Action, Event};
use crate::domain::ids::{HouseholdId, SeparationId};
use crate::domain::instant::Instant;
use crate::domain::ledger::Facts;
use crate::domain::merge::{Portrait, UNDO_DAYS, undo_until};
use crate::features::households::{self, Household};
use crate::features::{alike, audit, enquiries, pipeline, tasks};
use crate::web::one_time::OrFailure;

const WHY: &str = "separation undone";

#[derive(Debug, thiserror::Error)]
pub enum UndoError {
    #[error("There is no such separation")]
    NotFound,
    #[error("This separation is undone already")]
    Already,
    #[error("It was recorded more than {UNDO_DAYS} days ago. Change the households on their records instead")]
    TooLate,
    #[error("{0}")]
    Built(String),
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

impl From<households::ActionError> for UndoError {
    fn from(error: households::ActionError) -> UndoError {
        match error {
            households::ActionError::Database(error) => UndoError::Database(error),
            other @ households::ActionError::Stale => UndoError::Built(other.to_string()),
        }
    }
}

impl OrFailure for UndoError {
    fn or_failure(self) -> Result<UndoError, sqlx::Error> {
        match self {
            UndoError::Database(error) => Err(error),
            refused => Ok(refused),
        }
    }
}

/// All of it or nothing, in the caller's transaction.
pub async fn undo(connection: &mut SqliteConnection, actor: &Actor, id: SeparationId) -> Result<(), UndoError> {
    let separated = queries::find(&mut *connection, id).await?.ok_or(UndoError::NotFound)?;
    let before = check(connection, &separated, actor.at).await?;
    if let Some(own) = separated.own {
        let facts = pipeline::load(connection, own).await?.facts();
        tasks::follow(connection, actor, own, &facts, &Facts::default()).await?;
        enquiries::withdraw(connection, actor, &[own], WHY).await?;
    }
    queries::update_undone(connection, actor, id).await?;
    queries::delete_members(connection, id).await?;
    alike::set_apart(connection, actor, separated.from, separated.new, false).await?;
    let new = household(connection, separated.new).await?;
    alike::put(connection, actor, &new, new.version, &Portrait::default()).await?;
    let first = household(connection, separated.from).await?;
    alike::put(connection, actor, &first, first.version, &before).await?;
    // Who is back, and what is gone: nothing else of it is kept.
    let left = Portrait::read(separated.new_after.as_deref()).unwrap_or_default();
    let back: Vec<_> = left.applicants.into_iter().map(|it| it.name).collect();
    let detail = json!({ "separation": id, "back": back, "withdrawn": separated.own_reference });
    let of_first = households::list_enquiries(connection, separated.from).await?;
    for enquiry in of_first.into_iter().chain(separated.own) {
        let event = Event::of_enquiry(Action::SeparationUndone, enquiry).with(detail.clone());
        audit::record(connection, actor, &event).await?;
    }
    Ok(())
}

async fn household(connection: &mut SqliteConnection, id: HouseholdId) -> Result<Household, UndoError> {
    households::find(connection, id).await?.ok_or(UndoError::NotFound)
}

/// The household as it was, where the separation can be undone; else why not, and what to do.
pub async fn check(
    connection: &mut SqliteConnection,
    separated: &Separated,
    now: Instant,
) -> Result<Portrait, UndoError> {
    if separated.undone_at.is_some() {
        return Err(UndoError::Already);
    }
    if now > undo_until(separated.at) {
        return Err(UndoError::TooLate);
    }
    if let Some(merged) = queries::find_merged_since(&mut *connection, separated).await? {
        return Err(UndoError::Built(format!(
            "{} merged one of the two households with another on {}. Undo that merge first",
            merged.by,
            merged.at.london_text()
        )));
    }
    if let Some(later) = queries::find_later_of(&mut *connection, separated).await? {
        return Err(UndoError::Built(format!(
            "{} recorded on {} that one of the two households separated again. Undo that first",
            later.by,
            later.at.london_text()
        )));
    }
    let kept = |json: &Option<String>| Portrait::read(json.as_deref());
    let (Some(before), Some(after), Some(new_after)) =
        (kept(&separated.before), kept(&separated.after), kept(&separated.new_after))
    else {
        return Err(UndoError::Built("What the household was before is no longer kept".to_owned()));
    };
    refuse_changed(connection, separated.from, &after, "household of those who stayed").await?;
    if let Some(built) = queries::find_built(&mut *connection, separated).await? {
        return Err(UndoError::Built(format!(
            "{} has worked on the new household since, last on {}. What is recorded there would be lost",
            built.by,
            built.at.london_text()
        )));
    }
    refuse_changed(connection, separated.new, &new_after, "household of those who left").await?;
    Ok(before)
}

async fn refuse_changed(
    connection: &mut SqliteConnection,
    id: HouseholdId,
    expected: &Portrait,
    which: &str,
) -> Result<(), UndoError> {
    match alike::changed_by(connection, id, expected).await? {
        None => Ok(()),
        Some(who) => Err(UndoError::Built(format!(
            "{who} changed the {which} since. Put it back as the separation left it, then undo the separation"
        ))),
    }
}
