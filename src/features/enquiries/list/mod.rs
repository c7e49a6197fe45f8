//! The list of enquiries: filters in the address, sorted, paged by key.

mod filters;
mod handlers;
mod queries;
mod search;
mod views;

pub(super) use handlers::index;
