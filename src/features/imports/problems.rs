//! The refused rows as the same sheet with a column `problem`, to correct and bring back. Its header row carries the
//! mapping, so that they are read again as they were.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;

use rust_xlsxwriter::{Format as CellFormat, Workbook, Worksheet};

use super::carried;
use super::draft::is_of_another_council;
use super::file::{Cell, Epoch, Row, Table};
use super::header::Header;
use super::import_error::ImportError;
use super::mapping::{Mapping, Target};
use super::read_rows::{Place, RefusedRow};
use super::request::Request;
use super::rows::{self, RowKind};
use crate::domain::text::formula::harmless;
use crate::web::xlsx;

const PROBLEM: &str = "problem";

/// What kind of file the problems are written into.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Several sheets become one: the columns of the first, and behind them those that only a later one has.
    Csv,
    /// Every sheet that was read, so that the same mapping reads it again.
    Xlsx,
}

impl Format {
    /// By the name of the file to write.
    pub fn of(path: &Path) -> Format {
        let ending = path.extension().and_then(|it| it.to_str()).unwrap_or_default();
        if ending.eq_ignore_ascii_case("xlsx") { Format::Xlsx } else { Format::Csv }
    }

    /// The kind of file that was brought, as far as it can be written.
    pub fn like(table: &Table) -> Format {
        match table {
            Table::Csv(_) => Format::Csv,
            Table::Xlsx(_) | Table::Ods(_) => Format::Xlsx,
        }
    }
}

/// Where somebody else's people must not be kept, their rows stay out of it. Returns how many rows there are.
pub fn write_problems(
    table: &mut Table,
    request: &Request,
    refused: &[RefusedRow],
    path: &Path,
    format: Format,
) -> Result<usize, ImportError> {
    let sheets = sheets(table, request, refused, format)?;
    let carried = carried_by(request);
    let mut problems = match format {
        Format::Csv => Problems::csv(&sheets, carried, path)?,
        Format::Xlsx => Problems::Xlsx { workbook: Box::default(), rows: 0, carried },
    };
    let refusals = Refusals::of(table, request, &sheets, refused)?;
    let mut rows = 0;
    for sheet in &sheets {
        let (name, header) = sheet;
        problems.begin(name.as_deref(), header)?;
        let mut written = Ok(());
        table.rows(name.as_deref(), &mut |row| {
            if let Some(problem) = refusals.problem(sheet, row).filter(|_| row.number > header.row) {
                rows += 1;
                written = problems.add(row, header, &problem);
            }
            if written.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        })?;
        written?;
    }
    problems.finish(path)?;
    Ok(rows)
}

/// A sheet's name, where the file has sheets, and its header.
type Sheet = (Option<Arc<str>>, Header);

/// Why each row is in the file: it was refused itself, or it is one enquiry with a row that was (import rule 4).
struct Refusals<'a> {
    mapping: &'a Mapping,
    epoch: Epoch,
    by_place: HashMap<&'a Place, &'a RefusedRow>,
    by_group: HashMap<String, &'a RefusedRow>,
}

impl<'a> Refusals<'a> {
    fn of(
        table: &mut Table,
        request: &'a Request,
        sheets: &[Sheet],
        refused: &'a [RefusedRow],
    ) -> Result<Refusals<'a>, ImportError> {
        let header_of = |it: &RefusedRow| sheets.iter().find(|(name, _)| *name == it.place.sheet);
        let ours = |it: &&RefusedRow| header_of(it).is_none_or(|(_, header)| !is_of_others(it, header, request));
        let by_place: HashMap<_, _> = refused.iter().filter(ours).map(|it| (&it.place, it)).collect();
        let mut by_group = HashMap::new();
        let (mapping, epoch) = (&request.mapping, table.epoch());
        for (name, header) in sheets.iter().filter(|_| mapping.has(Target::Group)) {
            table.rows(name.as_deref(), &mut |row| {
                let place = Place { sheet: name.clone(), row: row.number };
                if let Some((refused, group)) = by_place.get(&place).zip(header.group_of(row)) {
                    by_group.insert(group, *refused);
                }
                ControlFlow::Continue(())
            })?;
        }
        Ok(Refusals { mapping, epoch, by_place, by_group })
    }

    fn problem(&self, (name, header): &Sheet, row: &Row) -> Option<String> {
        let place = Place { sheet: name.clone(), row: row.number };
        if let Some(refused) = self.by_place.get(&place) {
            return Some(problem(refused));
        }
        let refused = self.by_group.get(&header.group_of(row)?)?;
        let is_row = rows::kind(row, header, self.mapping, self.epoch) == RowKind::Enquiry;
        if !is_row || is_of_another_council(row, header, self.mapping) {
            return None;
        }
        Some(format!("One enquiry with row {}, which was not taken: {}", refused.place.row, problem(refused)))
    }
}

/// The sheets in which a row was refused, with their headers; of a workbook all that were read.
fn sheets(
    table: &mut Table,
    request: &Request,
    refused: &[RefusedRow],
    format: Format,
) -> Result<Vec<Sheet>, ImportError> {
    let wanted = |name: &String| match &request.only_sheet {
        Some(only) => only == name,
        None => request.mapping.sheets.is_empty() || request.mapping.sheets.contains(name),
    };
    let there = table.sheets();
    // Another row of an enquiry that was refused may stand in any sheet.
    let all = format == Format::Xlsx || request.mapping.has(Target::Group);
    let mut names: Vec<Option<Arc<str>>> = match all && !there.is_empty() {
        true => there.into_iter().filter(wanted).map(|name| Some(Arc::from(name))).collect(),
        false => refused.iter().map(|it| it.place.sheet.clone()).collect(),
    };
    names.dedup();
    let mut sheets = Vec::new();
    for name in names {
        let mut header = None;
        table.rows(name.as_deref(), &mut |row| {
            header = Header::find(row, &request.mapping);
            if header.is_none() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        })?;
        sheets.extend(header.map(|header| (name, header)));
    }
    Ok(sheets)
}

/// As the file was read, whoever said what of it.
fn carried_by(request: &Request) -> Vec<String> {
    let mut written = request.mapping.written().clone();
    if let Some(only) = &request.only_sheet {
        written.sheets = vec![only.clone()];
    }
    carried::cells(&written)
}

/// `carried` are cells of the header row.
enum Problems {
    Csv {
        writer: Box<csv::Writer<BufWriter<File>>>,
        columns: Vec<String>,
        carried: usize,
    },
    /// `rows` are those of the last sheet.
    Xlsx {
        workbook: Box<Workbook>,
        rows: u32,
        carried: Vec<String>,
    },
}

impl Problems {
    fn csv(sheets: &[Sheet], carried: Vec<String>, path: &Path) -> Result<Problems, ImportError> {
        let mut columns: Vec<String> = Vec::new();
        for (_, header) in sheets {
            for name in kept(header).map(|column| header.name(column)) {
                if !columns.contains(&name) {
                    columns.push(name);
                }
            }
        }
        let mut writer = csv::Writer::from_writer(BufWriter::new(private(path)?));
        write_record(&mut writer, &columns, PROBLEM, &carried)?;
        Ok(Problems::Csv { writer: Box::new(writer), columns, carried: carried.len() })
    }

    fn begin(&mut self, name: Option<&str>, header: &Header) -> Result<(), ImportError> {
        if let Problems::Xlsx { workbook, rows, carried } = self {
            *rows = 1;
            let sheet = workbook.add_worksheet();
            if let Some(name) = name {
                sheet.set_name(name)?;
            }
            let columns = kept(header).map(|column| header.name(column));
            for (at, name) in (0..).zip(columns.chain([PROBLEM.to_owned()]).chain(carried.iter().cloned())) {
                if carried::is_one(&name) {
                    sheet.set_column_hidden(at)?;
                }
                sheet.write_string(0, at, name)?;
            }
        }
        Ok(())
    }

    fn add(&mut self, row: &Row, header: &Header, problem: &str) -> Result<(), ImportError> {
        match self {
            Problems::Csv { writer, columns, carried } => {
                let below = vec![String::new(); *carried];
                Ok(write_record(writer, &cells(row, header, columns), problem, &below)?)
            }
            Problems::Xlsx { workbook, rows, .. } => {
                let last = workbook.worksheets().len().saturating_sub(1);
                let sheet = workbook.worksheet_from_index(last)?;
                let below = *rows;
                *rows += 1;
                for (at, column) in (0..).zip(kept(header)) {
                    write_cell(sheet, below, at, row.cell(column))?;
                }
                let at = u16::try_from(kept(header).count()).unwrap_or(u16::MAX);
                sheet.write_string(below, at, problem)?;
                Ok(())
            }
        }
    }

    fn finish(self, path: &Path) -> Result<(), ImportError> {
        match self {
            Problems::Csv { writer, .. } => Ok(writer.into_inner().map_err(|error| error.into_error())?.flush()?),
            Problems::Xlsx { mut workbook, .. } => {
                let bytes = workbook.save_to_buffer()?;
                Ok(private(path)?.write_all(&bytes)?)
            }
        }
    }
}

/// A file that is brought back has what is added here already.
fn kept(header: &Header) -> impl Iterator<Item = usize> {
    let is_added = |name: &str| name == PROBLEM || carried::is_one(name);
    (0..header.width()).filter(move |column| !is_added(&header.name(*column)))
}

/// As it was: a text never becomes a formula, a date stays one.
fn write_cell(sheet: &mut Worksheet, row: u32, column: u16, cell: &Cell) -> Result<(), ImportError> {
    match cell {
        Cell::Empty => return Ok(()),
        Cell::Number(number) => sheet.write_number(row, column, *number)?,
        Cell::YesNo(yes) => sheet.write_boolean(row, column, *yes)?,
        Cell::Day(day) => match xlsx::date(*day) {
            Ok(date) => {
                let format = CellFormat::new().set_num_format("dd/mm/yyyy");
                sheet.write_datetime_with_format(row, column, &date, &format)?
            }
            Err(_) => sheet.write_string(row, column, day.to_string())?,
        },
        Cell::Text(text) => sheet.write_string(row, column, text)?,
    };
    Ok(())
}

fn private(path: &Path) -> std::io::Result<File> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    crate::db::files::private(&mut options).open(path)
}

/// The row's cells under the columns of the new sheet.
fn cells(row: &Row, header: &Header, columns: &[String]) -> Vec<String> {
    let of_column = |name: &String| (0..header.width()).find(|column| header.name(*column) == *name);
    columns.iter().map(|name| of_column(name).map(|at| row.cell(at).text().into_owned()).unwrap_or_default()).collect()
}

fn problem(refused: &RefusedRow) -> String {
    let column = refused.column.as_ref().map(|column| format!("{column}: ")).unwrap_or_default();
    format!("{column}{}", refused.problem)
}

fn write_record(
    writer: &mut csv::Writer<BufWriter<File>>,
    cells: &[String],
    problem: &str,
    carried: &[String],
) -> csv::Result<()> {
    let said = cells.iter().map(|cell| harmless(cell)).chain([harmless(problem)]);
    writer.write_record(said.chain(carried.iter().map(|cell| harmless(cell))))
}

fn is_of_others(refused: &RefusedRow, header: &Header, request: &Request) -> bool {
    let council = header.name_of(Target::Council);
    !request.mapping.only_councils.is_empty() && council.is_some() && refused.column == council
}
