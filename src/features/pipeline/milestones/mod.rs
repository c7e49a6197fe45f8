//! Recording what happened, correcting when it happened, withdrawing what did not.

mod forms;
pub(super) mod handlers;
mod views;

pub use forms::places;
