//! Writing everybody's data into a file, and leaving a trace of it.

use std::path::Path;

use serde_json::json;
use sqlx::Connection;

use super::files::{self, ExportError, Written};
use crate::db::Db;
use crate::domain::actor::Actor;
use crate::domain::audit::{Action, Event};
use crate::features::audit;

/// All enquiries as they stand at one moment. `each` is told how many are written.
pub async fn export(db: &Db, actor: &Actor, path: &Path, each: impl FnMut(usize)) -> Result<Written, ExportError> {
    let written = {
        let mut connection = db.read().acquire().await?;
        // One transaction: what is changed meanwhile is in it whole or not at all.
        let mut reading = connection.begin().await?;
        files::write(&mut reading, path, actor.at.london_day(), each).await?
    };
    let mut write = db.write().await?;
    let file = path.file_name().map(|name| name.to_string_lossy().into_owned());
    let event = Event::new(Action::EnquiriesExported).with(json!({ "file": file, "enquiries": written.rows }));
    audit::record(&mut write, actor, &event).await?;
    write.commit().await?;
    Ok(written)
}
