//! The list of enquiries: filters in the address, sorted, paged by key, with the columns that somebody chose; and the
//! same as a file.

mod asking;
mod bound;
mod cells;
mod columns;
mod files;
mod filters;
mod handlers;
mod lines;
mod more;
mod queries;
mod queries_columns;
mod queries_found;
mod queries_rows;
mod tags;
mod views;

pub(super) use asking::{Asking, content, form_of};
pub(super) use columns::{Column, USUAL, codes, of as columns_of, parse as parse_columns};
pub(super) use files::{as_csv, as_xlsx};
pub(super) use filters::{Base, Filters};
pub use filters::{Kind, ME, UNASSIGNED};
pub(super) use handlers::{index, matching};
pub(super) use views::{STANDARD_VIEW, in_order};
