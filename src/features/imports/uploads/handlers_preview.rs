//! What would become of each row; which newer facts are taken; confirming it; the refused rows.

use axum::extract::State;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use axum_extra::extract::Query;
use serde::Deserialize;

use super::actions::{self, address};
use super::folder::Folder;
use super::preview::{Line, List, Summary};
use super::queries::Upload;
use super::running::{self, PROBLEMS, newer_of};
use super::views_preview::{PAGE, PreviewPage};
use crate::domain::ids::UploadId;
use crate::domain::upload::UploadState;
use crate::features::imports::past;
use crate::features::imports::read_rows::Place;
use crate::features::imports::taking::Newer;
use crate::web::error::Result;
use crate::web::paging::{cursor, key};
use crate::web::{AppError, AppState, Ctx, Form, Path, xlsx};

#[derive(Deserialize)]
pub struct Asked {
    list: Option<List>,
    #[serde(default)]
    after: String,
}

pub async fn show(
    State(state): State<AppState>,
    ctx: Ctx,
    Path(id): Path<UploadId>,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    let upload = actions::find(&state, id, ctx.user.id).await?;
    if upload.state != UploadState::Checked {
        return Ok(ctx.go(&address(id)));
    }
    let folder = Folder::of(&state.config.database, &upload.token);
    let skip: usize = key(&asked.after).unwrap_or(0);
    let wanted = asked.list;
    let (summary, list, lines) = tokio::task::spawn_blocking(move || -> std::io::Result<_> {
        let summary: Summary = folder.read("summary")?;
        let list = wanted.unwrap_or_else(|| first_worth_a_look(&summary));
        let lines: Vec<Line> = folder.read_lines(list.code(), skip, PAGE + 1)?;
        Ok((summary, list, lines))
    })
    .await??;
    let next = (lines.len() > PAGE).then(|| cursor(&(skip + PAGE)));
    let newer = newer_of(&upload.newer)?;
    let before = past::find_latest_of(state.db.read(), &upload.sha256).await?;
    let page = PreviewPage::new(&ctx, upload, summary, list, (lines, next), newer, before).after(asked.after);
    Ok(page.into_response())
}

/// What needs a person's eyes comes first.
fn first_worth_a_look(summary: &Summary) -> List {
    let order = [List::Refused, List::LooksKnown, List::Newer, List::New, List::Known];
    order.into_iter().find(|list| summary.count(*list) > 0).unwrap_or(List::New)
}

/// Newer facts: all, none, or row by row of the page that was sent.
pub async fn choose_newer(
    State(state): State<AppState>,
    ctx: Ctx,
    Path(id): Path<UploadId>,
    form: Form,
) -> Result<Response> {
    let mut upload = checked(&state, &ctx, id).await?;
    let places = |field: &'static str| form.values(field).filter_map(|text| serde_json::from_str::<Place>(text).ok());
    upload.newer = match form.value("which") {
        "all" => "all".to_owned(),
        "none" => "none".to_owned(),
        _ => {
            let mut rows: Vec<Place> = match newer_of(&upload.newer)? {
                Newer::Of(rows) => rows.into_iter().collect(),
                // All but what is unticked cannot be said row by row, so the whole list is read once.
                Newer::All => all_newer(&state, &upload).await?,
                Newer::None => Vec::new(),
            };
            let shown: Vec<Place> = places("shown").collect();
            rows.retain(|place| !shown.contains(place));
            rows.extend(places("take"));
            serde_json::to_string(&rows)?
        }
    };
    if !actions::change(&state, &ctx.actor(), &upload, "newer facts").await? {
        return Err(AppError::Conflict("This file was changed in another window. Reload the page.".to_owned()));
    }
    let after = form.value("after");
    let here = format!("{}/preview?list=newer", address(id));
    let here = if after.is_empty() { here } else { format!("{here}&after={after}") };
    Ok(ctx.redirect(&here, "Your choice is kept"))
}

async fn all_newer(state: &AppState, upload: &Upload) -> Result<Vec<Place>> {
    let folder = Folder::of(&state.config.database, &upload.token);
    let lines: Vec<Line> =
        tokio::task::spawn_blocking(move || folder.read_lines(List::Newer.code(), 0, usize::MAX)).await??;
    let place = |line: Line| Some(Place { sheet: line.sheet.map(Into::into), row: line.row? });
    Ok(lines.into_iter().filter_map(place).collect())
}

pub async fn confirm(
    State(state): State<AppState>,
    ctx: Ctx,
    Path(id): Path<UploadId>,
    form: Form,
) -> Result<Response> {
    let mut upload = checked(&state, &ctx, id).await?;
    // Of another window's preview nothing is confirmed.
    if upload.preview_hash.as_deref() != Some(form.value("preview")) {
        upload.problem =
            Some("Nothing has been written yet: this is another preview than the one you confirmed.".to_owned());
        actions::change(&state, &ctx.actor(), &upload, "shown again").await?;
        return Ok(ctx.go(&address(id)));
    }
    upload.state = UploadState::Importing;
    upload.problem = None;
    if actions::change(&state, &ctx.actor(), &upload, "confirmed").await? {
        running::begin(&state, ctx.actor(), id, &upload.token).await;
    }
    Ok(ctx.go(&address(id)))
}

async fn checked(state: &AppState, ctx: &Ctx, id: UploadId) -> Result<Upload> {
    let upload = actions::find(state, id, ctx.user.id).await?;
    match upload.state {
        UploadState::Checked => Ok(upload),
        _ => Err(AppError::Conflict(format!("This file is {} now.", upload.state.label().to_lowercase()))),
    }
}

/// The refused rows, while they are kept.
pub async fn problems(State(state): State<AppState>, ctx: Ctx, Path(id): Path<UploadId>) -> Result<Response> {
    let upload = actions::find(&state, id, ctx.user.id).await?;
    let path = Folder::of(&state.config.database, &upload.token).path(PROBLEMS);
    let bytes = match tokio::fs::read(&path).await {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Err(AppError::NotFound),
        bytes => bytes?,
    };
    let is_workbook = bytes.starts_with(b"PK");
    let (kind, ending) = match is_workbook {
        true => (xlsx::TYPE, "xlsx"),
        false => ("text/csv; charset=utf-8", "csv"),
    };
    let disposition = format!("attachment; filename=\"to-correct-{id}.{ending}\"");
    Ok(([(CONTENT_TYPE, kind.to_owned()), (CONTENT_DISPOSITION, disposition)], bytes).into_response())
}
