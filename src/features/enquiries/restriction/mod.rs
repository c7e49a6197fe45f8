//! Who may open a record: everybody who may read enquiries, or only named people; and what a manager does when none of
//! the named is left.

mod actions;
mod forms;
mod handlers;
mod handlers_stranded;
mod now;
mod queries;
mod views;

use crate::domain::role::Permission::{NameForRestricted, RestrictEnquiries};
use crate::web::Routes;

pub use actions::restrict;
pub use now::{count_stranded, count_stranded_without};

pub(super) use actions::name_as_well;
pub(super) use now::{Now, sentence};
pub(super) use queries::list_shut_out;

pub fn routes() -> Routes {
    Routes::new()
        .get("/enquiries/{id}/restriction", RestrictEnquiries, handlers::edit)
        .post("/enquiries/{id}/restriction", RestrictEnquiries, handlers::change)
        .get("/enquiries/restrictions", NameForRestricted, handlers_stranded::index)
        .post("/enquiries/restrictions", NameForRestricted, handlers_stranded::name)
}
