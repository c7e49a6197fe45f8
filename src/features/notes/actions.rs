//! Writing a note, and changing one into a new version.

use serde_json::json;
use sqlx::SqliteConnection;

use super::queries::{self, NewRow};
use crate::domain::actor::Actor;
use crate::domain::audit::{Action, Event};
use crate::domain::day::Day;
use crate::domain::ids::{EnquiryId, NoteId};
use crate::domain::ledger::Stamp;
use crate::domain::note::NoteKind;
use crate::features::audit;
use crate::web::one_time::OrFailure;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewNote {
    pub kind: NoteKind,
    pub on: Day,
    pub body: String,
}

#[derive(Debug, thiserror::Error)]
pub enum ActionError {
    #[error("Somebody else has changed this note since you opened it")]
    Stale,
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

impl OrFailure for ActionError {
    fn or_failure(self) -> Result<ActionError, sqlx::Error> {
        match self {
            ActionError::Database(error) => Err(error),
            refused => Ok(refused),
        }
    }
}

/// Many notes by one statement. The audit is the caller's.
pub async fn add_many(
    connection: &mut SqliteConnection,
    actor: &Actor,
    notes: &[(EnquiryId, &NewNote)],
) -> sqlx::Result<()> {
    if notes.is_empty() {
        return Ok(());
    }
    let rows: Vec<_> = notes.iter().map(|(enquiry, note)| new_row(*enquiry, note)).collect();
    queries::insert(connection, actor, &rows).await
}

pub async fn add(
    connection: &mut SqliteConnection,
    actor: &Actor,
    enquiry: EnquiryId,
    note: &NewNote,
) -> sqlx::Result<()> {
    queries::insert(connection, actor, &[new_row(enquiry, note)]).await?;
    trace(connection, actor, enquiry, Action::NoteAdded, note).await
}

/// Another version of a note, over the one that was edited and no other.
pub async fn change(
    connection: &mut SqliteConnection,
    actor: &Actor,
    enquiry: EnquiryId,
    edited: NoteId,
    note: &NewNote,
) -> Result<(), ActionError> {
    let root = queries::supersede(connection, actor, enquiry, edited).await?.ok_or(ActionError::Stale)?;
    let row = NewRow { root: Some(root), ..new_row(enquiry, note) };
    queries::insert(connection, actor, &[row]).await?;
    Ok(trace(connection, actor, enquiry, Action::NoteChanged, note).await?)
}

/// Every note of these enquiries ends, without another version. The audit is the caller's.
pub async fn withdraw_all(
    connection: &mut SqliteConnection,
    actor: &Actor,
    enquiries: &[EnquiryId],
) -> sqlx::Result<()> {
    queries::supersede_all(connection, actor, enquiries).await
}

/// Takes back what somebody noted of an enquiry at one instant. The audit is the caller's.
pub async fn withdraw_recorded(
    connection: &mut SqliteConnection,
    actor: &Actor,
    enquiry: EnquiryId,
    recorded: Stamp,
) -> sqlx::Result<()> {
    queries::supersede_recorded(connection, actor, enquiry, recorded).await
}

/// Never the content.
async fn trace(
    connection: &mut SqliteConnection,
    actor: &Actor,
    enquiry: EnquiryId,
    action: Action,
    note: &NewNote,
) -> sqlx::Result<()> {
    let detail = json!({ "kind": note.kind, "on": note.on });
    audit::record(connection, actor, &Event::of_enquiry(action, enquiry).with(detail)).await
}

fn new_row(enquiry: EnquiryId, note: &NewNote) -> NewRow<'_> {
    NewRow { enquiry, root: None, kind: note.kind, on: note.on, body: &note.body }
}
