//! Mappings as files and by name.

use axum::extract::{Multipart, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};

use super::actions::{self, address};
use super::drafting;
use super::queries_mappings;
use super::running;
use super::step::Step;
use crate::domain::ids::{MappingId, UploadId};
use crate::domain::upload::UploadState;
use crate::features::imports::mapping::Mapping;
use crate::features::imports::mapping_file::MappingFile;
use crate::web::error::Result;
use crate::web::{AppError, AppState, Ctx, Form, Path, finish};

const LONGEST_NAME: usize = 100;

/// As the pages have written it so far.
pub async fn download(State(state): State<AppState>, ctx: Ctx, Path(id): Path<UploadId>) -> Result<Response> {
    let step = Step::load(&state, &ctx, id).await?;
    let stem = step.upload.file_name.rsplit_once('.').map_or(step.upload.file_name.as_str(), |it| it.0).to_owned();
    Ok(file(&stem, step.file.text()))
}

pub async fn saved_file(State(state): State<AppState>, _: Ctx, Path(id): Path<MappingId>) -> Result<Response> {
    let found = queries_mappings::find_mapping(state.db.read(), id).await?.ok_or(AppError::NotFound)?;
    Ok(file(&found.name, found.text))
}

fn file(name: &str, text: String) -> Response {
    let plain: String =
        name.chars().map(|it| if it.is_ascii_alphanumeric() || "-_.".contains(it) { it } else { '-' }).collect();
    let disposition = format!("attachment; filename=\"{plain}.mapping.toml\"");
    let headers = [(CONTENT_TYPE, "application/toml; charset=utf-8".to_owned()), (CONTENT_DISPOSITION, disposition)];
    (headers, text).into_response()
}

/// By name, for the next file.
pub async fn save(State(state): State<AppState>, ctx: Ctx, Path(id): Path<UploadId>, form: Form) -> Result<Response> {
    let step = Step::load(&state, &ctx, id).await?;
    let name: String = form.text("mapping_name").unwrap_or_default().chars().take(LONGEST_NAME).collect();
    let back = format!("{}/columns", address(id));
    if name.is_empty() {
        return Ok(ctx.redirect(&back, "The mapping needs a name, so it was not saved"));
    }
    let (actor, text, hash) = (ctx.actor(), step.file.text(), step.survey.headers_hash());
    let said = format!("The mapping is saved as “{name}”, and offered for the next file with these headers");
    finish(async move { actions::save_mapping(&state, &actor, &name, &text, &hash).await }).await?;
    Ok(ctx.redirect(&back, &said))
}

/// One that was saved, instead of what the page says.
pub async fn choose(State(state): State<AppState>, ctx: Ctx, Path(id): Path<UploadId>, form: Form) -> Result<Response> {
    let step = Step::load(&state, &ctx, id).await?;
    let chosen: Option<MappingId> = form.text("saved").and_then(|text| text.parse().ok());
    let back = format!("{}/columns", address(id));
    let Some(chosen) = chosen else {
        let file = drafting::begun(&step.survey, &step.reasons);
        return apply(&state, &ctx, step, file, "The columns are guessed anew").await;
    };
    match queries_mappings::find_mapping(state.db.read(), chosen).await? {
        None => Ok(ctx.redirect(&back, "That mapping is no longer there")),
        Some(found) => match MappingFile::parse(&found.text) {
            Ok(file) => apply(&state, &ctx, step, file, &format!("“{}” is filled in", found.name)).await,
            Err(sentence) => Ok(ctx.redirect(&back, &sentence)),
        },
    }
}

/// A mapping file that somebody has.
pub async fn send(
    State(state): State<AppState>,
    ctx: Ctx,
    Path(id): Path<UploadId>,
    mut parts: Multipart,
) -> Result<Response> {
    let step = Step::load(&state, &ctx, id).await?;
    let back = format!("{}/columns", address(id));
    let mut text = None;
    while let Ok(Some(part)) = parts.next_field().await {
        if part.name() == Some("mapping_file") {
            text = part.text().await.ok();
        }
    }
    let read = match text.filter(|text| !text.trim().is_empty()) {
        None => Err("Choose a mapping file, such as tracker.mapping.toml".to_owned()),
        Some(text) => MappingFile::parse(&text).and_then(|file| Mapping::of(&file, &step.reasons).map(|_| file)),
    };
    match read {
        Ok(file) => apply(&state, &ctx, step, file, "The mapping file is filled in").await,
        Err(sentence) => Ok(ctx.redirect(&back, &format!("The mapping file was not taken: {sentence}"))),
    }
}

/// Its sheets and headers are looked for in this file; where they are others, the file is read again.
async fn apply(state: &AppState, ctx: &Ctx, mut step: Step, mut file: MappingFile, said: &str) -> Result<Response> {
    let id = step.upload.id;
    let layout =
        Mapping::of(&file, &step.reasons).ok().and_then(|mapping| drafting::layout_for(&mapping, &step.survey));
    if let Some(layout) = layout.filter(|layout| *layout != step.survey.layout) {
        step.survey.layout = layout;
        step.upload.layout = Some(serde_json::to_string(&step.survey.layout)?);
    }
    drafting::fit(&mut file, &step.survey);
    step.file = file;
    step.save(state, ctx, "mapping").await?;
    let mut upload = actions::find(state, id, ctx.user.id).await?;
    upload.state = UploadState::Reading;
    actions::change(state, &ctx.actor(), &upload, "read again").await?;
    running::begin(state, ctx.actor(), id, &upload.token).await;
    Ok(ctx.redirect(&address(id), said))
}

pub async fn delete(State(state): State<AppState>, ctx: Ctx, Path(id): Path<MappingId>) -> Result<Response> {
    let actor = ctx.actor();
    finish(async move { actions::delete_mapping(&state, &actor, id).await }).await?;
    Ok(ctx.redirect("/settings/imports", "The mapping is deleted"))
}
