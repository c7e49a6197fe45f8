//! A file arrives, waits, is read again, is cancelled.

use askama::Template;
use axum::extract::{Multipart, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};

use super::actions::{self, address};
use super::queries::{self, Upload};
use super::receive::{NotReceived, Received, receive};
use super::running;
use super::views::{NewPage, ProgressPage};
use crate::domain::ids::UploadId;
use crate::domain::upload::UploadState;
use crate::web::error::Result;
use crate::web::{AppError, AppState, Ctx, Path, finish};

/// Nobody needs more at once; each may be 50 MB.
const MOST: usize = 10;

pub async fn new(ctx: Ctx) -> NewPage {
    NewPage::new(&ctx, None)
}

pub async fn create(State(state): State<AppState>, ctx: Ctx, parts: Multipart) -> Result<Response> {
    let on_their_way = queries::list_of(state.db.read(), ctx.user.id).await?;
    // Of one that was not taken only the line is left.
    if on_their_way.iter().filter(|upload| upload.state != UploadState::Refused).count() >= MOST {
        return Ok(refused(&ctx, "You have ten files on their way. Take them in or cancel them first"));
    }
    match receive(&state, parts).await {
        Ok(received) => kept(state, ctx, received).await,
        Err(NotReceived::Refused(sentence)) => Ok(refused(&ctx, sentence)),
        Err(NotReceived::Failed(error)) => Err(error),
    }
}

fn refused(ctx: &Ctx, sentence: &str) -> Response {
    (StatusCode::UNPROCESSABLE_ENTITY, NewPage::new(ctx, Some(sentence.to_owned()))).into_response()
}

async fn kept(state: AppState, ctx: Ctx, received: Received) -> Result<Response> {
    let (db_state, actor) = (state.clone(), ctx.actor());
    let (kept, received) = finish(async move {
        let kept = actions::keep(&db_state, &actor, &received).await;
        (kept, received)
    })
    .await;
    let Received { token, folder, under_way, .. } = received;
    match kept {
        Ok(Ok(id)) => {
            drop(under_way);
            running::begin(&state, ctx.actor(), id, &token).await;
            Ok(ctx.go(&address(id)))
        }
        Ok(Err(location)) => {
            folder.delete()?;
            Ok(ctx.go(&location))
        }
        Err(error) => {
            folder.delete()?;
            Err(error)
        }
    }
}

/// Where it is by now; while something is being done to it, how far that is.
pub async fn show(State(state): State<AppState>, ctx: Ctx, Path(id): Path<UploadId>) -> Result<Response> {
    let upload = actions::find(&state, id, ctx.user.id).await?;
    let progress = state.work.progress(&upload.token);
    // It may have ended between the two.
    let upload = if progress.is_none() { actions::find(&state, id, ctx.user.id).await? } else { upload };
    match upload.state {
        UploadState::Read => Ok(ctx.go(&format!("{}/columns", address(id)))),
        UploadState::Checked => Ok(ctx.go(&format!("{}/preview", address(id)))),
        UploadState::Imported => {
            let import = upload.import.map(|import| import.to_string()).unwrap_or_default();
            Ok(ctx.go(&format!("/settings/imports/{import}")))
        }
        UploadState::Refused | UploadState::Reading | UploadState::Checking | UploadState::Importing => {
            let page = ProgressPage::new(&ctx, upload, progress);
            let html = if ctx.htmx { page.as_progress().render()? } else { page.render()? };
            Ok(Html(html).into_response())
        }
    }
}

/// Once more from the step that was interrupted. What was being taken in is checked again first: nothing of it is there.
pub async fn again(State(state): State<AppState>, ctx: Ctx, Path(id): Path<UploadId>) -> Result<Response> {
    let mut upload = actions::find(&state, id, ctx.user.id).await?;
    if upload.state.is_busy() && state.work.progress(&upload.token).is_none() {
        if upload.state == UploadState::Importing {
            upload.state = UploadState::Checking;
            actions::change(&state, &ctx.actor(), &upload, "checked again").await?;
        }
        running::begin(&state, ctx.actor(), id, &upload.token).await;
    }
    Ok(ctx.go(&address(id)))
}

pub async fn cancel(State(state): State<AppState>, ctx: Ctx, Path(id): Path<UploadId>) -> Result<Response> {
    let upload: Upload = actions::find(&state, id, ctx.user.id).await?;
    let busy = state.work.progress(&upload.token).is_some();
    if upload.import.is_some() || (busy && upload.state == UploadState::Importing) {
        return Err(AppError::Conflict(
            "This file is being taken in, or is in already. An import can be undone.".to_owned(),
        ));
    }
    actions::delete(&state, &ctx.actor(), &upload, "cancelled").await?;
    Ok(ctx.redirect("/settings/imports", "The file is deleted. Nothing of it was taken in"))
}
