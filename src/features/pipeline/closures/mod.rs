//! How an enquiry ends without approval, and how it goes on after all.

mod forms;
pub(super) mod handlers;
mod views;

pub(super) use forms::{reason_choices, reasons_for};
