use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use super::actions::{self, NextEnquiry, SeparationError};
use super::find::{Together, together};
use super::forms::Offered;
use super::undo::{self, UndoError};
use super::views::{NewPage, OvertakenPage, SeparationPage, Undoing};
use super::{forms, overtaken, queries};
use crate::domain::ids::{EnquiryId, SeparationId};
use crate::domain::role::Permission::{MergeHouseholds, WriteEnquiries};
use crate::domain::source::List;
use crate::features::access::{self, Conflict, Subject};
use crate::features::households::{self, Place};
use crate::features::{alike, notes, pipeline};
use crate::web::error::Result;
use crate::web::{AppError, AppState, Ctx, Form, Path, one_time};

pub async fn new(State(state): State<AppState>, ctx: Ctx, Path(id): Path<EnquiryId>) -> Result<Response> {
    let subject = access::open(&state, &ctx, id, MergeHouseholds).await?;
    access::opened(&state, &ctx, &subject);
    let now = known(&state, &ctx, &subject).await?;
    if now.is_alone() {
        let people = format!("/enquiries/{id}/people");
        return Ok(ctx.redirect(&people, "Only one applicant is recorded, so nobody can leave"));
    }
    let offered = offered(&state, id).await?;
    let form = forms::empty(&now, &offered.before);
    page(&ctx, &subject, &now, form, &offered, None)
}

pub async fn create(
    State(state): State<AppState>,
    ctx: Ctx,
    Path(id): Path<EnquiryId>,
    mut form: Form,
) -> Result<Response> {
    let subject = access::open(&state, &ctx, id, MergeHouseholds).await?;
    let token = form.one_time_token()?;
    let now = known(&state, &ctx, &subject).await?;
    if !forms::is_current(&form, &now) {
        return overtaken(&state, &ctx, &subject, form, &token).await;
    }
    let offered = offered(&state, id).await?;
    let Some(wanted) = forms::parse(&mut form, &now, id, ctx.today, &offered) else {
        return page(&ctx, &subject, &now, form, &offered, None);
    };
    let done = one_time::save_and_go(&state, ctx.actor(), token.clone(), move |write, actor| {
        Box::pin(async move {
            let id = actions::separate(write, actor, &wanted).await?;
            Ok(format!("/households/separations/{id}"))
        })
    });
    match done.await? {
        Ok(location) => Ok(ctx.redirect(&location, "They are two households now")),
        Err(SeparationError::NotThere | SeparationError::Database(_)) => Err(AppError::NotFound),
        Err(SeparationError::Stale) => overtaken(&state, &ctx, &subject, form, &token).await,
        Err(refused @ SeparationError::Refused(_)) => {
            form.fail("", refused.to_string());
            page(&ctx, &subject, &now, form, &offered, None)
        }
    }
}

/// Sent twice, it leads where its first sending led; else somebody was first, and the page shows both.
async fn overtaken(state: &AppState, ctx: &Ctx, subject: &Subject, mut form: Form, token: &str) -> Result<Response> {
    let mut connection = state.db.read().acquire().await?;
    if let Some(location) = one_time::spent(&mut connection, token, ctx.user.id).await? {
        return Ok(ctx.go(&location));
    }
    drop(connection);
    let now = known(state, ctx, subject).await?;
    let offered = offered(state, subject.id).await?;
    let first = overtaken::find(state, &now, &form, ctx.user.id, ctx.today).await?;
    if now.is_alone() {
        let page = OvertakenPage::new(ctx, subject, first, form, &offered.officers);
        return access::show(StatusCode::CONFLICT, &page);
    }
    form.set("version", now.household.version.to_string());
    page(ctx, subject, &now, form, &offered, Some(first.conflict))
}

async fn known(state: &AppState, ctx: &Ctx, subject: &Subject) -> Result<Together> {
    let mut connection = state.db.read().acquire().await?;
    together(&mut connection, subject.household, ctx.user.id).await?.ok_or(AppError::NotFound)
}

async fn offered(state: &AppState, enquiry: EnquiryId) -> Result<Offered> {
    let mut connection = state.db.read().acquire().await?;
    let before = pipeline::load(&mut connection, enquiry).await?.facts();
    Ok(Offered {
        officers: pipeline::list_assignable(&mut *connection).await?,
        sources: pipeline::list_offered(&mut *connection, List::Source).await?,
        campaigns: pipeline::list_offered(&mut *connection, List::Campaign).await?,
        before: NextEnquiry::continuing(&before),
    })
}

fn page(
    ctx: &Ctx,
    subject: &Subject,
    now: &Together,
    form: Form,
    offered: &Offered,
    conflict: Option<Conflict>,
) -> Result<Response> {
    let dates = forms::dates(&form);
    let form = access::understood(form, dates, ctx.today);
    let page = NewPage::new(ctx, subject, now, form, conflict, offered);
    access::show(page.head.status(), &page)
}

pub async fn show(State(state): State<AppState>, ctx: Ctx, Path(id): Path<SeparationId>) -> Result<SeparationPage> {
    separation(&state, &ctx, id).await
}

/// The two as they are now, for whoever may open every enquiry of them.
async fn separation(state: &AppState, ctx: &Ctx, id: SeparationId) -> Result<SeparationPage> {
    let mut connection = state.db.read().acquire().await?;
    let separated = queries::find(&mut *connection, id).await?.ok_or(AppError::NotFound)?;
    let from = households::find_standing(&mut connection, separated.from).await?;
    let new = households::find_standing(&mut connection, separated.new).await?;
    let enquiries = alike::list_enquiries(&mut *connection, &[from, new], ctx.user.id).await?;
    let shared = queries::list_shared(&mut *connection, id, ctx.user.id).await?;
    if enquiries.iter().any(|row| row.restricted && !row.named) || shared.iter().any(|it| it.restricted && !it.named) {
        return Err(AppError::NotFound);
    }
    let why_not = match undo::check(&mut connection, &separated, ctx.now).await {
        Ok(_) => None,
        Err(UndoError::Database(error)) => return Err(error.into()),
        Err(refused) => Some(format!("{refused}.")),
    };
    let people = alike::list_people(&mut *connection, &[from, new]).await?;
    let cards = alike::cards(&people, enquiries);
    let card = |id| cards.get(&id).cloned().unwrap_or_default();
    let left = queries::find_who_left(&mut *connection, &separated).await?;
    let writers = match separated.own {
        Some(own) => notes::list_writers(&mut *connection, own).await?,
        None => Vec::new(),
    };
    let undoing = Undoing { why_not, left, writers };
    Ok(SeparationPage::new(ctx, separated, (card(from), card(new)), shared, undoing))
}

/// The details of those who left, while they have no enquiry on whose record they could be changed.
pub async fn edit(State(state): State<AppState>, ctx: Ctx, Path(ids): Ids) -> Result<Response> {
    let (subject, place) = match those_who_left(&state, &ctx, ids).await? {
        Ok(found) => found,
        Err(elsewhere) => return Ok(ctx.go(&elsewhere)),
    };
    households::edit_at(&state, &ctx, &subject, &place).await
}

pub async fn change(State(state): State<AppState>, ctx: Ctx, Path(ids): Ids, form: Form) -> Result<Response> {
    let (subject, place) = match those_who_left(&state, &ctx, ids).await? {
        Ok(found) => found,
        Err(elsewhere) => return Ok(ctx.go(&elsewhere)),
    };
    households::change_at(&state, &ctx, &subject, &place, form).await
}

type Ids = Path<(EnquiryId, SeparationId)>;

/// Where they have an enquiry by now: its form.
async fn those_who_left(
    state: &AppState,
    ctx: &Ctx,
    (enquiry, id): (EnquiryId, SeparationId),
) -> Result<std::result::Result<(Subject, Place), String>> {
    let subject = access::open(state, ctx, enquiry, WriteEnquiries).await?;
    // Also finds out whether this person may open the two.
    let page = separation(state, ctx, id).await?;
    if page.separated.enquiry != enquiry || page.separated.undone_at.is_some() {
        return Err(AppError::NotFound);
    }
    if let Some(row) = page.second.enquiries.first() {
        return Ok(Err(format!("/enquiries/{}/household", row.id)));
    }
    let household = households::find_standing(&mut *state.db.read().acquire().await?, page.separated.new).await?;
    let place = Place {
        household,
        heading: format!("Change the details of {}", page.second.name),
        action: format!("/separations/{id}/household"),
        location: format!("/households/separations/{id}"),
    };
    Ok(Ok((subject, place)))
}

pub async fn undo(
    State(state): State<AppState>,
    ctx: Ctx,
    Path(id): Path<SeparationId>,
    form: Form,
) -> Result<Response> {
    // Also finds out whether this person may open the two.
    separation(&state, &ctx, id).await?;
    let (token, location) = (form.one_time_token()?, format!("/households/separations/{id}"));
    let done = one_time::save(&state, ctx.actor(), token, location, move |write, actor| {
        Box::pin(async move { undo::undo(write, actor, id).await })
    });
    match done.await? {
        Ok(location) => Ok(ctx.redirect(&location, "The separation is undone: they are one household again")),
        Err(refused) => {
            let page = separation(&state, &ctx, id).await?;
            let why_not = Some(format!("{refused}."));
            Ok((StatusCode::CONFLICT, SeparationPage { why_not, refused: true, ..page }).into_response())
        }
    }
}
