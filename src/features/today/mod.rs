//! Today: what needs doing, in the order in which it does. Each section is one query along an index of its own, and each
//! row has the one action that clears it, done in place.

mod actions;
mod forms;
mod handlers;
mod hours;
mod queries;
mod rows;
mod section;
mod sections;
mod views;

use crate::domain::role::Permission::{AssignEnquiries, ManagePeople, ReadEnquiries, WriteEnquiries};
use crate::web::Routes;

pub fn routes() -> Routes {
    Routes::new()
        .get("/today", ReadEnquiries, handlers::index)
        .get("/today/{section}", ReadEnquiries, handlers::section)
        .post("/today/contacts/{id}", WriteEnquiries, handlers::contact)
        .post("/today/milestones/{id}", WriteEnquiries, handlers::milestone)
        .post("/today/tasks/{task}", WriteEnquiries, handlers::task)
        .post("/today/visits/{appointment}", WriteEnquiries, handlers::visit)
        .post("/today/assignments/{id}", AssignEnquiries, handlers::assign)
        .get("/settings/working-hours", ManagePeople, hours::edit)
        .post("/settings/working-hours", ManagePeople, hours::change)
}
