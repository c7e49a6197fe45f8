//! Restricted records of which nobody who is named is left: a manager names somebody, without opening them.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;

use super::actions;
use super::now::list_stranded;
use super::views::StrandedPage;
use super::{forms, queries};
use crate::domain::ids::UserId;
use crate::features::access::show;
use crate::web::error::Result;
use crate::web::form::Choice;
use crate::web::{AppState, Ctx, Form, one_time};

const HERE: &str = "/enquiries/restrictions";

pub async fn index(State(state): State<AppState>, ctx: Ctx) -> Result<Response> {
    page(&state, &ctx, Form::default()).await
}

pub async fn name(State(state): State<AppState>, ctx: Ctx, mut form: Form) -> Result<Response> {
    let people = people(&state).await?;
    let ids: Vec<UserId> = people.iter().map(|(id, _)| *id).collect();
    if let Some((enquiry, person)) = forms::stranded(&mut form, &ids) {
        let name = people.iter().find(|(id, _)| *id == person).map_or("", |(_, name)| name);
        let said = format!("{name} may open the record now");
        let token = form.one_time_token()?;
        let saved = one_time::save(&state, ctx.actor(), token, HERE.to_owned(), move |write, actor| {
            Box::pin(async move { actions::name_for_stranded(write, actor, enquiry, person).await })
        });
        match saved.await? {
            Ok(location) => return Ok(ctx.redirect(&location, &said)),
            Err(refused) => form.fail("enquiry", refused.to_string()),
        }
    }
    page(&state, &ctx, form).await
}

/// Whoever reads every enquiry that is not restricted.
async fn people(state: &AppState) -> Result<Vec<(UserId, String)>> {
    let colleagues = queries::list_colleagues(state.db.read(), None).await?;
    Ok(colleagues.into_iter().filter(|it| it.reads_everything()).map(|it| (it.id, it.name)).collect())
}

async fn page(state: &AppState, ctx: &Ctx, form: Form) -> Result<Response> {
    let stranded = list_stranded(state.db.read()).await?;
    let people = people(state).await?.into_iter().map(|(id, name)| Choice::of(id.to_string(), name)).collect();
    let status = if form.is_valid() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    show(status, &StrandedPage::new(ctx, form, &stranded, people))
}
