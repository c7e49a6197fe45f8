//! A new enquiry, on one page while on the telephone; and whether the household is known already.

mod actions;
mod forms;
mod handlers;
mod known;
mod queries;
mod views;

pub(super) use handlers::{create, recognise, show};
pub use queries::insert_likenesses;
