//! The first look at an uploaded file: its sheets, where their headers probably are, and what stands in each column.

use std::collections::HashMap;
use std::fs::File;
use std::io::BufReader;
use std::ops::ControlFlow;
use std::path::Path;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::guess;
use crate::domain::day::Day;
use crate::domain::text::tidy;
use crate::domain::text::written_day::{self, DateOrder};
use crate::features::imports::actions::hex;
use crate::features::imports::carried::{self, Carried};
use crate::features::imports::dates;
use crate::features::imports::file::{Cell, Limits, Row, Table};
use crate::features::imports::header;
use crate::features::imports::import_error::ImportError;
use crate::features::imports::reading::too_many_rows;

/// So many rows are shown, and searched for the header.
const TOP: usize = 25;
/// Above a header, and the header.
const MOST_TITLES: usize = TOP;
const MOST_COLUMNS: usize = 200;
/// Different values of one column that are kept, and how much of each.
const MOST_VALUES: usize = 300;
const LONGEST: usize = 120;

/// Which sheets are read, in order, and where the header of each is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Layout(pub Vec<Chosen>);

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chosen {
    /// None in a CSV.
    pub sheet: Option<String>,
    pub header: u32,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Survey {
    pub sheets: Vec<SheetLook>,
    pub layout: Layout,
    /// Of the chosen sheets together.
    pub columns: Vec<ColumnLook>,
    /// Under which order most of the dates that are text can be read.
    pub date_order: String,
    /// How a text file is written.
    pub dialect: Option<String>,
    /// The mapping of the file that these rows came from. Nothing to keep: it goes into the upload's own.
    #[serde(skip)]
    pub carried: Carried,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SheetLook {
    pub name: Option<String>,
    pub rows: usize,
    /// There are more than were counted.
    pub more: bool,
    pub top: Vec<TopRow>,
    pub header: Option<u32>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TopRow {
    pub number: u32,
    pub cells: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ColumnLook {
    /// The file's own header, white space tidied.
    pub name: String,
    pub filled: usize,
    /// The most frequent first.
    pub values: Vec<Value>,
    /// There are more different values than were kept.
    pub more: bool,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Value {
    pub text: String,
    pub count: usize,
    /// A real spreadsheet date.
    pub day: Option<Day>,
}

impl TopRow {
    pub fn row(&self) -> Row {
        let cells = self.cells.iter().map(|text| match text.is_empty() {
            true => Cell::Empty,
            false => Cell::Text(text.clone()),
        });
        Row { number: self.number, cells: cells.collect(), reached: Vec::new() }
    }
}

impl Survey {
    pub fn headers(&self) -> Vec<String> {
        self.columns.iter().map(|column| column.name.clone()).collect()
    }

    /// The same for files with the same headers, in whatever order; the column of a file of problems does not matter.
    pub fn headers_hash(&self) -> String {
        let mut names: Vec<String> = self.columns.iter().map(|it| it.name.to_lowercase()).collect();
        names.retain(|name| name != "problem");
        names.sort();
        hex(&Sha256::digest(names.join("\n").as_bytes()))
    }

    pub fn sheet(&self, name: Option<&str>) -> Option<&SheetLook> {
        self.sheets.iter().find(|sheet| sheet.name.as_deref() == name)
    }
}

/// Reads the file twice: its beginnings, and what stands below the headers. `layout` is somebody's own choice.
pub fn survey(path: &Path, layout: Option<Layout>, limits: &Limits) -> Result<Survey, ImportError> {
    let mut table = Table::open(Box::new(BufReader::new(File::open(path)?)), limits, &|header| {
        guess::knows(header) || carried::is_one(header)
    })?;
    let names: Vec<Option<String>> = match table.sheets() {
        sheets if sheets.is_empty() => vec![None],
        sheets => sheets.into_iter().map(Some).collect(),
    };
    let most = limits.rows.unwrap_or(usize::MAX);
    // Said at once: where there is one sheet, there is nothing to choose. Its header is a row too.
    if let [only] = names.as_slice()
        && table.is_longer(only.as_deref(), most.saturating_add(MOST_TITLES))?
    {
        return Err(too_many_rows(most).into());
    }
    let mut sheets = Vec::new();
    for name in &names {
        let top = top(&mut table, name.as_deref())?;
        let header = likely_header(&top);
        sheets.push(SheetLook { name: name.clone(), rows: 0, more: false, top, header: header.map(|it| it.number) });
    }
    let layout = layout.unwrap_or_else(|| likely_layout(&sheets));
    let (mut tallies, mut read) = (Tallies::default(), 0);
    for sheet in &mut sheets {
        let chosen = layout.0.iter().find(|chosen| chosen.sheet == sheet.name);
        let mut names = Vec::new();
        table.rows(sheet.name.as_deref(), &mut |row| {
            let filled = row.filled().take(2).count();
            match chosen.filter(|chosen| row.number >= chosen.header) {
                Some(chosen) if row.number == chosen.header => {
                    names = header::names(row);
                    tallies.name(&names);
                }
                Some(_) if filled > 0 => {
                    read += 1;
                    if filled > 1 && !is_again(&names, row) {
                        tallies.add(&names, row);
                    }
                }
                _ => {}
            }
            sheet.rows += usize::from(filled > 0);
            // Of a sheet that is not read it is enough to know that it is long.
            sheet.more = chosen.is_none() && sheet.rows > most;
            if sheet.more || read > most { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        })?;
    }
    if read > most {
        return Err(too_many_rows(most).into());
    }
    let (columns, carried) = (tallies.columns(), carried::find(&mut table)?);
    let date_order = likely_order(&columns).code().to_owned();
    let dialect = table.dialect().map(|it| {
        let separator = if it.separator == '\t' { "tab".to_owned() } else { format!("“{}”", it.separator) };
        format!("{}, separated by {separator}", it.encoding.to_uppercase())
    });
    Ok(Survey { sheets, layout, columns, date_order, dialect, carried })
}

/// The header once more, in the middle of a sheet.
fn is_again(names: &[String], row: &Row) -> bool {
    row.filled().all(|(column, cell)| names.get(column).is_some_and(|name| *name == tidy(&cell.text())))
}

fn top(table: &mut Table, sheet: Option<&str>) -> Result<Vec<TopRow>, ImportError> {
    let mut top = Vec::new();
    table.rows(sheet, &mut |row| {
        if row.filled().next().is_some() {
            let cells = row.cells.iter().take(MOST_COLUMNS).map(|cell| shortened(&tidy(&cell.text())));
            top.push(TopRow { number: row.number, cells: cells.collect() });
        }
        if top.len() >= TOP { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    })?;
    Ok(top)
}

/// A row that looks like headers: how many of its cells do, and whether one of them is the date of the enquiry.
struct Likely {
    number: u32,
    known: usize,
    dated: bool,
}

/// The row in which most cells look like headers.
fn likely_header(top: &[TopRow]) -> Option<Likely> {
    let scored = top.iter().map(|row| {
        let targets = guess::targets(&header::names(&row.row()));
        let dated = targets.iter().flatten().any(|target| target.is_enquiry_date());
        Likely { number: row.number, known: targets.iter().flatten().count(), dated }
    });
    // Of equals the first.
    let best = scored.reduce(|best, next| if next.known > best.known { next } else { best });
    best.filter(|best| best.known >= 2 || (best.known == 1 && best.dated))
}

/// Every sheet with a date of the enquiry among headers that are nearly as many as anywhere: a pivot table has few. Else
/// the first with any header.
fn likely_layout(sheets: &[SheetLook]) -> Layout {
    let likely: Vec<(&SheetLook, Likely)> =
        sheets.iter().filter_map(|sheet| Some((sheet, likely_header(&sheet.top)?))).collect();
    let most = likely.iter().filter(|(_, it)| it.dated).map(|(_, it)| it.known).max();
    let chosen: Vec<&(&SheetLook, Likely)> = match most {
        Some(most) => likely.iter().filter(|(_, it)| it.dated && it.known * 2 >= most).collect(),
        None => likely.iter().take(1).collect(),
    };
    let chosen = chosen.into_iter().map(|(sheet, it)| Chosen { sheet: sheet.name.clone(), header: it.number });
    Layout(chosen.collect())
}

/// Of orders that read equally many, day first: the country's own.
fn likely_order(columns: &[ColumnLook]) -> DateOrder {
    let headers: Vec<String> = columns.iter().map(|column| column.name.clone()).collect();
    let targets = guess::targets(&headers);
    let dated = columns.iter().zip(&targets).filter(|(_, target)| target.is_some_and(|target| target.is_date()));
    let texts: Vec<&Value> = dated.flat_map(|(column, _)| &column.values).filter(|value| value.day.is_none()).collect();
    let read = |order| texts.iter().filter(|it| written_day::parse(&it.text, order).is_ok()).map(|it| it.count).sum();
    let counted = [DateOrder::Dmy, DateOrder::Ymd, DateOrder::Mdy].map(|order| (read(order), order));
    counted
        .into_iter()
        .reduce(|best: (usize, DateOrder), next| if next.0 > best.0 { next } else { best })
        .map_or(DateOrder::Dmy, |it| it.1)
}

fn is_column(name: &str) -> bool {
    !name.is_empty() && !carried::is_one(name)
}

#[derive(Default)]
struct Tallies {
    columns: Vec<Tally>,
    by_name: HashMap<String, usize>,
}

#[derive(Default)]
struct Tally {
    name: String,
    filled: usize,
    values: Vec<Value>,
    by_text: HashMap<String, usize>,
    more: bool,
}

impl Tallies {
    fn name(&mut self, names: &[String]) {
        for name in names.iter().take(MOST_COLUMNS).filter(|name| is_column(name)) {
            self.place(name);
        }
    }

    fn place(&mut self, name: &str) -> usize {
        if let Some(at) = self.by_name.get(name) {
            return *at;
        }
        self.by_name.insert(name.to_owned(), self.columns.len());
        self.columns.push(Tally { name: name.to_owned(), ..Tally::default() });
        self.columns.len() - 1
    }

    fn add(&mut self, names: &[String], row: &Row) {
        for (column, cell) in row.cells.iter().enumerate().take(MOST_COLUMNS).filter(|(_, cell)| !cell.is_empty()) {
            let Some(name) = names.get(column).filter(|name| is_column(name)) else { continue };
            let at = self.place(name);
            if let Some(tally) = self.columns.get_mut(at) {
                tally.add(cell);
            }
        }
    }

    fn columns(self) -> Vec<ColumnLook> {
        let look = |mut tally: Tally| {
            tally.values.sort_by_key(|value| std::cmp::Reverse(value.count));
            ColumnLook { name: tally.name, filled: tally.filled, values: tally.values, more: tally.more }
        };
        self.columns.into_iter().map(look).collect()
    }
}

impl Tally {
    fn add(&mut self, cell: &Cell) {
        self.filled += 1;
        let text = shortened(&tidy(&cell.text()));
        if let Some(value) = self.by_text.get(&text).and_then(|at| self.values.get_mut(*at)) {
            value.count += 1;
        } else if self.values.len() < MOST_VALUES {
            let day = match cell {
                Cell::Day(day) => Some(*day),
                _ => None,
            };
            self.by_text.insert(text.clone(), self.values.len());
            self.values.push(Value { text, count: 1, day });
        } else {
            self.more = true;
        }
    }
}

fn shortened(text: &str) -> String {
    text.chars().take(LONGEST).collect()
}

/// How a value of a column of dates is understood, in words; the error says why it is not.
pub fn understood(value: &Value, order: DateOrder) -> Result<String, String> {
    use crate::features::imports::dates::DateCell;
    use crate::features::imports::file::Epoch;
    let cell = match value.day {
        Some(day) => Cell::Day(day),
        None => Cell::Text(value.text.clone()),
    };
    match dates::read(&cell, order, Epoch::Of1900)? {
        DateCell::Nothing => Ok("nothing".to_owned()),
        DateCell::Day(day) => Ok(day.words()),
        DateCell::Written(written) if written.week_only => Ok("only the week is known".to_owned()),
        DateCell::Written(_) => Ok("the first such day after the enquiry".to_owned()),
        DateCell::Yes => Ok("yes, without a date".to_owned()),
    }
}
