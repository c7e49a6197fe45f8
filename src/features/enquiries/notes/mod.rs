//! Writing down what was said: a note, or a contact that may be the first one.

mod drafts;
mod forms;
mod handlers;
mod views;

use crate::domain::role::Permission::WriteEnquiries;
use crate::web::Routes;

pub fn routes() -> Routes {
    Routes::new()
        .get("/enquiries/{id}/notes/new", WriteEnquiries, handlers::new)
        .post("/enquiries/{id}/notes", WriteEnquiries, handlers::create)
        .post("/enquiries/{id}/notes/drafts", WriteEnquiries, drafts::keep)
        .post("/enquiries/{id}/notes/draft-removals", WriteEnquiries, drafts::throw_away)
        .get("/enquiries/{id}/notes/{note}/corrections", WriteEnquiries, handlers::edit)
        .post("/enquiries/{id}/notes/{note}/corrections", WriteEnquiries, handlers::change)
}
