//! Tasks: what somebody has to do by a day, for an enquiry or for none; by hand, for many at once, or by a rule when a
//! milestone is recorded.

mod actions;
mod at_once;
mod follow;
mod forms;
mod handlers;
mod queries;
mod queries_rules;
mod queries_to_do;
mod rules;
mod save;
mod span;
mod views;

use crate::domain::role::Permission::{ManagePeople, WriteEnquiries};
use crate::web::Routes;

pub use actions::{ActionError, Wanted, change, complete, in_words, make, no_answer, no_answer_of, reopen, withdraw};
pub use at_once::{TakenBack, make_for_all, take_back};
pub use follow::follow;
pub use forms::{choices as whose_choices, wanted};
pub use queries::{Colleague, Task, count_open, find_current, list_colleagues, list_of_enquiry};
pub use queries_to_do::{Key, Of, ToDo, list_to_do};
pub use save::{Deed, save};
pub use span::Span;
pub use views::clock;

pub fn routes() -> Routes {
    Routes::new()
        .get("/tasks", WriteEnquiries, handlers::index)
        .post("/tasks", WriteEnquiries, handlers::create)
        .get("/tasks/new", WriteEnquiries, handlers::new)
        .get("/tasks/{task}", WriteEnquiries, handlers::task)
        .post("/tasks/{task}/completions", WriteEnquiries, handlers::complete)
        .post("/tasks/{task}/attempts", WriteEnquiries, handlers::no_answer)
        .post("/tasks/{task}/corrections", WriteEnquiries, handlers::change)
        .post("/tasks/{task}/withdrawals", WriteEnquiries, handlers::withdraw)
        .post("/tasks/{task}/reopenings", WriteEnquiries, handlers::reopen)
        .get("/enquiries/{id}/tasks/new", WriteEnquiries, handlers::new_of)
        .post("/enquiries/{id}/tasks", WriteEnquiries, handlers::create_of)
        .get("/settings/task-rules", ManagePeople, rules::index)
        .post("/settings/task-rules", ManagePeople, rules::create)
        .get("/settings/task-rules/new", ManagePeople, rules::new)
        .get("/settings/task-rules/{rule}", ManagePeople, rules::edit)
        .post("/settings/task-rules/{rule}/corrections", ManagePeople, rules::change)
}
