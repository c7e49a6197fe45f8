//! The report pages, and the same figures as files.

use std::convert::Infallible;

use axum::extract::{RawQuery, State};
use axum::response::{IntoResponse, Response};
use futures::stream;
use serde_json::json;

use super::asked::{Asked, Figure};
use super::files;
use super::queries::{self, Behind};
use super::report::{self, FunnelReport};
use super::views::{FunnelPage, IndexPage};
use super::views_households::HouseholdsPage;
use crate::domain::audit::{Action, Event};
use crate::domain::day::Day;
use crate::domain::funnel::Steps;
use crate::domain::ids::EnquiryId;
use crate::domain::question::{Dimension, Question};
use crate::web::error::Result;
use crate::web::paging::{Slice, key};
use crate::web::{AppError, AppState, Ctx, Form, Page, csv, page, xlsx};

/// Households on a page.
const PAGE: usize = 50;

pub async fn index(ctx: Ctx) -> IndexPage {
    IndexPage { page: Page::new(&ctx, "Reports") }
}

pub async fn funnel(State(state): State<AppState>, ctx: Ctx, RawQuery(query): RawQuery) -> Result<Response> {
    let mut form = form_of(query.as_deref());
    let Some(asked) = Asked::parse(&mut form, ctx.now, ctx.today) else {
        return page::invalid(FunnelPage::refused(&ctx, form));
    };
    let reports = report::funnels(&state.db, &asked.questions(), ctx.now).await?;
    let small_number = report::small_number(&state.db).await?;
    Ok(FunnelPage::new(&ctx, form, &asked, &reports, small_number).into_response())
}

pub async fn funnel_csv(State(state): State<AppState>, ctx: Ctx, RawQuery(query): RawQuery) -> Result<Response> {
    let (name, reports) = for_a_file(&state, &ctx, query.as_deref()).await?;
    let rows: Vec<_> = reports.iter().flat_map(files::funnel_rows).map(Ok::<_, Infallible>).collect();
    Ok(csv::answer(&format!("{name}.csv"), &files::FUNNEL_COLUMNS, stream::iter(rows)))
}

pub async fn funnel_xlsx(State(state): State<AppState>, ctx: Ctx, RawQuery(query): RawQuery) -> Result<Response> {
    let (name, reports) = for_a_file(&state, &ctx, query.as_deref()).await?;
    Ok(xlsx::answer(&format!("{name}.xlsx"), files::funnel_xlsx(&reports)?))
}

/// A file has no room for what is wrong with its address: the page has.
fn said_by_page(query: Option<&str>) -> AppError {
    AppError::SaidBy(format!("/reports/funnel?{}", query.unwrap_or_default()))
}

/// The file's name without its ending, and what the page shows: split where the page is split.
async fn for_a_file(state: &AppState, ctx: &Ctx, query: Option<&str>) -> Result<(String, Vec<FunnelReport>)> {
    let asked = Asked::parse(&mut form_of(query), ctx.now, ctx.today).ok_or_else(|| said_by_page(query))?;
    let (question, split) = (asked.question, asked.question.by.is_some());
    let questions: Vec<_> = asked.questions().into_iter().filter(|question| question.by.is_some() == split).collect();
    let reports = report::funnels(&state.db, &questions, ctx.now).await?;
    Ok((format!("funnel-{}-to-{}", question.period.from, question.period.to), reports))
}

/// The households as they were counted. Everybody who may see them sees all but the restricted records of others.
pub async fn households(State(state): State<AppState>, ctx: Ctx, RawQuery(query): RawQuery) -> Result<HouseholdsPage> {
    let mut form = form_of(query.as_deref());
    let (asked, figure) = (Asked::parse(&mut form, ctx.now, ctx.today), Figure::parse(&mut form));
    let asked = asked.filter(|_| form.is_valid()).ok_or(AppError::NotFound)?;
    let (question, behind) = behind(&asked.question, &figure).ok_or(AppError::NotFound)?;
    let after: Option<(Day, EnquiryId)> = key(form.value("after"));

    let mut snapshot = state.db.read().begin().await?;
    let behold = queries::count_households(&mut snapshot, &question, &behind, ctx.user.id).await?;
    let limit = i64::try_from(PAGE + 1)?;
    let rows = queries::list_households(&mut snapshot, &question, &behind, ctx.user.id, after, limit).await?;
    let slice = Slice::new(rows, PAGE, |row| (row.day, row.enquiry));
    state.openings.add(ctx.actor(), opening(&asked, &figure, &slice.rows));
    Ok(HouseholdsPage::new(&ctx, &asked, &figure, &behold, slice))
}

/// By quarter, the quarter's own days are asked about, as the figure was counted. None where that is no quarter.
fn behind(question: &Question, figure: &Figure) -> Option<(Question, Behind)> {
    let mut question = *question;
    let mut behind = match (figure.step, figure.furthest) {
        (Some(step), _) => Behind::reached(question.basis, step),
        (None, Some(step)) => Behind { none_of: Steps::after(step), ..Behind::reached(question.basis, step) },
        (None, None) => Behind::everybody(),
    };
    behind.outcome = figure.outcome;
    if let (Some(label), Some(Dimension::Quarter)) = (&figure.group, question.by) {
        let (from, to) = (question.period.from, question.until());
        let quarters = question.quarters_between(from, to);
        question = quarters.into_iter().find(|(quarter, _)| quarter.to_string() == *label)?.1;
    } else {
        behind.group.clone_from(&figure.group);
    }
    Some((question, behind))
}

/// What was asked, and whose names were shown: of people by their number only.
fn opening(asked: &Asked, figure: &Figure, shown: &[queries::HouseholdRow]) -> Event {
    let question = &asked.question;
    Event::new(Action::ReportHouseholdsOpened).with(json!({
        "report": "funnel",
        "from": question.period.from,
        "to": question.period.to,
        "as_at": question.as_at,
        "known_at": question.known_at,
        "type": question.types,
        "basis": question.basis,
        "by": question.by,
        "group": figure.group,
        "step": figure.step,
        "furthest": figure.furthest,
        "outcome": figure.outcome,
        "enquiries": shown.iter().map(|row| row.enquiry).collect::<Vec<_>>(),
    }))
}

fn form_of(query: Option<&str>) -> Form {
    Form::of(form_urlencoded::parse(query.unwrap_or_default().as_bytes()))
}
