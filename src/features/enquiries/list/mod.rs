//! The list of enquiries: filters in the address, sorted, paged by key.

mod filters;
mod handlers;
mod queries;
mod queries_found;
mod queries_rows;
mod tags;
mod views;

pub(super) use handlers::index;
