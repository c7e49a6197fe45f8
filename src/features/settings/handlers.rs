//! Showing and saving the settings.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use super::actions::{self, Settings, SettingsError};
use super::views::SettingsPage;
use crate::features::access::{Conflict, Versions};
use crate::web::error::Result;
use crate::web::page::invalid;
use crate::web::{AppState, Ctx, Form, finish};

/// In characters.
const LONGEST_NAME: usize = 100;

pub async fn show(State(state): State<AppState>, ctx: Ctx) -> Result<SettingsPage> {
    let now = actions::load(&mut *state.db.read().acquire().await?).await?;
    Ok(SettingsPage::new(&ctx, form_of(&now), None))
}

pub async fn update(State(state): State<AppState>, ctx: Ctx, mut form: Form) -> Result<Response> {
    let before = Settings {
        service_name: form.was("service_name").to_owned(),
        small_number: form.was("small_number").to_owned(),
    };
    let Some(after) = parse(&mut form) else { return invalid(SettingsPage::new(&ctx, form, None)) };
    finish(async move {
        let mut write = state.db.write().await?;
        match actions::save(&mut write, &ctx.actor(), &before, &after).await {
            Ok(()) => {
                write.commit().await?;
                Ok(ctx.redirect("/settings", "The settings are saved."))
            }
            Err(ref stale @ SettingsError::Stale(ref now)) => {
                form.keep_what_was_typed(&form_of(now));
                let rows = vec![
                    Versions::of("Name of the service", &now.service_name, form.value("service_name")),
                    Versions::of("Small numbers", &now.small_number, form.value("small_number")),
                ];
                let conflict = Conflict { sentence: format!("{stale}."), rows };
                let page = SettingsPage::new(&ctx, form, Some(conflict));
                Ok((StatusCode::CONFLICT, page).into_response())
            }
            Err(SettingsError::Database(error)) => Err(error.into()),
        }
    })
    .await
}

fn form_of(settings: &Settings) -> Form {
    Form::of([("service_name", &settings.service_name), ("small_number", &settings.small_number)]).opened()
}

fn parse(form: &mut Form) -> Option<Settings> {
    let service_name = form.required("service_name", "Enter the name of your service");
    if service_name.as_ref().is_some_and(|name| name.chars().count() > LONGEST_NAME) {
        form.fail("service_name", "Use at most 100 characters");
    }
    const SENTENCE: &str = "Enter a whole number from 1 to 100";
    let small_number = form.required_choice::<u32>("small_number", SENTENCE);
    if small_number.is_some_and(|number| !(1..=100).contains(&number)) {
        form.fail("small_number", SENTENCE);
    }
    let settings = Settings { service_name: service_name?, small_number: small_number?.to_string() };
    form.is_valid().then_some(settings)
}
