//! OpenDocument spreadsheets, row by row. What is repeated a million times to the edge of a sheet is not made a
//! million times.

use std::collections::HashMap;
use std::io::{BufReader, Read};
use std::ops::ControlFlow;

use quick_xml::Reader;
use quick_xml::XmlVersion;
use quick_xml::events::{BytesRef, BytesStart, Event};
use zip::ZipArchive;

use super::xlsx::iso;
use super::{Bytes, Cell, Merged, NotATable, Row};

const MIME: &str = "application/vnd.oasis.opendocument.spreadsheet";
const MOST_COLUMNS: usize = 1_024;
/// One filled row that repeats more often is a way to fill memory, not a list of people.
const MOST_REPEATS: u32 = 10_000;
/// Of all repeats together: the whole file is held.
const MOST_CELLS: usize = 10_000_000;

pub struct Workbook {
    /// The sheets in their order.
    names: Vec<String>,
    sheets: HashMap<String, Sheet>,
}

#[derive(Default)]
struct Sheet {
    rows: Vec<Row>,
    /// First row, last row, first column, last column.
    merged: Vec<(u32, u32, usize, usize)>,
    cells: usize,
}

impl Workbook {
    pub fn open(bytes: Box<dyn Bytes>) -> Result<Workbook, NotATable> {
        let mut zip = ZipArchive::new(BufReader::new(bytes)).map_err(|_| damaged())?;
        let mut mime = String::new();
        let part = zip.by_name("mimetype").map_err(|_| damaged())?;
        part.take(MIME.len() as u64).read_to_string(&mut mime).map_err(|_| damaged())?;
        if mime != MIME {
            return Err(NotATable::because("This is no spreadsheet but another document. XLSX, ODS and CSV are read"));
        }
        let content = zip.by_name("content.xml").map_err(|_| damaged())?;
        let mut workbook = Workbook { names: Vec::new(), sheets: HashMap::new() };
        workbook.read(&mut Xml::new(BufReader::new(content)))?;
        Ok(workbook)
    }

    pub fn sheets(&self) -> Vec<String> {
        self.names.clone()
    }

    pub fn rows(&mut self, sheet: &str, each: &mut dyn FnMut(&Row) -> ControlFlow<()>) -> Result<(), NotATable> {
        let Some(sheet) = self.sheets.get(sheet) else { return Ok(()) };
        let mut merged = Merged::new(sheet.merged.clone());
        for row in &sheet.rows {
            let mut row = row.clone();
            merged.reach(&mut row);
            if each(&row).is_break() {
                break;
            }
        }
        Ok(())
    }

    fn read<R: std::io::BufRead>(&mut self, xml: &mut Xml<R>) -> Result<(), NotATable> {
        while let Some(event) = xml.next()? {
            if let Event::Start(start) = event
                && start.name().as_ref() == "table:table"
            {
                let name = attribute(&start, "table:name")?.unwrap_or_default();
                let sheet = Sheet::read(xml)?;
                self.names.push(name.clone());
                self.sheets.insert(name, sheet);
            }
        }
        Ok(())
    }
}

impl Sheet {
    fn read<R: std::io::BufRead>(xml: &mut Xml<R>) -> Result<Sheet, NotATable> {
        let (mut sheet, mut number) = (Sheet::default(), 0_u32);
        // A sheet in a sheet is part of a cell: its rows are none of ours.
        let mut depth = 1;
        while let Some(event) = xml.next()? {
            match event {
                Event::Start(start) if start.name().as_ref() == "table:table" => depth += 1,
                Event::End(end) if end.name().as_ref() == "table:table" => {
                    depth -= 1;
                    if depth == 0 {
                        return Ok(sheet);
                    }
                }
                Event::Start(start) if start.name().as_ref() == "table:table-row" && depth == 1 => {
                    let repeats = count(&start, "table:number-rows-repeated")?;
                    let cells = sheet.read_row(xml, number + 1)?;
                    if !cells.iter().all(Cell::is_empty) {
                        sheet.add(number, repeats, &cells)?;
                    }
                    number = number.checked_add(repeats).ok_or_else(damaged)?;
                }
                _ => {}
            }
        }
        Err(damaged())
    }

    fn add(&mut self, after: u32, repeats: u32, cells: &[Cell]) -> Result<(), NotATable> {
        self.cells = self.cells.saturating_add(cells.len().saturating_mul(repeats as usize));
        if repeats > MOST_REPEATS || self.cells > MOST_CELLS {
            return Err(NotATable::because(
                "This spreadsheet repeats a row, or a cell, more often than can be read. Save the sheet as CSV",
            ));
        }
        let rows = (1..=repeats).map(|at| Row { number: after + at, cells: cells.to_vec(), reached: Vec::new() });
        self.rows.extend(rows);
        Ok(())
    }

    fn read_row<R: std::io::BufRead>(&mut self, xml: &mut Xml<R>, number: u32) -> Result<Vec<Cell>, NotATable> {
        let (mut cells, mut column) = (Vec::new(), 0_usize);
        while let Some(event) = xml.next()? {
            match event {
                Event::Start(start)
                    if matches!(start.name().as_ref(), "table:table-cell" | "table:covered-table-cell") =>
                {
                    let repeats = count(&start, "table:number-columns-repeated")? as usize;
                    let down = count(&start, "table:number-rows-spanned")?;
                    let across = count(&start, "table:number-columns-spanned")? as usize;
                    let value = cell(xml, &start)?;
                    if down > 1 || across > 1 {
                        let last = number.saturating_add(down - 1);
                        self.merged.push((number, last, column, column.saturating_add(across - 1)));
                    }
                    let ends = column.saturating_add(repeats).min(MOST_COLUMNS);
                    if value != Cell::Empty {
                        cells.resize(column.min(MOST_COLUMNS), Cell::Empty);
                        cells.resize(ends.max(cells.len()), value);
                    }
                    column = ends;
                }
                Event::End(end) if end.name().as_ref() == "table:table-row" => return Ok(cells),
                _ => {}
            }
        }
        Err(damaged())
    }
}

/// A cell's value; its text only where the value is text. Notes on a cell are not its text.
fn cell<R: std::io::BufRead>(xml: &mut Xml<R>, start: &BytesStart<'_>) -> Result<Cell, NotATable> {
    let tag = start.name().as_ref().to_owned();
    let kind = attribute(start, "office:value-type")?;
    let said = |name: &str| attribute(start, name);
    let value = match kind.as_deref() {
        Some("float" | "currency" | "percentage") => {
            said("office:value")?.and_then(|number| number.parse().ok()).map(Cell::Number)
        }
        Some("date") => said("office:date-value")?.map(|date| iso(&date)),
        Some("boolean") => said("office:boolean-value")?.map(|yes| Cell::YesNo(yes == "true")),
        _ => None,
    };
    let text = text_until_end(xml, &tag)?;
    Ok(match value {
        Some(value) => value,
        None if text.is_empty() || text == "#N/A" => Cell::Empty,
        None => Cell::Text(text),
    })
}

fn text_until_end<R: std::io::BufRead>(xml: &mut Xml<R>, tag: &str) -> Result<String, NotATable> {
    let (mut text, mut paragraphs, mut depth, mut annotation) = (String::new(), 0, 0, 0);
    while let Some(event) = xml.next()? {
        match event {
            Event::Start(start) => match start.name().as_ref() {
                "office:annotation" => annotation += 1,
                "text:p" if annotation == 0 => {
                    if paragraphs > 0 {
                        text.push('\n');
                    }
                    paragraphs += 1;
                }
                "text:s" if annotation == 0 => text.push(' '),
                "text:tab" | "text:line-break" if annotation == 0 => text.push('\n'),
                name if name == tag => depth += 1,
                _ => {}
            },
            Event::End(end) => match end.name().as_ref() {
                "office:annotation" => annotation -= 1,
                name if name == tag && depth == 0 => return Ok(text),
                name if name == tag => depth -= 1,
                _ => {}
            },
            Event::Text(said) if annotation == 0 && paragraphs > 0 => text.push_str(&said.xml10_content()),
            Event::GeneralRef(entity) if annotation == 0 => text.extend(letter(&entity)),
            _ => {}
        }
    }
    Err(damaged())
}

fn letter(entity: &BytesRef<'_>) -> Option<char> {
    match entity.as_ref() {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => entity.resolve_char_ref().ok().flatten(),
    }
}

fn attribute(start: &BytesStart<'_>, name: &str) -> Result<Option<String>, NotATable> {
    let found = start.try_get_attribute(name).map_err(|_| damaged())?;
    let value = found.map(|found| found.normalized_value(XmlVersion::Implicit1_0).map(std::borrow::Cow::into_owned));
    value.transpose().map_err(|_| damaged())
}

fn count(start: &BytesStart<'_>, name: &str) -> Result<u32, NotATable> {
    Ok(attribute(start, name)?.and_then(|count| count.parse().ok()).unwrap_or(1).max(1))
}

struct Xml<R> {
    reader: Reader<R>,
    buffer: Vec<u8>,
}

impl<R: std::io::BufRead> Xml<R> {
    fn new(from: R) -> Xml<R> {
        let mut reader = Reader::from_reader(from);
        reader.config_mut().expand_empty_elements = true;
        Xml { reader, buffer: Vec::new() }
    }

    fn next(&mut self) -> Result<Option<Event<'static>>, NotATable> {
        self.buffer.clear();
        match self.reader.read_event_into(&mut self.buffer) {
            Ok(Event::Eof) => Ok(None),
            Ok(event) => Ok(Some(event.into_owned())),
            Err(_) => Err(damaged()),
        }
    }
}

fn damaged() -> NotATable {
    NotATable::because("This is no spreadsheet, or a damaged one. Open it and save it again")
}
