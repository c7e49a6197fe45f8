//! Enquiries: one approach by a household. Made here, one at a time or a whole file at once; listed and found.

mod actions;
mod assignments;
mod list;
mod new;
mod notes;
mod queries;
mod queries_recorded;
mod record;
mod restriction;
mod saved_views;
mod selection;

use crate::domain::role::Permission;
use crate::web::Routes;

pub use crate::features::notes::NewNote;
pub use actions::{Likeness, NewEnquiry, Of, create, move_to, restrict_as_before, withdraw, withdraw_many};
pub use assignments::{Giving, GivingRefusal, give};
pub use list::{Kind, ME, UNASSIGNED};
pub use new::insert_likenesses;
pub use queries_recorded::list_officers;
pub use restriction::{count_stranded, count_stranded_without, restrict};
pub use saved_views::{rename_in_views, share_views};

pub fn routes() -> Routes {
    Routes::new()
        .get("/enquiries", Permission::ReadEnquiries, list::index)
        .get("/enquiries.csv", Permission::ExportEnquiries, list::as_csv)
        .get("/enquiries.xlsx", Permission::ExportEnquiries, list::as_xlsx)
        .post("/enquiries", Permission::CreateEnquiries, new::create)
        .get("/enquiries/new", Permission::CreateEnquiries, new::show)
        .post("/households/known", Permission::CreateEnquiries, new::recognise)
        .merge(record::routes())
        .merge(assignments::routes())
        .merge(restriction::routes())
        .merge(saved_views::routes())
        .merge(selection::routes())
        .merge(notes::routes())
}
