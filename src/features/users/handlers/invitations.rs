//! One-time links: a page to set a password, which a program that only looks at links does not use up.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use super::super::actions::{self, InvitationError, PersonRefusal};
use super::super::forms;
use super::super::queries::{self, InvitationRow};
use super::super::views::{GonePage, InvitationPage};
use crate::domain::actor::Actor;
use crate::domain::ids::UserId;
use crate::web::error::Result;
use crate::web::page::invalid;
use crate::web::{AppState, Form, Path, Visit, finish, token};

pub async fn show(State(state): State<AppState>, visit: Visit, Path(token): Path<String>) -> Result<Response> {
    Ok(match find(&state, &visit, &token).await? {
        Some(invitation) if invitation.user_id.is_none() && actions::has_administrator(&state.db).await? => {
            not_first(&visit)
        }
        Some(invitation) => InvitationPage::new(&visit, Form::default(), token, &invitation).into_response(),
        None => gone(&visit),
    })
}

pub async fn accept(
    State(state): State<AppState>,
    visit: Visit,
    Path(token): Path<String>,
    mut form: Form,
) -> Result<Response> {
    let Some(invitation) = find(&state, &visit, &token).await? else { return Ok(gone(&visit)) };
    finish(async move {
        let actor = Actor { user: UserId::VISITOR, at: visit.now, address: visit.address.clone() };
        let done = match &invitation.user_id {
            Some(_) => set_password(&state, &visit, &actor, &token, &invitation, &mut form).await,
            None => make_first_account(&state, &visit, &actor, &token, &mut form).await,
        };
        match done {
            Some(Ok(())) => Ok(visit.redirect("/sign-in", "Your password is set. Sign in with it.")),
            Some(Err(InvitationError::Gone)) => Ok(gone(&visit)),
            Some(Err(InvitationError::NotFirst)) => Ok(not_first(&visit)),
            Some(Err(InvitationError::Refused(PersonRefusal::EmailTaken))) => {
                form.fail("email", PersonRefusal::EmailTaken.to_string());
                invalid(InvitationPage::new(&visit, form, token, &invitation))
            }
            Some(Err(error)) => Err(error.into()),
            None => invalid(InvitationPage::new(&visit, form, token, &invitation)),
        }
    })
    .await
}

/// None where what was typed is not right yet.
async fn set_password(
    state: &AppState,
    visit: &Visit,
    actor: &Actor,
    token: &str,
    invitation: &InvitationRow,
    form: &mut Form,
) -> Option<Result<(), InvitationError>> {
    let (name, email) =
        (invitation.name.as_deref().unwrap_or_default(), invitation.email.as_deref().unwrap_or_default());
    let password = forms::new_password(form, &[name, email, &visit.service_name])?;
    Some(actions::accept(&state.db, actor, token, password).await)
}

async fn make_first_account(
    state: &AppState,
    visit: &Visit,
    actor: &Actor,
    token: &str,
    form: &mut Form,
) -> Option<Result<(), InvitationError>> {
    let person = forms::first_administrator(form);
    let (name, email) = (form.value("name").to_owned(), form.value("email").to_owned());
    let password = forms::new_password(form, &[&name, &email, &visit.service_name]);
    let (person, password) = (person?, password?);
    Some(actions::accept_as_first_administrator(&state.db, actor, token, &person, password).await)
}

async fn find(state: &AppState, visit: &Visit, token: &str) -> sqlx::Result<Option<InvitationRow>> {
    queries::find_invitation(state.db.read(), &token::hash(token), visit.now).await
}

fn gone(visit: &Visit) -> Response {
    (StatusCode::GONE, GonePage::new(visit)).into_response()
}

fn not_first(visit: &Visit) -> Response {
    (StatusCode::GONE, GonePage::not_first(visit)).into_response()
}
