use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::http::header::VARY;
use axum::response::{Html, IntoResponse, Response};
use sqlx::SqliteConnection;

use super::filters::Filters;
use super::queries::{self, Asked, Column, Found, Key};
use super::queries_cards;
use super::views::{BoardPage, ColumnView, MoreCards, Moved, Shown};
use crate::domain::board::COLUMNS;
use crate::domain::ids::EnquiryId;
use crate::domain::stage::Stage;
use crate::features::access::{Viewer, show};
use crate::features::{enquiries, time_limits};
use crate::web::paging::key;
use crate::web::{AppError, AppState, Ctx, Form, Path};

/// Cards of a column on the board, and a page of them where one column is asked for.
const FEW: usize = 8;
const PAGE: usize = 40;

pub async fn index(State(state): State<AppState>, ctx: Ctx, RawQuery(query): RawQuery) -> Result<Response, AppError> {
    let filters = Filters::read(&query.unwrap_or_default());
    show(StatusCode::OK, &board(&state, &ctx, filters, None).await?)
}

/// The board as it stands. `moved` says what has just happened.
pub async fn board(state: &AppState, ctx: &Ctx, filters: Filters, moved: Option<Moved>) -> Result<BoardPage, AppError> {
    let mut db = state.db.read().acquire().await?;
    let asked = Asked::of(&filters, Viewer::of(ctx), ctx.today);
    let columns = queries::list_columns(&mut db, &asked).await?;
    let mut found = Vec::new();
    for stage in COLUMNS {
        let column = columns.iter().find(|column| column.stage == stage).cloned();
        found.push(find(&mut db, &asked, &filters, (stage, column), None, FEW).await?);
    }
    let views = shown(&mut db, ctx, &filters, found, FEW).await?;
    let officers = enquiries::list_officers(&mut db).await?;
    Ok(BoardPage::new(ctx, filters, officers, views, moved))
}

/// One column, from a card on: its cards alone for htmx, which adds them below the others.
pub async fn column(
    State(state): State<AppState>,
    ctx: Ctx,
    Path(stage): Path<Stage>,
    RawQuery(query): RawQuery,
) -> Result<Response, AppError> {
    if !COLUMNS.contains(&stage) {
        return Err(AppError::NotFound);
    }
    let form = Form::of(form_urlencoded::parse(query.unwrap_or_default().as_bytes()));
    let (filters, after) = (Filters::parse(&form), key::<Key>(form.value("after")));
    let mut db = state.db.read().acquire().await?;
    let asked = Asked::of(&filters, Viewer::of(&ctx), ctx.today);
    let columns = queries::list_columns(&mut db, &asked).await?;
    let column = columns.into_iter().find(|column| column.stage == stage);
    let found = find(&mut db, &asked, &filters, (stage, column), after, PAGE).await?;
    let views = shown(&mut db, &ctx, &filters, vec![found], PAGE).await?;
    let officers = enquiries::list_officers(&mut db).await?;
    drop(db);
    let page = BoardPage::new(&ctx, filters, officers, views, None).of_one(stage);
    let html = if ctx.htmx { MoreCards { board: page }.render()? } else { page.render()? };
    Ok(([(VARY, "hx-request")], Html(html)).into_response())
}

async fn find(
    db: &mut SqliteConnection,
    asked: &Asked,
    filters: &Filters,
    (stage, column): (Stage, Option<Column>),
    after: Option<Key>,
    length: usize,
) -> sqlx::Result<Found> {
    let Some(known) = &column else { return Ok(Found { stage, column, middle: None, picked: Vec::new() }) };
    let middle = queries::find_middle(db, asked, stage, known.cards).await?;
    let wanted = length as i64 + 1;
    let picked = queries::list_picked(db, asked, stage, filters.longest_first, after, wanted).await?;
    Ok(Found { stage, column, middle, picked })
}

async fn shown(
    db: &mut SqliteConnection,
    ctx: &Ctx,
    filters: &Filters,
    found: Vec<Found>,
    length: usize,
) -> sqlx::Result<Vec<ColumnView>> {
    let ids: Vec<EnquiryId> =
        found.iter().flat_map(|column| column.picked.iter().take(length).map(|card| card.id)).collect();
    let rows: BTreeMap<_, _> = queries_cards::list_rows(db, &ids).await?.into_iter().map(|row| (row.id, row)).collect();
    let rules = time_limits::rules(db).await?;
    let clocks = time_limits::list_open(db, &ids, &rules, ctx.today).await?;
    let shown = Shown { rows: &rows, clocks: &clocks, today: ctx.today, filters };
    Ok(found.into_iter().map(|column| ColumnView::of(column, length, &shown)).collect())
}
