//! Notes and contacts: what was said. A changed note is a new version; the old one stays.

mod actions;
mod drafts;
mod queries;
mod queries_drafts;

pub use actions::{ActionError, NewNote, add, add_many, change, withdraw_all, withdraw_recorded};
pub use drafts::{
    DRAFT_DAYS, Draft, Saved, Typed, Writer, drop_draft, drop_saved_draft, find_draft, forget_drafts, keep_draft,
    list_drafts, list_writers,
};
pub use queries::{Note, find_current, list, list_with_versions};
