//! Applicants who separate: who stays, who leaves, whether they go on, and undoing it. One household becomes two; each
//! enquiry counts once, as before.

mod actions;
mod find;
mod forms;
mod handlers;
mod overtaken;
mod queries;
mod undo;
mod views;

use crate::domain::role::Permission::{MergeHouseholds, WriteEnquiries};
use crate::web::Routes;

pub use actions::{NextEnquiry, Separation, SeparationError, separate};
pub use find::{Together, together};
pub use queries::list_wrong;
pub use undo::{UndoError, undo};

/// What makes two households of one asks for the same right as what makes one of two.
pub fn routes() -> Routes {
    Routes::new()
        .get("/enquiries/{id}/separations/new", MergeHouseholds, handlers::new)
        .post("/enquiries/{id}/separations", MergeHouseholds, handlers::create)
        .get("/enquiries/{id}/separations/{separation}/household", WriteEnquiries, handlers::edit)
        .post("/enquiries/{id}/separations/{separation}/household", WriteEnquiries, handlers::change)
        .get("/households/separations/{id}", MergeHouseholds, handlers::show)
        .post("/households/separations/{id}/undoings", MergeHouseholds, handlers::undo)
}
