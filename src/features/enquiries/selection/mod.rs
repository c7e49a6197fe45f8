//! Many enquiries at once: rows ticked in the list, all on its page, or all that match, given to an officer or given a
//! task. First what and to whom, then a page that says what will happen to how many, then all of it or nothing.

mod actions;
mod forms;
mod handlers;
mod queries;
mod rows;
mod views;

use crate::domain::role::Permission::{AssignEnquiries, WriteEnquiries};
use crate::web::Routes;

pub fn routes() -> Routes {
    Routes::new()
        .get("/enquiries/assignments/new", AssignEnquiries, handlers::new_assignments)
        .post("/enquiries/assignments/checks", AssignEnquiries, handlers::check_assignments)
        .post("/enquiries/assignments", AssignEnquiries, handlers::assign)
        .get("/enquiries/tasks/new", WriteEnquiries, handlers::new_tasks)
        .post("/enquiries/tasks/checks", WriteEnquiries, handlers::check_tasks)
        .post("/enquiries/tasks", WriteEnquiries, handlers::make_tasks)
        .post("/enquiries/tasks/{span}/undoings", WriteEnquiries, handlers::take_back)
}
