use axum::extract::State;
use axum::response::Response;

use super::forms;
use super::views::{ClosurePage, ReopeningPage, groups};
use crate::domain::ids::EnquiryId;
use crate::domain::ledger::Facts;
use crate::domain::reason::CloseReason;
use crate::domain::role::Permission;
use crate::features::access::{self, Subject};
use crate::features::access::{FormPage, show};
use crate::features::pipeline::queries;
use crate::features::pipeline::save::save;
use crate::web::{AppError, AppState, Ctx, Form, Path};

pub async fn new_closure(
    State(state): State<AppState>,
    ctx: Ctx,
    Path(id): Path<EnquiryId>,
) -> Result<Response, AppError> {
    let subject = access::open(&state, &ctx, id, Permission::WriteEnquiries).await?;
    let (facts, reasons) = known(&state, id).await?;
    closure_page(&ctx, &subject, &facts, &reasons, forms::empty(ctx.today))
}

pub async fn close(
    State(state): State<AppState>,
    ctx: Ctx,
    Path(id): Path<EnquiryId>,
    mut form: Form,
) -> Result<Response, AppError> {
    let subject = access::open(&state, &ctx, id, Permission::WriteEnquiries).await?;
    let token = form.one_time_token()?;
    let (facts, reasons) = known(&state, id).await?;
    let other = match form.text("duplicate_of") {
        Some(reference) => queries::find_other(state.db.read(), id, &reference, ctx.user.id).await?,
        None => None,
    };
    if let Some(changes) = forms::closure(&mut form, ctx.today, &facts, &reasons, other) {
        match save(&state, &ctx, id, token, changes).await? {
            Ok(location) => return Ok(ctx.redirect(&location, "The enquiry is closed")),
            Err(refused) => form.fail("on", refused.to_string()),
        }
    }
    closure_page(&ctx, &subject, &facts, &reasons, form)
}

fn closure_page(
    ctx: &Ctx,
    subject: &Subject,
    facts: &Facts,
    reasons: &[CloseReason],
    form: Form,
) -> Result<Response, AppError> {
    let head = FormPage::new(ctx, subject, form, "Close the enquiry", "/closures", "Close the enquiry");
    let page =
        ClosurePage { page: head.page.clone(), head, groups: groups(facts, reasons), has_applied: facts.has_applied() };
    show(page.head.status(), &page)
}

pub async fn new_reopening(
    State(state): State<AppState>,
    ctx: Ctx,
    Path(id): Path<EnquiryId>,
) -> Result<Response, AppError> {
    let subject = access::open(&state, &ctx, id, Permission::WriteEnquiries).await?;
    let (facts, reasons) = known(&state, id).await?;
    reopening_page(&ctx, &subject, &facts, &reasons, forms::empty(ctx.today))
}

pub async fn reopen(
    State(state): State<AppState>,
    ctx: Ctx,
    Path(id): Path<EnquiryId>,
    mut form: Form,
) -> Result<Response, AppError> {
    let subject = access::open(&state, &ctx, id, Permission::WriteEnquiries).await?;
    let token = form.one_time_token()?;
    if let Some(changes) = forms::reopening(&mut form, ctx.today) {
        match save(&state, &ctx, id, token, changes).await? {
            Ok(location) => return Ok(ctx.redirect(&location, "The enquiry is open again")),
            Err(refused) => form.fail("on", refused.to_string()),
        }
    }
    let (facts, reasons) = known(&state, id).await?;
    reopening_page(&ctx, &subject, &facts, &reasons, form)
}

fn reopening_page(
    ctx: &Ctx,
    subject: &Subject,
    facts: &Facts,
    reasons: &[CloseReason],
    form: Form,
) -> Result<Response, AppError> {
    let head = FormPage::new(ctx, subject, form, "Reopen the enquiry", "/reopenings", "Reopen it");
    let closed = facts.closure().map(|closure| {
        let reason = reasons.iter().find(|reason| Some(&reason.code) == closure.close_reason.as_ref());
        let label = reason.map_or("", |reason| &reason.label);
        format!("{}: {label}", closure.on.long())
    });
    show(head.status(), &ReopeningPage { page: head.page.clone(), head, closed })
}

async fn known(state: &AppState, id: EnquiryId) -> Result<(Facts, Vec<CloseReason>), AppError> {
    let mut connection = state.db.read().acquire().await?;
    let ledger = queries::load(&mut connection, id).await?;
    Ok((ledger.facts(), queries::list_close_reasons(&mut connection).await?))
}
