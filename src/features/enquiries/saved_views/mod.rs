//! Views of the list that somebody saved by name: filters, order and columns; their own, or shared with everybody by a
//! manager. And what people choose for their own list: its columns, and the view with which it opens.

mod actions;
mod forms;
mod handlers;
mod handlers_list;
mod queries;
mod views;

use crate::domain::role::Permission::ReadEnquiries;
use crate::web::Routes;

pub use actions::{rename_in_views, share_views};
pub use queries::{SavedView, find_choice, list_visible};

pub fn routes() -> Routes {
    Routes::new()
        .get("/enquiries/views", ReadEnquiries, handlers::index)
        .post("/enquiries/views", ReadEnquiries, handlers::create)
        .get("/enquiries/views/new", ReadEnquiries, handlers::new)
        .get("/enquiries/views/{view}", ReadEnquiries, handlers::edit)
        .post("/enquiries/views/{view}", ReadEnquiries, handlers::change)
        .post("/enquiries/views/{view}/contents", ReadEnquiries, handlers_list::save)
        .get("/enquiries/views/{view}/deletions/new", ReadEnquiries, handlers::deletion)
        .post("/enquiries/views/{view}/deletions", ReadEnquiries, handlers::delete)
        .post("/enquiries/openings", ReadEnquiries, handlers_list::open_with)
        .post("/enquiries/columns", ReadEnquiries, handlers_list::choose_columns)
}
