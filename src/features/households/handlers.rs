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
    let (household, applicants) = known(&state, subject.household).await?;
    page(&ctx, &subject, forms::of(&household, &applicants), None)
}

pub async fn change(
    State(state): State<AppState>,
    ctx: Ctx,
    Path(id): Path<EnquiryId>,
    mut form: Form,
) -> Result<Response, AppError> {
    let subject = access::open(&state, &ctx, id, Permission::WriteEnquiries).await?;
    let token = form.one_time_token()?;
    let (now, recorded) = known(&state, subject.household).await?;
    let Some(typed) = forms::household(&mut form, &now, &recorded) else { return page(&ctx, &subject, form, None) };
    match save(&state, &ctx, id, token, typed.clone()).await? {
        Ok(location) => Ok(ctx.redirect(&location, "The household is saved")),
        Err(_) => {
            let (now, applicants) = known(&state, subject.household).await?;
            form.keep_what_was_typed(&forms::of(&now, &applicants));
            let typed = forms::household(&mut form, &now, &applicants).unwrap_or(typed);
            let conflict = conflict(&state, &now, &applicants, &typed).await?;
            page(&ctx, &subject, form, Some(conflict))
        }
    }
}

/// Where to go on, or that somebody else was first.
async fn save(
    state: &AppState,
    ctx: &Ctx,
    id: EnquiryId,
    token: String,
    typed: HouseholdForm,
) -> Result<Result<String, ActionError>, AppError> {
    let location = format!("/enquiries/{id}/people");
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

fn page(ctx: &Ctx, subject: &Subject, form: Form, conflict: Option<Conflict>) -> Result<Response, AppError> {
    let rows = (1..=forms::rows(&form)).map(Row::of).collect();
    let head = FormPage::new(ctx, subject, form, "Change the household", "/household", "Save the household");
    let head = head.with_conflict(conflict);
    let page = HouseholdPage { page: head.page.clone(), head, rows, answers: forms::answers() };
    show(page.head.status(), &page)
}
