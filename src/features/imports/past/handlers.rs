//! Showing imports that are done, and undoing one.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use axum_extra::extract::Query;
use serde::Deserialize;

use super::queries::{self, Import};
use super::undoing;
use super::views::{ImportPage, IndexPage, UndoPage, Undoing, UndoingPage};
use crate::domain::ids::{EnquiryId, ImportId};
use crate::features::imports::undo::UndoError;
use crate::features::imports::uploads;
use crate::web::error::Result;
use crate::web::paging::{Slice, key};
use crate::web::{AppError, AppState, Ctx, Path};

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
    let being_undone = rows.iter().map(|row| row.id).filter(|id| undoing::progress(&state, *id).is_some()).collect();
    Ok(IndexPage::new(&ctx, Slice::new(rows, PAGE, |row| row.id), being_undone, on_their_way, mappings))
}

pub async fn show(
    State(state): State<AppState>,
    ctx: Ctx,
    Path(id): Path<ImportId>,
    Query(asked): Query<Asked>,
) -> Result<ImportPage> {
    let undoing = match undoing::progress(&state, id) {
        Some(_) => Undoing::UnderWay,
        None => undoing::why_not(&state, id).map_or(Undoing::None, Undoing::Failed),
    };
    let import = find(&state, id).await?;
    let after = key(&asked.after).unwrap_or(EnquiryId(0));
    let made = queries::list_made_after(state.db.read(), id, after, ctx.user.id, i64::try_from(PAGE + 1)?).await?;
    let upload = uploads::find_of_import(state.db.read(), id, ctx.user.id).await?;
    Ok(ImportPage::new(&ctx, import, undoing, upload, Slice::new(made, PAGE, |row| row.enquiry)))
}

pub async fn ask_undo(State(state): State<AppState>, ctx: Ctx, Path(id): Path<ImportId>) -> Result<UndoPage> {
    undo_page(&state, &ctx, find(&state, id).await?, None).await
}

/// Whoever waits a moment sees the end of a small import; of a large one how far it is.
pub async fn undo_it(State(state): State<AppState>, ctx: Ctx, Path(id): Path<ImportId>) -> Result<Response> {
    find(&state, id).await?;
    match undoing::begin(&state, &ctx, id).await {
        Some(Ok(_)) => Ok(ctx.redirect(&address(id), "The import is undone")),
        Some(Err(UndoError::NotFound)) => Err(AppError::NotFound),
        Some(Err(UndoError::Database(error))) => Err(error.into()),
        Some(Err(refused)) => {
            let page = undo_page(&state, &ctx, find(&state, id).await?, Some(refused.to_string())).await?;
            Ok((StatusCode::CONFLICT, page).into_response())
        }
        None => Ok(ctx.go(&undoing::address(id))),
    }
}

/// How far it is; once it has ended, the import's own page says what became of it.
pub async fn how_far(State(state): State<AppState>, ctx: Ctx, Path(id): Path<ImportId>) -> Result<Response> {
    // Before the import: what has ended by then is seen there.
    let progress = undoing::progress(&state, id);
    let import = find(&state, id).await?;
    let has_ended = import.undone_at.is_some() || undoing::why_not(&state, id).is_some();
    if progress.is_none() && has_ended {
        return Ok(ctx.go(&address(id)));
    }
    let page = UndoingPage::new(&ctx, import, progress);
    let html = if ctx.htmx { page.as_progress().render()? } else { page.render()? };
    Ok(Html(html).into_response())
}

fn address(id: ImportId) -> String {
    format!("/settings/imports/{id}")
}

async fn find(state: &AppState, id: ImportId) -> Result<Import> {
    queries::find(state.db.read(), id).await?.ok_or(AppError::NotFound)
}

async fn undo_page(state: &AppState, ctx: &Ctx, import: Import, refused: Option<String>) -> Result<UndoPage> {
    let mut connection = state.db.read().acquire().await?;
    let built = queries::list_built_on(&mut connection, &import, NAMED + 1).await?;
    Ok(UndoPage::new(ctx, import, built, refused))
}
