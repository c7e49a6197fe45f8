//! Other people's files as enquiries: what is a row, what it says, whether we know it already; and taking them in.

mod actions;
mod cells;
mod dates;
mod draft;
mod examine;
mod file;
mod finish;
mod header;
mod mapping;
mod matching;
mod newer;
mod problems;
mod queries;
mod reading;
mod report;
mod rows;
mod standing;
#[cfg(test)]
mod tests;
mod words;

pub use actions::{ImportError, Options, Request, Step, import};
pub use file::{Bytes, Dialect, NotATable, Table};
pub use mapping::Mapping;
pub use problems::write_problems;
pub use reading::{Place, Plan, ReadRow, Reading, RefusedRow, SkippedRow, Warning, WarningKind};
pub use report::{KnownRow, LikeRow, Report, Target};
