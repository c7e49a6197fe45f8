//! Two entries of one list that are the same: which other it is, what would happen, and doing it.

use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;

use super::actions::{self, ListRefusal};
use super::forms;
use super::handlers::{asked, find_entry, gone_meanwhile};
use super::queries::{self, Row};
use super::views::LIST;
use super::views_history::last_change;
use super::views_merges::MergePage;
use crate::domain::ids::ListedSourceId;
use crate::features::access::{Conflict, show};
use crate::web::error::Result;
use crate::web::{AppError, AppState, Ctx, Form, Path, one_time};

/// Which other it is; where the address says that, what would happen.
pub async fn new(
    State(state): State<AppState>,
    ctx: Ctx,
    Path(id): Path<ListedSourceId>,
    RawQuery(query): RawQuery,
) -> Result<Response> {
    let goes = find(&state, id).await?;
    if goes.gone.is_some() {
        return Ok(ctx.go(&format!("{LIST}/{id}")));
    }
    let mut form = asked(query);
    let is_asked = form.names().any(|name| name == "same");
    let chosen = if is_asked { choose(&state, &mut form, &goes).await? } else { None };
    let kept = chosen.map(|(_, kept)| kept);
    if let Some(gone) = kept.as_ref().filter(|kept| kept.gone.is_some()) {
        form.fail("same", last_change(gone));
    }
    page(&state, &ctx, form, goes, kept, None).await
}

/// `id` is the version that whoever says so has seen of the one that goes.
pub async fn create(
    State(state): State<AppState>,
    ctx: Ctx,
    Path(id): Path<ListedSourceId>,
    mut form: Form,
) -> Result<Response> {
    let goes = find(&state, id).await?;
    let Some((seen, kept)) = choose(&state, &mut form, &goes).await? else {
        return page(&state, &ctx, form, goes, None, None).await;
    };
    let token = form.one_time_token()?;
    let merged = one_time::save(&state, ctx.actor(), token, LIST.to_owned(), move |write, actor| {
        Box::pin(async move { actions::merge(write, actor, id, seen).await })
    });
    match merged.await? {
        Ok(location) => {
            let said = format!("“{}” went into “{}”", goes.listed.name, kept.listed.name);
            Ok(ctx.redirect(&location, &said))
        }
        Err(ListRefusal::Stale) => stale(&state, &ctx, (id, seen), form).await,
        Err(refused) => {
            form.fail("same", refused.to_string());
            page(&state, &ctx, form, goes, None, None).await
        }
    }
}

async fn find(state: &AppState, id: ListedSourceId) -> Result<Row> {
    queries::find(state.db.read(), id).await?.ok_or(AppError::NotFound)
}

/// The version that was seen of the one that stays, and how that stands now. None, with its sentence in the form, where
/// there is none, or the two cannot be one.
async fn choose(state: &AppState, form: &mut Form, goes: &Row) -> Result<Option<(ListedSourceId, Row)>> {
    let Some(seen) = forms::same(form) else { return Ok(None) };
    let Some(kept) = queries::find(state.db.read(), seen).await? else {
        form.fail("same", forms::CHOOSE_SAME);
        return Ok(None);
    };
    if let Err(refused) = actions::may_be_merged(goes, &kept) {
        form.fail("same", refused.to_string());
        return Ok(None);
    }
    Ok(Some((seen, kept)))
}

/// One of the two is not what it was when the page was opened: nothing is done, and both are shown as they are.
async fn stale(
    state: &AppState,
    ctx: &Ctx,
    (id, seen): (ListedSourceId, ListedSourceId),
    form: Form,
) -> Result<Response> {
    let (goes, kept) = (find(state, id).await?, find(state, seen).await?);
    let changed = if goes.id == id { &kept } else { &goes };
    let conflict = Conflict { sentence: format!("{}.", last_change(changed)), rows: Vec::new() };
    page(state, ctx, form, goes, Some(kept), Some(conflict)).await
}

/// What went into another itself is chosen no longer.
async fn page(
    state: &AppState,
    ctx: &Ctx,
    form: Form,
    goes: Row,
    kept: Option<Row>,
    conflict: Option<Conflict>,
) -> Result<Response> {
    let entry = find_entry(state, goes.id).await?;
    if let Some(page) = gone_meanwhile(ctx, &entry) {
        return show(StatusCode::CONFLICT, &page);
    }
    let kept = kept.filter(|kept| kept.gone.is_none());
    let page = MergePage::new(ctx, form, goes, kept, &entry.rows, conflict);
    show(page.status(), &page)
}
