//! One log line a request: its id, the route's template, status and time. Never an address with its values, a name or
//! anything else of a person.

use axum::extract::{MatchedPath, Request};
use axum::http::{HeaderName, Response};
use std::time::Duration;
use tower_http::request_id::{MakeRequestId, RequestId};
use tracing::Span;

use super::token;

pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Always our own: one from outside could be anything.
#[derive(Clone, Copy)]
pub struct NewId;

impl MakeRequestId for NewId {
    fn make_request_id<B>(&mut self, _: &axum::http::Request<B>) -> Option<RequestId> {
        token::random()[..12].parse().ok().map(RequestId::new)
    }
}

pub fn span(request: &Request) -> Span {
    let path = request.extensions().get::<MatchedPath>().map_or("none", MatchedPath::as_str);
    let id = request.extensions().get::<RequestId>().and_then(|id| id.header_value().to_str().ok()).unwrap_or("");
    tracing::info_span!("request", id, method = %request.method(), path)
}

pub fn answered<B>(response: &Response<B>, took: Duration, _: &Span) {
    tracing::info!(status = response.status().as_u16(), ms = took.as_secs_f64() * 1000.0, "answered");
}
