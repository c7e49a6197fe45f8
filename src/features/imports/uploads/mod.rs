//! From an uploaded file to a confirmed import, step by step: sheets, columns, words, preview. Each step writes the same
//! mapping that a mapping file holds, and reading, checking and writing are those of the command line.

mod actions;
mod drafting;
mod folder;
mod forms;
mod guess;
mod guess_words;
mod handlers;
mod handlers_mappings;
mod handlers_preview;
mod handlers_steps;
mod preview;
mod queries;
mod queries_mappings;
mod receive;
mod renaming;
mod running;
mod step;
mod survey;
mod views;
mod views_preview;
mod views_steps;
mod words;

pub use actions::delete_old;
pub use queries::{Upload, find_of_import, list_of};
pub use queries_mappings::{SavedMapping, list_mappings};
pub use renaming::rename_source_in_mappings;

use crate::domain::role::Permission::ImportEnquiries;
use crate::features::imports::mapping_file;
use crate::web::Routes;

pub fn routes() -> Routes {
    Routes::new()
        .get("/settings/imports/new", ImportEnquiries, handlers::new)
        .upload("/settings/imports/uploads", ImportEnquiries, receive::LARGEST_BODY, handlers::create)
        .get("/settings/imports/uploads/{id}", ImportEnquiries, handlers::show)
        .post("/settings/imports/uploads/{id}/readings", ImportEnquiries, handlers::again)
        .post("/settings/imports/uploads/{id}/cancellations", ImportEnquiries, handlers::cancel)
        .get("/settings/imports/uploads/{id}/sheets", ImportEnquiries, handlers_steps::sheets)
        .post("/settings/imports/uploads/{id}/sheets", ImportEnquiries, handlers_steps::choose_sheets)
        .get("/settings/imports/uploads/{id}/columns", ImportEnquiries, handlers_steps::columns)
        .post("/settings/imports/uploads/{id}/columns", ImportEnquiries, handlers_steps::save_columns)
        .get("/settings/imports/uploads/{id}/words", ImportEnquiries, handlers_steps::words)
        .post("/settings/imports/uploads/{id}/words", ImportEnquiries, handlers_steps::save_words)
        .get("/settings/imports/uploads/{id}/mapping", ImportEnquiries, handlers_mappings::download)
        .upload(
            "/settings/imports/uploads/{id}/mapping",
            ImportEnquiries,
            mapping_file::LARGEST,
            handlers_mappings::send,
        )
        .post("/settings/imports/uploads/{id}/mapping/choices", ImportEnquiries, handlers_mappings::choose)
        .post("/settings/imports/uploads/{id}/mapping/names", ImportEnquiries, handlers_mappings::save)
        .get("/settings/imports/mappings/{id}/file", ImportEnquiries, handlers_mappings::saved_file)
        .post("/settings/imports/mappings/{id}/deletions", ImportEnquiries, handlers_mappings::delete)
        .get("/settings/imports/uploads/{id}/preview", ImportEnquiries, handlers_preview::show)
        .post("/settings/imports/uploads/{id}/newer", ImportEnquiries, handlers_preview::choose_newer)
        .post("/settings/imports/uploads/{id}/confirmations", ImportEnquiries, handlers_preview::confirm)
        .get("/settings/imports/uploads/{id}/problems", ImportEnquiries, handlers_preview::problems)
}
