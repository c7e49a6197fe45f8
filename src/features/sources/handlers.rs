//! The lists, and the forms behind them.

use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;

use super::actions::{self, ListRefusal};
use super::forms;
use super::queries::{self, Entry};
use super::views::{LIST, RecordedPage, SourcePage, SourcesPage, like, unlisted, versions};
use super::views_history::last_change;
use super::views_merges::GonePage;
use crate::domain::ids::ListedSourceId;
use crate::domain::source::List;
use crate::features::access::{Conflict, show};
use crate::web::error::Result;
use crate::web::{AppError, AppState, Ctx, Form, Path, one_time};

/// More than anybody sorts out in one sitting; those of most enquiries come first.
const MOST_UNLISTED: usize = 100;

pub async fn index(State(state): State<AppState>, ctx: Ctx) -> Result<Response> {
    let mut db = state.db.read().acquire().await?;
    let rows = queries::list_in_force(&mut *db).await?;
    let former = queries::list_former_names(&mut *db).await?;
    let most = i64::try_from(MOST_UNLISTED + 1).unwrap_or(i64::MAX);
    let sources = queries::list_unlisted(&mut *db, List::Source, most).await?;
    let campaigns = queries::list_unlisted(&mut *db, List::Campaign, most).await?;
    let others = [(List::Source, sources), (List::Campaign, campaigns)]
        .map(|(list, recorded)| unlisted(&ctx, list, recorded, MOST_UNLISTED, &rows, &former));
    show(StatusCode::OK, &SourcesPage::new(&ctx, &rows, others))
}

pub async fn new(State(state): State<AppState>, ctx: Ctx, RawQuery(query): RawQuery) -> Result<Response> {
    let list = forms::list(&asked(query));
    let rows = queries::list_in_force(state.db.read()).await?;
    show(StatusCode::OK, &SourcePage::new(&ctx, list, forms::new(list, &rows), &rows))
}

pub async fn create(State(state): State<AppState>, ctx: Ctx, mut form: Form) -> Result<Response> {
    let list = forms::list(&form);
    if let Some((new, place)) = forms::parse(&mut form, list, ctx.today) {
        let (token, said) = (form.one_time_token()?, format!("“{}” is added", new.name));
        let saved = one_time::save(&state, ctx.actor(), token, LIST.to_owned(), move |write, actor| {
            Box::pin(async move { actions::add(write, actor, &new, place).await })
        });
        match saved.await? {
            Ok(location) => return Ok(ctx.redirect(&location, &said)),
            Err(refused) => form.fail("name", refused.to_string()),
        }
    }
    let rows = queries::list_in_force(state.db.read()).await?;
    show(StatusCode::UNPROCESSABLE_ENTITY, &SourcePage::new(&ctx, list, form, &rows))
}

pub async fn edit(State(state): State<AppState>, ctx: Ctx, Path(id): Path<ListedSourceId>) -> Result<Response> {
    let entry = find_entry(&state, id).await?;
    if let Some(page) = GonePage::of(&ctx, &entry, None) {
        return show(StatusCode::OK, &page);
    }
    let form = forms::of(&entry.now, &entry.rows);
    show(StatusCode::OK, &SourcePage::of(&ctx, &entry, form, None))
}

/// `id` is the version that the change began from.
pub async fn change(
    State(state): State<AppState>,
    ctx: Ctx,
    Path(id): Path<ListedSourceId>,
    mut form: Form,
) -> Result<Response> {
    let list = queries::find(state.db.read(), id).await?.ok_or(AppError::NotFound)?.listed.list;
    let mut known = None;
    if let Some((after, place)) = forms::parse(&mut form, list, ctx.today) {
        let (token, yours) = (form.one_time_token()?, after.clone());
        let saved = one_time::save(&state, ctx.actor(), token, LIST.to_owned(), move |write, actor| {
            Box::pin(async move { actions::change(write, actor, id, &after, place).await })
        });
        match saved.await? {
            Ok(location) => return Ok(ctx.redirect(&location, &format!("“{}” is saved", yours.name))),
            Err(ListRefusal::Stale) => return stale(&state, &ctx, id, form).await,
            Err(ListRefusal::Known(name)) => known = Some(name),
            Err(refused) => form.fail("name", refused.to_string()),
        }
    }
    let entry = find_entry(&state, id).await?;
    if let Some(page) = gone_meanwhile(&ctx, &entry) {
        return show(StatusCode::CONFLICT, &page);
    }
    if let Some(known) = known {
        forms::point_to_same(&mut form, list, &known, &entry.rows);
    }
    show(StatusCode::UNPROCESSABLE_ENTITY, &SourcePage::of(&ctx, &entry, form, None))
}

async fn stale(state: &AppState, ctx: &Ctx, id: ListedSourceId, mut form: Form) -> Result<Response> {
    let entry = find_entry(state, id).await?;
    if let Some(page) = gone_meanwhile(ctx, &entry) {
        return show(StatusCode::CONFLICT, &page);
    }
    let theirs = forms::of(&entry.now, &entry.rows);
    form.keep_what_was_typed(&theirs);
    let conflict = Conflict {
        sentence: format!("{}.", last_change(&entry.now)),
        rows: versions(&entry.now, &theirs, &form, &entry.rows),
    };
    show(StatusCode::CONFLICT, &SourcePage::of(ctx, &entry, form, Some(conflict)))
}

pub(super) async fn find_entry(state: &AppState, id: ListedSourceId) -> Result<Entry> {
    let mut db = state.db.read().acquire().await?;
    queries::find_entry(&mut db, id).await?.ok_or(AppError::NotFound)
}

/// Since the page was opened somebody has made it the same as another: there is nothing left to change.
pub(super) fn gone_meanwhile(ctx: &Ctx, entry: &Entry) -> Option<GonePage> {
    let conflict = Conflict { sentence: format!("{}.", last_change(&entry.now)), rows: Vec::new() };
    GonePage::of(ctx, entry, Some(conflict))
}

/// What a name is that enquiries have and the list has not.
pub async fn recorded(State(state): State<AppState>, ctx: Ctx, RawQuery(query): RawQuery) -> Result<Response> {
    let mut form = asked(query);
    let rows = queries::list_in_force(state.db.read()).await?;
    let former = queries::list_former_names(state.db.read()).await?;
    let like = like(forms::list(&form), form.value("name"), &rows, &former);
    form.set("meaning", like.map_or_else(String::new, |row| row.root.to_string()));
    recorded_page(&state, &ctx, form).await
}

pub async fn adopt(State(state): State<AppState>, ctx: Ctx, mut form: Form) -> Result<Response> {
    let list = forms::list(&form);
    let rows = queries::list_in_force(state.db.read()).await?;
    if let Some((named, meaning)) = forms::recorded(&mut form, list, &rows) {
        let said = match meaning {
            actions::Meaning::New => format!("“{}” is added", named.name),
            actions::Meaning::SameAs(_) => format!("What was “{}” is corrected", named.name),
        };
        let token = form.one_time_token()?;
        let saved = one_time::save(&state, ctx.actor(), token, LIST.to_owned(), move |write, actor| {
            Box::pin(async move { actions::adopt(write, actor, &named, meaning).await })
        });
        match saved.await? {
            Ok(location) => return Ok(ctx.redirect(&location, &said)),
            Err(refused) => form.fail("meaning", refused.to_string()),
        }
    }
    recorded_page(&state, &ctx, form).await
}

async fn recorded_page(state: &AppState, ctx: &Ctx, form: Form) -> Result<Response> {
    let list = forms::list(&form);
    let rows = queries::list_in_force(state.db.read()).await?;
    let enquiries = queries::count_recorded(state.db.read(), list, form.value("name")).await?;
    if form.is_valid() && (enquiries == 0 || rows.iter().any(|row| row.is_called(list, form.value("name")))) {
        return Err(AppError::NotFound);
    }
    let status = if form.is_valid() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    show(status, &RecordedPage::new(ctx, list, form, enquiries, &rows))
}

pub(super) fn asked(query: Option<String>) -> Form {
    Form::of(form_urlencoded::parse(query.unwrap_or_default().as_bytes()))
}
