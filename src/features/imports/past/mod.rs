//! Imports that are done: the list, one of them, and undoing it.

pub mod handlers;
mod queries;
mod undoing;
mod views;

pub use queries::{
    BuiltOn, Change, Import, find, find_latest_of, list_built_on, list_changes, list_made, update_undone,
};
