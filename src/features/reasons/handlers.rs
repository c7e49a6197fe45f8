//! The list, and the forms behind it.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use super::actions::{self, ReasonRefusal};
use super::forms;
use super::queries::{self, Reason};
use super::views::{NewReasonPage, ReasonPage, ReasonsPage};
use crate::domain::audit::Action;
use crate::domain::reason::ReasonCode;
use crate::features::access::{Conflict, Versions};
use crate::features::audit;
use crate::web::error::Result;
use crate::web::page::invalid;
use crate::web::{AppError, AppState, Ctx, Form, Path, finish};

const LIST: &str = "/settings/reasons";

pub async fn index(State(state): State<AppState>, ctx: Ctx) -> Result<ReasonsPage> {
    Ok(ReasonsPage::new(&ctx, queries::list(state.db.read()).await?))
}

pub async fn new(ctx: Ctx) -> NewReasonPage {
    NewReasonPage::new(&ctx, Form::default())
}

/// Sent twice, the second is refused as known: there is never a second one.
pub async fn create(State(state): State<AppState>, ctx: Ctx, mut form: Form) -> Result<Response> {
    let Some(new) = forms::new(&mut form) else { return invalid(NewReasonPage::new(&ctx, form)) };
    finish(async move {
        let mut write = state.db.write().await?;
        match actions::add(&mut write, &ctx.actor(), &new).await {
            Ok(_) => {
                write.commit().await?;
                Ok(ctx.redirect(LIST, &format!("“{}” is added", new.label)))
            }
            Err(ReasonRefusal::Database(error)) => Err(error.into()),
            Err(refused) => {
                form.fail("label", refused.to_string());
                invalid(NewReasonPage::new(&ctx, form))
            }
        }
    })
    .await
}

pub async fn edit(State(state): State<AppState>, ctx: Ctx, Path(code): Path<ReasonCode>) -> Result<ReasonPage> {
    let reason = changeable(&state, &code).await?;
    Ok(ReasonPage::new(&ctx, forms::of(&reason), reason, None).with_history(history(&state, &code).await?))
}

pub async fn update(
    State(state): State<AppState>,
    ctx: Ctx,
    Path(code): Path<ReasonCode>,
    mut form: Form,
) -> Result<Response> {
    let before = forms::before(&form, &changeable(&state, &code).await?);
    let Some((label, in_use)) = forms::changed(&mut form) else {
        return invalid(ReasonPage::new(&ctx, form, before, None));
    };
    finish(async move {
        let mut write = state.db.write().await?;
        match actions::change(&mut write, &ctx.actor(), &before, &label, in_use).await {
            Ok(()) => {
                write.commit().await?;
                Ok(ctx.redirect(LIST, &format!("“{label}” is saved")))
            }
            Err(ReasonRefusal::Database(error)) => Err(error.into()),
            Err(ref stale @ ReasonRefusal::Stale(ref now)) => {
                form.keep_what_was_typed(&forms::of(now));
                let offered = |offered: bool| if offered { "Yes" } else { "No" };
                let rows = vec![
                    Versions::of("Reason", &now.label, form.value("label")),
                    Versions::of("Offered", offered(now.in_use), offered(form.is_chosen("in_use", "yes"))),
                ];
                let conflict = Conflict { sentence: format!("{stale}."), rows };
                Ok((StatusCode::CONFLICT, ReasonPage::new(&ctx, form, now.clone(), Some(conflict))).into_response())
            }
            Err(refused) => {
                form.fail("label", refused.to_string());
                invalid(ReasonPage::new(&ctx, form, before, None))
            }
        }
    })
    .await
}

async fn history(state: &AppState, code: &ReasonCode) -> Result<Vec<audit::Change>> {
    Ok(audit::history(&state.db, [Action::ReasonAdded, Action::ReasonChanged], "code", &code.0).await?)
}

async fn changeable(state: &AppState, code: &ReasonCode) -> Result<Reason> {
    let reason = queries::find(state.db.read(), code).await?;
    reason.filter(|reason| !reason.fixed).ok_or(AppError::NotFound)
}
