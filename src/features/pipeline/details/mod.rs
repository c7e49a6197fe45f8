//! Where an enquiry came from and what it is about: what reports group by.

mod forms;
pub(super) mod handlers;
mod views;
