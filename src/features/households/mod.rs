//! Households: who they are, how to reach them safely, and how one is recognised when it comes again.

mod actions;
mod forms;
mod handlers;
mod queries;
mod recognition;
mod views;

pub use actions::{ActionError, HouseholdForm, NewHousehold, create, update};
pub use queries::{Applicant, Household, find, list_applicants, list_known_by};
pub use recognition::{disagreements, rebuild};

use crate::domain::role::Permission::WriteEnquiries;
use crate::web::Routes;

/// A household is opened through one of its enquiries: that is what rights are about.
pub fn routes() -> Routes {
    Routes::new().get("/enquiries/{id}/household", WriteEnquiries, handlers::edit).post(
        "/enquiries/{id}/household",
        WriteEnquiries,
        handlers::change,
    )
}
