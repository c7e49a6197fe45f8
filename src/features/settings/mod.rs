//! What a service sets for itself.

mod actions;
mod handlers;
mod queries;
mod views;

use crate::domain::role::Permission::ManagePeople;
use crate::web::Routes;

pub use actions::{Settings, SettingsError, load, save};

pub fn routes() -> Routes {
    Routes::new().get("/settings", ManagePeople, handlers::show).post("/settings", ManagePeople, handlers::update)
}
