//! The page that says what went wrong outside a form.

use askama::Template;
use axum::extract::Request;
use axum::http::header::{ALLOW, CONTENT_TYPE, REFERER, RETRY_AFTER};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Redirect, Response};
use tower_http::request_id::RequestId;

use super::ctx::{Visit, is_htmx, text};
use super::error::Problem;
use super::page::Page;
use super::session::own_path;

#[derive(Template)]
#[template(path = "errors/error.html")]
struct ErrorPage {
    page: Page,
    heading: &'static str,
    sentence: String,
    /// To tell the administrator which log line it was.
    request_id: String,
    unexpected: bool,
    /// Into the form that ended here.
    typed: Vec<(String, String)>,
}

/// For htmx, which leaves the form where it is.
#[derive(Template)]
#[template(path = "errors/message.html")]
struct Message {
    heading: &'static str,
    sentence: String,
    request_id: String,
    unexpected: bool,
    was_typed: bool,
}

/// In place of `words`, where somebody had typed something: no address was mistaken.
const GONE_MEANWHILE: (&str, &str) = (
    "This is no longer there",
    "What you wrote about has been moved or taken back meanwhile, or you may not open it any longer.",
);

/// Turns every error that is not a page yet into one, whoever made it.
pub async fn layer(request: Request, next: Next) -> Response {
    let htmx = is_htmx(request.headers());
    let back = way_back(&request);
    let request_id = request.extensions().get::<RequestId>().and_then(|id| id.header_value().to_str().ok());
    let request_id = request_id.unwrap_or_default().to_owned();

    let response = next.run(request).await;
    let status = response.status();
    if !(status.is_client_error() || status.is_server_error()) || has_own_body(response.headers()) {
        return response;
    }
    let problem = response.extensions().get::<Problem>().cloned();
    if problem.as_ref().is_some_and(|problem| problem.sign_in) {
        let mut answer = to_sign_in(htmx, back);
        keep(response.headers(), answer.headers_mut());
        return answer;
    }
    let (said, typed) = problem.map_or((None, Vec::new()), |problem| (problem.sentence, problem.typed));
    let was_typed = !typed.is_empty();
    let (heading, sentence) = if was_typed && status == StatusCode::NOT_FOUND { GONE_MEANWHILE } else { words(status) };
    let sentence = said.unwrap_or_else(|| sentence.to_owned());
    let unexpected = status.is_server_error();
    let page = Page::of_error(response.extensions().get::<Visit>(), heading);
    let rendered = if htmx {
        Message { heading, sentence, request_id, unexpected, was_typed }.render()
    } else {
        ErrorPage { page, heading, sentence, request_id, unexpected, typed }.render()
    };
    let mut answer = (status, Html(rendered.unwrap_or_else(|_| heading.to_owned()))).into_response();
    if htmx {
        answer.headers_mut().extend([
            (super::HX_RETARGET, axum::http::HeaderValue::from_static("#messages")),
            (super::HX_RESWAP, axum::http::HeaderValue::from_static("innerHTML")),
        ]);
    }
    keep(response.headers(), answer.headers_mut());
    answer
}

/// A form with its errors, a problem document, an export: made by who knows better.
fn has_own_body(headers: &HeaderMap) -> bool {
    headers.get(CONTENT_TYPE).is_some_and(|kind| !kind.as_bytes().starts_with(b"text/plain"))
}

/// What the error's own headers have to say beside its words.
fn keep(from: &HeaderMap, to: &mut HeaderMap) {
    for name in [ALLOW, RETRY_AFTER] {
        if let Some(value) = from.get(&name) {
            to.insert(name, value.clone());
        }
    }
    for cookie in from.get_all(axum::http::header::SET_COOKIE) {
        to.append(axum::http::header::SET_COOKIE, cookie.clone());
    }
}

/// Where to return after sign-in: this page, or the page on which the form was.
fn way_back(request: &Request) -> String {
    let headers = request.headers();
    let here = request.uri().path_and_query().map_or("/", |path| path.as_str());
    let page = match text(headers, "hx-current-url") {
        "" if request.method() == Method::GET => here,
        "" => path_of(text(headers, REFERER.as_str())),
        url => path_of(url),
    };
    own_path(page).unwrap_or("/").to_owned()
}

fn path_of(url: &str) -> &str {
    let after_scheme = url.split_once("://").map_or("", |(_, rest)| rest);
    after_scheme.find('/').map_or("/", |slash| &after_scheme[slash..])
}

fn to_sign_in(htmx: bool, back: String) -> Response {
    let location = if back == "/" {
        "/sign-in".to_owned()
    } else {
        format!("/sign-in?next={}", form_urlencoded::byte_serialize(back.as_bytes()).collect::<String>())
    };
    if htmx { [(super::HX_REDIRECT, location)].into_response() } else { Redirect::to(&location).into_response() }
}

fn words(status: StatusCode) -> (&'static str, &'static str) {
    match status {
        StatusCode::NOT_FOUND => (
            "Page not found",
            "Check the address, or go back and follow the link again. What was here may have been moved.",
        ),
        StatusCode::GONE => ("This record is no longer there", "What was here has been taken back."),
        StatusCode::FORBIDDEN => {
            ("You cannot open this", "Your roles do not include it. An administrator can change what you may do.")
        }
        StatusCode::METHOD_NOT_ALLOWED => ("This cannot be done here", "Go back and use the buttons on the page."),
        StatusCode::CONFLICT => ("Somebody else was first", "Go back, reload the page and look at what has changed."),
        StatusCode::PAYLOAD_TOO_LARGE => (
            "This is too large",
            "Nothing was saved. A file may have up to 50 MB; a larger one is brought in on the server, with the command \
             “hearth import enquiries”.",
        ),
        StatusCode::REQUEST_TIMEOUT | StatusCode::GATEWAY_TIMEOUT | StatusCode::SERVICE_UNAVAILABLE => {
            ("This did not work just now", "The service is busy. Wait a minute and try again.")
        }
        status if status.is_client_error() => {
            ("This cannot be understood", "Nothing was saved. Go back, reload the page and try again.")
        }
        _ => (
            "Something went wrong",
            "It is not your doing, and what was saved before is safe. Try again; if it happens again, tell your administrator.",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_back_is_a_path_of_ours() {
        let ask = |method: &str, uri: &str, headers: &[(&str, &str)]| {
            let mut request = Request::builder().method(method).uri(uri);
            for (name, value) in headers {
                request = request.header(*name, *value);
            }
            way_back(&request.body(axum::body::Body::empty()).unwrap())
        };
        assert_eq!(ask("GET", "/enquiries?stage=new", &[]), "/enquiries?stage=new");
        assert_eq!(ask("GET", "//evil.example/x", &[]), "/");
        assert_eq!(ask("POST", "/enquiries", &[]), "/");
        assert_eq!(ask("POST", "/enquiries", &[("referer", "http://localhost/enquiries/new")]), "/enquiries/new");
        assert_eq!(ask("GET", "/part", &[("hx-current-url", "http://localhost/whole?x=1")]), "/whole?x=1");
        assert_eq!(ask("GET", "/part", &[("hx-current-url", "nonsense")]), "/");
    }
}
