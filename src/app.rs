//! The whole service: the routes of every feature, and the layers that every request goes through.

use std::time::Duration;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{Predicate, SizeAbove};
use tower_http::limit::RequestBodyLimitLayer;
use tower_http::request_id::{PropagateRequestIdLayer, SetRequestIdLayer};
use tower_http::trace::TraceLayer;

use crate::domain::role::Permission;
use crate::features::{
    access, alike, appointments, audit, board, enquiries, glossary, households, imports, pipeline, reasons, reports,
    search, separations, settings, sources, tasks, today, users,
};
pub use crate::web::AppState;
use crate::web::{self, AppError, Ctx, Routes, csrf, ctx, error, error_page, form, headers, static_files, trace};

/// The largest upload; what a form without a file may send is much less (`web::form`).
const BODY_LIMIT: usize = 64 * 1024 * 1024;
/// How long making an answer may take; sending it may take longer.
const TIMEOUT: Duration = Duration::from_secs(60);
/// With a file, which takes as long as the line needs: 50 MB at 1 Mbit/s.
const UPLOAD_TIMEOUT: Duration = Duration::from_secs(8 * 60);

/// Every route with its permission, one line a feature.
pub fn routes() -> Routes {
    Routes::new()
        .get("/", Permission::OwnAccount, start)
        .get("/date-words", Permission::OwnAccount, form::date_words)
        .get("/date-words/ahead", Permission::OwnAccount, form::date_words_ahead)
        .merge(enquiries::routes())
        .merge(board::routes())
        .merge(pipeline::routes())
        .merge(alike::routes())
        .merge(separations::routes())
        .merge(households::routes())
        .merge(today::routes())
        .merge(tasks::routes())
        .merge(appointments::routes())
        .merge(search::routes())
        .merge(reports::routes())
        .merge(users::routes())
        .merge(imports::routes())
        .merge(settings::routes())
        .merge(reasons::routes())
        .merge(glossary::routes())
        .merge(sources::routes())
        .merge(audit::routes())
}

pub fn router(state: AppState) -> Router {
    layered(routes(), state)
}

/// Routes inside the layers. Read these from the bottom: the last is the outermost.
pub fn layered(routes: Routes, state: AppState) -> Router {
    routes
        .into_router()
        .fallback(not_found)
        .layer(from_fn_with_state(state.clone(), access::explain_gone))
        .layer(from_fn_with_state(state.clone(), csrf::layer))
        .layer(from_fn_with_state(state.clone(), ctx::layer))
        // Above, somebody asks; below, no matter who.
        .route("/healthz", get(healthz))
        .route("/static/{name}", get(static_files::answer))
        .layer(DefaultBodyLimit::max(1024 * 1024))
        .layer(RequestBodyLimitLayer::new(BODY_LIMIT))
        .layer(from_fn(in_time))
        .layer(CatchPanicLayer::custom(error::panicked))
        .layer(from_fn(error_page::layer))
        .layer(CompressionLayer::new().gzip(true).compress_when(SizeAbove::new(512).and(is_page)))
        .layer(from_fn_with_state(state.clone(), headers::layer))
        .layer(TraceLayer::new_for_http().make_span_with(trace::span).on_request(()).on_response(trace::answered))
        .layer(PropagateRequestIdLayer::new(trace::REQUEST_ID))
        .layer(SetRequestIdLayer::new(trace::REQUEST_ID, trace::NewId))
        .with_state(state)
}

async fn in_time(request: Request, next: Next) -> Response {
    let kind = request.headers().get(CONTENT_TYPE).map_or(&b""[..], |kind| kind.as_bytes());
    let most = if kind.starts_with(b"multipart/form-data") { UPLOAD_TIMEOUT } else { TIMEOUT };
    let answer = tokio::time::timeout(most, next.run(request)).await;
    answer.unwrap_or_else(|_| StatusCode::SERVICE_UNAVAILABLE.into_response())
}

/// To the first page that somebody may open.
async fn start(ctx: Ctx) -> Redirect {
    let first = [
        (Permission::ReadEnquiries, "/today"),
        (Permission::ReadReports, "/reports"),
        (Permission::ManagePeople, "/people"),
    ];
    Redirect::to(first.iter().find(|(permission, _)| ctx.may(*permission)).map_or("/account", |(_, path)| path))
}

/// Well when the database answers.
async fn healthz(State(state): State<AppState>) -> Result<&'static str, AppError> {
    web::database_answers(&state).await?;
    Ok("ok\n")
}

async fn not_found() -> AppError {
    AppError::NotFound
}

/// Static files are compressed already, and other downloads are not worth the time.
fn is_page(_: StatusCode, _: axum::http::Version, headers: &axum::http::HeaderMap, _: &axum::http::Extensions) -> bool {
    headers
        .get(axum::http::header::CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"text/html") || kind.as_bytes().starts_with(b"text/csv"))
}
