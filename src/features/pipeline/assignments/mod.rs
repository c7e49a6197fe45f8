//! Who has an enquiry, from which day on.

mod forms;
pub(super) mod handlers;
mod views;
