//! What a service sets for itself.

mod actions;
mod bank_holidays;
mod handlers;
mod queries;
mod time_limits;
mod views;

use crate::domain::role::Permission::ManagePeople;
use crate::web::Routes;

pub use actions::{Settings, SettingsError, load, save};

#[rustfmt::skip]
pub fn routes() -> Routes {
    use bank_holidays::handlers as holidays;
    use time_limits::handlers as limits;
    Routes::new()
        .get("/settings", ManagePeople, handlers::show)
        .post("/settings", ManagePeople, handlers::update)
        .get("/settings/time-limits", ManagePeople, limits::index)
        .get("/settings/time-limits/{clock}", ManagePeople, limits::show)
        .post("/settings/time-limits/{clock}", ManagePeople, limits::change)
        .get("/settings/bank-holidays", ManagePeople, holidays::index)
        .post("/settings/bank-holidays", ManagePeople, holidays::add)
        .post("/settings/bank-holidays/lists", ManagePeople, holidays::upload)
        .post("/settings/bank-holidays/{id}/withdrawals", ManagePeople, holidays::withdraw)
}
