//! The canonical file, as CSV or XLSX. The same enquiries make the same bytes.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format as CellFormat, Workbook, Worksheet, XlsxError};
use sqlx::SqliteConnection;

use super::queries;
use super::rows::{self, Exported, Left};
use crate::db::files::Output;
use crate::domain::day::Day;
use crate::domain::enquiry_row::{Column, EnquiryRow};
use crate::domain::ids::EnquiryId;
use crate::domain::text::formula::harmless;
use crate::web::xlsx::{self, MOST_ROWS};

/// How many enquiries are in memory at once.
const PAGE: i64 = 1_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    Csv,
    Xlsx,
}

impl Format {
    /// By the name of the file.
    pub fn of(path: &Path) -> Result<Format, ExportError> {
        match path.extension().and_then(|it| it.to_str()).map(str::to_lowercase).as_deref() {
            Some("csv") => Ok(Format::Csv),
            Some("xlsx") => Ok(Format::Xlsx),
            _ => Err(ExportError::Name),
        }
    }
}

#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    #[error("the name of the file is to end in .csv or .xlsx")]
    Name,
    #[error("an XLSX sheet cannot hold so many enquiries; write a .csv")]
    TooMany,
    #[error("the file cannot be written: {0}")]
    Io(#[from] std::io::Error),
    #[error("the file cannot be written: {0}")]
    Csv(#[from] csv::Error),
    #[error("the workbook cannot be written: {0}")]
    Xlsx(#[from] XlsxError),
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

/// How many rows there are, and what they could not hold.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Written {
    pub rows: usize,
    pub left: Left,
}

/// `each` is told how many are done.
pub async fn write(
    connection: &mut SqliteConnection,
    path: &Path,
    today: Day,
    mut each: impl FnMut(usize),
) -> Result<Written, ExportError> {
    let format = Format::of(path)?;
    let file = Output::begin(path)?;
    let written = write_as(connection, format, file.open()?, today, &mut each).await?;
    file.finish()?;
    Ok(written)
}

async fn write_as(
    connection: &mut SqliteConnection,
    format: Format,
    file: File,
    today: Day,
    each: &mut impl FnMut(usize),
) -> Result<Written, ExportError> {
    let mut file = match format {
        Format::Csv => Sheet::csv(file)?,
        Format::Xlsx => Sheet::xlsx(file)?,
    };
    let (mut written, mut after) = (Written::default(), EnquiryId(0));
    loop {
        let page = queries::list_after(connection, after, PAGE).await?;
        let Some(last) = page.last() else { break };
        after = *last;
        for Exported { row, left, .. } in rows::load(connection, &page, today).await? {
            file.add(&row)?;
            written.rows += 1;
            written.left += left;
        }
        each(written.rows);
    }
    file.finish()?;
    Ok(written)
}

enum Sheet {
    Csv(Box<csv::Writer<BufWriter<File>>>),
    Xlsx { workbook: Box<Workbook>, sheet: Box<Worksheet>, dates: Box<CellFormat>, next: u32, file: File },
}

impl Sheet {
    fn csv(file: File) -> Result<Sheet, ExportError> {
        let mut writer = csv::Writer::from_writer(BufWriter::new(file));
        writer.write_record(Column::ALL.iter().map(|column| column.code()))?;
        Ok(Sheet::Csv(Box::new(writer)))
    }

    fn xlsx(file: File) -> Result<Sheet, ExportError> {
        let mut workbook = Workbook::new();
        // Always the same, so that the same enquiries make the same bytes.
        let made = ExcelDateTime::from_ymd(2000, 1, 1)?;
        workbook.set_properties(&DocProperties::new().set_title("Enquiries").set_creation_datetime(&made));
        let mut sheet = Worksheet::new();
        sheet.set_name("Enquiries")?.set_freeze_panes(1, 0)?;
        for (at, column) in (0..).zip(Column::ALL) {
            sheet.write_string(0, at, column.code())?;
        }
        let dates = Box::new(CellFormat::new().set_num_format("yyyy-mm-dd"));
        Ok(Sheet::Xlsx { workbook: Box::new(workbook), sheet: Box::new(sheet), dates, next: 1, file })
    }

    fn add(&mut self, row: &EnquiryRow) -> Result<(), ExportError> {
        let cells = || Column::ALL.iter().map(|column| row.cell(*column));
        match self {
            Sheet::Csv(writer) => writer.write_record(cells().map(|cell| harmless(&cell)))?,
            Sheet::Xlsx { sheet, dates, next, .. } => {
                if *next as usize > MOST_ROWS {
                    return Err(ExportError::TooMany);
                }
                for ((at, column), cell) in (0..).zip(Column::ALL).zip(cells()).filter(|(_, cell)| !cell.is_empty()) {
                    match cell.parse::<Day>() {
                        Ok(day) if is_date(*column) => {
                            sheet.write_datetime_with_format(*next, at, &xlsx::date(day)?, dates)?;
                        }
                        _ if *column == Column::ApprovedPlaces => {
                            sheet.write_number(*next, at, cell.parse::<u32>().unwrap_or_default())?;
                        }
                        _ => {
                            sheet.write_string(*next, at, harmless(&cell))?;
                        }
                    }
                }
                *next += 1;
            }
        }
        Ok(())
    }

    fn finish(self) -> Result<(), ExportError> {
        match self {
            Sheet::Csv(writer) => {
                let mut file = writer.into_inner().map_err(|error| error.into_error())?;
                file.flush()?;
                file.get_ref().sync_all()?;
            }
            Sheet::Xlsx { mut workbook, sheet, file, .. } => {
                workbook.push_worksheet(*sheet);
                workbook.save_to_writer(&file)?;
                file.sync_all()?;
            }
        }
        Ok(())
    }
}

fn is_date(column: Column) -> bool {
    let others = [Column::PausedFrom, Column::PausedTo, Column::InTouchFrom, Column::ContactAgainOn];
    column.milestone().is_some() || others.contains(&column)
}
