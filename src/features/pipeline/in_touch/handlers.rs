use axum::extract::{Path, State};
use axum::response::Response;

use super::forms;
use super::views::{EndingPage, InTouchPage, WithdrawalPage};
use crate::domain::day::Day;
use crate::domain::ids::{EnquiryId, EntryId};
use crate::domain::ledger::{Entry, Fact, Ledger, Place};
use crate::domain::pause::InTouch;
use crate::domain::role::Permission;
use crate::features::access::{self, Subject};
use crate::features::access::{Conflict, FormPage, Versions, in_force, overtaken, show, who_was_first};
use crate::features::pipeline::actions::ActionError;
use crate::features::pipeline::save::{Change, save};
use crate::features::pipeline::{queries, read};
use crate::web::{AppError, AppState, Ctx, Form};

pub async fn new(State(state): State<AppState>, ctx: Ctx, Path(id): Path<EnquiryId>) -> Result<Response, AppError> {
    let subject = access::open(&state, &ctx, id, Permission::WriteEnquiries).await?;
    new_page(&ctx, &subject, forms::empty(ctx.today))
}

pub async fn create(
    State(state): State<AppState>,
    ctx: Ctx,
    Path(id): Path<EnquiryId>,
    mut form: Form,
) -> Result<Response, AppError> {
    let subject = access::open(&state, &ctx, id, Permission::WriteEnquiries).await?;
    let token = form.one_time_token()?;
    if let Some(in_touch) = forms::in_touch(&mut form, ctx.today) {
        match save(&state, &ctx, id, token, vec![Change::Record(Fact::InTouch(in_touch))]).await? {
            Ok(location) => return Ok(ctx.redirect(&location, "Kept in touch for later")),
            Err(refused) => form.fail("from", refused.to_string()),
        }
    }
    new_page(&ctx, &subject, form)
}

fn new_page(ctx: &Ctx, subject: &Subject, form: Form) -> Result<Response, AppError> {
    let head = FormPage::new(ctx, subject, form, "Keep in touch for later", "/in-touch", "Keep in touch");
    show(head.status(), &InTouchPage { page: head.page.clone(), head, entry: None })
}

pub async fn ending(
    State(state): State<AppState>,
    ctx: Ctx,
    Path((id, entry)): Path<(EnquiryId, EntryId)>,
) -> Result<Response, AppError> {
    let subject = access::open(&state, &ctx, id, Permission::WriteEnquiries).await?;
    let ledger = read(&state, id).await?;
    let Some(current) = in_force(&ledger.in_touch, entry) else { return moved_on(&ctx, id, &ledger, entry, "endings") };
    ending_page(&ctx, &subject, current, Form::of([("to", ctx.today.short())]), None)
}

pub async fn end(
    State(state): State<AppState>,
    ctx: Ctx,
    Path((id, entry)): Path<(EnquiryId, EntryId)>,
    mut form: Form,
) -> Result<Response, AppError> {
    let subject = access::open(&state, &ctx, id, Permission::WriteEnquiries).await?;
    let token = form.one_time_token()?;
    let ledger = read(&state, id).await?;
    let opened = ledger.in_touch.iter().find(|known| known.id == entry).ok_or(AppError::NotFound)?;
    let Some(to) = forms::ending(&mut form, ctx.today) else {
        return ending_page(&ctx, &subject, opened, form, None);
    };
    let ended = InTouch { to: Some(to), ..opened.fact.clone() };
    let change = Change::Correct {
        place: Place::InTouch(entry),
        fact: Fact::InTouch(ended.clone()),
        why: "Keeping in touch ended".to_owned(),
    };
    match save(&state, &ctx, id, token, vec![change]).await? {
        Ok(location) => Ok(ctx.redirect(&location, "Keeping in touch has an end")),
        Err(ActionError::Stale) => {
            let ledger = read(&state, id).await?;
            let Some((now, conflict)) = conflict(&state, &ledger, entry, Some(&ended)).await? else {
                return moved_on(&ctx, id, &ledger, entry, "endings");
            };
            ending_page(&ctx, &subject, now, form, Some(conflict))
        }
        Err(refused) => {
            form.fail("to", refused.to_string());
            ending_page(&ctx, &subject, opened, form, None)
        }
    }
}

fn ending_page(
    ctx: &Ctx,
    subject: &Subject,
    of: &Entry<InTouch>,
    form: Form,
    conflict: Option<Conflict>,
) -> Result<Response, AppError> {
    let action = format!("/in-touch/{}/endings", of.id);
    let head = FormPage::new(ctx, subject, form, "End keeping in touch", &action, "They go on").with_conflict(conflict);
    show(head.status(), &EndingPage { page: head.page.clone(), head, since: in_words(&of.fact), entry: of.id })
}

pub async fn correction(
    State(state): State<AppState>,
    ctx: Ctx,
    Path((id, entry)): Path<(EnquiryId, EntryId)>,
) -> Result<Response, AppError> {
    let subject = access::open(&state, &ctx, id, Permission::WriteEnquiries).await?;
    let ledger = read(&state, id).await?;
    let Some(current) = in_force(&ledger.in_touch, entry) else {
        return moved_on(&ctx, id, &ledger, entry, "corrections");
    };
    correction_page(&ctx, &subject, current, forms::of(&current.fact), None)
}

pub async fn correct(
    State(state): State<AppState>,
    ctx: Ctx,
    Path((id, entry)): Path<(EnquiryId, EntryId)>,
    mut form: Form,
) -> Result<Response, AppError> {
    let subject = access::open(&state, &ctx, id, Permission::WriteEnquiries).await?;
    let token = form.one_time_token()?;
    let ledger = read(&state, id).await?;
    let opened = ledger.in_touch.iter().find(|known| known.id == entry).ok_or(AppError::NotFound)?;
    let (in_touch, why) = (forms::in_touch(&mut form, ctx.today), forms::why(&mut form));
    let (Some(in_touch), Some(why)) = (in_touch, why) else {
        return correction_page(&ctx, &subject, opened, form, None);
    };
    let change = Change::Correct { place: Place::InTouch(entry), fact: Fact::InTouch(in_touch.clone()), why };
    match save(&state, &ctx, id, token, vec![change]).await? {
        Ok(location) => Ok(ctx.redirect(&location, "Keeping in touch is changed")),
        Err(ActionError::Stale) => {
            let ledger = read(&state, id).await?;
            let Some((now, conflict)) = conflict(&state, &ledger, entry, Some(&in_touch)).await? else {
                return moved_on(&ctx, id, &ledger, entry, "corrections");
            };
            correction_page(&ctx, &subject, now, form, Some(conflict))
        }
        Err(refused) => {
            form.fail("from", refused.to_string());
            correction_page(&ctx, &subject, opened, form, None)
        }
    }
}

fn correction_page(
    ctx: &Ctx,
    subject: &Subject,
    of: &Entry<InTouch>,
    form: Form,
    conflict: Option<Conflict>,
) -> Result<Response, AppError> {
    let action = format!("/in-touch/{}/corrections", of.id);
    let head = FormPage::new(ctx, subject, form, "Change keeping in touch", &action, "Save the change");
    let head = head.with_conflict(conflict);
    show(head.status(), &InTouchPage { page: head.page.clone(), head, entry: Some(of.id) })
}

pub async fn withdrawal(
    State(state): State<AppState>,
    ctx: Ctx,
    Path((id, entry)): Path<(EnquiryId, EntryId)>,
) -> Result<Response, AppError> {
    let subject = access::open(&state, &ctx, id, Permission::WriteEnquiries).await?;
    let ledger = read(&state, id).await?;
    let Some(current) = in_force(&ledger.in_touch, entry) else {
        return moved_on(&ctx, id, &ledger, entry, "withdrawals");
    };
    withdrawal_page(&ctx, &subject, current, Form::default(), None)
}

pub async fn withdraw(
    State(state): State<AppState>,
    ctx: Ctx,
    Path((id, entry)): Path<(EnquiryId, EntryId)>,
    mut form: Form,
) -> Result<Response, AppError> {
    let subject = access::open(&state, &ctx, id, Permission::WriteEnquiries).await?;
    let token = form.one_time_token()?;
    let ledger = read(&state, id).await?;
    let opened = ledger.in_touch.iter().find(|known| known.id == entry).ok_or(AppError::NotFound)?;
    let Some(why) = forms::why(&mut form) else { return withdrawal_page(&ctx, &subject, opened, form, None) };
    match save(&state, &ctx, id, token, vec![Change::Withdraw { place: Place::InTouch(entry), why }]).await? {
        Ok(location) => Ok(ctx.redirect(&location, "Keeping in touch is withdrawn")),
        Err(ActionError::Stale) => {
            let ledger = read(&state, id).await?;
            let Some((now, conflict)) = conflict(&state, &ledger, entry, None).await? else {
                return moved_on(&ctx, id, &ledger, entry, "withdrawals");
            };
            withdrawal_page(&ctx, &subject, now, form, Some(conflict))
        }
        Err(refused) => {
            form.fail("why", refused.to_string());
            withdrawal_page(&ctx, &subject, opened, form, None)
        }
    }
}

fn withdrawal_page(
    ctx: &Ctx,
    subject: &Subject,
    of: &Entry<InTouch>,
    form: Form,
    conflict: Option<Conflict>,
) -> Result<Response, AppError> {
    let action = format!("/in-touch/{}/withdrawals", of.id);
    let head =
        FormPage::new(ctx, subject, form, "Withdraw keeping in touch", &action, "Withdraw it").with_conflict(conflict);
    show(
        head.status(),
        &WithdrawalPage { page: head.page.clone(), head, what: format!("Keeping in touch {}", in_words(&of.fact)) },
    )
}

/// Both versions; None where nothing is left to change.
async fn conflict<'a>(
    state: &AppState,
    ledger: &'a Ledger,
    entry: EntryId,
    typed: Option<&InTouch>,
) -> Result<Option<(&'a Entry<InTouch>, Conflict)>, AppError> {
    let overtaken = overtaken(&ledger.in_touch, entry).ok_or(AppError::NotFound)?;
    let Some(now) = overtaken.now else { return Ok(None) };
    let by = queries::find_user_name(state.db.read(), overtaken.by).await?;
    let to = |it: &InTouch| it.to.map(Day::long).unwrap_or_default();
    let again = |it: &InTouch| it.contact_again_on.map(Day::long).unwrap_or_default();
    let rows = typed.map_or_else(Vec::new, |typed| {
        vec![
            Versions::of("In touch from", now.fact.from.long(), typed.from.long()),
            Versions::of("Contact again on", again(&now.fact), again(typed)),
            Versions::of("Goes on from", to(&now.fact), to(typed)),
        ]
    });
    Ok(Some((now, Conflict { sentence: who_was_first(&overtaken, &by), rows })))
}

fn moved_on(ctx: &Ctx, id: EnquiryId, ledger: &Ledger, entry: EntryId, noun: &str) -> Result<Response, AppError> {
    let overtaken = overtaken(&ledger.in_touch, entry).ok_or(AppError::NotFound)?;
    Ok(match overtaken.now {
        Some(now) => ctx.go(&format!("/enquiries/{id}/in-touch/{}/{noun}", now.id)),
        None => ctx.redirect(&format!("/enquiries/{id}"), "That has been withdrawn"),
    })
}

fn in_words(in_touch: &InTouch) -> String {
    match in_touch.to {
        Some(to) => format!("from {} to {}", in_touch.from.long(), to.long()),
        None => format!("from {}", in_touch.from.long()),
    }
}
