//! A form that came too late: the session in which its page was made is over. What was typed is handed back, to be
//! sent again after signing in; as often as it is sent before that, it comes back.

use askama::Template;
use axum::body::Bytes;
use axum::extract::Request;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{Html, IntoResponse, Response};

use super::csrf::FIELD;
use super::ctx::{Visit, is_htmx, text};
use super::page::Page;
use super::{HX_RESWAP, HX_RETARGET};
use crate::domain::text::upper_first;

/// Fields that are no words of a person's: tokens, what a form knows of its page, and where it goes back to.
const OURS: [&str; 17] = [
    FIELD,
    "form_token",
    "version",
    "seen",
    "back",
    "row",
    "rows",
    "next",
    "after",
    "home",
    "list",
    "query",
    "board",
    "on_page",
    "preview",
    "session",
    "view",
];
/// What a field held when its form was opened: see `form::opened`.
const WAS: &str = "was_";
/// Passwords are typed again, never written into a page.
const SECRET: [&str; 3] = ["current", "password", "again"];
/// Fields whose names say too little.
const LABELS: [(&str, &str); 6] =
    [("on", "Day"), ("at", "Time"), ("body", "Note"), ("what", "What is to be done"), ("why", "Why"), ("q", "Record")];

/// A form as it was sent, read once.
pub struct Sent {
    action: String,
    bytes: Bytes,
    htmx: bool,
    /// By a form and not beside one, as the draft of a note is while somebody writes.
    by_form: bool,
}

#[derive(Template)]
#[template(path = "errors/late.html", blocks = ["main"])]
struct LatePage {
    page: Page,
    action: String,
    hidden: Vec<(String, String)>,
    typed: Vec<(String, String)>,
    signed_in: bool,
}

#[derive(Template)]
#[template(path = "errors/beside.html")]
struct Beside {
    signed_in: bool,
}

impl Sent {
    pub fn of(request: &Request, bytes: Bytes) -> Option<Sent> {
        let action = request.uri().path_and_query()?.as_str().to_owned();
        let htmx = is_htmx(request.headers());
        let source = text(request.headers(), "hx-source");
        Some(Sent { action, bytes, htmx, by_form: source.is_empty() || is_form(source) })
    }

    /// None where there is nothing to hand back. The caller knows that the form came from one of our own pages.
    pub fn hand_back(&self, visit: &Visit) -> Option<Response> {
        if !self.by_form {
            return said_beside(visit.user.is_some());
        }
        let hidden: Vec<(String, String)> =
            form_urlencoded::parse(&self.bytes).into_owned().filter(|(name, _)| name != FIELD).collect();
        if hidden.iter().any(|(name, _)| SECRET.contains(&name.as_str())) {
            return None;
        }
        let words = |(name, value): &(String, String)| (label(name), meaning(value));
        let typed: Vec<_> = hidden.iter().filter(|field| is_typed(field)).map(words).collect();
        if typed.is_empty() {
            return None;
        }
        let page = Page::of_error(Some(visit), "Not saved yet");
        let page = LatePage { page, action: self.action.clone(), hidden, typed, signed_in: visit.user.is_some() };
        let html = if self.htmx { page.as_main().render() } else { page.render() };
        let mut answer = (StatusCode::FORBIDDEN, Html(html.ok()?)).into_response();
        if self.htmx {
            // In place of the whole page: its other forms are as old as this one.
            put(&mut answer, "#main");
        }
        Some(answer)
    }
}

/// A form in the body, as browsers send it. Files are chosen again.
pub fn is_plain_form(request: &Request) -> bool {
    text(request.headers(), CONTENT_TYPE.as_str()).starts_with("application/x-www-form-urlencoded")
}

/// `form#new-enquiry`, as htmx names what sends.
fn is_form(source: &str) -> bool {
    source.split('#').next() == Some("form")
}

fn is_typed((name, value): &(String, String)) -> bool {
    !OURS.contains(&name.as_str()) && !name.starts_with(WAS) && !value.trim().is_empty()
}

/// Nobody has pressed anything: what is being typed stays where it is.
fn said_beside(signed_in: bool) -> Option<Response> {
    let mut answer = (StatusCode::FORBIDDEN, Html(Beside { signed_in }.render().ok()?)).into_response();
    put(&mut answer, "#messages");
    Some(answer)
}

fn put(answer: &mut Response, target: &'static str) {
    answer.headers_mut().insert(HX_RETARGET, HeaderValue::from_static(target));
    answer.headers_mut().insert(HX_RESWAP, HeaderValue::from_static("innerHTML"));
}

/// `contact_again_on` is “Contact again on”.
fn label(name: &str) -> String {
    let known = LABELS.iter().find(|(field, _)| *field == name).map(|(_, label)| (*label).to_owned());
    known.unwrap_or_else(|| upper_first(&name.replace(['_', '-'], " ")))
}

/// A code is a choice that was made; everything else stands as it was typed.
fn meaning(value: &str) -> String {
    let is_code =
        value.contains('_') && value.chars().all(|it| it.is_ascii_lowercase() || it.is_ascii_digit() || it == '_');
    if is_code { upper_first(&value.replace('_', " ")) } else { value.to_owned() }
}
