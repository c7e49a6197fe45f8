//! The lists of sources and campaigns, as an administrator keeps them: what the forms offer. What is recorded of an
//! enquiry stands in its own ledger; under a new name it is corrected there, so that what was known stays known.

mod actions;
mod forms;
mod handlers;
mod handlers_merges;
mod queries;
mod views;
mod views_history;
mod views_merges;

pub use actions::{Place, add, change};
pub use queries::list_in_force;

use crate::domain::role::Permission::ManagePeople;
use crate::web::Routes;

pub fn routes() -> Routes {
    Routes::new()
        .get("/settings/sources", ManagePeople, handlers::index)
        .post("/settings/sources", ManagePeople, handlers::create)
        .get("/settings/sources/new", ManagePeople, handlers::new)
        .get("/settings/sources/recorded", ManagePeople, handlers::recorded)
        .post("/settings/sources/recorded", ManagePeople, handlers::adopt)
        .get("/settings/sources/{id}", ManagePeople, handlers::edit)
        .post("/settings/sources/{id}/corrections", ManagePeople, handlers::change)
        .get("/settings/sources/{id}/merges/new", ManagePeople, handlers_merges::new)
        .post("/settings/sources/{id}/merges", ManagePeople, handlers_merges::create)
}
