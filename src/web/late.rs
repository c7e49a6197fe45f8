//! A form that came too late: the session in which its page was made is over. What was typed is handed back, to be
//! sent again after signing in.

use askama::Template;
use axum::body::to_bytes;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{Html, IntoResponse, Response};

use super::csrf::{FIELD, FORM_LIMIT};
use super::ctx::{Visit, is_htmx, text};
use super::page::Page;

/// Fields that are no words of a person's.
const OURS: [&str; 2] = [FIELD, "form_token"];
/// Passwords are typed again, never written into a page.
const SECRET: [&str; 3] = ["current", "password", "again"];
/// Shorter ones are dates and choices, which say little alone.
const WORTH_SHOWING: usize = 20;

#[derive(Template)]
#[template(path = "errors/late.html")]
struct LatePage {
    page: Page,
    action: String,
    hidden: Vec<(String, String)>,
    typed: Vec<String>,
    signed_in: bool,
}

/// None where there is nothing to hand back. The caller knows that the form came from one of our own pages.
pub async fn hand_back(visit: &Visit, request: Request) -> Option<Response> {
    let is_form = text(request.headers(), CONTENT_TYPE.as_str()).starts_with("application/x-www-form-urlencoded");
    if !is_form || is_htmx(request.headers()) {
        return None;
    }
    let action = request.uri().path_and_query()?.as_str().to_owned();
    let bytes = to_bytes(request.into_body(), FORM_LIMIT).await.ok()?;
    let fields: Vec<(String, String)> =
        form_urlencoded::parse(&bytes).into_owned().filter(|(name, _)| name != FIELD).collect();
    let is_typed = |(name, value): &&(String, String)| !OURS.contains(&name.as_str()) && !value.is_empty();
    if !fields.iter().any(|field| is_typed(&field)) || fields.iter().any(|(name, _)| SECRET.contains(&name.as_str())) {
        return None;
    }
    let long = |(_, value): &&(String, String)| value.chars().count() > WORTH_SHOWING;
    let typed = fields.iter().filter(is_typed).filter(long).map(|(_, value)| value.clone()).collect();
    let page = Page::of_error(Some(visit), "Not saved yet");
    let page = LatePage { page, action, hidden: fields, typed, signed_in: visit.user.is_some() };
    Some((StatusCode::FORBIDDEN, Html(page.render().ok()?)).into_response())
}
