use axum::extract::State;
use axum::response::Response;

use super::actions::{ActionError, Deed};
use super::clashes::Asked;
use super::forms;
use super::queries::{self, Planned};
use super::queries_merged;
use super::save::{save, save_time};
use super::views::{AppointmentPage, CancellationPage, KeepingAheadPage, KeepingPage};
use crate::domain::appointment::{Appointment, AppointmentState};
use crate::domain::ids::{AppointmentId, EnquiryId};
use crate::domain::role::Permission;
use crate::features::access::{self, Conflict, FormPage, Subject, Versions, Viewer, show};
use crate::features::{households, tasks};
use crate::web::{AppError, AppState, Ctx, Form, Path};

/// What the buttons say.
const PLAN: &str = "Plan the visit";
const CHANGE: &str = "Save the change";

type Ids = Path<(EnquiryId, AppointmentId)>;

pub async fn new(State(state): State<AppState>, ctx: Ctx, Path(id): Path<EnquiryId>) -> Result<Response, AppError> {
    let subject = access::open(&state, &ctx, id, Permission::WriteEnquiries).await?;
    access::opened(&state, &ctx, &subject);
    let household = households::find(&mut *state.db.read().acquire().await?, subject.household).await?;
    let home = household.map(|it| [it.address, it.postcode].into_iter().flatten().collect::<Vec<_>>().join(", "));
    page(&state, &ctx, &subject, None, forms::empty(ctx.user.id, &home.unwrap_or_default()), None).await
}

pub async fn create(
    State(state): State<AppState>,
    ctx: Ctx,
    Path(id): Path<EnquiryId>,
    mut form: Form,
) -> Result<Response, AppError> {
    let subject = access::open(&state, &ctx, id, Permission::WriteEnquiries).await?;
    let token = form.one_time_token()?;
    let colleagues = tasks::list_colleagues(state.db.read()).await?;
    if let Some(visit) = forms::visit(&mut form, ctx.today, &colleagues, None) {
        let said = format!("The visit is planned for {}", visit.when());
        let (deed, asked) = (Deed::Plan { enquiry: id, visit }, asked(&ctx, &form, PLAN));
        match save_time(&state, &ctx, token, back(id), deed, asked).await? {
            Ok(location) => return Ok(ctx.redirect(&location, &said)),
            Err(refused) => forms::refuse(&mut form, &refused),
        }
    }
    page(&state, &ctx, &subject, None, form, None).await
}

fn asked(ctx: &Ctx, form: &Form, button: &'static str) -> Asked {
    Asked { viewer: Viewer::of(ctx), told: form.value("told").to_owned(), button }
}

pub async fn moving(
    State(state): State<AppState>,
    ctx: Ctx,
    Path((id, appointment)): Ids,
) -> Result<Response, AppError> {
    let (subject, now) = open(&state, &ctx, (id, appointment)).await?;
    access::opened(&state, &ctx, &subject);
    if let Some(elsewhere) = elsewhere(&state, &ctx, &now).await? {
        return Ok(elsewhere);
    }
    let form = forms::of(&now);
    page(&state, &ctx, &subject, Some(now), form, None).await
}

pub async fn change(
    State(state): State<AppState>,
    ctx: Ctx,
    Path((id, appointment)): Ids,
    mut form: Form,
) -> Result<Response, AppError> {
    let (subject, now) = open(&state, &ctx, (id, appointment)).await?;
    let token = form.one_time_token()?;
    let colleagues = tasks::list_colleagues(state.db.read()).await?;
    let (visit, why) = (forms::visit(&mut form, ctx.today, &colleagues, Some(&now)), forms::why(&mut form));
    let (Some(visit), Some(why)) = (visit, why) else {
        return page(&state, &ctx, &subject, Some(now), form, None).await;
    };
    let said = format!("The visit is on {}", visit.when());
    let (deed, asked) = (Deed::Move { seen: appointment, visit: visit.clone(), why }, asked(&ctx, &form, CHANGE));
    match save_time(&state, &ctx, token, back(id), deed, asked).await? {
        Ok(location) => Ok(ctx.redirect(&location, &said)),
        Err(ActionError::Stale) => {
            let (subject, now) = open(&state, &ctx, (id, appointment)).await?;
            form.keep_what_was_typed(&forms::of(&now));
            let visit = forms::visit(&mut form, ctx.today, &colleagues, Some(&now)).unwrap_or(visit);
            let conflict = conflict(&now, Some((&visit, &colleagues)));
            page(&state, &ctx, &subject, Some(now), form, Some(conflict)).await
        }
        Err(refused) => {
            forms::refuse(&mut form, &refused);
            page(&state, &ctx, &subject, Some(now), form, None).await
        }
    }
}

pub async fn cancelling(State(state): State<AppState>, ctx: Ctx, Path(ids): Ids) -> Result<Response, AppError> {
    ask(&state, &ctx, ids, cancellation_page).await
}

pub async fn cancel(
    State(state): State<AppState>,
    ctx: Ctx,
    Path(ids): Ids,
    mut form: Form,
) -> Result<Response, AppError> {
    let deed = forms::why(&mut form).map(|why| Deed::Cancel { seen: ids.1, why });
    take(&state, &ctx, ids, form, Done { deed, said: "The visit is cancelled", field: "why" }, cancellation_page).await
}

pub async fn keeping(State(state): State<AppState>, ctx: Ctx, Path(ids): Ids) -> Result<Response, AppError> {
    ask(&state, &ctx, ids, keeping_page).await
}

pub async fn keep(State(state): State<AppState>, ctx: Ctx, Path(ids): Ids, form: Form) -> Result<Response, AppError> {
    let deed = Some(Deed::Keep { seen: ids.1 });
    take(&state, &ctx, ids, form, Done { deed, said: "The visit is recorded", field: "" }, keeping_page).await
}

type PageOf = fn(&Ctx, &Subject, &Planned, Form, Option<Conflict>) -> Result<Response, AppError>;

/// How a planned visit ends.
struct Done {
    /// None where the form says what is wrong with it.
    deed: Option<Deed>,
    said: &'static str,
    /// Beside which a refusal stands.
    field: &'static str,
}

async fn ask(state: &AppState, ctx: &Ctx, ids: (EnquiryId, AppointmentId), page: PageOf) -> Result<Response, AppError> {
    let (subject, now) = open(state, ctx, ids).await?;
    if let Some(elsewhere) = elsewhere(state, ctx, &now).await? {
        return Ok(elsewhere);
    }
    page(ctx, &subject, &now, Form::default(), None)
}

async fn take(
    state: &AppState,
    ctx: &Ctx,
    ids: (EnquiryId, AppointmentId),
    mut form: Form,
    done: Done,
    page: PageOf,
) -> Result<Response, AppError> {
    let (subject, now) = open(state, ctx, ids).await?;
    let token = form.one_time_token()?;
    let Some(deed) = done.deed else { return page(ctx, &subject, &now, form, None) };
    match save(state, ctx, token, back(ids.0), deed).await? {
        Ok(location) => Ok(ctx.redirect(&location, done.said)),
        Err(ActionError::Stale) => {
            let (subject, now) = open(state, ctx, ids).await?;
            if now.state != AppointmentState::Planned {
                return Ok(no_longer(ctx, &now));
            }
            let conflict = conflict(&now, None);
            page(ctx, &subject, &now, form, Some(conflict))
        }
        Err(refused) => {
            form.fail(done.field, refused.to_string());
            page(ctx, &subject, &now, form, None)
        }
    }
}

/// The visit as it stands, of that enquiry.
async fn open(
    state: &AppState,
    ctx: &Ctx,
    (id, appointment): (EnquiryId, AppointmentId),
) -> Result<(Subject, Planned), AppError> {
    let subject = access::open(state, ctx, id, Permission::WriteEnquiries).await?;
    let now = queries::find_current(state.db.read(), appointment).await?;
    let now = now.filter(|it| it.enquiry == id).ok_or(AppError::NotFound)?;
    Ok((subject, now))
}

async fn page(
    state: &AppState,
    ctx: &Ctx,
    subject: &Subject,
    moved: Option<Planned>,
    form: Form,
    conflict: Option<Conflict>,
) -> Result<Response, AppError> {
    let colleagues = tasks::list_colleagues(state.db.read()).await?;
    let (heading, action, button) = match &moved {
        Some(moved) => ("Move or change the visit", format!("/appointments/{}/corrections", moved.id), CHANGE),
        None => ("Plan a visit", "/appointments".to_owned(), PLAN),
    };
    let head = FormPage::new(ctx, subject, form, heading, &action, button).with_conflict(conflict);
    let page = AppointmentPage { page: head.page.clone(), head, people: forms::people(&colleagues), moved };
    show(page.head.status(), &page)
}

fn cancellation_page(
    ctx: &Ctx,
    subject: &Subject,
    now: &Planned,
    form: Form,
    conflict: Option<Conflict>,
) -> Result<Response, AppError> {
    let action = format!("/appointments/{}/cancellations", now.id);
    let head = FormPage::new(ctx, subject, form, "Cancel the visit", &action, "Cancel the visit");
    let head = head.with_conflict(conflict);
    show(head.status(), &CancellationPage { page: head.page.clone(), head, when: now.visit.when() })
}

fn keeping_page(
    ctx: &Ctx,
    subject: &Subject,
    now: &Planned,
    form: Form,
    conflict: Option<Conflict>,
) -> Result<Response, AppError> {
    let action = format!("/appointments/{}/keepings", now.id);
    let head = FormPage::new(ctx, subject, form, "The visit took place", &action, "Record the visit");
    let head = head.with_conflict(conflict);
    if now.visit.keep(ctx.today).is_err() {
        let (page, when) = (head.page.clone(), now.visit.when());
        return show(head.status(), &KeepingAheadPage { page, head, when, visit: now.id });
    }
    show(head.status(), &KeepingPage { page: head.page.clone(), head, when: now.visit.when() })
}

/// Both versions, where something was typed.
fn conflict(now: &Planned, typed: Option<(&Appointment, &[tasks::Colleague])>) -> Conflict {
    let sentence = format!("{} changed this visit on {}.", now.by, now.recorded_at.london_text());
    let rows = typed.map_or_else(Vec::new, |(typed, colleagues)| {
        let name =
            |user| colleagues.iter().find(|colleague| colleague.id == user).map(|colleague| colleague.name.clone());
        vec![
            Versions::of("When", now.visit.when(), typed.when()),
            Versions::of("Who goes", now.goes.clone(), name(typed.goes).unwrap_or_default()),
            Versions::of(
                "Together with",
                now.with.clone().unwrap_or_default(),
                typed.with.and_then(name).unwrap_or_default(),
            ),
            Versions::of("Where", now.visit.place.clone(), typed.place.clone()),
            Versions::of("Note for the visit", now.visit.safety.clone(), typed.safety.clone()),
        ]
    });
    Conflict { sentence, rows }
}

/// Where to go with a visit that is not this enquiry's to change any more: it has ended, or a merge has brought it to the
/// enquiry that goes on.
async fn elsewhere(state: &AppState, ctx: &Ctx, now: &Planned) -> Result<Option<Response>, AppError> {
    if now.state != AppointmentState::Planned {
        return Ok(Some(no_longer(ctx, now)));
    }
    let gone = queries_merged::list_gone_over(state.db.read(), now.enquiry, ctx.user.id).await?;
    let Some(gone) = gone.into_iter().find(|it| it.visit == now.id) else { return Ok(None) };
    let to = if gone.reference.is_some() { gone.to } else { now.enquiry };
    Ok(Some(ctx.redirect(&back(to), &ActionError::GoneOver(gone.in_words()).to_string())))
}

fn no_longer(ctx: &Ctx, now: &Planned) -> Response {
    let said = format!("{}: {} on {}", now.state.label(), now.by, now.recorded_at.london_text());
    ctx.redirect(&back(now.enquiry), &said)
}

fn back(enquiry: EnquiryId) -> String {
    format!("/enquiries/{enquiry}/tasks")
}
