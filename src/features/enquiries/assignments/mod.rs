//! Who has an enquiry, from which day on; and that nobody is given a restricted record which they cannot open.

mod actions;
mod forms;
mod handlers;
mod views;

use crate::domain::role::Permission::AssignEnquiries;
use crate::web::Routes;

pub use actions::{Giving, GivingRefusal, give};

pub(super) fn routes() -> Routes {
    Routes::new().get("/enquiries/{id}/assignments/new", AssignEnquiries, handlers::new).post(
        "/enquiries/{id}/assignments",
        AssignEnquiries,
        handlers::create,
    )
}
