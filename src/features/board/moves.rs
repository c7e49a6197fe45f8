//! Moving a card: the small form that asks for the day, and what is recorded. On a page of its own without scripts, in
//! the card with them.

use askama::Template;
use axum::extract::{Query, State};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use serde::Deserialize;

use super::filters::Filters;
use super::forms;
use super::handlers::board;
use super::views::Moved;
use super::views_move::{MovePage, Subject};
use crate::domain::board::{self, Move, NoMove};
use crate::domain::day::Day;
use crate::domain::ids::EnquiryId;
use crate::domain::ledger::{Entry, Facts, Ledger, Milestone};
use crate::domain::milestone::MilestoneKind;
use crate::domain::role::Permission;
use crate::domain::stage::Stage;
use crate::domain::text::lower_first;
use crate::features::access::{self, Conflict, Versions};
use crate::features::pipeline::{self, ActionError, Change, Seen};
use crate::web::{AppError, AppState, Ctx, Form, HX_RESWAP, HX_RETARGET, Path, one_time};

#[derive(Deserialize)]
pub struct Asked {
    from: Stage,
    to: Stage,
    /// The board's own filters, to go back to.
    #[serde(default)]
    board: String,
}

pub async fn new(
    State(state): State<AppState>,
    ctx: Ctx,
    Path(id): Path<EnquiryId>,
    Query(asked): Query<Asked>,
) -> Result<Response, AppError> {
    let subject = access::open(&state, &ctx, id, Permission::WriteEnquiries).await?;
    let ledger = ledger(&state, id).await?;
    let (from, to) = (asked.from, asked.to);
    let hidden = [("from", from.code()), ("to", to.code()), ("board", asked.board.as_str())];
    let form = forms::empty(ctx.today, &hidden, &Seen::of_stage(&ledger));
    let about = Subject { of: &subject, from, to };
    match board::step(&ledger.facts(), from, to) {
        Ok(step) => show(&state, &ctx, MovePage::new(&ctx, about, form, Some(&step))).await,
        Err(refused) => show(&state, &ctx, MovePage::new(&ctx, about, form, None).refused(refused, None)).await,
    }
}

pub async fn create(
    State(state): State<AppState>,
    ctx: Ctx,
    Path(id): Path<EnquiryId>,
    mut form: Form,
) -> Result<Response, AppError> {
    const INCOMPLETE: AppError = AppError::Refused("Choose where the card goes, and send the form again.");
    let subject = access::open(&state, &ctx, id, Permission::WriteEnquiries).await?;
    let (token, seen) = (form.one_time_token()?, Seen(form.value("seen").to_owned()));
    let from: Stage = form.value("from").parse().map_err(|_| INCOMPLETE)?;
    let to: Stage = form.value("to").parse().map_err(|_| INCOMPLETE)?;
    let about = Subject { of: &subject, from, to };
    let read = async |state: &AppState| Ok::<_, AppError>(state.db.read().acquire().await?);
    // Sent twice: the answer is that of the first sending. It is asked after the ledger is read, so that what the first
    // sending recorded is never taken for somebody else's.
    let known = ledger(&state, id).await?;
    if one_time::spent(&mut *read(&state).await?, &token, ctx.user.id).await?.is_some() {
        return moved(&state, &ctx, &form, about).await;
    }
    let step = match board::step(&known.facts(), from, to) {
        Ok(step) => step,
        Err(refused) => {
            let conflict = overtaken(&state, &known, &seen, about, &mut form, &ctx).await?;
            return show(&state, &ctx, MovePage::new(&ctx, about, form, None).refused(refused, conflict)).await;
        }
    };
    let Some(milestones) = forms::milestones(&mut form, &step, ctx.today) else {
        return show(&state, &ctx, MovePage::new(&ctx, about, form, Some(&step))).await;
    };
    match pipeline::save(&state, &ctx, id, token, vec![Change::Move { milestones, seen: seen.clone() }]).await? {
        Ok(_) => moved(&state, &ctx, &form, about).await,
        Err(ActionError::Stale) => stale(&state, &ctx, about, form, &seen).await,
        Err(refused) => {
            form.fail("on", refused.to_string());
            show(&state, &ctx, MovePage::new(&ctx, about, form, Some(&step))).await
        }
    }
}

/// Somebody else was first: both versions, and the form over what there is now, if the move is still to be made.
async fn stale(
    state: &AppState,
    ctx: &Ctx,
    about: Subject<'_>,
    mut form: Form,
    seen: &Seen,
) -> Result<Response, AppError> {
    let ledger = ledger(state, about.of.id).await?;
    let step: Result<Move, NoMove> = board::step(&ledger.facts(), about.from, about.to);
    let conflict = overtaken(state, &ledger, seen, about, &mut form, ctx).await?;
    form.set("seen", Seen::of_stage(&ledger).0);
    match step {
        Ok(step) => show(state, ctx, MovePage::new(ctx, about, form, Some(&step)).in_conflict(conflict)).await,
        Err(refused) => show(state, ctx, MovePage::new(ctx, about, form, None).refused(refused, conflict)).await,
    }
}

/// What somebody else did since the card was seen, and both versions; None where nothing has changed since.
async fn overtaken(
    state: &AppState,
    ledger: &Ledger,
    seen: &Seen,
    about: Subject<'_>,
    form: &mut Form,
    ctx: &Ctx,
) -> Result<Option<Conflict>, AppError> {
    if Seen::of_stage(ledger) == *seen {
        return Ok(None);
    }
    let before: Vec<&str> = seen.0.split('-').collect();
    let was_seen = |entry: &Entry<Milestone>| before.contains(&entry.id.to_string().as_str());
    let newest = ledger.milestones.iter().rfind(|entry| entry.in_force() && !was_seen(entry));
    let gone = ledger.milestones.iter().rfind(|entry| !entry.in_force() && was_seen(entry));
    let (by, at, did) = match (newest, gone.and_then(|gone| gone.superseded.as_ref().map(|end| (gone, end)))) {
        (Some(new), _) => (new.recorded.by, new.recorded.at, recorded(&new.fact)),
        (None, Some((gone, end))) => {
            let what = lower_first(gone.fact.kind.label());
            (end.by, end.at, format!("withdrew {what} of {}: “{}”", gone.fact.on.words(), end.why))
        }
        (None, None) => return Ok(None),
    };
    let name = pipeline::find_user_name(state.db.read(), by).await?;
    let yours = form.day("on", ctx.today).map_or_else(|| form.value("on").to_owned(), |on| on.long());
    let (now, since) = stands(&ledger.facts());
    let rows = vec![
        Versions::of("Stage", now, about.to.label()),
        Versions::of("Since", since.map(|since| since.long()).unwrap_or_default(), yours),
    ];
    Ok(Some(Conflict { sentence: format!("{name} {did} ({})", at.london_text()), rows }))
}

/// What somebody did, after their name.
fn recorded(milestone: &Milestone) -> String {
    let on = milestone.on.words();
    match milestone.kind {
        MilestoneKind::Closed => format!("closed the enquiry on {on}"),
        MilestoneKind::Reopened => format!("reopened the enquiry on {on}"),
        kind => format!("recorded {}, on {on}", lower_first(kind.label())),
    }
}

/// Where it stands, and since when.
fn stands(facts: &Facts) -> (&'static str, Option<Day>) {
    match facts.closure() {
        Some(closure) => (MilestoneKind::Closed.label(), Some(closure.on)),
        None => (Stage::of(facts).label(), board::since(facts, Stage::of(facts))),
    }
}

/// The board as it stands now, which says what was done.
async fn moved(state: &AppState, ctx: &Ctx, form: &Form, about: Subject<'_>) -> Result<Response, AppError> {
    let filters = Filters::read(form.value("board"));
    let said = format!("{} moved to {}", about.of.name, about.to.label());
    if !ctx.htmx {
        return Ok(ctx.redirect(&filters.href(), &said));
    }
    let moved = Moved { id: about.of.id, to: about.to, said };
    let page = board(state, ctx, filters, Some(moved)).await?;
    Ok(Html(page.as_columns().render()?).into_response())
}

/// In its card for htmx, in place of the board, to which the form was sent: or the board as it stands now, where that is
/// what refused it.
async fn show(state: &AppState, ctx: &Ctx, page: MovePage) -> Result<Response, AppError> {
    let status = page.status();
    if !ctx.htmx {
        return access::show(status, &page);
    }
    let (place, html) = match page.overtaken() {
        Ok(refusal) => {
            let board = board(state, ctx, refusal.board.clone(), None).await?.with_refusal(refusal);
            ("#board".to_owned(), board.as_columns().render()?)
        }
        Err(page) => (format!("#{}", page.slot), page.as_card().render()?),
    };
    let mut response = (status, Html(html)).into_response();
    if status != StatusCode::OK {
        response.headers_mut().insert(HX_RETARGET, place.parse()?);
        response.headers_mut().insert(HX_RESWAP, HeaderValue::from_static("innerHTML"));
    }
    Ok(response)
}

async fn ledger(state: &AppState, id: EnquiryId) -> Result<Ledger, AppError> {
    Ok(pipeline::load(&mut *state.db.read().acquire().await?, id).await?)
}
