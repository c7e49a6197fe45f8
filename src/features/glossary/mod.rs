//! The service's own words for stages, milestones, kinds, states and roles, as an administrator sets them.

mod actions;
mod handlers;
mod queries;
mod views;

use crate::domain::role::Permission::ManagePeople;
use crate::web::Routes;

pub use actions::load;

pub fn routes() -> Routes {
    Routes::new()
        .get("/settings/words", ManagePeople, handlers::index)
        .get("/settings/words/{term}", ManagePeople, handlers::edit)
        .post("/settings/words/{term}", ManagePeople, handlers::change)
}
