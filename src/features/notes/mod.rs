//! Notes and contacts: what was said. A changed note is a new version; the old one stays.

mod actions;
mod queries;

pub use actions::{ActionError, NewNote, add, add_many, change, withdraw_all, withdraw_recorded};
pub use queries::{Note, find_current, list, list_with_versions};
