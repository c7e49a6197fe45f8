//! Nobody else's page can send our forms: a token in each form, and the browser's own word on where the form was.

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::header::{CONTENT_TYPE, HOST, ORIGIN};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures::StreamExt;

use super::csrf_token::{self, FIELD};
use super::ctx::{Visit, text};
use super::error::AppError;
use super::form;
use super::late::{self, Sent};
use super::state::AppState;

/// In a form with a file, the token stands within so many bytes.
const FIRST_PART_LIMIT: usize = 16 * 1024;

/// Lets reading through; a write needs both proofs.
pub async fn layer(State(state): State<AppState>, visit: Visit, request: Request, next: Next) -> Response {
    if matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS) {
        return next.run(request).await;
    }
    if !from_our_page(request.headers(), state.config.public_url.as_deref()) {
        return AppError::Refused("This form was not sent from one of our own pages, so nothing was saved.")
            .into_response();
    }
    let (sent, form, request) = match token_of(request).await {
        Ok(read) => read,
        Err(error) => return error.into_response(),
    };
    if csrf_token::matches(&sent, visit.secret()) {
        let answer = next.run(request).await;
        let Some(form) = form else { return answer };
        // Handed back once already, and sent again before anybody has signed in.
        if visit.user.is_none() && answer.status() == StatusCode::UNAUTHORIZED {
            return form.hand_back(&visit).unwrap_or(answer);
        }
        return form.shown_with(answer);
    }
    // The page was made in a session that is over.
    match form.and_then(|form| form.hand_back(&visit)) {
        Some(page) => page,
        None if visit.ended.is_some() => AppError::SignInRequired.into_response(),
        None => AppError::Refused(
            "This page had been open for too long, or you had signed in again since, so nothing was saved. Go back, \
             reload the page and send it again.",
        )
        .into_response(),
    }
}

/// What the browser says, which no page can forge. Sec-Fetch-Site where there is one; else Origin; else no.
fn from_our_page(headers: &HeaderMap, public_url: Option<&str>) -> bool {
    match text(headers, "sec-fetch-site") {
        // `none` is the person: a reload, or the address bar.
        "same-origin" | "none" => return true,
        "" => {}
        _ => return false,
    }
    let origin = text(headers, ORIGIN.as_str());
    let host = text(headers, HOST.as_str());
    match public_url {
        _ if origin.is_empty() => false,
        Some(url) => origin == url,
        None => !host.is_empty() && origin.split_once("://").is_some_and(|(_, origin_host)| origin_host == host),
    }
}

/// The token that was sent, the form if it is a plain one, and the request as it was.
async fn token_of(request: Request) -> Result<(String, Option<Sent>, Request), AppError> {
    let in_header = text(request.headers(), "x-csrf-token").to_owned();
    if !in_header.is_empty() {
        return Ok((in_header, None, request));
    }
    let kind = text(request.headers(), CONTENT_TYPE.as_str()).to_owned();
    if late::is_plain_form(&request) {
        let (parts, body) = request.into_parts();
        let bytes = to_bytes(body, form::LIMIT).await.map_err(|_| AppError::TooLarge)?;
        let sent = form_urlencoded::parse(&bytes).find(|(name, _)| name == FIELD).map(|(_, value)| value.into_owned());
        let request = Request::from_parts(parts, Body::from(bytes.clone()));
        return Ok((sent.unwrap_or_default(), Sent::of(&request, bytes), request));
    }
    let (parts, body) = request.into_parts();
    let (sent, body) = if kind.starts_with("multipart/form-data") { first_part(body).await? } else { (None, body) };
    Ok((sent.unwrap_or_default(), None, Request::from_parts(parts, body)))
}

/// Reads only so much of an upload as holds the first part, and puts it back.
async fn first_part(body: Body) -> Result<(Option<String>, Body), AppError> {
    let mut rest = body.into_data_stream();
    let mut read: Vec<u8> = Vec::new();
    let mut sent = None;
    while sent.is_none() && read.len() < FIRST_PART_LIMIT {
        let Some(chunk) = rest.next().await else { break };
        read.extend_from_slice(&chunk.map_err(|_| AppError::TooLarge)?);
        sent = token_part(&read);
    }
    let start = futures::stream::once(async move { Ok::<_, axum::Error>(Bytes::from(read)) });
    Ok((sent, Body::from_stream(start.chain(rest))))
}

/// `--boundary CRLF headers CRLF CRLF value CRLF --`, if the first part is the token and has come in whole.
fn token_part(read: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(&read[..read.len().min(1024)]).into_owned();
    let (head, rest) = text.split_once("\r\n\r\n")?;
    let (value, _) = rest.split_once("\r\n--")?;
    head.contains(&format!("name=\"{FIELD}\"")).then(|| value.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_must_come_from_our_own_page() {
        let check = |headers: &[(&'static str, &'static str)], url| {
            let headers: HeaderMap =
                headers.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect();
            from_our_page(&headers, url)
        };
        let url = Some("https://h.example");
        assert!(check(&[("sec-fetch-site", "same-origin")], url));
        assert!(check(&[("sec-fetch-site", "none")], url));
        assert!(!check(&[("sec-fetch-site", "cross-site")], url));
        assert!(!check(&[("sec-fetch-site", "same-site")], url));
        assert!(!check(&[("sec-fetch-site", "cross-site"), ("origin", "https://h.example")], url));
        assert!(check(&[("origin", "https://h.example")], url));
        assert!(!check(&[("origin", "null")], url));
        assert!(!check(&[("origin", "http://h.example")], url));
        assert!(check(&[("origin", "http://localhost:8080"), ("host", "localhost:8080")], None));
        assert!(!check(&[("origin", "http://evil.example"), ("host", "localhost:8080")], None));
        assert!(!check(&[("host", "localhost:8080")], None));
        assert!(!check(&[], None));
    }

    #[test]
    fn the_first_part_of_an_upload_may_be_the_token() {
        let body = b"--x\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\nabc\r\n--x\r\n";
        assert_eq!(token_part(body).as_deref(), Some("abc"));
        assert_eq!(token_part(&body[..50]), None);
        let other = b"--x\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\nname=\"csrf\"\r\n--x\r\n";
        assert_eq!(token_part(other), None);
    }
}
