use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use super::views::{ClockPage, TablePage};
use crate::domain::ids::TimeLimitId;
use crate::domain::time_limit::{Clock, Rules, TimeLimit, Unit};
use crate::features::access::{Conflict, Versions};
use crate::features::time_limits::{self, LimitChange, RuleError};
use crate::web::error::Result;
use crate::web::page::invalid;
use crate::web::{AppError, AppState, Ctx, Form, Path, finish};

pub async fn index(State(state): State<AppState>, ctx: Ctx) -> Result<TablePage> {
    let mut connection = state.db.read().acquire().await?;
    let rules = time_limits::rules(&mut connection).await?;
    let rebuild = time_limits::find_rebuild(&mut connection).await?;
    Ok(TablePage::new(&ctx, &rules, rebuild))
}

pub async fn show(State(state): State<AppState>, ctx: Ctx, Path(code): Path<String>) -> Result<ClockPage> {
    let clock: Clock = code.parse().map_err(|_| AppError::NotFound)?;
    page(&state, &ctx, clock, None, None).await
}

/// With what was typed, or, where nothing was, with what holds now.
async fn page(
    state: &AppState,
    ctx: &Ctx,
    clock: Clock,
    form: Option<Form>,
    conflict: Option<Conflict>,
) -> Result<ClockPage> {
    let mut connection = state.db.read().acquire().await?;
    let rules = time_limits::rules(&mut connection).await?;
    let history = time_limits::list_limit_rows(&mut *connection).await?;
    let now = rules.in_force(clock, ctx.today).ok_or(AppError::NotFound)?;
    let form = form.unwrap_or_else(|| form_of(now));
    Ok(ClockPage::new(ctx, clock, now, form, history, conflict))
}

pub async fn change(
    State(state): State<AppState>,
    ctx: Ctx,
    Path(code): Path<String>,
    mut form: Form,
) -> Result<Response> {
    let clock: Clock = code.parse().map_err(|_| AppError::NotFound)?;
    let rules = time_limits::rules(&mut *state.db.read().acquire().await?).await?;
    let Some(change) = parse(&mut form, clock, &rules, &ctx) else {
        return invalid(page(&state, &ctx, clock, Some(form), None).await?);
    };
    let before = rules.in_force(clock, change.new.from);
    if let Some(question) = before.and_then(|before| question(before, &change.new))
        && !form.is_chosen("sure", "yes")
    {
        form.fail("sure", question);
        return invalid(page(&state, &ctx, clock, Some(form), None).await?);
    }
    finish(async move {
        let mut write = state.db.write().await?;
        match time_limits::change_limit(&mut write, &ctx.actor(), &change).await {
            Ok(()) => {
                write.commit().await?;
                let from = change.new.from.words();
                Ok(ctx.redirect("/settings/time-limits", &format!("{}: changed from {from}.", clock.label())))
            }
            Err(RuleError::Database(error)) => Err(error.into()),
            Err(RuleError::Stale) => {
                write.rollback().await?;
                let conflict = over(&state, &ctx, clock, &mut form, change.new).await?;
                let page = page(&state, &ctx, clock, Some(form), Some(conflict)).await?;
                Ok((StatusCode::CONFLICT, page).into_response())
            }
            Err(refused) => {
                write.rollback().await?;
                form.fail("amount", refused.to_string());
                invalid(page(&state, &ctx, clock, Some(form), None).await?)
            }
        }
    })
    .await
}

/// What is asked of whoever takes a limit away, or takes from it that it is statutory: what is no longer shown and counted.
fn question(before: &TimeLimit, new: &TimeLimit) -> Option<String> {
    let statutory = if before.statutory { format!("It is statutory ({}). ", before.source) } else { String::new() };
    let from = new.from.words();
    match (before.in_use && !new.in_use, before.statutory && !new.statutory) {
        (true, _) => Some(format!(
            "{statutory}For steps that begin on {from} or later it would be shown nowhere: not on the record, in the \
             list, on the board or on Today, however late they are. The report of time limits would not count them. \
             Steps that began before keep theirs. Tick the box below if that is right"
        )),
        (false, true) => Some(format!(
            "{statutory}For steps that begin on {from} or later a pause would put it forward, and nothing would say \
             that it is statutory. Tick the box below if that is right"
        )),
        (false, false) => None,
    }
}

/// The form as it is over what somebody else has made of the limit, and both beside each other.
async fn over(state: &AppState, ctx: &Ctx, clock: Clock, form: &mut Form, typed: TimeLimit) -> Result<Conflict> {
    let rules = time_limits::rules(&mut *state.db.read().acquire().await?).await?;
    let now = rules.in_force(clock, ctx.today).ok_or(AppError::NotFound)?;
    form.keep_what_was_typed(&form_of(now));
    let typed = parse(form, clock, &rules, ctx).map_or(typed, |merged| merged.new);
    let yes = |is: bool| if is { "Yes" } else { "No" };
    let rows = vec![
        Versions::of("Limit", now.words(), typed.words()),
        Versions::of("Where it comes from", &now.source, &typed.source),
        Versions::of("Statutory", yes(now.statutory), yes(typed.statutory)),
        Versions::of("In use", yes(now.in_use), yes(typed.in_use)),
    ];
    Ok(Conflict { sentence: format!("{}.", RuleError::Stale), rows })
}

fn form_of(limit: &TimeLimit) -> Form {
    let yes = |is: bool| if is { "yes" } else { "" }.to_owned();
    Form::of([
        ("from", String::new()),
        ("amount", limit.amount.to_string()),
        ("second", limit.second.map(|second| second.to_string()).unwrap_or_default()),
        ("unit", limit.unit.code().to_owned()),
        ("source", limit.source.clone()),
        ("statutory", yes(limit.statutory)),
        ("in_use", yes(limit.in_use)),
        ("seen", limit.id.to_string()),
    ])
    .opened()
}

fn parse(form: &mut Form, clock: Clock, rules: &Rules, ctx: &Ctx) -> Option<LimitChange> {
    const FIGURE: &str = "Enter a whole number from 1 to 1,000";
    const LONGEST: usize = 200;
    let from = form.required_day("from", ctx.today, "Enter the day from which it holds");
    if from.is_some_and(|from| from < ctx.today) && !form.is_chosen("held_already", "yes") {
        form.fail("from", "That day is past. A change holds from today or a later day, unless you tick the box below");
    }
    let amount = form.required_choice::<i64>("amount", FIGURE);
    let second = clock.second_figure().and_then(|_| form.required_choice::<i64>("second", FIGURE));
    for (field, figure) in [("amount", amount), ("second", second)] {
        if figure.is_some_and(|figure| !(1..=1000).contains(&figure)) {
            form.fail(field, FIGURE);
        }
    }
    let unit = form.required_choice::<Unit>("unit", "Choose what it is counted in");
    if clock.is_before() && unit.is_some_and(|unit| !unit.counts_working_days()) {
        form.fail("unit", "This one is counted in working days before the meeting");
    }
    let source = form.required("source", "Enter where it comes from, such as “Local standard”");
    if source.as_ref().is_some_and(|source| source.chars().count() > LONGEST) {
        form.fail("source", "Use at most 200 characters");
    }
    let (statutory, in_use) = (form.is_chosen("statutory", "yes"), form.is_chosen("in_use", "yes"));
    let seen: Option<TimeLimitId> = form.value("seen").parse().ok().map(TimeLimitId);
    if !form.is_valid() {
        return None;
    }
    let from = from?;
    // What was seen is what holds today; on a later day something else may hold that the page has shown as well.
    let today = rules.in_force(clock, ctx.today).map(|limit| limit.id);
    let on_that_day = rules.in_force(clock, from).map(|limit| limit.id);
    let seen = if seen == today { on_that_day } else { seen };
    let id = TimeLimitId(0);
    let new = TimeLimit { id, clock, from, amount: amount?, second, unit: unit?, statutory, in_use, source: source? };
    Some(LimitChange { new, seen })
}
