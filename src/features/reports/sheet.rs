//! The rows of a report as CSV and as one sheet of a workbook, whatever report it is. Every row begins with the head;
//! cells that a spreadsheet would run as a formula are made harmless.

use std::ops::Range;

use rust_xlsxwriter::{Format, Workbook, XlsxError};

use super::report::Head;
use crate::domain::text::formula::harmless;

/// The columns of a report's rows: those of the head first, then its own.
pub(super) struct Columns {
    pub names: &'static [&'static str],
    pub numbers: Range<usize>,
    /// From 0 to 1.
    pub proportions: Range<usize>,
}

/// Among the columns of the head: a sheet may hold both sides, so that the type stands in each row.
const TYPE: usize = 4;
/// The first column that is none of the head's.
const GROUP: usize = 9;

pub(super) fn head_cells(head: &Head) -> Vec<String> {
    vec![
        head.report.to_owned(),
        head.service.clone(),
        head.from.to_string(),
        head.to.to_string(),
        head.types.code().to_owned(),
        head.as_at.to_string(),
        head.known_at.to_string(),
        head.basis.code().to_owned(),
        head.by.map_or("", |by| by.code()).to_owned(),
    ]
}

pub(super) fn csv(columns: &Columns, rows: impl Iterator<Item = Vec<String>>) -> anyhow::Result<Vec<u8>> {
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    writer.write_record(columns.names)?;
    for row in rows {
        writer.write_record(row.iter().map(|cell| harmless(cell)))?;
    }
    Ok(writer.into_inner()?)
}

/// One sheet: what was asked on top, then the columns of the CSV that differ from row to row.
pub(super) fn xlsx(
    name: &str,
    columns: &Columns,
    head: Option<&Head>,
    rows: impl Iterator<Item = Vec<String>>,
) -> Result<Vec<u8>, XlsxError> {
    let bold = Format::new().set_bold();
    let proportion = Format::new().set_num_format("0.0%");
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.set_name(name)?;
    let mut line = 0;
    if let Some(head) = head {
        for (column, cell) in head_cells(head).into_iter().enumerate().filter(|(at, _)| *at != TYPE) {
            sheet.write_with_format(line, 0, columns.names[column], &bold)?;
            sheet.write(line, 1, harmless(&cell))?;
            line += 1;
        }
    }
    line += 1;
    let shown: Vec<usize> = [TYPE].into_iter().chain(GROUP..columns.names.len()).collect();
    for (at, column) in (0..).zip(&shown) {
        sheet.write_with_format(line, at, columns.names[*column], &bold)?;
    }
    sheet.set_freeze_panes(line + 1, 0)?;
    for row in rows {
        line += 1;
        for (at, column) in (0..).zip(&shown) {
            let cell = &row[*column];
            match cell.parse::<f64>() {
                Ok(number) if columns.proportions.contains(column) => {
                    sheet.write_with_format(line, at, number, &proportion)?
                }
                Ok(number) if columns.numbers.contains(column) => sheet.write(line, at, number)?,
                _ => sheet.write(line, at, harmless(cell))?,
            };
        }
    }
    sheet.autofit();
    workbook.save_to_buffer()
}
