//! What somebody asks of a file: by which mapping, on which day, within which limits.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use super::file::{Limits, Table};
use super::import_error::ImportError;
use super::mapping::Mapping;
use crate::domain::day::Day;
use crate::domain::reason::CloseReason;
use crate::domain::text::tidy;

/// How a file is to be read.
#[derive(Debug, Clone)]
pub struct Request {
    pub mapping: Mapping,
    /// The service's list.
    pub reasons: Vec<CloseReason>,
    /// London's.
    pub today: Day,
    pub only_sheet: Option<String>,
    pub limits: Limits,
}

impl Request {
    pub(super) fn plan(&self) -> Plan<'_> {
        let only_sheet = self.only_sheet.as_deref();
        let most_rows = self.limits.rows;
        Plan { mapping: &self.mapping, reasons: &self.reasons, today: self.today, only_sheet, most_rows }
    }

    /// The file, told by its content. It stays open: what is read twice is one file.
    pub fn open(&self, path: &Path) -> Result<Table, ImportError> {
        let bytes = BufReader::new(File::open(path)?);
        let known = |header: &str| self.mapping.target(&tidy(header)).is_some();
        Ok(Table::open(Box::new(bytes), &self.limits, &known)?)
    }
}

/// What of it the reading takes, once the file is open.
#[derive(Clone, Copy)]
pub struct Plan<'a> {
    pub mapping: &'a Mapping,
    /// The service's list.
    pub reasons: &'a [CloseReason],
    /// London's.
    pub today: Day,
    /// This sheet and no other, whatever the mapping says.
    pub only_sheet: Option<&'a str>,
    /// A file with more is refused.
    pub most_rows: Option<usize>,
}
