//! Households: who they are, how to reach them safely, and how one is recognised when it comes again.

mod actions;
mod forms;
mod handlers;
mod queries;
mod queries_left;
mod queries_pairs;
mod queries_reach;
mod reach;
mod recognition;
mod views;

pub use actions::{ActionError, HouseholdForm, NewHousehold, create, update};
pub use forms::MOST_APPLICANTS;
pub use handlers::{Place, change_at, edit_at};
pub use queries::{
    Applicant, Household, find, find_last_change, find_of, find_standing, list_applicants, list_enquiries,
    list_gone_into, list_known_by, raise_version,
};
pub use queries_left::{Left, list_left, list_paired};
pub use queries_pairs::update_told_apart;
pub use reach::{Reach, Telephone, list_reach, telephones};
pub use recognition::{disagreements, rebuild, refresh, work_out_likenesses};

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
