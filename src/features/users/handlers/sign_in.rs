//! In and out.

use std::sync::Arc;

use axum::Extension;
use axum::extract::{Query, State};
use axum::http::header::RETRY_AFTER;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::super::actions::{self, Refusal};
use super::super::slowing::{Slowing, Wait};
use super::super::views::SignInPage;
use crate::web::error::Result;
use crate::web::late::Kept;
use crate::web::session::own_path;
use crate::web::{AppState, Ctx, Form, Visit, finish};

#[derive(Deserialize)]
pub struct Asked {
    next: Option<String>,
}

pub async fn show(visit: Visit, Query(asked): Query<Asked>) -> Response {
    let next = path(asked.next.as_deref().unwrap_or_default());
    if visit.user.is_some() {
        return visit.go(&next);
    }
    SignInPage::new(&visit, Form::of([("next", next)])).into_response()
}

pub async fn enter(
    State(state): State<AppState>,
    Extension(slowing): Extension<Arc<Slowing>>,
    visit: Visit,
    form: Form,
) -> Result<Response> {
    finish(async move {
        match actions::sign_in(&state.db, &slowing, &visit, form.value("email"), form.value("password")).await {
            Ok(begun) => {
                let mut response = match Kept::carried_by(&form) {
                    Some(kept) => kept.to_send(&visit.within(&state, &begun.session).await?).into_response(),
                    None => visit.go(&path(form.value("next"))),
                };
                visit.signed_in(&mut response, &begun.session);
                visit.remember_browser(&mut response, &begun.browser);
                Ok(response)
            }
            Err(refusal) => refuse(&visit, form, refusal),
        }
    })
    .await
}

pub async fn leave(State(state): State<AppState>, ctx: Ctx) -> Result<Response> {
    finish(async move {
        actions::sign_out(&state.db, &ctx).await?;
        Ok(ctx.signed_out("/sign-in", "You have signed out."))
    })
    .await
}

fn refuse(visit: &Visit, mut form: Form, refusal: Refusal) -> Result<Response> {
    match refusal {
        Refusal::Wrong => {
            form.fail("email", "The e-mail address or the password is wrong. Check both and try again");
            Ok((StatusCode::UNPROCESSABLE_ENTITY, again(visit, form)).into_response())
        }
        Refusal::Wait(wait) => {
            form.fail("", too_many(wait));
            Ok(slow_down(wait, again(visit, form)))
        }
        Refusal::Unexpected(error) => Err(error.into()),
    }
}

/// The page with the form that was sent: the one at the door, or that of a form which came too late.
fn again(visit: &Visit, form: Form) -> Response {
    match Kept::carried_by(&form) {
        Some(kept) => kept.to_sign_in(visit, form).into_response(),
        None => SignInPage::new(visit, form).into_response(),
    }
}

/// What is said to somebody who must wait.
pub fn too_many(Wait(seconds): Wait) -> String {
    let unit = if seconds == 1 { "second" } else { "seconds" };
    format!("There have been too many tries. Wait {seconds} {unit}, then try again")
}

pub fn slow_down(Wait(seconds): Wait, page: impl IntoResponse) -> Response {
    let mut response = (StatusCode::TOO_MANY_REQUESTS, page).into_response();
    response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds.unsigned_abs()));
    response
}

/// Never another site, and not round in a circle.
fn path(next: &str) -> String {
    own_path(next).filter(|next| !next.starts_with("/sign-in")).unwrap_or("/").to_owned()
}
