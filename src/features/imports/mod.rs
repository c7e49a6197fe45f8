//! Other people's files as enquiries: what is a row, what it says, whether we know it already; and taking them in.

mod actions;
mod batches;
mod carried;
mod cells;
mod dates;
mod draft;
mod examine;
mod file;
mod finish;
mod header;
mod import_error;
mod mapping;
mod mapping_file;
mod matching;
mod newer;
mod past;
mod problems;
mod progress;
mod queries;
mod read_rows;
mod reading;
mod report;
mod request;
mod rows;
mod standing;
mod taking;
#[cfg(test)]
mod tests;
mod undo;
mod uploads;
mod whose;
mod words;

use crate::domain::role::Permission::ImportEnquiries;
use crate::web::Routes;

pub use actions::{Options, import};
pub use carried::of_file as find_carried;
pub use file::{Bytes, Dialect, Limits, NotATable, Table};
pub use import_error::ImportError;
pub use mapping::Mapping;
pub use mapping_file::MappingFile;
pub use problems::{Format as ProblemsFormat, write_problems};
pub use progress::Step;
pub use read_rows::{Place, ReadRow, RefusedRow, SkippedRow, Warning, WarningKind};
pub use reading::Reading;
pub use report::{KnownRow, LikeRow, Report, Target};
pub use request::{Plan, Request};
pub use taking::Newer;
pub use undo::{UndoError, undo};
pub use uploads::{delete_old, rename_source_in_mappings};

pub fn routes() -> Routes {
    uploads::routes()
        .get("/settings/imports", ImportEnquiries, past::handlers::index)
        .get("/settings/imports/{id}", ImportEnquiries, past::handlers::show)
        .get("/settings/imports/{id}/undoings/new", ImportEnquiries, past::handlers::ask_undo)
        .get("/settings/imports/{id}/undoings", ImportEnquiries, past::handlers::how_far)
        .post("/settings/imports/{id}/undoings", ImportEnquiries, past::handlers::undo_it)
}
