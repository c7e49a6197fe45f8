//! The audit: append-only, each entry chained to the one before by a hash that covers a keyed hash of its detail,
//! so that erasure can empty the detail and the chain still verifies.

mod actions;
mod openings;
mod queries;

pub use actions::{Broken, record, verify};
pub use openings::write_openings;
