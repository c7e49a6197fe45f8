//! How a file is to be read: its sheets, its columns, its words. Each page writes the same mapping.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use super::actions::{self, address};
use super::forms;
use super::running;
use super::step::{ELSEWHERE, Step};
use super::views_steps::{ColumnsPage, SheetsPage, WordsPage};
use super::{drafting, queries_mappings};
use crate::domain::ids::UploadId;
use crate::domain::source::List;
use crate::domain::upload::UploadState;
use crate::features::imports::mapping::Mapping;
use crate::features::pipeline;
use crate::web::error::Result;
use crate::web::{AppError, AppState, Ctx, Form, Path};

pub async fn sheets(State(state): State<AppState>, ctx: Ctx, Path(id): Path<UploadId>) -> Result<SheetsPage> {
    let step = Step::load(&state, &ctx, id).await?;
    Ok(SheetsPage::new(&ctx, step, Form::default()))
}

/// Other sheets or headers: the file is read again.
pub async fn choose_sheets(
    State(state): State<AppState>,
    ctx: Ctx,
    Path(id): Path<UploadId>,
    mut form: Form,
) -> Result<Response> {
    let mut step = Step::load(&state, &ctx, id).await?;
    let Some(layout) = forms::layout(&mut form, &step.survey) else {
        let page = SheetsPage::new(&ctx, step, form);
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    };
    if layout != step.survey.layout {
        step.upload.layout = Some(serde_json::to_string(&layout)?);
        step.upload.mapping = None;
        step.upload.problem = None;
        step.upload.state = UploadState::Reading;
        if !actions::change(&state, &ctx.actor(), &step.upload, "sheets").await? {
            return Err(AppError::Conflict(ELSEWHERE.to_owned()));
        }
        running::begin(&state, ctx.actor(), id, &step.upload.token).await;
        return Ok(ctx.go(&address(id)));
    }
    Ok(ctx.go(&format!("{}/columns", address(id))))
}

pub async fn columns(State(state): State<AppState>, ctx: Ctx, Path(id): Path<UploadId>) -> Result<ColumnsPage> {
    let step = Step::load(&state, &ctx, id).await?;
    let saved = queries_mappings::list_mappings(state.db.read()).await?;
    let form = forms::columns_of(&step);
    Ok(ColumnsPage::new(&ctx, step, form, saved))
}

pub async fn save_columns(
    State(state): State<AppState>,
    ctx: Ctx,
    Path(id): Path<UploadId>,
    mut form: Form,
) -> Result<Response> {
    let mut step = Step::load(&state, &ctx, id).await?;
    let file = forms::columns(&mut form, &step);
    let shows_only = form.is_chosen("then", "show");
    let checked = Mapping::of(&file, &step.reasons);
    if let Err(sentence) = &checked
        && !shows_only
    {
        form.fail("", sentence.clone());
    }
    if !form.is_valid() {
        step.file = file;
        let saved = queries_mappings::list_mappings(state.db.read()).await?;
        let page = ColumnsPage::new(&ctx, step, form, saved);
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    }
    step.file = file;
    drafting::fit(&mut step.file, &step.survey);
    for kind in super::words::Kind::ALL {
        super::words::seed(&mut step.file, *kind, &step.survey, &step.reasons);
    }
    step.save(&state, &ctx, "columns").await?;
    let next = if shows_only { "columns" } else { "words" };
    Ok(ctx.go(&format!("{}/{next}", address(id))))
}

pub async fn words(State(state): State<AppState>, ctx: Ctx, Path(id): Path<UploadId>) -> Result<Response> {
    let step = Step::load(&state, &ctx, id).await?;
    let sources = pipeline::list_offered(state.db.read(), List::Source).await?;
    match WordsPage::new(&ctx, step, Form::default(), sources) {
        Ok(page) => Ok(page.into_response()),
        Err(_) => Ok(ctx.go(&format!("{}/columns", address(id)))),
    }
}

pub async fn save_words(
    State(state): State<AppState>,
    ctx: Ctx,
    Path(id): Path<UploadId>,
    mut form: Form,
) -> Result<Response> {
    let mut step = Step::load(&state, &ctx, id).await?;
    let file = forms::words(&mut form, &step);
    if let Err(sentence) = Mapping::of(&file, &step.reasons) {
        form.fail("", sentence);
    }
    if !form.is_valid() {
        let sources = pipeline::list_offered(state.db.read(), List::Source).await?;
        return match WordsPage::new(&ctx, step, form, sources) {
            Ok(page) => Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response()),
            Err(sentence) => Err(AppError::Conflict(sentence)),
        };
    }
    step.file = file;
    step.save(&state, &ctx, "words").await?;
    if form.is_chosen("then", "show") {
        return Ok(ctx.go(&format!("{}/words", address(id))));
    }
    check(&state, &ctx, step.upload.id).await
}

/// Makes the preview.
async fn check(state: &AppState, ctx: &Ctx, id: UploadId) -> Result<Response> {
    let mut upload = actions::find_open(state, id, ctx.user.id).await?;
    upload.state = UploadState::Checking;
    if !actions::change(state, &ctx.actor(), &upload, "checked").await? {
        return Err(AppError::Conflict(ELSEWHERE.to_owned()));
    }
    running::begin(state, ctx.actor(), id, &upload.token).await;
    Ok(ctx.go(&address(id)))
}
