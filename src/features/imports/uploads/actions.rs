//! What people do with a file on its way, each with its trace in the audit.

use serde_json::json;
use sqlx::SqliteConnection;

use super::folder;
use super::folder::Folder;
use super::queries::{self, NewUpload, Upload};
use super::queries_mappings;
use super::receive::Received;
use super::running::PROBLEMS;
use crate::domain::actor::Actor;
use crate::domain::audit::{Action, Event};
use crate::domain::ids::{MappingId, UploadId, UserId};
use crate::domain::instant::Instant;
use crate::domain::upload::UploadState;
use crate::features::audit;
use crate::web::{AppError, AppState, finish, one_time};

pub fn address(id: UploadId) -> String {
    format!("/settings/imports/uploads/{id}")
}

/// Where to go on: of a form that was sent twice, where its first sending led.
pub async fn keep(state: &AppState, actor: &Actor, received: &Received) -> Result<Result<UploadId, String>, AppError> {
    let mut write = state.db.write().await?;
    if let Some(location) = one_time::spent(&mut write, &received.form_token, actor.user).await? {
        return Ok(Err(location));
    }
    let new = NewUpload {
        token: &received.token,
        user: actor.user,
        file_name: &received.file_name,
        sha256: &received.sha256,
        bytes: i64::try_from(received.bytes)?,
        at: actor.at,
    };
    let id = queries::insert(&mut write, &new).await?;
    let detail =
        json!({ "upload": id, "file": received.file_name, "sha256": received.sha256, "bytes": received.bytes });
    audit::record(&mut write, actor, &Event::new(Action::ImportFileUploaded).with(detail)).await?;
    one_time::spend(&mut write, &received.form_token, actor.user, actor.at, &address(id)).await?;
    write.commit().await?;
    Ok(Ok(id))
}

/// Another state, layout, mapping or choice. False where somebody was first.
pub async fn change(state: &AppState, actor: &Actor, upload: &Upload, what: &str) -> Result<bool, AppError> {
    let (db, actor, upload, what) = (state.db.clone(), actor.clone(), upload.clone(), what.to_owned());
    finish(async move {
        let mut write = db.write().await?;
        if !queries::update(&mut write, &upload).await? {
            return Ok(false);
        }
        let detail = json!({ "upload": upload.id, "file": upload.file_name, "what": what });
        audit::record(&mut write, &actor, &Event::new(Action::ImportFileChanged).with(detail)).await?;
        write.commit().await?;
        Ok(true)
    })
    .await
}

/// The file and everything that was found in it.
pub async fn delete(state: &AppState, actor: &Actor, upload: &Upload, why: &str) -> Result<(), AppError> {
    let (db, actor, upload, why) = (state.db.clone(), actor.clone(), upload.clone(), why.to_owned());
    let folder = Folder::of(&state.config.database, &upload.token);
    finish(async move {
        let mut write = db.write().await?;
        forget(&mut write, &actor, upload.id, &upload.file_name, &why).await?;
        write.commit().await?;
        Ok(folder.delete()?)
    })
    .await
}

async fn forget(
    connection: &mut SqliteConnection,
    actor: &Actor,
    id: UploadId,
    file_name: &str,
    why: &str,
) -> sqlx::Result<()> {
    queries::delete(connection, id).await?;
    let detail = json!({ "upload": id, "file": file_name, "why": why });
    audit::record(connection, actor, &Event::new(Action::ImportFileDeleted).with(detail)).await
}

/// What is older than a day, what was taken in, and folders that nothing is known of.
pub async fn delete_old(state: &AppState, now: Instant) -> anyhow::Result<()> {
    let actor = Actor::command_line(now);
    let database = &state.config.database;
    for upload in queries::list_expired(state.db.read(), queries::expired_before(now)).await? {
        if state.work.progress(&upload.token).is_some() {
            continue;
        }
        let mut write = state.db.write().await?;
        forget(&mut write, &actor, upload.id, &upload.file_name, "24 hours are over").await?;
        write.commit().await?;
        Folder::of(database, &upload.token).delete()?;
    }
    let known = queries::list_tokens(state.db.read()).await?;
    for token in folder::list(database)? {
        if !known.contains(&token) && state.work.progress(&token).is_none() {
            Folder::of(database, &token).delete()?;
        }
    }
    for token in queries::list_imported_tokens(state.db.read()).await? {
        let folder = Folder::of(database, &token);
        if folder.file().exists() && state.work.progress(&token).is_none() {
            folder.delete_all_but(PROBLEMS)?;
        }
    }
    Ok(())
}

pub async fn save_mapping(
    state: &AppState,
    actor: &Actor,
    name: &str,
    text: &str,
    headers_hash: &str,
) -> Result<(), AppError> {
    let mut write = state.db.write().await?;
    queries_mappings::upsert_mapping(&mut write, actor, name, text, headers_hash).await?;
    audit::record(&mut write, actor, &Event::new(Action::MappingSaved).with(json!({ "mapping": name }))).await?;
    Ok(write.commit().await?)
}

pub async fn delete_mapping(state: &AppState, actor: &Actor, id: MappingId) -> Result<(), AppError> {
    let mut write = state.db.write().await?;
    let Some(found) = queries_mappings::find_mapping(&mut *write, id).await? else { return Err(AppError::NotFound) };
    queries_mappings::delete_mapping(&mut write, id).await?;
    audit::record(&mut write, actor, &Event::new(Action::MappingDeleted).with(json!({ "mapping": found.name })))
        .await?;
    Ok(write.commit().await?)
}

/// Somebody's own file: nobody else finds it.
pub async fn find(state: &AppState, id: UploadId, user: UserId) -> Result<Upload, AppError> {
    queries::find(state.db.read(), id, user).await?.ok_or(AppError::NotFound)
}

/// One whose columns and words can be said: read, and nothing is being done to it.
pub async fn find_open(state: &AppState, id: UploadId, user: UserId) -> Result<Upload, AppError> {
    let upload = find(state, id, user).await?;
    match upload.state {
        UploadState::Read | UploadState::Checked => Ok(upload),
        _ => Err(AppError::Conflict(format!("This file is {} now.", upload.state.label().to_lowercase()))),
    }
}
