//! One's own account: roles, password, sessions.

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use super::super::actions::{self, PasswordRefusal};
use super::super::forms;
use super::super::queries;
use super::super::slowing::Slowing;
use super::super::views::{AccountPage, hash_of};
use super::sign_in::{slow_down, too_many};
use crate::web::error::Result;
use crate::web::{AppError, AppState, Ctx, Form, finish, session};

pub async fn show(State(state): State<AppState>, ctx: Ctx) -> Result<AccountPage> {
    page(&state, &ctx, Form::default()).await
}

/// Asked for by somebody who wants to stay signed in: every request of theirs counts as being there.
pub async fn stay() -> StatusCode {
    StatusCode::NO_CONTENT
}

pub async fn change_password(
    State(state): State<AppState>,
    Extension(slowing): Extension<Arc<Slowing>>,
    ctx: Ctx,
    mut form: Form,
) -> Result<Response> {
    forms::same_again(&mut form);
    if form.value("current").is_empty() {
        form.fail("current", "Enter the password that you use now");
    }
    if !form.is_valid() {
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page(&state, &ctx, form).await?).into_response());
    }
    finish(async move {
        let (current, new) = (form.value("current").to_owned(), form.value("password").to_owned());
        match actions::change_password(&state.db, &slowing, &ctx, &current, &new).await {
            Ok(()) => return Ok(ctx.redirect("/account", "Your password is changed. Every other session of yours has ended.")),
            Err(PasswordRefusal::Unexpected(error)) => return Err(error.into()),
            Err(PasswordRefusal::Wait(wait)) => {
                form.fail("", too_many(wait));
                return Ok(slow_down(wait, page(&state, &ctx, form).await?));
            }
            Err(refusal @ PasswordRefusal::New(_)) => form.fail("password", refusal.to_string()),
            Err(refusal @ PasswordRefusal::WrongCurrent) => form.fail("current", refusal.to_string()),
        }
        Ok((StatusCode::UNPROCESSABLE_ENTITY, page(&state, &ctx, form).await?).into_response())
    })
    .await
}

/// One of them, or all but this.
pub async fn end_session(State(state): State<AppState>, ctx: Ctx, form: Form) -> Result<Response> {
    finish(async move {
        let Some(text) = form.text("session") else {
            let ended = actions::end_other_sessions(&state.db, &ctx).await?;
            let message =
                if ended == 0 { "There was no other session." } else { "Every other session of yours has ended." };
            return Ok(ctx.redirect("/account", message));
        };
        let hash = hash_of(&text).ok_or(AppError::NotFound)?;
        actions::end_session(&state.db, &ctx, &hash).await?;
        Ok(ctx.redirect("/account", "That session has ended."))
    })
    .await
}

async fn page(state: &AppState, ctx: &Ctx, form: Form) -> Result<AccountPage> {
    let own = queries::find_person(state.db.read(), ctx.user.id, ctx.now).await?.ok_or(AppError::NotFound)?;
    let sessions = session::list(state.db.read(), ctx.user.id, ctx.now).await?;
    Ok(AccountPage::new(ctx, form, own, sessions))
}
