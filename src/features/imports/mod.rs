//! Other people's files as enquiries: what is a row, what it says, whether we know it already.

mod dates;
mod draft;
mod file;
mod finish;
mod header;
mod mapping;
mod reading;
mod rows;
mod standing;
#[cfg(test)]
mod tests;
mod words;

pub use file::{Bytes, Dialect, NotATable, Table};
pub use mapping::Mapping;
pub use reading::{Place, Plan, ReadRow, Reading, RefusedRow, SkippedRow, Warning, WarningKind, read};
