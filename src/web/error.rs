//! What can go wrong outside a form.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};

use crate::db::Trouble;

#[derive(Debug)]
pub enum AppError {
    NotFound,
    Forbidden,
    /// Leads to the sign-in page, and back afterwards.
    SignInRequired,
    /// Somebody else was first; says what happened and what to do. Where both versions can be shown, a feature
    /// has a page of its own for it.
    Conflict(String),
    /// What was here and is no longer; a sentence that says why.
    Gone(String),
    /// Another page says what is wrong with what was asked.
    SaidBy(String),
    /// Not sent as our own pages send it; a sentence for the person.
    Refused(&'static str),
    TooLarge,
    /// Unexpected: logged with the request's id, and the page shows nothing of it.
    Internal(anyhow::Error),
}

pub type Result<T, E = AppError> = std::result::Result<T, E>;

impl<E: Into<anyhow::Error>> From<E> for AppError {
    fn from(error: E) -> AppError {
        AppError::Internal(error.into())
    }
}

/// What the error page is made from, further out: see `error_page`.
#[derive(Debug, Clone)]
pub(super) struct Problem {
    pub(super) sign_in: bool,
    pub(super) sentence: Option<String>,
    /// What somebody had typed into the form that ended so, in words.
    pub(super) typed: Vec<(String, String)>,
}

impl IntoResponse for AppError {
    fn into_response(self) -> Response {
        let (status, sentence) = match self {
            AppError::NotFound => (StatusCode::NOT_FOUND, None),
            AppError::Forbidden => (StatusCode::FORBIDDEN, None),
            AppError::SignInRequired => {
                let problem = Problem { sign_in: true, sentence: None, typed: Vec::new() };
                return with(StatusCode::UNAUTHORIZED, problem);
            }
            AppError::SaidBy(address) => return Redirect::to(&address).into_response(),
            AppError::Gone(sentence) => (StatusCode::GONE, Some(sentence)),
            AppError::Conflict(sentence) => (StatusCode::CONFLICT, Some(sentence)),
            AppError::Refused(sentence) => (StatusCode::FORBIDDEN, Some(sentence.to_owned())),
            AppError::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, None),
            AppError::Internal(error) => {
                let trouble = Trouble::behind(error.as_ref());
                tracing::error!(error = format!("{error:#}"), ?trouble, "unexpected");
                match trouble {
                    Some(trouble) => (StatusCode::SERVICE_UNAVAILABLE, Some(trouble.to_string())),
                    None => (StatusCode::INTERNAL_SERVER_ERROR, None),
                }
            }
        };
        with(status, Problem { sign_in: false, sentence, typed: Vec::new() })
    }
}

fn with(status: StatusCode, problem: Problem) -> Response {
    let mut response = status.into_response();
    response.extensions_mut().insert(problem);
    response
}

/// A panic is an unexpected error like any other. Its message may hold anything, so it is not logged here; the panic
/// hook has written where it was.
pub fn panicked(_: Box<dyn std::any::Any + Send>) -> Response {
    AppError::Internal(anyhow::anyhow!("a handler panicked")).into_response()
}
