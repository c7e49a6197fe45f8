//! The record of one enquiry: who, how to reach them, where it stands, what has happened and what comes next. Each
//! section has an address of its own; opening one is put down in the audit.

mod handlers;
mod head;
mod history;
mod ladder;
mod limits;
mod next;
mod queries;
mod queries_merges;
mod queries_separations;
mod related;
mod timeline;
mod views;

use crate::domain::role::Permission::ReadEnquiries;
use crate::web::Routes;

pub fn routes() -> Routes {
    Routes::new()
        .get("/enquiries/{id}", ReadEnquiries, handlers::overview)
        .get("/enquiries/{id}/people", ReadEnquiries, handlers::people)
        .get("/enquiries/{id}/milestones", ReadEnquiries, handlers::dates)
        .get("/enquiries/{id}/notes", ReadEnquiries, handlers::notes)
        .get("/enquiries/{id}/tasks", ReadEnquiries, handlers::tasks)
        .get("/enquiries/{id}/history", ReadEnquiries, handlers::history)
}
