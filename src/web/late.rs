//! A form that came too late: the session in which its page was made is over. What was typed is handed back. Whoever
//! has to sign in does so on that very page: its sign-in form carries what was sent, and the answer to it is the page
//! once more, from which one press sends it in the new session. Where what it was about is gone, the error's page shows
//! what was typed.

use askama::Template;
use askama_web::WebTemplate;
use axum::body::Bytes;
use axum::extract::Request;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{Html, IntoResponse, Response};

use super::csrf_token::FIELD;
use super::ctx::{Visit, is_htmx, text};
use super::error::Problem;
use super::form::{self, Form};
use super::page::Page;
use super::session::own_path;
use super::{HX_RESWAP, HX_RETARGET};

mod typed;

/// Passwords are typed again, never written into a page.
const SECRET: [&str; 3] = ["current", "password", "again"];
/// The fields of a sign-in form that carries another one: where that one goes, and its body as a browser sends it. The
/// template writes them.
const ACTION: &str = "kept_action";
const BODY: &str = "kept_body";
/// Room for what else such a sign-in form says. In bytes.
const BESIDE: usize = 16 * 1024;

/// A form that was not saved: where it goes, and its fields without the token of its page.
pub struct Kept {
    action: String,
    fields: Vec<(String, String)>,
}

/// A form as it was sent, read once.
pub struct Sent {
    action: String,
    bytes: Bytes,
    htmx: bool,
    /// By a form and not beside one, as the draft of a note is while somebody writes.
    by_form: bool,
}

#[derive(Template, WebTemplate)]
#[template(path = "errors/late.html", blocks = ["main"])]
pub struct LatePage {
    page: Page,
    kept: Kept,
    typed: Vec<(String, String)>,
    signed_in: bool,
    /// On the page before, which carried this one.
    just_now: bool,
    /// What was entered to sign in, and what is wrong with it.
    form: Form,
    /// The body as the sign-in form carries it; None where nobody has to sign in, or where it is too large.
    carried: Option<String>,
}

#[derive(Template)]
#[template(path = "errors/beside.html")]
struct Beside {
    signed_in: bool,
}

impl Kept {
    /// What a sign-in form carries, if it carries anything.
    pub fn carried_by(form: &Form) -> Option<Kept> {
        Kept::of(form.value(ACTION), form.value(BODY).as_bytes())
    }

    /// None where nothing was typed, and for what may not be written into a page.
    fn of(action: &str, body: &[u8]) -> Option<Kept> {
        let action = own_path(action)?.to_owned();
        let fields: Vec<(String, String)> =
            form_urlencoded::parse(body).into_owned().filter(|(name, _)| name != FIELD).collect();
        let has_secret = fields.iter().any(|(name, _)| SECRET.contains(&name.as_str()));
        (!has_secret && fields.iter().any(typed::is_typed)).then_some(Kept { action, fields })
    }

    /// Signing in did not work: the page again, with what is wrong.
    pub fn to_sign_in(self, visit: &Visit, form: Form) -> LatePage {
        LatePage::new(self, visit, form)
    }

    /// To be sent in the session that has just begun.
    pub fn to_send(self, visit: &Visit) -> LatePage {
        LatePage { just_now: true, ..LatePage::new(self, visit, Form::default()) }
    }

    /// As a field of another form; None where the two would be more than a form may send.
    fn to_carry(&self) -> Option<String> {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(&self.fields).finish();
        let length: usize = form_urlencoded::byte_serialize(body.as_bytes()).map(str::len).sum();
        (length + BESIDE <= form::LIMIT).then_some(body)
    }
}

impl LatePage {
    fn new(kept: Kept, visit: &Visit, form: Form) -> LatePage {
        let signed_in = visit.user.is_some();
        LatePage {
            page: Page::of_error(Some(visit), "Not saved yet").with_errors_of(&form),
            typed: typed::in_words(&kept.fields),
            carried: if signed_in { None } else { kept.to_carry() },
            kept,
            signed_in,
            just_now: false,
            form,
        }
    }
}

impl Sent {
    pub fn of(request: &Request, bytes: Bytes) -> Option<Sent> {
        let action = own_path(request.uri().path_and_query()?.as_str())?.to_owned();
        let htmx = is_htmx(request.headers());
        let source = text(request.headers(), "hx-source");
        Some(Sent { action, bytes, htmx, by_form: source.is_empty() || is_form(source) })
    }

    /// None where there is nothing to hand back. The caller knows that the form came from one of our own pages.
    pub fn hand_back(&self, visit: &Visit) -> Option<Response> {
        if !self.by_form {
            return said_beside(visit.user.is_some());
        }
        let page = LatePage::new(self.kept()?, visit, Form::default());
        let html = if self.htmx { page.as_main().render() } else { page.render() };
        let mut answer = (StatusCode::FORBIDDEN, Html(html.ok()?)).into_response();
        if self.htmx {
            // In place of the whole page: its other forms are as old as this one.
            put(&mut answer, "#main");
        }
        Some(answer)
    }

    /// An answer that is an error's page and no page of the form: what was typed goes with it, as it stands nowhere else
    /// any more.
    pub fn shown_with(&self, mut answer: Response) -> Response {
        if let Some(problem) = answer.extensions_mut().get_mut::<Problem>()
            && let Some(kept) = self.kept()
        {
            problem.typed = typed::in_words(&kept.fields);
        }
        answer
    }

    /// A sign-in form can be late too: somebody has signed in elsewhere meanwhile, or reloads the page that answered it.
    /// Then it is what it carries that was typed, and what was entered to sign in is not.
    fn kept(&self) -> Option<Kept> {
        let form = Form::of(form_urlencoded::parse(&self.bytes));
        Kept::carried_by(&form).or_else(|| Kept::of(&self.action, &self.bytes))
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
