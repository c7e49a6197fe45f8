//! Enquiries as the canonical file: import's inverse.

mod actions;
mod files;
mod queries;
mod rows;

pub use actions::export;
pub use files::{ExportError, Written};
pub use rows::{Exported, Left, load};
