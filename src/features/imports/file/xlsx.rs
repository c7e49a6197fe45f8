//! Excel workbooks, cell by cell: only texts that sheets share are held in memory.

use std::io::BufReader;
use std::ops::ControlFlow;

use calamine::{DataRef, Reader, SheetType, Xlsx};

use super::{Bytes, Cell, Epoch, Merged, NotATable, Row};

/// As many as a sheet can have.
const MOST_COLUMNS: u32 = 16_384;

pub struct Workbook {
    xlsx: Xlsx<BufReader<Box<dyn Bytes>>>,
    epoch: Epoch,
}

impl Workbook {
    pub fn open(bytes: Box<dyn Bytes>) -> Result<Workbook, NotATable> {
        let xlsx = Xlsx::new(BufReader::new(bytes)).map_err(|_| damaged())?;
        let epoch = if xlsx.has_1904_epoch() { Epoch::Of1904 } else { Epoch::Of1900 };
        Ok(Workbook { xlsx, epoch })
    }

    pub fn sheets(&self) -> Vec<String> {
        let sheets = self.xlsx.sheets_metadata().iter();
        sheets.filter(|sheet| sheet.typ == SheetType::WorkSheet).map(|sheet| sheet.name.clone()).collect()
    }

    pub fn epoch(&self) -> Epoch {
        self.epoch
    }

    /// Whether more rows than these hold something, without looking for merged cells, which stand behind all others.
    pub fn is_longer(&mut self, sheet: &str, most: usize) -> Result<bool, NotATable> {
        let mut cells = self.xlsx.worksheet_cells_reader(sheet).map_err(|_| damaged())?;
        let (mut rows, mut last) = (0, None);
        while let Some(cell) = cells.next_cell().map_err(|_| damaged())? {
            let row = cell.get_position().0;
            rows += usize::from(last != Some(row));
            last = Some(row);
            if rows > most {
                return Ok(true);
            }
        }
        Ok(false)
    }

    pub fn rows(&mut self, sheet: &str, each: &mut dyn FnMut(&Row) -> ControlFlow<()>) -> Result<(), NotATable> {
        let regions = self.xlsx.merge_cells_by_sheet_name(sheet).map_err(|_| damaged())?;
        let regions = regions.iter().map(|it| (it.start.0 + 1, it.end.0 + 1, it.start.1 as usize, it.end.1 as usize));
        let mut merged = Merged::new(regions.collect());
        let epoch = self.epoch;
        let mut cells = self.xlsx.worksheet_cells_reader(sheet).map_err(|_| damaged())?;
        let mut row = Row::default();
        while let Some(cell) = cells.next_cell().map_err(|_| damaged())? {
            let (at, column) = cell.get_position();
            if column >= MOST_COLUMNS || at == u32::MAX {
                return Err(damaged());
            }
            if at + 1 != row.number && row.number != 0 && hand_over(&mut row, &mut merged, each).is_break() {
                return Ok(());
            }
            row.number = at + 1;
            let column = column as usize;
            if row.cells.len() <= column {
                row.cells.resize(column + 1, Cell::Empty);
            }
            if let Some(place) = row.cells.get_mut(column) {
                *place = value(cell.get_value(), epoch);
            }
        }
        if row.number != 0 {
            let _ = hand_over(&mut row, &mut merged, each);
        }
        Ok(())
    }
}

fn hand_over(row: &mut Row, merged: &mut Merged, each: &mut dyn FnMut(&Row) -> ControlFlow<()>) -> ControlFlow<()> {
    merged.reach(row);
    let flow = each(row);
    row.cells.clear();
    row.reached.clear();
    flow
}

fn value(value: &DataRef<'_>, epoch: Epoch) -> Cell {
    match value {
        DataRef::Empty => Cell::Empty,
        DataRef::String(text) => Cell::Text(text.clone()),
        DataRef::SharedString(text) => Cell::Text((*text).to_owned()),
        DataRef::Bool(yes) => Cell::YesNo(*yes),
        #[allow(clippy::cast_precision_loss, reason = "a spreadsheet's own numbers are no finer")]
        DataRef::Int(number) => Cell::Number(*number as f64),
        DataRef::Float(number) => Cell::Number(*number),
        DataRef::DateTime(date) => match epoch.day(date.as_f64()) {
            Some(day) if date.is_datetime() => Cell::Day(day),
            _ => Cell::Number(date.as_f64()),
        },
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => iso(text),
        // `#N/A` is what a formula says for nothing.
        DataRef::Error(calamine::CellErrorType::NA) => Cell::Empty,
        DataRef::Error(error) => Cell::Text(error.to_string()),
    }
}

/// `2024-04-03T00:00:00` of workbooks that are strictly ISO.
pub(super) fn iso(text: &str) -> Cell {
    match text.get(..10).and_then(|date| date.parse().ok()) {
        Some(day) => Cell::Day(day),
        None => Cell::Text(text.to_owned()),
    }
}

fn damaged() -> NotATable {
    NotATable::because("This is no Excel workbook, or a damaged one. Open it in Excel and save it again as .xlsx")
}
