//! Enquiries: one approach by a household. Made here, one at a time or a whole file at once.

mod actions;
mod queries;

pub use crate::features::notes::NewNote;
pub use actions::{Likeness, NewEnquiry, Of, create};
