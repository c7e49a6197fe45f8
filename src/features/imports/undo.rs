//! Undoing a whole import while nothing has been built on it. What it made is superseded, never deleted: a report as
//! known at an instant in between still shows it, and the same file brought again makes it anew (counting rule 17).

use serde_json::json;
use sqlx::SqliteConnection;

use super::past::{self, BuiltOn, Import};
use crate::domain::actor::Actor;
use crate::domain::audit::{Action, Event};
use crate::domain::ids::{EnquiryId, ImportId};
use crate::domain::ledger::Stamp;
use crate::features::households::{self, HouseholdForm};
use crate::features::pipeline::{self, ActionError};
use crate::features::{audit, enquiries, notes};

#[derive(Debug, thiserror::Error)]
pub enum UndoError {
    #[error("There is no such import")]
    NotFound,
    #[error("This import is undone already")]
    Already,
    /// Somebody has worked on what it made or changed.
    #[error("Something has been built on this import since, so it cannot be undone")]
    BuiltOn,
    /// What was before cannot be again.
    #[error("What was before cannot be put back: {0}")]
    Refused(String),
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

impl From<ActionError> for UndoError {
    fn from(error: ActionError) -> UndoError {
        match error {
            ActionError::Database(error) => UndoError::Database(error),
            other => UndoError::Refused(other.to_string()),
        }
    }
}

impl From<households::ActionError> for UndoError {
    fn from(error: households::ActionError) -> UndoError {
        match error {
            households::ActionError::Database(error) => UndoError::Database(error),
            other @ households::ActionError::Stale => UndoError::Refused(other.to_string()),
        }
    }
}

/// All of it or nothing, in the caller's transaction.
pub async fn undo(connection: &mut SqliteConnection, actor: &Actor, id: ImportId) -> Result<Import, UndoError> {
    let import = past::find(&mut *connection, id).await?.ok_or(UndoError::NotFound)?;
    if import.undone_at.is_some() {
        return Err(UndoError::Already);
    }
    let built: Vec<BuiltOn> = past::list_built_on(connection, &import, 1).await?;
    if !built.is_empty() {
        return Err(UndoError::BuiltOn);
    }
    let why = format!("import undone: {}", import.file_name);
    let made = past::list_made(connection, id).await?;
    enquiries::withdraw(connection, actor, &made, &why).await?;
    let changed = past::list_changes(connection, id).await?;
    for change in &changed {
        take_back(connection, actor, &import, change.enquiry, change.household_before.as_deref(), &why).await?;
    }
    past::update_undone(connection, actor, id).await?;
    let detail = json!({
        "import": id, "file": import.file_name, "withdrawn": made.len(), "put_back": changed.len(),
    });
    audit::record(connection, actor, &Event::new(Action::ImportUndone).with(detail)).await?;
    Ok(import)
}

/// A known enquiry as it was before it took newer facts.
async fn take_back(
    connection: &mut SqliteConnection,
    actor: &Actor,
    import: &Import,
    enquiry: EnquiryId,
    household_before: Option<&str>,
    why: &str,
) -> Result<(), UndoError> {
    let recorded = Stamp { at: import.started_at, by: import.user };
    notes::withdraw_recorded(connection, actor, enquiry, recorded).await?;
    if let Some(before) = household_before {
        let mut form: HouseholdForm =
            serde_json::from_str(before).map_err(|error| sqlx::Error::Decode(error.into()))?;
        let now = households::find(connection, form.household.id).await?;
        form.household.version = now.map_or(form.household.version, |now| now.version);
        households::update(connection, actor, &form).await?;
    }
    pipeline::take_back(connection, actor, enquiry, recorded, why).await?;
    let event = Event::of_enquiry(Action::ImportUndone, enquiry).with(json!({ "import": import.id, "why": why }));
    Ok(audit::record(connection, actor, &event).await?)
}
