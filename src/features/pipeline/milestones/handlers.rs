use axum::extract::{Query, State};
use axum::response::Response;
use serde::Deserialize;

use super::forms;
use super::views::{CorrectionPage, RecordPage, results};
use crate::domain::ids::{EnquiryId, EntryId};
use crate::domain::ledger::{Entry, Fact, Ledger, Milestone, Place};
use crate::domain::milestone::{MilestoneKind, MilestoneResult};
use crate::domain::reason::CloseReason;
use crate::domain::role::Permission;
use crate::domain::text::lower_first;
use crate::features::access::{self, Conflict, FormPage, Subject, Versions, in_force, show};
use crate::features::pipeline::action_error::ActionError;
use crate::features::pipeline::closures::reason_choices;
use crate::features::pipeline::overtaken::{moved_on, who_was_first};
use crate::features::pipeline::save::{Change, Seen, save};
use crate::features::pipeline::views::WithdrawalPage;
use crate::features::pipeline::{queries, read};
use crate::web::{AppError, AppState, Ctx, Form, Path};

#[derive(Deserialize)]
pub struct Asked {
    kind: Option<String>,
}

pub async fn new(
    State(state): State<AppState>,
    ctx: Ctx,
    Path(id): Path<EnquiryId>,
    Query(asked): Query<Asked>,
) -> Result<Response, AppError> {
    let subject = access::open(&state, &ctx, id, Permission::WriteEnquiries).await?;
    let ledger = read(&state, id).await?;
    // Without a kind it is chosen first.
    let Some(kind) = asked.kind.and_then(|kind| kind.parse().ok()) else {
        return Ok(ctx.go(&format!("/enquiries/{id}/milestones")));
    };
    match kind {
        MilestoneKind::Closed => Ok(ctx.go(&format!("/enquiries/{id}/closures/new"))),
        MilestoneKind::Reopened => Ok(ctx.go(&format!("/enquiries/{id}/reopenings/new"))),
        kind => record_page(&ctx, &subject, &ledger, kind, forms::empty(kind, ctx.today)),
    }
}

pub async fn create(
    State(state): State<AppState>,
    ctx: Ctx,
    Path(id): Path<EnquiryId>,
    mut form: Form,
) -> Result<Response, AppError> {
    let subject = access::open(&state, &ctx, id, Permission::WriteEnquiries).await?;
    let kind = form.value("kind").parse().ok().filter(|kind| !is_closing(*kind));
    let kind: MilestoneKind = kind.ok_or(AppError::Refused("Choose what happened, and send the form again."))?;
    let token = form.one_time_token()?;
    let ledger = read(&state, id).await?;
    if let Some(milestone) = forms::milestone(&mut form, kind, ctx.today, &ledger.facts(), &[]) {
        let said = format!("{}: {} is recorded", kind.label(), milestone.on.words());
        let change = match form.text("seen").filter(|_| kind.may_repeat()) {
            Some(seen) => Change::RecordOneMore { milestone, seen: Seen(seen) },
            None => Change::Record(Fact::Milestone(milestone)),
        };
        match save(&state, &ctx, id, token, vec![change]).await? {
            Ok(location) => return Ok(ctx.redirect(&location, &said)),
            Err(ActionError::Stale) => return one_more(&state, &ctx, &subject, kind, form).await,
            Err(refused) => {
                // The sentence tells of what came since.
                if matches!(refused, ActionError::RecordedAlready { .. }) {
                    form.set("seen", Seen::of_kind(&read(&state, id).await?, kind).0);
                }
                form.fail("on", refused.to_string());
            }
        }
    }
    record_page(&ctx, &subject, &ledger, kind, form)
}

/// Somebody else has recorded one while the form was open: whether this is another is asked, with what was typed.
async fn one_more(
    state: &AppState,
    ctx: &Ctx,
    subject: &Subject,
    kind: MilestoneKind,
    mut form: Form,
) -> Result<Response, AppError> {
    let ledger = read(state, subject.id).await?;
    let seen = Seen(form.value("seen").to_owned());
    let of_kind = ledger.milestones.iter().filter(|entry| entry.in_force() && entry.fact.kind == kind);
    let newest = of_kind.filter(|entry| !seen.has(entry.root)).max_by_key(|entry| entry.recorded.at);
    let sentence = match newest {
        Some(entry) => format!(
            "While you had this open, {} recorded “{}” on {}. Record another one?",
            queries::find_user_name(state.db.read(), entry.recorded.by).await?,
            kind.label(),
            entry.fact.on.long()
        ),
        None => format!("While you had this open, “{}” was withdrawn. Record this one?", kind.label()),
    };
    form.set("seen", Seen::of_kind(&ledger, kind).0);
    let conflict = Conflict { sentence, rows: Vec::new() };
    let page = recording(ctx, subject, &ledger, kind, form, "Record another one", Some(conflict));
    show(page.head.status(), &page)
}

fn is_closing(kind: MilestoneKind) -> bool {
    matches!(kind, MilestoneKind::Closed | MilestoneKind::Reopened)
}

fn record_page(
    ctx: &Ctx,
    subject: &Subject,
    ledger: &Ledger,
    kind: MilestoneKind,
    form: Form,
) -> Result<Response, AppError> {
    let page = recording(ctx, subject, ledger, kind, form, "Record it", None);
    show(page.head.status(), &page)
}

fn recording(
    ctx: &Ctx,
    subject: &Subject,
    ledger: &Ledger,
    kind: MilestoneKind,
    form: Form,
    button: &'static str,
    conflict: Option<Conflict>,
) -> RecordPage {
    let of_kind = || ledger.milestones.iter().filter(|entry| entry.in_force() && entry.fact.kind == kind);
    let already = of_kind().next().filter(|_| !kind.may_repeat()).map(|entry| (entry.id, entry.fact.on));
    let before = of_kind().filter(|_| kind.may_repeat()).map(|entry| entry.fact.on).collect();
    // What was shown first, until somebody has been asked about what came since.
    let seen = form.text("seen").unwrap_or_else(|| Seen::of_kind(ledger, kind).0);
    let head = FormPage::new(ctx, subject, form, kind.label(), "/milestones", button).with_conflict(conflict);
    RecordPage { page: head.page.clone(), head, kind, results: results(kind), already, before, seen }
}

/// The form and what it is about: the version in force, wherever the address of an older one leads.
pub async fn correction(
    State(state): State<AppState>,
    ctx: Ctx,
    Path((id, entry)): Path<(EnquiryId, EntryId)>,
) -> Result<Response, AppError> {
    let subject = access::open(&state, &ctx, id, Permission::WriteEnquiries).await?;
    let ledger = read(&state, id).await?;
    let Some(current) = in_force(&ledger.milestones, entry) else { return gone_on(&ctx, id, &ledger, entry) };
    let reasons = queries::list_close_reasons(&mut *state.db.read().acquire().await?).await?;
    correction_page(&ctx, &subject, &ledger, &reasons, current, forms::of(&current.fact), None)
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
    let reasons = queries::list_close_reasons(&mut *state.db.read().acquire().await?).await?;
    let opened = ledger.milestones.iter().find(|known| known.id == entry).ok_or(AppError::NotFound)?;
    let milestone = forms::milestone(&mut form, opened.fact.kind, ctx.today, &ledger.facts(), &reasons);
    let why = forms::why(&mut form);
    let (Some(milestone), Some(why)) = (milestone, why) else {
        return correction_page(&ctx, &subject, &ledger, &reasons, opened, form, None);
    };
    let milestone = milestone.instead_of(&opened.fact);
    let change = Change::Correct { place: Place::Milestone(entry), fact: Fact::Milestone(milestone.clone()), why };
    match save(&state, &ctx, id, token, vec![change]).await? {
        Ok(location) => Ok(ctx.redirect(&location, &format!("{} is corrected", milestone.kind.label()))),
        Err(ActionError::Stale) => stale(&state, &ctx, &subject, &reasons, entry, &milestone, form).await,
        Err(refused) => {
            form.fail("on", refused.to_string());
            correction_page(&ctx, &subject, &ledger, &reasons, opened, form, None)
        }
    }
}

/// Both versions, and the form with what was typed, now over the version that somebody else made.
async fn stale(
    state: &AppState,
    ctx: &Ctx,
    subject: &Subject,
    reasons: &[CloseReason],
    entry: EntryId,
    typed: &Milestone,
    mut form: Form,
) -> Result<Response, AppError> {
    let ledger = read(state, subject.id).await?;
    let (now, sentence) = who_was_first(state, &ledger.milestones, entry).await?;
    match now {
        Some(now) => {
            form.keep_what_was_typed(&forms::of(&now.fact));
            let merged = forms::milestone(&mut form, typed.kind, ctx.today, &ledger.facts(), reasons);
            let typed = merged.as_ref().unwrap_or(typed);
            let conflict = Conflict { sentence, rows: versions(&now.fact, typed, reasons) };
            correction_page(ctx, subject, &ledger, reasons, now, form, Some(conflict))
        }
        None if is_closing(typed.kind) => Err(AppError::Conflict(sentence)),
        None => withdrawn_meanwhile(ctx, subject, typed, form, sentence),
    }
}

/// It can only be recorded again, if it did happen.
fn withdrawn_meanwhile(
    ctx: &Ctx,
    subject: &Subject,
    typed: &Milestone,
    mut form: Form,
    sentence: String,
) -> Result<Response, AppError> {
    form.set("kind", typed.kind.code());
    let conflict = Conflict { sentence, rows: Vec::new() };
    let head = FormPage::new(ctx, subject, form, typed.kind.label(), "/milestones", "Record it again")
        .with_conflict(Some(conflict));
    let page = RecordPage {
        page: head.page.clone(),
        head,
        kind: typed.kind,
        results: results(typed.kind),
        already: None,
        before: Vec::new(),
        seen: String::new(),
    };
    show(page.head.status(), &page)
}

fn versions(now: &Milestone, yours: &Milestone, reasons: &[CloseReason]) -> Vec<Versions> {
    let result = |it: &Milestone| it.result.map_or("", MilestoneResult::label);
    let places = |it: &Milestone| it.places.map(|places| places.to_string()).unwrap_or_default();
    let label = |it: &Milestone| {
        let code = it.close_reason.as_ref();
        code.and_then(|code| reasons.iter().find(|reason| reason.code == *code)).map_or("", |reason| &reason.label)
    };
    let mut rows = vec![Versions::of("Date", now.on.long(), yours.on.long())];
    if !now.kind.results().is_empty() {
        rows.push(Versions::of("Result", result(now), result(yours)));
    }
    if now.kind == MilestoneKind::Approved {
        rows.push(Versions::of("Approved places", places(now), places(yours)));
    }
    if now.kind == MilestoneKind::Closed {
        rows.push(Versions::of("Reason", label(now), label(yours)));
    }
    rows
}

fn correction_page(
    ctx: &Ctx,
    subject: &Subject,
    ledger: &Ledger,
    reasons: &[CloseReason],
    of: &Entry<Milestone>,
    form: Form,
    conflict: Option<Conflict>,
) -> Result<Response, AppError> {
    let kind = of.fact.kind;
    let heading = format!("Correct {}", lower_first(kind.label()));
    let action = format!("/milestones/{}/corrections", of.id);
    let head = FormPage::new(ctx, subject, form, &heading, &action, "Save the correction").with_conflict(conflict);
    let reasons = if kind == MilestoneKind::Closed { reason_choices(&ledger.facts(), reasons) } else { Vec::new() };
    let page = CorrectionPage {
        page: head.page.clone(),
        head,
        kind,
        recorded: of.fact.on.long(),
        results: results(kind),
        reasons,
        entry: of.id,
    };
    show(page.head.status(), &page)
}

pub async fn withdrawal(
    State(state): State<AppState>,
    ctx: Ctx,
    Path((id, entry)): Path<(EnquiryId, EntryId)>,
) -> Result<Response, AppError> {
    let subject = access::open(&state, &ctx, id, Permission::WriteEnquiries).await?;
    ask_withdrawal(&state, &ctx, &subject, entry, Form::default()).await
}

async fn ask_withdrawal(
    state: &AppState,
    ctx: &Ctx,
    subject: &Subject,
    entry: EntryId,
    form: Form,
) -> Result<Response, AppError> {
    let ledger = read(state, subject.id).await?;
    let Some(current) = in_force(&ledger.milestones, entry) else { return gone_on(ctx, subject.id, &ledger, entry) };
    withdrawal_page(ctx, subject, current, form, None)
}

pub async fn withdraw(
    State(state): State<AppState>,
    ctx: Ctx,
    Path((id, entry)): Path<(EnquiryId, EntryId)>,
    mut form: Form,
) -> Result<Response, AppError> {
    let subject = access::open(&state, &ctx, id, Permission::WriteEnquiries).await?;
    // From the form of a correction: the reason that was typed there stands in this one.
    if form.is_chosen("do", "show") {
        let typed = Form::of([("why", form.value("why"))]);
        return ask_withdrawal(&state, &ctx, &subject, entry, typed).await;
    }
    let token = form.one_time_token()?;
    let ledger = read(&state, id).await?;
    let opened = ledger.milestones.iter().find(|known| known.id == entry).ok_or(AppError::NotFound)?;
    let Some(why) = forms::why(&mut form) else { return withdrawal_page(&ctx, &subject, opened, form, None) };
    match save(&state, &ctx, id, token, vec![Change::Withdraw { place: Place::Milestone(entry), why }]).await? {
        Ok(location) => Ok(ctx.redirect(&location, &format!("{} is withdrawn", opened.fact.kind.label()))),
        Err(ActionError::Stale) => {
            let ledger = read(&state, id).await?;
            let (now, sentence) = who_was_first(&state, &ledger.milestones, entry).await?;
            let Some(now) = now else { return Ok(ctx.redirect(&format!("/enquiries/{id}"), &sentence)) };
            let rows = vec![Versions::of("Date", now.fact.on.long(), "Withdraw it")];
            withdrawal_page(&ctx, &subject, now, form, Some(Conflict { sentence, rows }))
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
    of: &Entry<Milestone>,
    form: Form,
    conflict: Option<Conflict>,
) -> Result<Response, AppError> {
    let heading = format!("Withdraw {}", lower_first(of.fact.kind.label()));
    let action = format!("/milestones/{}/withdrawals", of.id);
    let head = FormPage::new(ctx, subject, form, &heading, &action, "Withdraw it").with_conflict(conflict);
    let what = format!("{} on {}", of.fact.kind.label(), of.fact.on.long());
    show(head.status(), &WithdrawalPage { page: head.page.clone(), head, what })
}

fn gone_on(ctx: &Ctx, id: EnquiryId, ledger: &Ledger, entry: EntryId) -> Result<Response, AppError> {
    let to = |entry| format!("/enquiries/{id}/milestones/{entry}/corrections");
    moved_on(ctx, id, &ledger.milestones, entry, to, "That date has been withdrawn")
}
