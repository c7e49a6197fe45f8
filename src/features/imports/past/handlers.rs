//! Showing imports that are done, and undoing one.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum_extra::extract::Query;
use serde::Deserialize;

use super::queries::{self, Import};
use super::views::{ImportPage, IndexPage, UndoPage};
use crate::domain::ids::{EnquiryId, ImportId};
use crate::features::imports::undo::{UndoError, undo};
use crate::features::imports::uploads;
use crate::web::error::Result;
use crate::web::paging::{Slice, key};
use crate::web::{AppError, AppState, Ctx, Path, finish};

const PAGE: usize = 50;
/// As many as a person reads.
const NAMED: i64 = 50;

#[derive(Deserialize)]
pub struct Asked {
    #[serde(default)]
    after: String,
}

pub async fn index(State(state): State<AppState>, ctx: Ctx, Query(asked): Query<Asked>) -> Result<IndexPage> {
    let before = key(&asked.after).unwrap_or(ImportId(i64::MAX));
    let rows = queries::list_before(state.db.read(), before, i64::try_from(PAGE + 1)?).await?;
    let on_their_way = uploads::list_of(state.db.read(), ctx.user.id).await?;
    let mappings = uploads::list_mappings(state.db.read()).await?;
    Ok(IndexPage::new(&ctx, Slice::new(rows, PAGE, |row| row.id), on_their_way, mappings))
}

pub async fn show(
    State(state): State<AppState>,
    ctx: Ctx,
    Path(id): Path<ImportId>,
    Query(asked): Query<Asked>,
) -> Result<ImportPage> {
    let import = find(&state, id).await?;
    let after = key(&asked.after).unwrap_or(EnquiryId(0));
    let made = queries::list_made_after(state.db.read(), id, after, ctx.user.id, i64::try_from(PAGE + 1)?).await?;
    let upload = uploads::find_of_import(state.db.read(), id, ctx.user.id).await?;
    Ok(ImportPage::new(&ctx, import, upload, Slice::new(made, PAGE, |row| row.enquiry)))
}

pub async fn ask_undo(State(state): State<AppState>, ctx: Ctx, Path(id): Path<ImportId>) -> Result<UndoPage> {
    undo_page(&state, &ctx, find(&state, id).await?, None).await
}

pub async fn undo_it(State(state): State<AppState>, ctx: Ctx, Path(id): Path<ImportId>) -> Result<Response> {
    let import = find(&state, id).await?;
    finish(async move {
        let mut write = state.db.write().await?;
        let refused = match undo(&mut write, &ctx.actor(), id).await {
            Ok(_) => {
                write.commit().await?;
                return Ok(ctx.redirect(&format!("/settings/imports/{id}"), "The import is undone"));
            }
            Err(UndoError::NotFound) => return Err(AppError::NotFound),
            Err(UndoError::Database(error)) => return Err(error.into()),
            Err(refused) => refused,
        };
        write.rollback().await?;
        let page = undo_page(&state, &ctx, import, Some(refused.to_string())).await?;
        Ok((StatusCode::CONFLICT, page).into_response())
    })
    .await
}

async fn find(state: &AppState, id: ImportId) -> Result<Import> {
    queries::find(state.db.read(), id).await?.ok_or(AppError::NotFound)
}

async fn undo_page(state: &AppState, ctx: &Ctx, import: Import, refused: Option<String>) -> Result<UndoPage> {
    let mut connection = state.db.read().acquire().await?;
    let built = queries::list_built_on(&mut connection, &import, NAMED + 1).await?;
    Ok(UndoPage::new(ctx, import, built, refused))
}
