use axum::extract::State;
use axum::response::Response;

use super::actions::{self, RestrictionRefusal};
use super::now::Now;
use super::views::{RestrictionPage, versions};
use super::{forms, queries};
use crate::domain::ids::EnquiryId;
use crate::domain::role::Permission;
use crate::features::access::{self, Conflict, FormPage, Subject, show};
use crate::web::error::Result;
use crate::web::{AppState, Ctx, Form, Path, one_time};

pub async fn edit(State(state): State<AppState>, ctx: Ctx, Path(id): Path<EnquiryId>) -> Result<Response> {
    let subject = access::open(&state, &ctx, id, Permission::RestrictEnquiries).await?;
    let now = now(&state, id).await?;
    let form = forms::of(&now, ctx.user.id);
    page(&state, &ctx, &subject, &now, form, None).await
}

pub async fn change(
    State(state): State<AppState>,
    ctx: Ctx,
    Path(id): Path<EnquiryId>,
    mut form: Form,
) -> Result<Response> {
    let subject = access::open(&state, &ctx, id, Permission::RestrictEnquiries).await?;
    let now = now(&state, id).await?;
    let Some(wanted) = forms::parse(&mut form, &now, ctx.user.id) else {
        return page(&state, &ctx, &subject, &now, form, None).await;
    };
    let said = now.sentence(&wanted);
    let seen = form.value("seen").to_owned();
    let token = form.one_time_token()?;
    let saved = one_time::save(&state, ctx.actor(), token, format!("/enquiries/{id}"), move |write, actor| {
        Box::pin(async move { actions::change(write, actor, id, &seen, wanted).await })
    });
    match saved.await? {
        Ok(location) => Ok(ctx.redirect(&location, &said)),
        Err(RestrictionRefusal::Stale) => stale(&state, &ctx, id, form).await,
        Err(refused) => {
            form.fail("", refused.to_string());
            page(&state, &ctx, &subject, &now, form, None).await
        }
    }
}

/// Whoever is no longer named finds nothing here, as everywhere.
async fn stale(state: &AppState, ctx: &Ctx, id: EnquiryId, mut form: Form) -> Result<Response> {
    let subject = access::open(state, ctx, id, Permission::RestrictEnquiries).await?;
    let now = now(state, id).await?;
    form.keep_what_was_typed(&forms::of(&now, ctx.user.id));
    let sentence = match queries::find_last_change(state.db.read(), id).await? {
        Some(last) => format!("{} changed who may open this record on {}.", last.by, last.at.london_text()),
        None => "Somebody else changed who may open this record.".to_owned(),
    };
    let conflict = Conflict { sentence, rows: vec![versions(&now, &form, ctx.user.id)] };
    page(state, ctx, &subject, &now, form, Some(conflict)).await
}

async fn now(state: &AppState, id: EnquiryId) -> Result<Now> {
    let mut db = state.db.read().acquire().await?;
    Ok(Now::load(&mut db, id).await?)
}

async fn page(
    state: &AppState,
    ctx: &Ctx,
    subject: &Subject,
    now: &Now,
    form: Form,
    conflict: Option<Conflict>,
) -> Result<Response> {
    let elsewhere = queries::list_open_of_household(state.db.read(), subject.household, subject.id).await?;
    let head = FormPage::new(ctx, subject, form, "Who may open this record", "/restriction", "Save");
    let page = RestrictionPage::new(ctx, head.with_conflict(conflict), now, elsewhere);
    show(page.head.status(), &page)
}
