use axum::extract::State;
use axum::response::Response;

use super::views::EndingPage;
use super::{Said, Span};
use crate::domain::day::Day;
use crate::domain::ids::{EnquiryId, EntryId};
use crate::domain::ledger::{Entry, Ledger};
use crate::domain::order::Dated;
use crate::domain::role::Permission;
use crate::features::access::{self, Conflict, FormPage, Subject, in_force, show, understood};
use crate::features::pipeline::action_error::ActionError;
use crate::features::pipeline::overtaken::{moved_on, who_was_first};
use crate::features::pipeline::read;
use crate::features::pipeline::save::{Change, save};
use crate::features::pipeline::views::WithdrawalPage;
use crate::web::{AppError, AppState, Ctx, Form, Path};

type Answer = Result<Response, AppError>;
type Ids = Path<(EnquiryId, EntryId)>;

pub async fn new<S: Span>(State(state): State<AppState>, ctx: Ctx, Path(id): Path<EnquiryId>) -> Answer {
    let subject = access::open(&state, &ctx, id, Permission::WriteEnquiries).await?;
    let form = understood(Form::of([("from", ctx.today.short())]), &["from"], ctx.today);
    new_page::<S>(&ctx, &subject, form)
}

pub async fn create<S: Span>(
    State(state): State<AppState>,
    ctx: Ctx,
    Path(id): Path<EnquiryId>,
    mut form: Form,
) -> Answer {
    let subject = access::open(&state, &ctx, id, Permission::WriteEnquiries).await?;
    let token = form.one_time_token()?;
    let span = S::parse(&mut form, ctx.today);
    let closed = read(&state, id).await?.facts().closure().map(|closure| closure.on);
    // What held before it ended may still be put down.
    if let (Some(closed), Some(span)) = (closed, &span)
        && span.from() >= closed
    {
        form.fail("from", format!("This enquiry ended on {}. Reopen it first", closed.words()));
    }
    if let Some(span) = span.filter(|_| form.is_valid()) {
        match save(&state, &ctx, id, token, vec![Change::Record(span.fact())]).await? {
            Ok(location) => return Ok(ctx.redirect(&location, S::WORDS.beginning.done)),
            Err(refused) => refuse(&mut form, &refused, "from"),
        }
    }
    new_page::<S>(&ctx, &subject, form)
}

fn new_page<S: Span>(ctx: &Ctx, subject: &Subject, form: Form) -> Answer {
    let Said { heading, button, .. } = S::WORDS.beginning;
    S::page(FormPage::new(ctx, subject, form, heading, &format!("/{}", S::WORDS.path), button), None)
}

pub async fn ending<S: Span>(State(state): State<AppState>, ctx: Ctx, Path(ids): Ids) -> Answer {
    ask::<S>(&state, &ctx, ids, Step::Ending).await
}

pub async fn end<S: Span>(State(state): State<AppState>, ctx: Ctx, Path(ids): Ids, form: Form) -> Answer {
    take::<S>(&state, &ctx, ids, Step::Ending, form).await
}

pub async fn correction<S: Span>(State(state): State<AppState>, ctx: Ctx, Path(ids): Ids) -> Answer {
    ask::<S>(&state, &ctx, ids, Step::Correction).await
}

pub async fn correct<S: Span>(State(state): State<AppState>, ctx: Ctx, Path(ids): Ids, form: Form) -> Answer {
    take::<S>(&state, &ctx, ids, Step::Correction, form).await
}

pub async fn withdrawal<S: Span>(State(state): State<AppState>, ctx: Ctx, Path(ids): Ids) -> Answer {
    ask::<S>(&state, &ctx, ids, Step::Withdrawal).await
}

pub async fn withdraw<S: Span>(State(state): State<AppState>, ctx: Ctx, Path(ids): Ids, form: Form) -> Answer {
    // From the form of a correction: the reason that was typed there stands in this one.
    if form.is_chosen("do", "show") {
        let typed = Form::of([("why", form.value("why"))]);
        return ask_with::<S>(&state, &ctx, ids, Step::Withdrawal, Some(typed)).await;
    }
    take::<S>(&state, &ctx, ids, Step::Withdrawal, form).await
}

/// What may be done to one that is there.
#[derive(Clone, Copy)]
enum Step {
    Ending,
    Correction,
    Withdrawal,
}

impl Step {
    fn path(self) -> &'static str {
        match self {
            Step::Ending => "endings",
            Step::Correction => "corrections",
            Step::Withdrawal => "withdrawals",
        }
    }

    fn said<S: Span>(self) -> Said {
        match self {
            Step::Ending => S::WORDS.ending,
            Step::Correction => S::WORDS.correction,
            Step::Withdrawal => S::WORDS.withdrawal,
        }
    }

    /// The field beside which a refusal stands.
    fn field(self) -> &'static str {
        match self {
            Step::Ending => "to",
            Step::Correction => "from",
            Step::Withdrawal => "why",
        }
    }

    fn form<S: Span>(self, span: &S, today: Day) -> Form {
        match self {
            Step::Ending => Form::of([("to", today.short())]),
            Step::Correction => span.form(),
            Step::Withdrawal => Form::default(),
        }
    }

    /// How it would be afterwards, and why; no span where it is withdrawn. None where the form is wrong.
    fn parse<S: Span>(self, opened: &S, form: &mut Form, today: Day) -> Option<(Option<S>, String)> {
        let why = |form: &mut Form| form.required("why", "Say why, in a few words: it is shown in the history");
        match self {
            Step::Ending => {
                let to = form.required_day("to", today, "Enter the first day on which they go on")?;
                Some((Some(opened.ended(to)), S::WORDS.why_ended.to_owned()))
            }
            Step::Correction => {
                let (span, why) = (S::parse(form, today), why(form));
                Some((Some(span?), why?))
            }
            Step::Withdrawal => Some((None, why(form)?)),
        }
    }
}

async fn ask<S: Span>(state: &AppState, ctx: &Ctx, ids: (EnquiryId, EntryId), step: Step) -> Answer {
    ask_with::<S>(state, ctx, ids, step, None).await
}

async fn ask_with<S: Span>(
    state: &AppState,
    ctx: &Ctx,
    (id, entry): (EnquiryId, EntryId),
    step: Step,
    typed: Option<Form>,
) -> Answer {
    let subject = access::open(state, ctx, id, Permission::WriteEnquiries).await?;
    let ledger = read(state, id).await?;
    match in_force(S::entries(&ledger), entry) {
        Some(current) => {
            let form = typed.unwrap_or_else(|| step.form(&current.fact, ctx.today));
            page(ctx, &subject, step, current, form, None)
        }
        None => gone_on::<S>(ctx, id, &ledger, entry, step),
    }
}

async fn take<S: Span>(
    state: &AppState,
    ctx: &Ctx,
    (id, entry): (EnquiryId, EntryId),
    step: Step,
    mut form: Form,
) -> Answer {
    let subject = access::open(state, ctx, id, Permission::WriteEnquiries).await?;
    let token = form.one_time_token()?;
    let ledger = read(state, id).await?;
    let opened = S::entries(&ledger).iter().find(|known| known.id == entry).ok_or(AppError::NotFound)?;
    let Some((span, why)) = step.parse(&opened.fact, &mut form, ctx.today) else {
        return page(ctx, &subject, step, opened, form, None);
    };
    let change = match span {
        Some(span) => Change::Correct { place: S::place(entry), fact: span.fact(), why },
        None => Change::Withdraw { place: S::place(entry), why },
    };
    match save(state, ctx, id, token, vec![change]).await? {
        Ok(location) => Ok(ctx.redirect(&location, step.said::<S>().done)),
        Err(ActionError::Stale) => stale::<S>(state, ctx, &subject, step, entry, form).await,
        Err(refused) => {
            refuse(&mut form, &refused, step.field());
            page(ctx, &subject, step, opened, form, None)
        }
    }
}

/// Each refusal beside the field that it is about, where the page has that field.
fn refuse(form: &mut Form, refused: &ActionError, otherwise: &str) {
    let ActionError::Refused(refusals) = refused else { return form.fail(otherwise, refused.to_string()) };
    for refusal in refusals {
        let field = match refusal.what {
            Dated::PausedFrom | Dated::InTouchFrom => "from",
            Dated::PausedTo | Dated::InTouchTo => "to",
            Dated::ContactAgain => "contact_again_on",
            Dated::Milestone(_) => otherwise,
        };
        let is_there = form.names().any(|name| name == field);
        form.fail(if is_there { field } else { otherwise }, refusal.to_string());
    }
}

/// Both versions, and the form with what was typed; back to the record where nothing is left to change.
async fn stale<S: Span>(
    state: &AppState,
    ctx: &Ctx,
    subject: &Subject,
    step: Step,
    entry: EntryId,
    mut form: Form,
) -> Answer {
    let ledger = read(state, subject.id).await?;
    let (now, sentence) = who_was_first(state, S::entries(&ledger), entry).await?;
    let Some(now) = now else { return gone_on::<S>(ctx, subject.id, &ledger, entry, step) };
    form.keep_what_was_typed(&step.form(&now.fact, ctx.today));
    let typed = step.parse(&now.fact, &mut form, ctx.today).and_then(|(span, _)| span);
    let rows = typed.map_or_else(Vec::new, |typed| now.fact.beside(&typed));
    page(ctx, subject, step, now, form, Some(Conflict { sentence, rows }))
}

fn gone_on<S: Span>(ctx: &Ctx, id: EnquiryId, ledger: &Ledger, entry: EntryId, step: Step) -> Answer {
    let to = |entry| format!("/enquiries/{id}/{}/{entry}/{}", S::WORDS.path, step.path());
    moved_on(ctx, id, S::entries(ledger), entry, to, S::WORDS.gone)
}

fn page<S: Span>(
    ctx: &Ctx,
    subject: &Subject,
    step: Step,
    of: &Entry<S>,
    form: Form,
    conflict: Option<Conflict>,
) -> Answer {
    let Said { heading, button, .. } = step.said::<S>();
    let below = format!("/{}/{}", S::WORDS.path, of.id);
    let action = format!("{below}/{}", step.path());
    let head = FormPage::new(ctx, subject, form, heading, &action, button).with_conflict(conflict);
    match step {
        Step::Ending => show(
            head.status(),
            &EndingPage {
                page: head.page.clone(),
                since: format!("{} {}", S::WORDS.since, of.fact.in_words()),
                hint: S::WORDS.ending_hint,
                correction: format!("/enquiries/{}{below}/corrections", subject.id),
                instead: S::WORDS.instead,
                head,
            },
        ),
        Step::Correction => S::page(head, Some(of)),
        Step::Withdrawal => {
            let what = format!("{} {}", S::WORDS.name, of.fact.in_words());
            show(head.status(), &WithdrawalPage { page: head.page.clone(), head, what })
        }
    }
}
