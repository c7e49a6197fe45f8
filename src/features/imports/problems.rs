//! The refused rows as the same sheet with a column `problem`, to correct and bring back.

use std::collections::HashMap;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;

use super::actions::{ImportError, Request};
use super::file::{Row, Table};
use super::header::Header;
use super::mapping::Target;
use super::reading::RefusedRow;
use crate::domain::text::formula::harmless;

/// Several sheets become one: the columns of the first, and behind them those that only a later one has. Where
/// somebody else's people must not be kept, their rows stay out of it. Returns how many rows there are.
pub fn write_problems(
    table: &mut Table,
    request: &Request,
    refused: &[RefusedRow],
    path: &Path,
) -> Result<usize, ImportError> {
    let sheets = sheets(table, request, refused)?;
    let mut columns: Vec<String> = Vec::new();
    for (_, header) in &sheets {
        for name in (0..header.width()).map(|column| header.name(column)) {
            if !columns.contains(&name) {
                columns.push(name);
            }
        }
    }
    let mut writer = csv::Writer::from_writer(BufWriter::new(private(path)?));
    write(&mut writer, &columns, "problem")?;
    let mut rows = 0;
    for (name, header) in &sheets {
        let of_sheet = refused.iter().filter(|it| it.place.sheet == *name && !is_of_others(it, header, request));
        let by_row: HashMap<u32, &RefusedRow> = of_sheet.map(|it| (it.place.row, it)).collect();
        let mut written = Ok(());
        table.rows(name.as_deref(), &mut |row| {
            if let Some(refused) = by_row.get(&row.number).filter(|_| row.number > header.row) {
                rows += 1;
                written = write(&mut writer, &cells(row, header, &columns), &problem(refused));
            }
            if written.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        })?;
        written?;
    }
    writer.into_inner().map_err(|error| error.into_error())?.flush()?;
    Ok(rows)
}

/// A sheet's name, where the file has sheets, and its header.
type Sheet = (Option<Arc<str>>, Header);

/// The sheets in which a row was refused, with their headers.
fn sheets(table: &mut Table, request: &Request, refused: &[RefusedRow]) -> Result<Vec<Sheet>, ImportError> {
    let mut names: Vec<Option<Arc<str>>> = refused.iter().map(|it| it.place.sheet.clone()).collect();
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

fn private(path: &Path) -> std::io::Result<File> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
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

fn write(writer: &mut csv::Writer<BufWriter<File>>, cells: &[String], problem: &str) -> csv::Result<()> {
    writer.write_record(cells.iter().map(|cell| harmless(cell)).chain([harmless(problem)]))
}

fn is_of_others(refused: &RefusedRow, header: &Header, request: &Request) -> bool {
    let council = header.name_of(Target::Council);
    !request.mapping.only_councils.is_empty() && council.is_some() && refused.column == council
}
