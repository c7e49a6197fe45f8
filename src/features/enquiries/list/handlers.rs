//! `GET /enquiries`.

use askama::Template;
use axum::extract::{RawQuery, State};
use axum::http::header::VARY;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use sqlx::SqliteConnection;

use super::asking::Asking;
use super::bound::{Asked, Lead, wants_ended};
use super::filters::{At, Filters};
use super::lines;
use super::queries::{self, Picked, Wanted};
use super::queries_found::{self, Having};
use super::views::{COUNTED, LENGTH, ListPage, Menus, Page, Part};
use crate::domain;
use crate::domain::day::Day;
use crate::domain::ids::EnquiryId;
use crate::features::access::Viewer;
use crate::features::enquiries::queries_recorded;
use crate::features::search;
use crate::web::{AppError, AppState, Ctx};

pub async fn index(
    ctx: Ctx,
    State(state): State<AppState>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, AppError> {
    let mut db = state.db.read().acquire().await?;
    let asking = Asking::read(&mut db, &ctx, &query.unwrap_or_default()).await?;
    let filters = &asking.filters;
    let (lead, too_many) = lead(&mut db, filters, asking.viewer).await?;
    let asked = Asked::of(filters, &lead, asking.viewer, ctx.today);
    let found = Page { too_many, ..find(&mut db, filters, &asked).await? };
    let ids: Vec<_> = found.rows.iter().map(|picked| picked.id).collect();
    let rules = lines::rules(&mut db, &asking.columns).await?;
    let lines = lines::list_lines(&mut db, &ids, &asking.columns, rules.as_ref(), ctx.today).await?;
    let menus = menus(&mut db).await?;
    drop(db);

    let part = part(&ctx, &headers);
    let address = filters.href();
    let page = ListPage::new(&ctx, asking, menus, found, lines, part);
    // The shortest address that says the same; while somebody types, each letter is no page of its own to go back to.
    let (html, says_where) = match part {
        Part::Page => (page.render()?, None),
        Part::List => (page.as_list().render()?, Some("hx-push-url")),
        Part::Results => (page.as_results().render()?, Some("hx-replace-url")),
    };
    let status = if page.form.is_valid() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let mut response = (status, [(VARY, "hx-request, hx-target")], Html(html)).into_response();
    if let Some(name) = says_where {
        response.headers_mut().insert(name, address.parse()?);
    }
    Ok(response)
}

/// All that match, page or no page, in the list's order; one more than `most` where there are more.
pub async fn matching(
    db: &mut SqliteConnection,
    asking: &Asking,
    today: Day,
    most: usize,
) -> sqlx::Result<Vec<EnquiryId>> {
    let (lead, _) = lead(db, &asking.filters, asking.viewer).await?;
    let asked = Asked::of(&asking.filters, &lead, asking.viewer, today);
    let wanted = Wanted::of(None, asking.filters.ascending, most + 1, most + 1);
    let picked = queries::list_picked(db, &asked, &wanted).await?;
    Ok(picked.into_iter().map(|picked| picked.id).collect())
}

fn part(ctx: &Ctx, headers: &HeaderMap) -> Part {
    let target = headers.get("hx-target").and_then(|target| target.to_str().ok()).unwrap_or_default();
    match target.rsplit_once('#') {
        Some((_, "results")) if ctx.htmx => Part::Results,
        Some((_, "list")) if ctx.htmx => Part::List,
        _ => Part::Page,
    }
}

async fn menus(db: &mut SqliteConnection) -> sqlx::Result<Menus> {
    Ok(Menus {
        officers: queries_recorded::list_officers(db).await?,
        sources: queries_recorded::list_sources(db).await?,
        hubs: queries_recorded::list_hubs(db).await?,
    })
}

/// What was typed, or what few enquiries have; and whether not all that was found is looked through.
async fn lead(db: &mut SqliteConnection, filters: &Filters, viewer: Viewer) -> sqlx::Result<(Lead, bool)> {
    let typed = filters.text.as_deref().and_then(domain::search::Asked::parse);
    match typed {
        Some(typed) => {
            let found = search::find(db, &typed, viewer, MOST_FOUND, 1).await?;
            Ok((Lead::Households(found.households), found.more))
        }
        None => Ok((rare(db, filters).await?.map_or(Lead::Order, Lead::Having), false)),
    }
}

/// How many households of what was typed the other filters look through.
const MOST_FOUND: usize = 5_000;

/// So few that reading each of them is quicker than looking for them among all that have ended.
const RARE: i64 = 4_000;

/// The filter that few enquiries pass, if there is one. What is live is few in any case.
async fn rare(db: &mut SqliteConnection, filters: &Filters) -> sqlx::Result<Option<Vec<Having>>> {
    let mut rarest: Option<(i64, Vec<Having>)> = None;
    let leading = if wants_ended(filters) { filters.leading() } else { Vec::new() };
    for (column, values) in leading {
        let having: Vec<_> = values.into_iter().map(|value| Having { column, value }).collect();
        let most = rarest.as_ref().map_or(RARE, |(count, _)| *count);
        let count = queries_found::count_having(db, &having, most + 1).await?;
        if count <= most {
            rarest = Some((count, having));
        }
    }
    Ok(rarest.map(|(_, having)| having))
}

/// One page of what is asked for, and how much there is in all.
async fn find(db: &mut SqliteConnection, filters: &Filters, asked: &Asked) -> sqlx::Result<Page> {
    let page = match &filters.page {
        None => None,
        Some(At::After(key)) => {
            let wanted = Wanted::of(Some(key), filters.ascending, LENGTH + 1, LENGTH + 1);
            let picked = queries::list_picked(db, asked, &wanted).await?;
            (!picked.is_empty()).then(|| Page::of(picked, true, false))
        }
        Some(At::Before(key)) => {
            let wanted = Wanted::of(Some(key), !filters.ascending, LENGTH + 1, LENGTH + 1);
            let mut picked = queries::list_picked(db, asked, &wanted).await?;
            // Less than a whole page before it: that is the first one.
            let has_previous = picked.len() > LENGTH;
            picked.truncate(LENGTH);
            picked.reverse();
            (picked.len() == LENGTH).then(|| Page { has_previous, has_next: true, ..Page::of(picked, true, true) })
        }
    };
    match page {
        Some(page) => {
            let first = beginning(db, filters, asked, 1).await?;
            Ok(Page { count: counted(&first), ..page })
        }
        None => {
            let picked = beginning(db, filters, asked, LENGTH + 1).await?;
            Ok(Page { count: counted(&picked), ..Page::of(picked, false, false) })
        }
    }
}

/// The first rows, and how many there are in all.
async fn beginning(
    db: &mut SqliteConnection,
    filters: &Filters,
    asked: &Asked,
    rows: usize,
) -> sqlx::Result<Vec<Picked>> {
    queries::list_picked(db, asked, &Wanted::of(None, filters.ascending, rows, COUNTED + 1)).await
}

fn counted(picked: &[Picked]) -> usize {
    picked.first().map_or(0, |first| usize::try_from(first.count).unwrap_or_default())
}
