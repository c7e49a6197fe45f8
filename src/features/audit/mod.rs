//! The audit: append-only, each entry chained to the one before by a hash that covers a keyed hash of its detail,
//! so that erasure can empty the detail and the chain still verifies.

mod actions;
mod handlers;
mod history;
mod openings;
mod queries;
mod views;

use crate::domain::role::Permission::ManagePeople;
use crate::web::Routes;

pub use actions::{Broken, record, verify};
pub use history::{Change, history};
pub use openings::write_openings;

pub fn routes() -> Routes {
    Routes::new().get("/settings/audit", ManagePeople, handlers::index)
}
