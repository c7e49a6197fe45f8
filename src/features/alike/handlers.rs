use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use axum_extra::extract::Query;
use futures::future::BoxFuture;
use serde::Deserialize;
use sqlx::SqliteConnection;

use super::actions::{self, MergeError};
use super::find::{self, Two};
use super::views::{IndexPage, OvertakenPage, ToldApartPage, cards, with_left};
use super::views_compare::ComparePage;
use super::{forms, overtaken, queries, queries_merges};
use crate::domain::actor::Actor;
use crate::domain::ids::HouseholdId;
use crate::features::access::{Versions, show};
use crate::features::households;
use crate::web::error::Result;
use crate::web::paging::{Slice, key};
use crate::web::{AppError, AppState, Ctx, Form, Path, one_time};

const PAGE: usize = 25;

#[derive(Deserialize)]
pub struct Asked {
    #[serde(default)]
    pub after: String,
}

/// Those that look alike and that nobody has told apart.
pub async fn index(State(state): State<AppState>, ctx: Ctx, Query(asked): Query<Asked>) -> Result<IndexPage> {
    let after = key(&asked.after).unwrap_or((i64::MAX, i64::MAX, i64::MAX));
    let pairs = queries::list_to_look_at(state.db.read(), after, ctx.user.id, i64::try_from(PAGE + 1)?).await?;
    let slice = Slice::new(pairs, PAGE, |pair| (pair.strength, pair.high.0, pair.low.0));
    let households: Vec<_> = slice.rows.iter().flat_map(|pair| [pair.low, pair.high]).collect();
    let people = queries::list_people(state.db.read(), &households).await?;
    let enquiries = queries::list_enquiries(state.db.read(), &households, ctx.user.id).await?;
    let agreements = queries::list_agreements(state.db.read(), &slice.rows).await?;
    let left = households::list_left(state.db.read(), &households, ctx.user.id).await?;
    let cards = with_left(cards(&people, enquiries), &left);
    Ok(IndexPage::new(&ctx, &slice.rows, slice.next, &cards, &agreements))
}

pub async fn told_apart(State(state): State<AppState>, ctx: Ctx, Query(asked): Query<Asked>) -> Result<ToldApartPage> {
    let before = key(&asked.after).unwrap_or(i64::MAX);
    let rows = queries::list_told_apart(state.db.read(), before, ctx.user.id, i64::try_from(PAGE + 1)?).await?;
    let slice = Slice::new(rows, PAGE, |row| row.id);
    let households: Vec<_> = slice.rows.iter().flat_map(|row| [row.low, row.high]).collect();
    let people = queries::list_people(state.db.read(), &households).await?;
    let enquiries = queries::list_enquiries(state.db.read(), &households, ctx.user.id).await?;
    Ok(ToldApartPage::new(&ctx, &slice.rows, slice.next, &cards(&people, enquiries)))
}

/// Side by side. The address of a household that has gone into another leads on.
pub async fn compare(
    State(state): State<AppState>,
    ctx: Ctx,
    Path((kept, goes)): Path<(HouseholdId, HouseholdId)>,
) -> Result<Response> {
    let mut connection = state.db.read().acquire().await?;
    let Some(two) = find::two(&mut connection, kept, goes, ctx.user.id).await? else {
        return gone_on(&mut connection, &ctx, kept, goes).await;
    };
    let form = forms::offered(&two, ctx.today);
    show(StatusCode::OK, &page(&mut connection, &ctx, &two, form).await?)
}

/// Where one has gone into the other: to what was done. Where one has gone elsewhere: to the one it has gone into.
async fn gone_on(
    connection: &mut SqliteConnection,
    ctx: &Ctx,
    kept: HouseholdId,
    goes: HouseholdId,
) -> Result<Response> {
    let stand =
        (households::find_standing(connection, kept).await?, households::find_standing(connection, goes).await?);
    if stand == (kept, goes) {
        return Err(AppError::NotFound);
    }
    if stand.0 != stand.1 {
        let there = find::two(connection, stand.0, stand.1, ctx.user.id).await?.is_some();
        let address = format!("/households/alike/{}/{}", stand.0, stand.1);
        let sentence = "One of the two was merged into another household, which is shown here";
        return if there { Ok(ctx.redirect(&address, sentence)) } else { Err(AppError::NotFound) };
    }
    // That two were merged already says something of who may not be known.
    let enquiries = queries::list_enquiries(&mut *connection, &[stand.0], ctx.user.id).await?;
    if enquiries.iter().any(|row| row.restricted && !row.named) {
        return Err(AppError::NotFound);
    }
    for id in [goes, kept] {
        if let Some(merged) = queries_merges::find_standing_of(&mut *connection, id).await? {
            let done = format!("{} merged these two on {}", merged.by, merged.at.london_text());
            let sentence = format!("{done}: they are one household now");
            return Ok(ctx.redirect(&format!("/households/merges/{}", merged.id), &sentence));
        }
    }
    Err(AppError::NotFound)
}

/// Where somebody else has merged the two meanwhile: what they did, and what was chosen here.
async fn came_second(state: &AppState, ctx: &Ctx, two: (HouseholdId, HouseholdId), mut form: Form) -> Result<Response> {
    let mut connection = state.db.read().acquire().await?;
    let Some(merged) = overtaken::find(&mut connection, two, ctx.user.id).await? else {
        return gone_on(&mut connection, ctx, two.0, two.1).await;
    };
    let standing = households::find_standing(&mut connection, merged.kept).await?;
    let of_both = [merged.kept, merged.goes, standing];
    let enquiries = queries::list_enquiries(&mut *connection, &of_both, ctx.user.id).await?;
    if enquiries.iter().any(|row| row.restricted && !row.named) {
        return Err(AppError::NotFound);
    }
    match overtaken::conflict(&mut connection, &merged, two.0, &mut form, &enquiries).await? {
        Some(conflict) if conflict.rows.iter().any(Versions::differ) => {
            let people = queries::list_people(&mut *connection, &[standing]).await?;
            let card = cards(&people, enquiries).remove(&standing).unwrap_or_default();
            show(StatusCode::CONFLICT, &OvertakenPage::new(ctx, &merged, card, conflict))
        }
        Some(_) => {
            let sentence = format!("{} merged these two on {}, as you chose", merged.by, merged.at.london_text());
            Ok(ctx.redirect(&format!("/households/merges/{}", merged.id), &sentence))
        }
        None => gone_on(&mut connection, ctx, two.0, two.1).await,
    }
}

pub async fn merge(
    State(state): State<AppState>,
    ctx: Ctx,
    Path((kept, goes)): Path<(HouseholdId, HouseholdId)>,
    mut form: Form,
) -> Result<Response> {
    let token = form.one_time_token();
    let two = find::two(&mut *state.db.read().acquire().await?, kept, goes, ctx.user.id).await?;
    let Some(two) = two else {
        // Sent twice, it leads where its first sending led.
        return came_second(&state, &ctx, (kept, goes), form).await;
    };
    let token = token?;
    let stale = form.value("seen") != two.seen;
    let merge = if stale { None } else { forms::parse(&mut form, &two, ctx.today) };
    let refused = match merge {
        None if stale => MergeError::Stale,
        None => {
            let mut connection = state.db.read().acquire().await?;
            return show(StatusCode::UNPROCESSABLE_ENTITY, &page(&mut connection, &ctx, &two, form).await?);
        }
        Some(merge) => {
            let done = one_time::save_and_go(&state, ctx.actor(), token, move |write, actor| {
                Box::pin(async move {
                    let id = actions::merge(write, actor, &merge).await?;
                    Ok(format!("/households/merges/{id}"))
                })
            });
            match done.await? {
                Ok(location) => return Ok(ctx.redirect(&location, "They are one household now")),
                Err(refused) => refused,
            }
        }
    };
    again(&state, &ctx, (kept, goes), form, refused).await
}

/// The form again, with what was chosen, over what the two are now.
async fn again(
    state: &AppState,
    ctx: &Ctx,
    (kept, goes): (HouseholdId, HouseholdId),
    mut form: Form,
    refused: MergeError,
) -> Result<Response> {
    let mut connection = state.db.read().acquire().await?;
    let Some(two) = find::two(&mut connection, kept, goes, ctx.user.id).await? else {
        drop(connection);
        return came_second(state, ctx, (kept, goes), form).await;
    };
    if !matches!(refused, MergeError::Stale) {
        form.fail("", refused.to_string());
        return show(StatusCode::UNPROCESSABLE_ENTITY, &page(&mut connection, ctx, &two, form).await?);
    }
    let sentence = match &two.last_write {
        Some(last) => format!("{} changed one of the two on {}.", last.by, last.at.london_text()),
        None => "Somebody else changed one of the two since you opened them.".to_owned(),
    };
    let mut fresh = forms::offered(&two, ctx.today);
    fresh.take_over(&form);
    fresh.set("seen", two.seen.clone());
    let page = page(&mut connection, ctx, &two, fresh).await?.with_conflict(sentence);
    show(StatusCode::CONFLICT, &page)
}

async fn page(connection: &mut SqliteConnection, ctx: &Ctx, two: &Two, form: Form) -> Result<ComparePage> {
    let (kept, goes) = (two.kept.household.id, two.goes.household.id);
    let (low, high) = (kept.min(goes), kept.max(goes));
    let told = queries::find_told_apart(&mut *connection, low, high).await?;
    let pair = queries::Pair { low, high, strength: 1 };
    let agreements = queries::list_agreements(&mut *connection, &[pair]).await?;
    let kinds: Vec<_> = agreements.into_iter().map(|it| it.kind).collect();
    Ok(ComparePage::new(ctx, two, form, &kinds, told.as_ref()))
}

/// They are two.
pub async fn tell_apart(
    State(state): State<AppState>,
    ctx: Ctx,
    Path(two): Path<(HouseholdId, HouseholdId)>,
    form: Form,
) -> Result<Response> {
    let said = "They are kept as two, and nobody is asked again";
    let location = "/households/alike".to_owned();
    say(&state, &ctx, two, &form, location, said, |write, actor, two| {
        Box::pin(actions::tell_apart(write, actor, two.0, two.1, true))
    })
    .await
}

/// They may be one after all.
pub async fn take_back(
    State(state): State<AppState>,
    ctx: Ctx,
    Path(two): Path<(HouseholdId, HouseholdId)>,
    form: Form,
) -> Result<Response> {
    let location = format!("/households/alike/{}/{}", two.0, two.1);
    say(&state, &ctx, two, &form, location, "They are listed again", |write, actor, two| {
        Box::pin(actions::tell_apart(write, actor, two.0, two.1, false))
    })
    .await
}

type Said = for<'c> fn(
    &'c mut SqliteConnection,
    &'c Actor,
    (HouseholdId, HouseholdId),
) -> BoxFuture<'c, std::result::Result<(), MergeError>>;

async fn say(
    state: &AppState,
    ctx: &Ctx,
    two: (HouseholdId, HouseholdId),
    form: &Form,
    location: String,
    said: &str,
    action: Said,
) -> Result<Response> {
    let there = find::two(&mut *state.db.read().acquire().await?, two.0, two.1, ctx.user.id).await?;
    if there.is_none() {
        return gone_on(&mut *state.db.read().acquire().await?, ctx, two.0, two.1).await;
    }
    let token = form.one_time_token()?;
    let done =
        one_time::save(state, ctx.actor(), token, location, move |write, actor| action(write, actor, two)).await?;
    match done {
        Ok(location) => Ok(ctx.redirect(&location, said)),
        Err(refused) => Err(AppError::Conflict(format!("{refused}."))),
    }
}
