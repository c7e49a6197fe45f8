//! Enquiries: one approach by a household. Made here, one at a time or a whole file at once.

mod actions;
mod queries;

pub use actions::{Likeness, NewEnquiry, NewNote, Of, create};
