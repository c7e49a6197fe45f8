//! Undoing a whole import while nothing has been built on it. What it made is superseded, never deleted: a report as
//! known at an instant in between still shows it, and the same file brought again makes it anew (counting rule 17).

use std::collections::BTreeMap;

use serde_json::json;
use sqlx::SqliteConnection;

use super::past::{self, BuiltOn, Change, Import};
use crate::domain::actor::Actor;
use crate::domain::audit::{Action, Event};
use crate::domain::ids::{HouseholdId, ImportId};
use crate::domain::ledger::Stamp;
use crate::features::households::{self, HouseholdForm};
use crate::features::pipeline::{self, ActionError};
use crate::features::{audit, enquiries, notes};
use crate::web::work::Progress;

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

/// Told how many of its enquiries are taken back.
pub type Tell<'a> = &'a (dyn Fn(Progress) + Send + Sync);

/// How many known enquiries are put back at once: few, as a household that was changed takes statements of its own.
const AT_ONCE: usize = 100;

/// All of it or nothing, in the caller's transaction.
pub async fn undo(
    connection: &mut SqliteConnection,
    actor: &Actor,
    id: ImportId,
    tell: Tell<'_>,
) -> Result<Import, UndoError> {
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
    let changed = past::list_changes(connection, id).await?;
    let of = made.len() + changed.len();
    let taken_back = |done: usize| tell(Progress { done, of: Some(of) });
    taken_back(0);
    enquiries::withdraw_many(connection, actor, &made, &why, &taken_back).await?;
    for household in households_before(&changed)?.into_values() {
        put_household_back(connection, actor, household).await?;
    }
    for (before, batch) in (made.len()..).step_by(AT_ONCE).zip(changed.chunks(AT_ONCE)) {
        put_back(connection, actor, &import, batch, &why).await?;
        taken_back(before + batch.len());
    }
    past::update_undone(connection, actor, id).await?;
    let detail = json!({
        "import": id, "file": import.file_name, "withdrawn": made.len(), "put_back": changed.len(),
    });
    audit::record(connection, actor, &Event::new(Action::ImportUndone).with(detail)).await?;
    Ok(import)
}

/// Known enquiries as they were before they took newer facts.
async fn put_back(
    connection: &mut SqliteConnection,
    actor: &Actor,
    import: &Import,
    changes: &[Change],
    why: &str,
) -> Result<(), UndoError> {
    let recorded = Stamp { at: import.started_at, by: import.user };
    for Change { enquiry, .. } in changes {
        notes::withdraw_recorded(connection, actor, *enquiry, recorded).await?;
        let detail = json!({ "import": import.id, "why": why });
        audit::record(connection, actor, &Event::of_enquiry(Action::ImportUndone, *enquiry).with(detail)).await?;
    }
    let enquiries: Vec<_> = changes.iter().map(|change| change.enquiry).collect();
    Ok(pipeline::take_back_of_many(connection, actor, &enquiries, recorded, why).await?)
}

/// Each household as it was before the import, which may have changed it for one enquiry and then for another.
fn households_before(changes: &[Change]) -> Result<BTreeMap<HouseholdId, HouseholdForm>, UndoError> {
    let mut households: BTreeMap<HouseholdId, HouseholdForm> = BTreeMap::new();
    for before in changes.iter().filter_map(|change| change.household_before.as_deref()) {
        let form: HouseholdForm = serde_json::from_str(before).map_err(|error| sqlx::Error::Decode(error.into()))?;
        let later = households.get(&form.household.id).is_some_and(|it| it.household.version <= form.household.version);
        if !later {
            households.insert(form.household.id, form);
        }
    }
    Ok(households)
}

async fn put_household_back(
    connection: &mut SqliteConnection,
    actor: &Actor,
    mut before: HouseholdForm,
) -> Result<(), UndoError> {
    let now = households::find(connection, before.household.id).await?;
    before.household.version = now.map_or(before.household.version, |now| now.version);
    Ok(households::update(connection, actor, &before).await?)
}
