//! Whose enquiry it is, and whether somebody may open it. Every page of one enquiry begins here.

mod actions;
mod queries;

pub use actions::{open, opened};
pub use queries::Subject;
