//! Reads a file: what is a row, what it says, and what is wrong with it. Rows are handed over one at a time, so that
//! a large file is never held.

use std::collections::HashMap;
use std::ops::ControlFlow;
use std::sync::Arc;

use super::draft::{Draft, Problem, Sheet};
use super::file::{Cell, Dialect, Epoch, NotATable, Row, Table};
use super::finish::finish;
use super::header::{self, Header, Seen};
use super::mapping::{Mapping, Target};
use super::read_rows::{Place, ReadRow, RefusedRow, SkippedRow, Warning};
use super::request::Plan;
use super::rows::{self, RowKind, Skip};
use crate::domain::text::grouped;

/// After so many rows above it, there is no header: a large file of something else is told at once.
const MOST_TITLES: usize = 1000;

/// Everything about a file but its enquiries.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reading {
    /// Enquiries and refused rows.
    pub rows: usize,
    pub refused: Vec<RefusedRow>,
    pub warnings: Vec<Warning>,
    pub skipped: Vec<SkippedRow>,
    pub unknown_columns: Vec<String>,
    pub dialect: Option<Dialect>,
}

/// What rows are handed to.
pub type EachRow<'a> = dyn FnMut(ReadRow) -> ControlFlow<()> + 'a;

/// Hands over every row that may be taken, in the file's order (of a group where its first row stands, at the end).
pub fn read(table: &mut Table, plan: Plan<'_>, each: &mut EachRow<'_>) -> Result<Reading, NotATable> {
    let sheets = chosen_sheets(table, &plan)?;
    let reading = Reading { dialect: table.dialect().cloned(), ..Reading::default() };
    let epoch = table.epoch();
    let mut reader = Reader {
        plan,
        epoch,
        reading,
        sheets: Vec::new(),
        groups: Groups::default(),
        filled: 0,
        stopped: false,
        seen: None,
        each,
    };
    for name in table.sheets().iter().filter(|name| !sheets.names.contains(&Some((*name).clone()))) {
        reader.other_sheet(name);
    }
    for name in &sheets.names {
        let found = reader.sheet(table, name.as_deref())?;
        match (found, name) {
            (false, Some(name)) if !sheets.wanted => reader.other_sheet(name),
            (false, _) => return Err(no_header(name.as_deref(), plan.mapping, reader.seen.as_ref())),
            (true, _) => {}
        }
        if let Some(most) = plan.most_rows.filter(|most| reader.filled > *most) {
            return Err(too_many_rows(most));
        }
    }
    if reader.sheets.is_empty() {
        return Err(no_header(None, plan.mapping, reader.seen.as_ref()));
    }
    Ok(reader.finish())
}

struct ChosenSheets {
    /// None is a CSV's only one.
    names: Vec<Option<String>>,
    /// Somebody named them: each must have a header.
    wanted: bool,
}

fn chosen_sheets(table: &Table, plan: &Plan<'_>) -> Result<ChosenSheets, NotATable> {
    let there = table.sheets();
    if matches!(table, Table::Csv(_)) {
        return Ok(ChosenSheets { names: vec![None], wanted: true });
    }
    let wanted = match plan.only_sheet {
        Some(sheet) => vec![sheet.to_owned()],
        None => plan.mapping.sheets.clone(),
    };
    if let Some(missing) = wanted.iter().find(|name| !there.contains(name)) {
        let there = there.iter().map(|name| format!("“{name}”")).collect::<Vec<_>>().join(", ");
        return Err(NotATable::because(format!("There is no sheet “{missing}”. There are: {there}")));
    }
    if wanted.is_empty() {
        return Ok(ChosenSheets { names: there.into_iter().map(Some).collect(), wanted: false });
    }
    Ok(ChosenSheets { names: wanted.into_iter().map(Some).collect(), wanted: true })
}

pub(super) fn too_many_rows(most: usize) -> NotATable {
    NotATable::because(format!(
        "This file has more than {} rows. Split it, or bring it in on the server with the command “hearth import \
         enquiries”, which takes files of any length",
        grouped(most)
    ))
}

/// `seen`: the first row that might have been meant as one.
fn no_header(sheet: Option<&str>, mapping: &Mapping, seen: Option<&Seen>) -> NotATable {
    let place = sheet.map(|sheet| format!(" in the sheet “{sheet}”")).unwrap_or_default();
    let wanted = match &mapping.header {
        Some(header) => format!("no cell says “{header}”"),
        None => "no column holds the date of the enquiry (received_on or enquired_on, or what the mapping calls so)"
            .to_owned(),
    };
    let seen = seen.map(|Seen { row, names }| {
        let names = header::said(names);
        let what = match &mapping.header {
            Some(_) => "Correct the mapping's “header”, or the file".to_owned(),
            None => "Call the one with the date received_on, or say in a mapping which it is".to_owned(),
        };
        format!(". Row {row} has {names}. {what}")
    });
    NotATable::because(format!("There is no header row{place}: {wanted}{}", seen.unwrap_or_default()))
}

struct Reader<'a, 'b> {
    plan: Plan<'a>,
    epoch: Epoch,
    reading: Reading,
    /// Those with a header, as they were read.
    sheets: Vec<Sheet>,
    groups: Groups,
    /// Rows below a header in which something stands.
    filled: usize,
    stopped: bool,
    /// Of a sheet without a header.
    seen: Option<Seen>,
    each: &'a mut EachRow<'b>,
}

impl Reader<'_, '_> {
    fn other_sheet(&mut self, name: &str) {
        let skipped = SkippedRow { sheet: Some(name.into()), row: None, why: Skip::OtherSheet };
        let at =
            self.reading.skipped.iter().position(|other| {
                other.why != Skip::OtherSheet || other.sheet.as_deref().is_none_or(|other| other > name)
            });
        self.reading.skipped.insert(at.unwrap_or(self.reading.skipped.len()), skipped);
    }

    /// False where there is no header.
    fn sheet(&mut self, table: &mut Table, name: Option<&str>) -> Result<bool, NotATable> {
        let name: Option<Arc<str>> = name.map(Arc::from);
        let mut titles = Vec::new();
        let mut index = None;
        let ragged = matches!(table, Table::Csv(_));
        table.rows(name.as_deref(), &mut |row| {
            match index {
                Some(index) => self.row(row, index, ragged),
                None => match Header::find(row, self.plan.mapping) {
                    Some(header) => index = Some(self.begin(name.clone(), header, &titles)),
                    None if row.filled().next().is_some() => {
                        titles.push(row.number);
                        self.seen = self.seen.take().or_else(|| Seen::of(row));
                    }
                    None => {}
                },
            }
            let sought_enough = index.is_none() && titles.len() >= MOST_TITLES;
            if self.stopped || sought_enough { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        })?;
        let header = index.and_then(|index| self.sheets.get(index)).map(|sheet| &sheet.header);
        match header {
            Some(header) if !header.has_enquiry_date() => Err(NotATable::because(format!(
                "The header in row {} has no column for the date of the enquiry, received_on or enquired_on. It has {}: say in \
                 the mapping which of them it is, or add it",
                header.row,
                header.said()
            ))),
            header => Ok(header.is_some()),
        }
    }

    fn begin(&mut self, name: Option<Arc<str>>, header: Header, titles: &[u32]) -> usize {
        for row in titles {
            self.reading.skipped.push(SkippedRow { sheet: name.clone(), row: Some(*row), why: Skip::Title });
        }
        for unknown in header.unknown() {
            push_new(&mut self.reading.unknown_columns, unknown);
        }
        self.stopped = !header.has_enquiry_date();
        let index = self.sheets.len();
        self.sheets.push(Sheet { index, name, header });
        index
    }

    fn row(&mut self, row: &Row, index: usize, ragged: bool) {
        self.filled += 1;
        self.stopped |= self.plan.most_rows.is_some_and(|most| self.filled > most);
        let Some(sheet) = self.sheets.get(index) else { return };
        match rows::kind(row, &sheet.header, self.plan.mapping, self.epoch) {
            RowKind::Nothing => {}
            RowKind::Skipped(why) => {
                self.reading.skipped.push(SkippedRow { sheet: sheet.name.clone(), row: Some(row.number), why });
            }
            RowKind::Enquiry => {
                note_nameless_columns(row, &sheet.header, &mut self.reading.unknown_columns);
                let draft = match damaged(row, sheet) {
                    _ if ragged && row.cells.len() > sheet.header.width() => Err(too_long(row, sheet)),
                    Some(damaged) => Err(damaged),
                    None => Draft::of(row, sheet, self.plan.mapping, self.epoch),
                };
                match self.plan.mapping.has(Target::Group) {
                    true => self.groups.add(draft, row, sheet),
                    false => self.take(draft),
                }
            }
        }
    }

    fn take(&mut self, draft: Result<Draft, Problem>) {
        self.reading.rows += 1;
        let place =
            |sheet: usize, row: u32| Place { sheet: self.sheets.get(sheet).and_then(|it| it.name.clone()), row };
        let checked = draft.and_then(|draft| {
            let checked = finish(&draft, &self.sheets, &self.plan)?;
            Ok((place(draft.sheet, draft.row), checked))
        });
        match checked {
            Ok((of, checked)) => {
                let warnings = checked.warnings.into_iter().map(|(at, kind, text)| Warning {
                    place: place(at.sheet, at.row),
                    column: at.name(&self.sheets),
                    kind,
                    text,
                });
                self.reading.warnings.extend(warnings);
                self.stopped |= (self.each)(ReadRow { place: of, enquiry: checked.enquiry }).is_break();
            }
            Err(Problem { sheet, row, column, sentence }) => {
                self.reading.refused.push(RefusedRow { place: place(sheet, row), column, problem: sentence });
            }
        }
    }

    fn finish(mut self) -> Reading {
        for group in std::mem::take(&mut self.groups).list {
            if !self.stopped {
                self.take(group);
            }
        }
        self.reading
    }
}

fn too_long(row: &Row, sheet: &Sheet) -> Problem {
    let (cells, columns) = (row.cells.len(), sheet.header.width());
    let sentence =
        format!("This record has {cells} cells, the header {columns}: a separator may stand in a text without quotes");
    Problem { sheet: sheet.index, row: row.number, column: None, sentence }
}

/// A nought byte stands where a program or a disk has lost something.
fn damaged(row: &Row, sheet: &Sheet) -> Option<Problem> {
    let (column, _) = row.filled().find(|(_, cell)| matches!(cell, Cell::Text(text) if text.contains('\0')))?;
    let sentence =
        "This cell holds a character that is in no text (NUL): something may be lost. Type it again".to_owned();
    Some(Problem { sheet: sheet.index, row: row.number, column: Some(sheet.header.name(column)), sentence })
}

/// Something stands in a column that the header does not name.
fn note_nameless_columns(row: &Row, header: &Header, unknown: &mut Vec<String>) {
    for (column, _) in row.filled().filter(|(column, _)| header.is_nameless(*column)) {
        push_new(unknown, &header.name(column));
    }
}

fn push_new(list: &mut Vec<String>, name: &str) {
    if !list.iter().any(|other| other == name) {
        list.push(name.to_owned());
    }
}

/// Rows of one group are one enquiry; one bad row refuses it.
#[derive(Default)]
struct Groups {
    list: Vec<Result<Draft, Problem>>,
    by_value: HashMap<String, usize>,
}

impl Groups {
    fn add(&mut self, draft: Result<Draft, Problem>, row: &Row, sheet: &Sheet) {
        let value = sheet.header.group_of(row);
        let known = value.as_ref().and_then(|value| self.by_value.get(value).copied());
        let Some(at) = known else {
            self.by_value.extend(value.map(|value| (value, self.list.len())));
            self.list.push(draft);
            return;
        };
        if let Some(group) = self.list.get_mut(at) {
            match (group.as_mut(), draft) {
                (Ok(group), Ok(draft)) => group.add(draft),
                (Ok(_), Err(problem)) => *group = Err(problem),
                (Err(_), _) => {}
            }
        }
    }
}
