//! Whose enquiry it is, and whether somebody may open it. Every page and form of one enquiry begins here.

mod actions;
mod form_page;
mod gone;
mod queries;

pub use actions::{Viewer, open, opened};
pub use form_page::{Conflict, FormPage, Versions, in_force, overtaken, show, understood, who_was_first};
pub use gone::{explain_gone, was_called};
pub use queries::Subject;
