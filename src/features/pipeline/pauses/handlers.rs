use axum::extract::{Path, State};
use axum::response::Response;

use super::forms;
use super::views::{EndingPage, PausePage, WithdrawalPage};
use crate::domain::day::Day;
use crate::domain::ids::{EnquiryId, EntryId};
use crate::domain::ledger::{Entry, Fact, Ledger, Place};
use crate::domain::pause::Pause;
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
    if let Some(pause) = forms::pause(&mut form, ctx.today) {
        match save(&state, &ctx, id, token, vec![Change::Record(Fact::Pause(pause))]).await? {
            Ok(location) => return Ok(ctx.redirect(&location, "The pause is recorded")),
            Err(refused) => form.fail("from", refused.to_string()),
        }
    }
    new_page(&ctx, &subject, form)
}

fn new_page(ctx: &Ctx, subject: &Subject, form: Form) -> Result<Response, AppError> {
    let head = FormPage::new(ctx, subject, form, "Pause", "/pauses", "Pause it");
    show(head.status(), &PausePage { page: head.page.clone(), head, reasons: forms::reasons(None), entry: None })
}

pub async fn ending(
    State(state): State<AppState>,
    ctx: Ctx,
    Path((id, entry)): Path<(EnquiryId, EntryId)>,
) -> Result<Response, AppError> {
    let subject = access::open(&state, &ctx, id, Permission::WriteEnquiries).await?;
    let ledger = read(&state, id).await?;
    let Some(current) = in_force(&ledger.pauses, entry) else { return moved_on(&ctx, id, &ledger, entry, "endings") };
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
    let opened = ledger.pauses.iter().find(|known| known.id == entry).ok_or(AppError::NotFound)?;
    let Some(to) = forms::ending(&mut form, ctx.today) else {
        return ending_page(&ctx, &subject, opened, form, None);
    };
    let ended = Pause { to: Some(to), ..opened.fact.clone() };
    let change = Change::Correct {
        place: Place::Pause(entry),
        fact: Fact::Pause(ended.clone()),
        why: "The pause ended".to_owned(),
    };
    match save(&state, &ctx, id, token, vec![change]).await? {
        Ok(location) => Ok(ctx.redirect(&location, "The pause has an end")),
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
    of: &Entry<Pause>,
    form: Form,
    conflict: Option<Conflict>,
) -> Result<Response, AppError> {
    let action = format!("/pauses/{}/endings", of.id);
    let head = FormPage::new(ctx, subject, form, "End the pause", &action, "End the pause").with_conflict(conflict);
    show(head.status(), &EndingPage { page: head.page.clone(), head, since: in_words(&of.fact), entry: of.id })
}

pub async fn correction(
    State(state): State<AppState>,
    ctx: Ctx,
    Path((id, entry)): Path<(EnquiryId, EntryId)>,
) -> Result<Response, AppError> {
    let subject = access::open(&state, &ctx, id, Permission::WriteEnquiries).await?;
    let ledger = read(&state, id).await?;
    let Some(current) = in_force(&ledger.pauses, entry) else {
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
    let opened = ledger.pauses.iter().find(|known| known.id == entry).ok_or(AppError::NotFound)?;
    let (pause, why) = (forms::pause(&mut form, ctx.today), forms::why(&mut form));
    let (Some(pause), Some(why)) = (pause, why) else {
        return correction_page(&ctx, &subject, opened, form, None);
    };
    let change = Change::Correct { place: Place::Pause(entry), fact: Fact::Pause(pause.clone()), why };
    match save(&state, &ctx, id, token, vec![change]).await? {
        Ok(location) => Ok(ctx.redirect(&location, "The pause is corrected")),
        Err(ActionError::Stale) => {
            let ledger = read(&state, id).await?;
            let Some((now, conflict)) = conflict(&state, &ledger, entry, Some(&pause)).await? else {
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
    of: &Entry<Pause>,
    form: Form,
    conflict: Option<Conflict>,
) -> Result<Response, AppError> {
    let action = format!("/pauses/{}/corrections", of.id);
    let head = FormPage::new(ctx, subject, form, "Correct the pause", &action, "Save the correction");
    let head = head.with_conflict(conflict);
    show(
        head.status(),
        &PausePage { page: head.page.clone(), head, reasons: forms::reasons(Some(of.fact.reason)), entry: Some(of.id) },
    )
}

pub async fn withdrawal(
    State(state): State<AppState>,
    ctx: Ctx,
    Path((id, entry)): Path<(EnquiryId, EntryId)>,
) -> Result<Response, AppError> {
    let subject = access::open(&state, &ctx, id, Permission::WriteEnquiries).await?;
    let ledger = read(&state, id).await?;
    let Some(current) = in_force(&ledger.pauses, entry) else {
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
    let opened = ledger.pauses.iter().find(|known| known.id == entry).ok_or(AppError::NotFound)?;
    let Some(why) = forms::why(&mut form) else { return withdrawal_page(&ctx, &subject, opened, form, None) };
    match save(&state, &ctx, id, token, vec![Change::Withdraw { place: Place::Pause(entry), why }]).await? {
        Ok(location) => Ok(ctx.redirect(&location, "The pause is withdrawn")),
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
    of: &Entry<Pause>,
    form: Form,
    conflict: Option<Conflict>,
) -> Result<Response, AppError> {
    let action = format!("/pauses/{}/withdrawals", of.id);
    let head = FormPage::new(ctx, subject, form, "Withdraw the pause", &action, "Withdraw it").with_conflict(conflict);
    show(
        head.status(),
        &WithdrawalPage { page: head.page.clone(), head, what: format!("The pause {}", in_words(&of.fact)) },
    )
}

/// Both versions; None where nothing is left to change.
async fn conflict<'a>(
    state: &AppState,
    ledger: &'a Ledger,
    entry: EntryId,
    typed: Option<&Pause>,
) -> Result<Option<(&'a Entry<Pause>, Conflict)>, AppError> {
    let overtaken = overtaken(&ledger.pauses, entry).ok_or(AppError::NotFound)?;
    let Some(now) = overtaken.now else { return Ok(None) };
    let by = queries::find_user_name(state.db.read(), overtaken.by).await?;
    let to = |pause: &Pause| pause.to.map(Day::long).unwrap_or_default();
    let rows = typed.map_or_else(Vec::new, |typed| {
        vec![
            Versions::of("Paused from", now.fact.from.long(), typed.from.long()),
            Versions::of("Goes on from", to(&now.fact), to(typed)),
            Versions::of("Reason", now.fact.reason.label(), typed.reason.label()),
        ]
    });
    Ok(Some((now, Conflict { sentence: who_was_first(&overtaken, &by), rows })))
}

fn moved_on(ctx: &Ctx, id: EnquiryId, ledger: &Ledger, entry: EntryId, noun: &str) -> Result<Response, AppError> {
    let overtaken = overtaken(&ledger.pauses, entry).ok_or(AppError::NotFound)?;
    Ok(match overtaken.now {
        Some(now) => ctx.go(&format!("/enquiries/{id}/pauses/{}/{noun}", now.id)),
        None => ctx.redirect(&format!("/enquiries/{id}"), "That pause has been withdrawn"),
    })
}

fn in_words(pause: &Pause) -> String {
    match pause.to {
        Some(to) => format!("from {} to {}", pause.from.long(), to.long()),
        None => format!("from {}", pause.from.long()),
    }
}
