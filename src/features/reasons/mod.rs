//! The list of reasons why enquiries end, as an administrator keeps it. Ofsted's and those that rules depend on stay.

mod actions;
mod forms;
mod handlers;
mod queries;
mod views;

use crate::domain::role::Permission::ManagePeople;
use crate::web::Routes;

pub fn routes() -> Routes {
    Routes::new()
        .get("/settings/reasons", ManagePeople, handlers::index)
        .post("/settings/reasons", ManagePeople, handlers::create)
        .get("/settings/reasons/new", ManagePeople, handlers::new)
        .get("/settings/reasons/{code}", ManagePeople, handlers::edit)
        .post("/settings/reasons/{code}", ManagePeople, handlers::update)
}
