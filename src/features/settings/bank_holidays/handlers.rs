use axum::extract::{Multipart, State};
use axum::response::{IntoResponse, Response};

use super::list;
use super::views::HolidaysPage;
use crate::domain::ids::SpecialDayId;
use crate::domain::working_days::SpecialDay;
use crate::features::time_limits::{self, RuleError};
use crate::web::error::Result;
use crate::web::page::invalid;
use crate::web::{AppError, AppState, Ctx, Form, Path, finish};

const HERE: &str = "/settings/bank-holidays";

pub async fn index(State(state): State<AppState>, ctx: Ctx) -> Result<HolidaysPage> {
    page(&state, &ctx, Form::default()).await
}

async fn page(state: &AppState, ctx: &Ctx, form: Form) -> Result<HolidaysPage> {
    let mut connection = state.db.read().acquire().await?;
    let rules = time_limits::rules(&mut connection).await?;
    let rows = time_limits::list_special_day_rows(&mut *connection).await?;
    let rebuild = time_limits::find_rebuild(&mut connection).await?;
    Ok(HolidaysPage::new(ctx, form, &rules.days, rows, rebuild))
}

pub async fn add(State(state): State<AppState>, ctx: Ctx, mut form: Form) -> Result<Response> {
    let Some(day) = parse(&mut form, &ctx) else { return invalid(page(&state, &ctx, form).await?) };
    finish(async move {
        let mut write = state.db.write().await?;
        match time_limits::add_special_day(&mut write, &ctx.actor(), &day).await {
            Ok(()) => {
                write.commit().await?;
                Ok(ctx.redirect(HERE, &format!("{} is added.", day.on.words())))
            }
            Err(RuleError::Database(error)) => Err(error.into()),
            Err(refused) => {
                write.rollback().await?;
                form.fail("on", refused.to_string());
                invalid(page(&state, &ctx, form).await?)
            }
        }
    })
    .await
}

fn parse(form: &mut Form, ctx: &Ctx) -> Option<SpecialDay> {
    const LONGEST: usize = 100;
    let on = form.required_day("on", ctx.today, "Enter the day");
    let kind = form.required("kind", "Choose whether it is a holiday or was moved away");
    if kind.as_deref().is_some_and(|kind| kind != "holiday" && kind != "working_day") {
        form.fail("kind", "Choose whether it is a holiday or was moved away");
    }
    let name = form.required("name", "Enter what it is, such as “Royal wedding”");
    if name.as_ref().is_some_and(|name| name.chars().count() > LONGEST) {
        form.fail("name", "Use at most 100 characters");
    }
    if !form.is_valid() {
        return None;
    }
    Some(SpecialDay { on: on?, holiday: kind?.as_str() == "holiday", name: name? })
}

pub async fn withdraw(State(state): State<AppState>, ctx: Ctx, Path(id): Path<SpecialDayId>) -> Result<Response> {
    finish(async move {
        let mut write = state.db.write().await?;
        match time_limits::withdraw_special_day(&mut write, &ctx.actor(), id).await {
            Ok(()) => {
                write.commit().await?;
                Ok(ctx.redirect(HERE, "The day is removed. The rule holds on it again."))
            }
            Err(RuleError::Stale) => Err(AppError::NotFound),
            Err(RuleError::Database(error)) => Err(error.into()),
            Err(refused) => Err(AppError::Internal(anyhow::Error::new(refused))),
        }
    })
    .await
}

/// In bytes: the official list of ten years has 60,000.
const LARGEST: usize = 512 * 1024;

pub async fn upload(State(state): State<AppState>, ctx: Ctx, parts: Option<Multipart>) -> Result<Response> {
    let mut form = Form::default();
    let (name, bytes) = match received(parts).await {
        Ok(file) => file,
        Err(sentence) => {
            form.fail("file", sentence);
            return invalid(page(&state, &ctx, form).await?);
        }
    };
    let official = match list::read(&bytes, ctx.today) {
        Ok(official) => official,
        Err(sentence) => {
            form.fail("file", sentence);
            return invalid(page(&state, &ctx, form).await?);
        }
    };
    finish(async move {
        let mut write = state.db.write().await?;
        match time_limits::take_official_list(&mut write, &ctx.actor(), &official, &name).await {
            Ok((added, removed)) => {
                write.commit().await?;
                let years = official.years.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
                let said = match (added, removed) {
                    (0, 0) => format!("The list agrees with what is here for {years}."),
                    (added, removed) => format!("The list of {years} is taken: {added} added, {removed} removed."),
                };
                Ok(ctx.redirect(HERE, &said).into_response())
            }
            Err(RuleError::Database(error)) => Err(error.into()),
            Err(refused) => Err(AppError::Internal(anyhow::Error::new(refused))),
        }
    })
    .await
}

/// The file's name and content, or a sentence.
async fn received(parts: Option<Multipart>) -> std::result::Result<(String, Vec<u8>), &'static str> {
    const BROKEN_OFF: &str = "The file did not arrive whole, so nothing was changed. Send it again";
    let mut parts = parts.ok_or("Choose a file")?;
    while let Some(part) = parts.next_field().await.map_err(|_| BROKEN_OFF)? {
        if part.name() != Some("file") {
            continue;
        }
        let name: String = part.file_name().unwrap_or_default().chars().take(150).collect();
        let bytes = part.bytes().await.map_err(|_| BROKEN_OFF)?;
        return match bytes.len() {
            0 => Err("Choose a file"),
            length if length > LARGEST => Err("This file is too large for a list of bank holidays"),
            _ => Ok((name, bytes.to_vec())),
        };
    }
    Err("Choose a file")
}
