//! Changing the settings.

use serde_json::json;
use sqlx::SqliteConnection;

use super::queries;
use crate::domain::actor::Actor;
use crate::domain::audit::{Action, Event};
use crate::features::audit;

/// As text, as they are stored and typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    pub service_name: String,
    /// Below this count a proportion is marked as a small number.
    pub small_number: String,
}

#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// Somebody else changed them first; this is what they hold now.
    #[error("Somebody else has changed the settings since you opened the page")]
    Stale(Settings),
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

pub async fn load(connection: &mut SqliteConnection) -> sqlx::Result<Settings> {
    Ok(Settings {
        service_name: queries::find(&mut *connection, "service_name").await?,
        small_number: queries::find(&mut *connection, "small_number").await?,
    })
}

/// `before` is what the change began from.
pub async fn save(
    write: &mut SqliteConnection,
    actor: &Actor,
    before: &Settings,
    after: &Settings,
) -> Result<(), SettingsError> {
    let now = load(write).await?;
    if now != *before {
        return Err(SettingsError::Stale(now));
    }
    let changes = [
        ("service_name", &before.service_name, &after.service_name),
        ("small_number", &before.small_number, &after.small_number),
    ];
    for (name, old, new) in changes.into_iter().filter(|(_, old, new)| old != new) {
        queries::upsert(write, name, new).await?;
        let detail = json!({ "before": { name: old }, "after": { name: new } });
        audit::record(write, actor, &Event::new(Action::SettingChanged).with(detail)).await?;
    }
    Ok(())
}
