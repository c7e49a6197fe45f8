//! The administrator's table of rules: shown, added to, changed, switched on and off, with its history.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde_json::json;

use super::queries_rules::{self, RuleRow};
use crate::domain::audit::{Action, Event};
use crate::domain::ids::TaskRuleId;
use crate::domain::milestone::MilestoneKind;
use crate::domain::role::Role;
use crate::domain::task::Whose;
use crate::domain::task_rule::{RuleUnit, TaskRule};
use crate::domain::text::lower_first;
use crate::features::access::{Conflict, Versions, show};
use crate::features::audit;
use crate::web::form::Choice;
use crate::web::one_time::OrFailure;
use crate::web::{AppError, AppState, Ctx, Form, Page, Path, one_time};

const LIST: &str = "/settings/task-rules";
/// In characters.
const LONGEST: usize = 300;

#[derive(Template)]
#[template(path = "tasks/rules.html")]
struct RulesPage {
    page: Page,
    rules: Vec<RuleRow>,
}

#[derive(Template)]
#[template(path = "tasks/rule.html")]
struct RulePage {
    page: Page,
    form: Form,
    token: String,
    action: String,
    milestones: Vec<Choice>,
    units: Vec<Choice>,
    roles: Vec<Choice>,
    /// The latest first; none of a new rule.
    versions: Vec<RuleRow>,
    conflict: Option<Conflict>,
}

/// Why a rule is not saved.
#[derive(Debug, thiserror::Error)]
enum RuleError {
    #[error("Somebody else was first")]
    Stale,
    /// Another one makes the same task: a sentence that names it.
    #[error("{0}")]
    Same(String),
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

impl OrFailure for RuleError {
    fn or_failure(self) -> Result<RuleError, sqlx::Error> {
        match self {
            RuleError::Database(error) => Err(error),
            refused => Ok(refused),
        }
    }
}

fn there_already(rule: &TaskRule) -> String {
    let then = if rule.active { "Change that one instead" } else { "It is off: put that one in use instead" };
    let (after, how) = (rule.milestone.label(), lower_first(&in_words(rule)));
    format!("There is this rule already: after “{after}”, “{}”, {how}. {then}", rule.what)
}

impl RuleRow {
    /// "Within 2 working days, by the enquiry’s officer".
    pub fn in_words(&self) -> String {
        in_words(&self.rule)
    }
}

fn in_words(rule: &TaskRule) -> String {
    let unit = lower_first(rule.unit.label());
    let unit = if rule.days == 1 { unit.trim_end_matches('s').to_owned() } else { unit };
    let who =
        rule.role.map_or("the enquiry’s officer".to_owned(), |role| format!("any {}", lower_first(role.label())));
    format!("Within {} {unit}, by {who}", rule.days)
}

pub async fn index(State(state): State<AppState>, ctx: Ctx) -> Result<Response, AppError> {
    let mut rules = queries_rules::list_rules(state.db.read()).await?;
    rules.retain(|row| row.in_force);
    rules.sort_by_key(|row| (row.rule.milestone, row.root));
    show(StatusCode::OK, &RulesPage { page: Page::new(&ctx, "Rules for tasks"), rules })
}

pub async fn new(State(state): State<AppState>, ctx: Ctx) -> Result<Response, AppError> {
    let form = Form::of([("days", "2"), ("unit", RuleUnit::WorkingDays.code()), ("active", "yes")]);
    page(&state, &ctx, None, form, None).await
}

pub async fn edit(State(state): State<AppState>, ctx: Ctx, Path(id): Path<TaskRuleId>) -> Result<Response, AppError> {
    let now = current(&state, id).await?;
    page(&state, &ctx, Some(&now), form_of(&now.rule), None).await
}

fn form_of(rule: &TaskRule) -> Form {
    Form::of([
        ("milestone", rule.milestone.code().to_owned()),
        ("what", rule.what.clone()),
        ("days", rule.days.to_string()),
        ("unit", rule.unit.code().to_owned()),
        ("role", rule.role.map_or("", Role::code).to_owned()),
        ("active", if rule.active { "yes" } else { "" }.to_owned()),
    ])
    .opened()
}

pub async fn create(State(state): State<AppState>, ctx: Ctx, mut form: Form) -> Result<Response, AppError> {
    let Some(rule) = parse(&mut form) else { return page(&state, &ctx, None, form, None).await };
    let token = form.one_time_token()?;
    match save(&state, &ctx, token, None, rule).await? {
        Ok(location) => Ok(ctx.redirect(&location, "The rule is added")),
        Err(refused) => {
            form.fail("what", refused.to_string());
            page(&state, &ctx, None, form, None).await
        }
    }
}

pub async fn change(
    State(state): State<AppState>,
    ctx: Ctx,
    Path(id): Path<TaskRuleId>,
    mut form: Form,
) -> Result<Response, AppError> {
    let now = current(&state, id).await?;
    let Some(rule) = parse(&mut form) else { return page(&state, &ctx, Some(&now), form, None).await };
    let token = form.one_time_token()?;
    match save(&state, &ctx, token, Some((id, now.clone())), rule.clone()).await? {
        Ok(location) => return Ok(ctx.redirect(&location, "The rule is changed")),
        Err(refused @ RuleError::Same(_)) => {
            form.fail("what", refused.to_string());
            return page(&state, &ctx, Some(&now), form, None).await;
        }
        Err(RuleError::Stale | RuleError::Database(_)) => {}
    }
    let now = current(&state, id).await?;
    form.keep_what_was_typed(&form_of(&now.rule));
    let rule = parse(&mut form).unwrap_or(rule);
    let sentence = format!("{} changed this rule on {}.", now.by, now.recorded_at.london_text());
    let rows = vec![
        Versions::of("Milestone", now.rule.milestone.label(), rule.milestone.label()),
        Versions::of("Task", now.rule.what.clone(), rule.what.clone()),
        Versions::of("By when and whom", in_words(&now.rule), in_words(&rule)),
        Versions::of("In use", on_or_off(&now.rule), on_or_off(&rule)),
    ];
    page(&state, &ctx, Some(&now), form, Some(Conflict { sentence, rows })).await
}

fn on_or_off(rule: &TaskRule) -> &'static str {
    if rule.active { "On" } else { "Off" }
}

/// Where to go on, or why it is not saved.
async fn save(
    state: &AppState,
    ctx: &Ctx,
    token: String,
    over: Option<(TaskRuleId, RuleRow)>,
    rule: TaskRule,
) -> Result<Result<String, RuleError>, AppError> {
    one_time::save(state, ctx.actor(), token, LIST.to_owned(), move |write, actor| {
        Box::pin(async move {
            if let Some((seen, _)) = &over
                && !queries_rules::supersede_rule(write, actor, *seen).await?
            {
                return Err(RuleError::Stale);
            }
            let root = over.as_ref().map(|(_, row)| row.root);
            let rules = queries_rules::list_rules(&mut *write).await?;
            let mut others = rules.into_iter().filter(|row| row.in_force && Some(row.root) != root);
            if let Some(there) = others.find(|row| row.rule.is_same_as(&rule)) {
                return Err(RuleError::Same(there_already(&there.rule)));
            }
            queries_rules::insert_rule(write, actor, root, &rule).await?;
            let before = over.map(|(_, row)| detail(&row.rule));
            let event = Event::new(Action::TaskRuleChanged).with(json!({ "before": before, "after": detail(&rule) }));
            Ok(audit::record(write, actor, &event).await?)
        })
    })
    .await
}

fn detail(rule: &TaskRule) -> serde_json::Value {
    json!({ "milestone": rule.milestone, "task": rule.what, "days": rule.days, "unit": rule.unit, "role": rule.role,
        "active": rule.active })
}

fn parse(form: &mut Form) -> Option<TaskRule> {
    const DAYS: &str = "Enter a whole number of days from 0 to 365";
    let milestone = form.required_choice::<MilestoneKind>("milestone", "Choose the milestone after which it is to do");
    let what = form.required("what", "Say what is to be done");
    if what.as_ref().is_some_and(|what| what.chars().count() > LONGEST) {
        form.fail("what", format!("Use at most {LONGEST} characters"));
    }
    let days = form.required_choice::<i64>("days", DAYS);
    if days.is_some_and(|days| !(0..=365).contains(&days)) {
        form.fail("days", DAYS);
    }
    let unit = form.required_choice::<RuleUnit>("unit", "Choose how the days are counted");
    let role = form.choice::<Role>("role", "Choose one of the list");
    if role.is_some_and(|role| !Whose::roles().any(|known| known == role)) {
        form.fail("role", "Choose one of the list");
    }
    let active = form.is_chosen("active", "yes");
    let rule = TaskRule { milestone: milestone?, what: what?, days: days?, unit: unit?, role, active };
    form.is_valid().then_some(rule)
}

/// The version in force of the rule that has that version.
async fn current(state: &AppState, id: TaskRuleId) -> Result<RuleRow, AppError> {
    let rows = queries_rules::list_rules(state.db.read()).await?;
    let root = rows.iter().find(|row| row.id == id).map(|row| row.root).ok_or(AppError::NotFound)?;
    rows.into_iter().find(|row| row.root == root && row.in_force).ok_or(AppError::NotFound)
}

async fn page(
    state: &AppState,
    ctx: &Ctx,
    over: Option<&RuleRow>,
    form: Form,
    conflict: Option<Conflict>,
) -> Result<Response, AppError> {
    let mut versions = queries_rules::list_rules(state.db.read()).await?;
    versions.retain(|row| over.is_some_and(|over| over.root == row.root));
    versions.reverse();
    let status = match (&conflict, form.is_valid()) {
        (Some(_), _) => StatusCode::CONFLICT,
        (None, false) => StatusCode::UNPROCESSABLE_ENTITY,
        (None, true) => StatusCode::OK,
    };
    let title = if over.is_some() { "Change a rule for tasks" } else { "Add a rule for tasks" };
    let roles = Whose::roles().map(|role| Choice::of(role.code(), format!("Any {}", lower_first(role.label()))));
    let page = RulePage {
        page: Page::new(ctx, title).with_errors_of(&form).with_conflict(conflict.is_some()),
        token: form.kept_token(ctx),
        action: over.map_or_else(|| LIST.to_owned(), |over| format!("{LIST}/{}/corrections", over.id)),
        milestones: Choice::all(MilestoneKind::ALL, MilestoneKind::code, MilestoneKind::label),
        units: Choice::all(RuleUnit::ALL, RuleUnit::code, RuleUnit::label),
        roles: roles.collect(),
        versions,
        form,
        conflict,
    };
    show(status, &page)
}
