//! What every page is made with: routes with their permission, who is asking, forms, errors, the layout. Knows no
//! feature.

mod address;
pub mod chart;
pub mod csrf;
pub mod csrf_token;
pub mod csv;
pub mod ctx;
pub mod error;
pub mod error_page;
pub mod form;
pub mod headers;
pub mod late;
pub mod one_time;
pub mod openings;
pub mod page;
pub mod paging;
mod path;
mod queries;
pub mod routes;
pub mod session;
mod state;
pub mod static_files;
pub mod token;
pub mod trace;
mod user;
pub mod work;
pub mod xlsx;

use std::future::Future;

use axum::http::HeaderName;
use tracing::Instrument;

pub use ctx::{Ctx, Visit};
pub use error::AppError;
pub use form::Form;
pub use page::Page;
pub use path::Path;
pub use routes::Routes;
pub use state::AppState;
pub use user::User;

const HX_REDIRECT: HeaderName = HeaderName::from_static("hx-redirect");
pub const HX_RETARGET: HeaderName = HeaderName::from_static("hx-retarget");
pub const HX_RESWAP: HeaderName = HeaderName::from_static("hx-reswap");

/// Runs a write to its end even when the browser goes away in the middle of it.
pub async fn finish<W>(work: W) -> W::Output
where
    W: Future + Send + 'static,
    W::Output: Send + 'static,
{
    match tokio::spawn(work.in_current_span()).await {
        Ok(output) => output,
        // Nobody aborts it, so it has panicked: that goes on where everything else that panics is caught.
        Err(failed) => std::panic::resume_unwind(failed.into_panic()),
    }
}

/// An error where the database does not answer.
pub async fn database_answers(state: &AppState) -> Result<(), AppError> {
    queries::find_one(state.db.read()).await?;
    Ok(())
}
