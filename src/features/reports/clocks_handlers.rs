//! The page of the time limits, its files, and the households behind a figure.

use std::convert::Infallible;

use axum::extract::{RawQuery, State};
use axum::response::{IntoResponse, Response};
use futures::stream;
use serde_json::json;

use super::asked::Asked;
use super::clocks::{self, Behind, ClocksReport};
use super::clocks_files;
use super::clocks_views::{ClockHouseholdsPage, ClocksPage};
use super::queries::clocks as queries;
use super::report;
use crate::domain::audit::{Action, Event};
use crate::domain::day::Day;
use crate::domain::ids::EnquiryId;
use crate::domain::question::{Basis, Question};
use crate::domain::time_limit::Clock;
use crate::web::error::Result;
use crate::web::paging::{Slice, key};
use crate::web::{AppError, AppState, Ctx, Form, csv, page, xlsx};

pub async fn show(State(state): State<AppState>, ctx: Ctx, RawQuery(query): RawQuery) -> Result<Response> {
    let mut form = form_of(query.as_deref());
    let Some(asked) = parse(&mut form, &ctx) else { return page::invalid(ClocksPage::refused(&ctx, form)) };
    let reports = clocks::clocks(&state.db, &asked.questions(), ctx.now).await?;
    let small_number = report::small_number(&state.db).await?;
    Ok(ClocksPage::new(&ctx, form, &asked, &reports, small_number).into_response())
}

/// Clocks start in a period and are followed from there: there is no other basis.
fn parse(form: &mut Form, ctx: &Ctx) -> Option<Asked> {
    form.set("basis", Basis::Cohort.code());
    Asked::parse(form, ctx.now, ctx.today)
}

pub async fn as_csv(State(state): State<AppState>, ctx: Ctx, RawQuery(query): RawQuery) -> Result<Response> {
    let (name, reports) = for_a_file(&state, &ctx, query.as_deref()).await?;
    let rows: Vec<_> = reports.iter().flat_map(clocks_files::rows).map(Ok::<_, Infallible>).collect();
    Ok(csv::answer(&format!("{name}.csv"), &clocks_files::COLUMNS, stream::iter(rows)))
}

pub async fn as_xlsx(State(state): State<AppState>, ctx: Ctx, RawQuery(query): RawQuery) -> Result<Response> {
    let (name, reports) = for_a_file(&state, &ctx, query.as_deref()).await?;
    Ok(xlsx::answer(&format!("{name}.xlsx"), clocks_files::xlsx(&reports)?))
}

/// A file has no room for what is wrong with its address: the page has.
fn said_by_page(query: Option<&str>) -> AppError {
    AppError::SaidBy(format!("/reports/clocks?{}", query.unwrap_or_default()))
}

/// The file's name without its ending, and what the page shows: split where the page is split.
async fn for_a_file(state: &AppState, ctx: &Ctx, query: Option<&str>) -> Result<(String, Vec<ClocksReport>)> {
    let asked = parse(&mut form_of(query), ctx).ok_or_else(|| said_by_page(query))?;
    let (question, split) = (asked.question, asked.question.by.is_some());
    let questions: Vec<_> = asked.questions().into_iter().filter(|question| question.by.is_some() == split).collect();
    let reports = clocks::clocks(&state.db, &questions, ctx.now).await?;
    Ok((format!("time-limits-{}-to-{}", question.period.from, question.period.to), reports))
}

/// Households on a page.
const PAGE: usize = 50;
type Key = (Day, EnquiryId, Clock);

/// The households behind a figure, as they were counted. Restricted records of others are counted and not shown.
pub async fn households(
    State(state): State<AppState>,
    ctx: Ctx,
    RawQuery(query): RawQuery,
) -> Result<ClockHouseholdsPage> {
    let mut form = form_of(query.as_deref());
    let behind = Behind {
        clock: form.choice("clock", "This time limit is not known"),
        state: form.choice("state", "This state is not known"),
        group: form.text("group"),
    };
    let asked = parse(&mut form, &ctx).filter(|_| form.is_valid()).ok_or(AppError::NotFound)?;
    let after: Option<Key> = key(form.value("after"));

    let mut snapshot = state.db.read().begin().await?;
    let all = clocks::behind(&mut snapshot, &asked.question, &behind).await?;
    let hidden = queries::list_hidden(&mut snapshot, ctx.user.id).await?;
    let counted = i64::try_from(all.len())?;
    let (restricted, shown): (Vec<_>, Vec<_>) =
        all.into_iter().partition(|one| hidden.binary_search(&one.enquiry).is_ok());
    let rows = shown.into_iter().filter(|one| after.is_none_or(|after| (one.start, one.enquiry, one.clock) < after));
    let slice = Slice::new(rows.take(PAGE + 1).collect(), PAGE, |one| (one.start, one.enquiry, one.clock));
    let ids: Vec<_> = slice.rows.iter().map(|one| one.enquiry).collect();
    let names = queries::list_names(&mut snapshot, &ids, ctx.user.id).await?;
    state.openings.add(ctx.actor(), opening(&asked.question, &behind, &ids));
    Ok(ClockHouseholdsPage::new(&ctx, &asked, &behind, (counted, restricted.len()), slice, &names))
}

/// What was asked, and whose names were shown: of people by their number only.
fn opening(question: &Question, behind: &Behind, shown: &[EnquiryId]) -> Event {
    Event::new(Action::ReportHouseholdsOpened).with(json!({
        "report": "clocks",
        "from": question.period.from,
        "to": question.period.to,
        "as_at": question.as_at,
        "known_at": question.known_at,
        "type": question.types,
        "by": question.by,
        "group": behind.group,
        "clock": behind.clock,
        "state": behind.state,
        "enquiries": shown,
    }))
}

fn form_of(query: Option<&str>) -> Form {
    Form::of(form_urlencoded::parse(query.unwrap_or_default().as_bytes()))
}
