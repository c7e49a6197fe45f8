//! Initial visits that are planned: a day and a time, who goes, where, and a note for lone visiting; moved, cancelled,
//! or recorded as the milestone that they become.

mod actions;
mod clashes;
mod forms;
mod handlers;
mod queries;
mod queries_merged;
mod save;
mod views;

use crate::domain::role::Permission::WriteEnquiries;
use crate::web::Routes;

pub use actions::{ActionError, Deed, apply, bring, find_moved, list_cancelled, take_back};
pub use queries::{
    Due, Key, Of, Planned, When, find_current, list_of_enquiry, list_planned, list_planned_at, list_when,
};
pub use queries_merged::{GoneOver, list_gone_over, list_taken_back};
pub use save::save;

pub fn routes() -> Routes {
    Routes::new()
        .get("/enquiries/{id}/appointments/new", WriteEnquiries, handlers::new)
        .post("/enquiries/{id}/appointments", WriteEnquiries, handlers::create)
        .get("/enquiries/{id}/appointments/{appointment}/corrections", WriteEnquiries, handlers::moving)
        .post("/enquiries/{id}/appointments/{appointment}/corrections", WriteEnquiries, handlers::change)
        .get("/enquiries/{id}/appointments/{appointment}/cancellations", WriteEnquiries, handlers::cancelling)
        .post("/enquiries/{id}/appointments/{appointment}/cancellations", WriteEnquiries, handlers::cancel)
        .get("/enquiries/{id}/appointments/{appointment}/keepings", WriteEnquiries, handlers::keeping)
        .post("/enquiries/{id}/appointments/{appointment}/keepings", WriteEnquiries, handlers::keep)
}
