use askama::Template;
use axum::extract::{RawQuery, State};
use axum::http::HeaderMap;
use axum::http::header::VARY;
use axum::response::{Html, IntoResponse, Response};

use super::finding;
use super::queries;
use super::views::{SearchPage, Shown, Suggestions};
use crate::domain::search::Asked;
use crate::features::access::Viewer;
use crate::web::{AppError, AppState, Ctx, Form};

const ON_THE_PAGE: usize = 20;
const WHILE_TYPING: usize = 8;

/// A page; while somebody types, the few best below the box.
pub async fn show(
    ctx: Ctx,
    State(state): State<AppState>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, AppError> {
    let form = Form::of(form_urlencoded::parse(query.unwrap_or_default().as_bytes()));
    let typed = form.text("q").unwrap_or_default();
    let target = headers.get("hx-target").and_then(|target| target.to_str().ok()).unwrap_or_default();
    let while_typing = ctx.htmx && target.ends_with("#suggestions");
    let shown = find(&state, &ctx, &typed, if while_typing { WHILE_TYPING } else { ON_THE_PAGE }).await?;
    let html = match while_typing {
        true => Suggestions::new(&typed, shown).render()?,
        false => SearchPage::new(&ctx, typed, shown).render()?,
    };
    Ok(([(VARY, "hx-request, hx-target")], Html(html)).into_response())
}

/// None where too little was typed.
async fn find(state: &AppState, ctx: &Ctx, typed: &str, wanted: usize) -> Result<Option<Shown>, AppError> {
    let Some(asked) = Asked::parse(typed) else { return Ok(None) };
    let viewer = Viewer::of(ctx);
    let mut db = state.db.read().acquire().await?;
    let (mut agreeing, more) = finding::best(&mut db, &asked, viewer).await?;
    let count = agreeing.len();
    agreeing.truncate(wanted);
    let ids: Vec<_> = agreeing.iter().map(|(household, _)| *household).collect();
    let rows = queries::list_rows(&mut db, &ids, viewer, ctx.today).await?;
    Ok(Some(Shown::of(&asked, &agreeing, &rows, count, more)))
}
