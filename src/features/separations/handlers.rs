use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use super::actions::{self, SeparationError};
use super::find::{Together, together};
use super::undo::{self, UndoError};
use super::views::{NewPage, SeparationPage};
use super::{forms, queries};
use crate::domain::ids::{EnquiryId, SeparationId};
use crate::domain::role::Permission::{MergeHouseholds, WriteEnquiries};
use crate::features::access::{self, Conflict, Subject, Versions};
use crate::features::households::{self, Place};
use crate::features::{alike, pipeline};
use crate::web::error::Result;
use crate::web::{AppError, AppState, Ctx, Form, Path, one_time};

pub async fn new(State(state): State<AppState>, ctx: Ctx, Path(id): Path<EnquiryId>) -> Result<Response> {
    let subject = access::open(&state, &ctx, id, MergeHouseholds).await?;
    access::opened(&state, &ctx, &subject);
    let now = known(&state, &ctx, &subject).await?;
    if now.portrait.applicants.len() < 2 {
        return Ok(alone(&ctx, id));
    }
    page(&state, &ctx, &subject, &now, forms::empty(&now), None).await
}

/// Whoever has opened the form before the other left.
fn alone(ctx: &Ctx, id: EnquiryId) -> Response {
    ctx.redirect(&format!("/enquiries/{id}/people"), "Only one applicant is recorded, so nobody can leave")
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
    let officers = pipeline::list_assignable(state.db.read()).await?;
    let Some(wanted) = forms::parse(&mut form, &now, id, ctx.today, &officers) else {
        return page(&state, &ctx, &subject, &now, form, None).await;
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
            page(&state, &ctx, &subject, &now, form, None).await
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
    if now.portrait.applicants.len() < 2 {
        return Ok(alone(ctx, subject.id));
    }
    let sentence = match households::find_last_change(state.db.read(), now.household.id).await? {
        Some(last) => format!("{} changed this household on {}.", last.by, last.at.london_text()),
        None => "Somebody else changed this household since you opened it.".to_owned(),
    };
    let yours = forms::ticked(&form).iter().map(|name| format!("{name} goes on")).collect::<Vec<_>>().join("\n");
    let rows = vec![Versions::of("Applicants", now.names().join("\n"), yours)];
    form.set("version", now.household.version.to_string());
    page(state, ctx, subject, &now, form, Some(Conflict { sentence, rows })).await
}

async fn known(state: &AppState, ctx: &Ctx, subject: &Subject) -> Result<Together> {
    let mut connection = state.db.read().acquire().await?;
    together(&mut connection, subject.household, ctx.user.id).await?.ok_or(AppError::NotFound)
}

async fn page(
    state: &AppState,
    ctx: &Ctx,
    subject: &Subject,
    now: &Together,
    form: Form,
    conflict: Option<Conflict>,
) -> Result<Response> {
    let officers = pipeline::list_assignable(state.db.read()).await?;
    let form = access::understood(form, &["separated_on"], ctx.today);
    let page = NewPage::new(ctx, subject, now, form, conflict, &officers);
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
    Ok(SeparationPage::new(ctx, separated, (card(from), card(new)), shared, why_not))
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
