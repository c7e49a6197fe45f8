//! The rows of a report as CSV and as one sheet of a workbook, whatever report it is. Every row begins with the head;
//! cells that a spreadsheet would run as a formula are made harmless.

use std::ops::Range;

use rust_xlsxwriter::{Format, Workbook, XlsxError};

use super::report::Head;
use crate::domain::fostering::TypeFilter;
use crate::domain::funnel::{Outcome, Step};
use crate::domain::question::{Basis, Dimension};
use crate::domain::text::formula::harmless;
use crate::domain::text::upper_first;
use crate::domain::time_limit::Clock;

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

/// What a person reads above a column, whose name in the CSV is for programs.
fn heading(name: &str) -> String {
    match name {
        "by" => "Split by".to_owned(),
        "known_at" => "As known at".to_owned(),
        "low" => "95% interval from".to_owned(),
        "high" => "95% interval to".to_owned(),
        name => upper_first(&name.replace('_', " ")),
    }
}

/// What the page calls a code of that column.
fn in_words(column: &str, code: &str) -> Option<&'static str> {
    match column {
        "type" => code.parse().ok().map(TypeFilter::label),
        "basis" => code.parse().ok().map(Basis::label),
        "by" => code.parse().ok().map(Dimension::label),
        "measure" if code == "step" => Some("Step"),
        "measure" if code == "outcome" => Some("Outcome"),
        "name" => code.parse().ok().map(Step::label).or_else(|| code.parse().ok().map(Outcome::label)),
        "clock" => code.parse().ok().map(Clock::label),
        "statutory" if code == "true" => Some("Yes"),
        "statutory" if code == "false" => Some("No"),
        _ => None,
    }
}

/// One sheet: what was asked on top, then the columns of the CSV that differ from row to row, in words.
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
            sheet.write_with_format(line, 0, heading(columns.names[column]), &bold)?;
            sheet.write(line, 1, harmless(in_words(columns.names[column], &cell).unwrap_or(&cell)))?;
            line += 1;
        }
    }
    line += 1;
    let shown: Vec<usize> = [TYPE].into_iter().chain(GROUP..columns.names.len()).collect();
    for (at, column) in (0..).zip(&shown) {
        sheet.write_with_format(line, at, heading(columns.names[*column]), &bold)?;
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
                _ => sheet.write(line, at, harmless(in_words(columns.names[*column], cell).unwrap_or(cell)))?,
            };
        }
    }
    sheet.autofit();
    workbook.save_to_buffer()
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use calamine::{Reader, Xlsx};

    use super::*;
    use crate::features::reports::files::FUNNEL_COLUMNS;

    #[test]
    fn a_workbook_speaks_as_the_page_does() {
        let columns = Columns { names: &FUNNEL_COLUMNS, numbers: 12..14, proportions: 14..18 };
        let head = ["", "", "", "", "kinship", "", "", "cohort", "hub"];
        let cells = ["direct", "step", "contact", "3", "1", "0.5", "", "0.25", "0.75"];
        let row = [head, cells].concat();
        let rows = std::iter::once(row.into_iter().map(str::to_owned).collect());
        let bytes = xlsx("Funnel", &columns, None, rows).unwrap();
        let mut workbook: Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(bytes)).unwrap();
        let range = workbook.worksheet_range("Funnel").unwrap();
        let texts: Vec<Vec<String>> = range.rows().map(|row| row.iter().map(ToString::to_string).collect()).collect();
        assert_eq!(texts[0][..6], ["Type", "Group", "Measure", "Name", "Households", "Implied"]);
        assert_eq!(texts[0][6..], ["Of enquiries", "Of previous", "95% interval from", "95% interval to"]);
        assert_eq!(texts[1][..6], ["Kinship", "direct", "Step", "First contact", "3", "1"]);
        assert_eq!(texts[1][6..], ["0.5", "", "0.25", "0.75"]);
    }
}
