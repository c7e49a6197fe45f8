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
mod mapping;
mod mapping_file;
mod matching;
mod newer;
mod past;
mod problems;
mod queries;
mod reading;
mod report;
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

pub use actions::{ImportError, Options, Request, Step, import};
pub use carried::of_file as find_carried;
pub use file::{Bytes, Dialect, Limits, NotATable, Table};
pub use mapping::Mapping;
pub use mapping_file::MappingFile;
pub use problems::{Format as ProblemsFormat, write_problems};
pub use reading::{Place, Plan, ReadRow, Reading, RefusedRow, SkippedRow, Warning, WarningKind};
pub use report::{KnownRow, LikeRow, Report, Target};
pub use taking::Newer;
pub use undo::{UndoError, undo};
pub use uploads::{delete_old, rename_source_in_mappings};

pub fn routes() -> Routes {
    uploads::routes()
        .get("/settings/imports", ImportEnquiries, past::handlers::index)
        .get("/settings/imports/{id}", ImportEnquiries, past::handlers::show)
        .get("/settings/imports/{id}/undoings/new", ImportEnquiries, past::handlers::ask_undo)
        .post("/settings/imports/{id}/undoings", ImportEnquiries, past::handlers::undo_it)
}
