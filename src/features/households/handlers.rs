use axum::extract::State;
use axum::response::Response;

use super::actions::{self, ActionError, HouseholdForm};
use super::forms;
use super::queries::{self, Applicant, Household};
use super::views::{HouseholdPage, Row};
use crate::domain::ids::{EnquiryId, HouseholdId};
use crate::domain::role::Permission;
use crate::features::access::{self, Conflict, FormPage, Subject, Versions, show};
use crate::web::{AppError, AppState, Ctx, Form, Path, one_time};

pub async fn edit(State(state): State<AppState>, ctx: Ctx, Path(id): Path<EnquiryId>) -> Result<Response, AppError> {
    let subject = access::open(&state, &ctx, id, Permission::WriteEnquiries).await?;
    access::opened(&state, &ctx, &subject);
    edit_at(&state, &ctx, &subject, &Place::of(&subject)).await
}

/// Which household a form is about, what the form is called, and where it is sent and leads.
pub struct Place {
    pub household: HouseholdId,
    pub heading: String,
    /// Below the enquiry: `/household`.
    pub action: String,
    pub location: String,
}

impl Place {
    fn of(subject: &Subject) -> Place {
        Place {
            household: subject.household,
            heading: "Change the household".to_owned(),
            action: "/household".to_owned(),
            location: format!("/enquiries/{}/people", subject.id),
        }
    }
}

/// The caller has made sure that whoever asks may change it.
pub async fn edit_at(state: &AppState, ctx: &Ctx, subject: &Subject, place: &Place) -> Result<Response, AppError> {
    let (household, applicants) = known(state, place.household).await?;
    page(ctx, subject, place, forms::of(&household, &applicants), None)
}

pub async fn change(
    State(state): State<AppState>,
    ctx: Ctx,
    Path(id): Path<EnquiryId>,
    form: Form,
) -> Result<Response, AppError> {
    let subject = access::open(&state, &ctx, id, Permission::WriteEnquiries).await?;
    change_at(&state, &ctx, &subject, &Place::of(&subject), form).await
}

/// The caller has made sure that whoever asks may change it.
pub async fn change_at(
    state: &AppState,
    ctx: &Ctx,
    subject: &Subject,
    place: &Place,
    mut form: Form,
) -> Result<Response, AppError> {
    let token = form.one_time_token()?;
    let (now, recorded) = known(state, place.household).await?;
    let Some(typed) = forms::household(&mut form, &now, &recorded) else {
        return page(ctx, subject, place, form, None);
    };
    match save(state, ctx, place.location.clone(), token, typed.clone()).await? {
        Ok(location) => Ok(ctx.redirect(&location, "The household is saved")),
        Err(_) => {
            let (now, applicants) = known(state, place.household).await?;
            form.keep_what_was_typed(&forms::of(&now, &applicants));
            let typed = forms::household(&mut form, &now, &applicants).unwrap_or(typed);
            let conflict = conflict(state, &now, &applicants, &typed).await?;
            page(ctx, subject, place, form, Some(conflict))
        }
    }
}

/// Where to go on, or that somebody else was first.
async fn save(
    state: &AppState,
    ctx: &Ctx,
    location: String,
    token: String,
    typed: HouseholdForm,
) -> Result<Result<String, ActionError>, AppError> {
    one_time::save(state, ctx.actor(), token, location, move |write, actor| {
        Box::pin(async move { actions::update(write, actor, &typed).await })
    })
    .await
}

async fn known(state: &AppState, id: HouseholdId) -> Result<(Household, Vec<Applicant>), AppError> {
    let mut connection = state.db.read().acquire().await?;
    let household = queries::find(&mut connection, id).await?.ok_or(AppError::NotFound)?;
    Ok((household, queries::list_applicants(&mut connection, id).await?))
}

async fn conflict(
    state: &AppState,
    now: &Household,
    applicants: &[Applicant],
    typed: &HouseholdForm,
) -> Result<Conflict, AppError> {
    let sentence = match queries::find_last_change(state.db.read(), now.id).await? {
        Some(last) => format!("{} changed this household on {}.", last.by, last.at.london_text()),
        None => "Somebody else changed this household since you opened it.".to_owned(),
    };
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let yours = &typed.household;
    let rows = vec![
        Versions::of("Applicants", people(applicants), people(&typed.applicants)),
        Versions::of("Address", text(&now.address), text(&yours.address)),
        Versions::of("Postcode", text(&now.postcode), text(&yours.postcode)),
        Versions::of("Leave a message", now.message_allowed.label(), yours.message_allowed.label()),
        Versions::of("Consent to contact", now.consent_to_contact.label(), yours.consent_to_contact.label()),
        Versions::of("When to contact them", text(&now.contact_hours), text(&yours.contact_hours)),
        Versions::of("Language", text(&now.language), text(&yours.language)),
    ];
    Ok(Conflict { sentence, rows })
}

/// One line a person.
fn people(applicants: &[Applicant]) -> String {
    let line = |it: &Applicant| {
        [Some(it.name.as_str()), it.phone.as_deref(), it.email.as_deref()]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join(", ")
    };
    applicants.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn page(
    ctx: &Ctx,
    subject: &Subject,
    place: &Place,
    form: Form,
    conflict: Option<Conflict>,
) -> Result<Response, AppError> {
    let rows = (1..=forms::rows(&form)).map(Row::of).collect();
    let head = FormPage::new(ctx, subject, form, &place.heading, &place.action, "Save the household");
    let head = head.with_conflict(conflict);
    let page = HouseholdPage { page: head.page.clone(), head, rows, answers: forms::answers() };
    show(page.head.status(), &page)
}
