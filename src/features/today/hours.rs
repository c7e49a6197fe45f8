//! When the office is open: the setting by which waiting is counted, with its history.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde_json::{Value, json};

use super::queries::{self, HoursRow};
use crate::domain::audit::{Action, Event};
use crate::domain::time_of_day::TimeOfDay;
use crate::domain::working_hours::WorkingHours;
use crate::features::access::{Conflict, Versions, show};
use crate::features::audit;
use crate::web::form::Choice;
use crate::web::{AppError, AppState, Ctx, Form, Page, finish};

const PAGE: &str = "/settings/working-hours";
const DAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

#[derive(Template)]
#[template(path = "today/hours.html")]
struct HoursPage {
    page: Page,
    form: Form,
    days: Vec<Choice>,
    versions: Vec<HoursRow>,
    conflict: Option<Conflict>,
}

impl HoursRow {
    pub fn in_words(&self) -> String {
        in_words(&self.hours)
    }
}

fn in_words(hours: &WorkingHours) -> String {
    let days: Vec<_> = DAYS.iter().zip(hours.weekdays).filter(|(_, worked)| *worked).map(|(day, _)| *day).collect();
    format!("{}, {} to {}", days.join(", "), hours.opens, hours.shuts)
}

pub async fn edit(State(state): State<AppState>, ctx: Ctx) -> Result<Response, AppError> {
    let versions = queries::list_hours(state.db.read()).await?;
    let now = versions.first().ok_or(AppError::NotFound)?;
    let form = form_of(now);
    page(&ctx, versions, form, None)
}

fn form_of(now: &HoursRow) -> Form {
    let worked = now.hours.weekdays.iter().enumerate().filter(|(_, worked)| **worked);
    let fields = worked.map(|(at, _)| ("days".to_owned(), at.to_string())).chain([
        ("opens".to_owned(), now.hours.opens.to_string()),
        ("shuts".to_owned(), now.hours.shuts.to_string()),
        ("seen".to_owned(), now.id.to_string()),
    ]);
    Form::of(fields).opened()
}

pub async fn change(State(state): State<AppState>, ctx: Ctx, mut form: Form) -> Result<Response, AppError> {
    let versions = queries::list_hours(state.db.read()).await?;
    let Some(hours) = parse(&mut form) else { return page(&ctx, versions, form, None) };
    let (db, actor, seen, wanted) = (state.db.clone(), ctx.actor(), form.value("seen").to_owned(), hours.clone());
    let saved = finish(async move {
        let mut write = db.write().await?;
        let now = queries::list_hours(&mut *write).await?.into_iter().next();
        let before = now.as_ref().map(|row| detail(&row.hours)).unwrap_or_default();
        if now.is_some_and(|row| row.id.to_string() != seen) {
            return Ok::<_, AppError>(false);
        }
        queries::insert_hours(&mut write, &actor, &wanted).await?;
        let changed = json!({ "before": { "working_hours": before }, "after": { "working_hours": detail(&wanted) } });
        audit::record(&mut write, &actor, &Event::new(Action::SettingChanged).with(changed)).await?;
        write.commit().await?;
        Ok(true)
    })
    .await?;
    if saved {
        return Ok(ctx.redirect(PAGE, "The working hours are saved"));
    }
    let versions = queries::list_hours(state.db.read()).await?;
    let now = versions.first().ok_or(AppError::NotFound)?;
    form.keep_what_was_typed(&form_of(now));
    let hours = parse(&mut form).unwrap_or(hours);
    let sentence = format!("{} changed the working hours on {}.", now.by, now.recorded_at.london_text());
    let rows = vec![Versions::of("Working hours", now.in_words(), in_words(&hours))];
    page(&ctx, versions, form, Some(Conflict { sentence, rows }))
}

fn detail(hours: &WorkingHours) -> Value {
    json!(in_words(hours))
}

fn parse(form: &mut Form) -> Option<WorkingHours> {
    let mut weekdays = [false; 7];
    for (at, worked) in weekdays.iter_mut().enumerate() {
        *worked = form.is_chosen("days", &at.to_string());
    }
    if !weekdays.contains(&true) {
        form.fail("days", "Choose at least one day");
    }
    let opens = time(form, "opens", "Enter when the office opens, such as 9:00");
    let shuts = time(form, "shuts", "Enter when the office shuts, such as 17:00");
    if let (Some(opens), Some(shuts)) = (opens, shuts)
        && opens >= shuts
    {
        form.fail("shuts", "It must shut after it opens");
    }
    let hours = WorkingHours { weekdays, opens: opens?, shuts: shuts? };
    form.is_valid().then_some(hours)
}

fn time(form: &mut Form, field: &str, sentence: &str) -> Option<TimeOfDay> {
    let text = form.required(field, sentence)?;
    text.parse().map_err(|refused: crate::domain::time_of_day::NotATime| form.fail(field, refused.to_string())).ok()
}

fn page(ctx: &Ctx, versions: Vec<HoursRow>, form: Form, conflict: Option<Conflict>) -> Result<Response, AppError> {
    let status = match (&conflict, form.is_valid()) {
        (Some(_), _) => StatusCode::CONFLICT,
        (None, false) => StatusCode::UNPROCESSABLE_ENTITY,
        (None, true) => StatusCode::OK,
    };
    let days = DAYS.iter().enumerate().map(|(at, day)| Choice::of(at.to_string(), *day)).collect();
    let page = Page::new(ctx, "Working hours").with_errors_of(&form).with_conflict(conflict.is_some());
    show(status, &HoursPage { page, form, days, versions, conflict })
}
