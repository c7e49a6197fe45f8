//! What an import did, or would do: the same for a person and for a program.

use std::collections::{BTreeSet, HashMap};
use std::fmt::Write as _;

use serde::Serialize;
use sqlx::SqliteConnection;

use super::examine::Examined;
use super::matching::{KnownBy, Ord32, Origin};
use super::read_rows::{Place, RefusedRow, SkippedRow, Warning};
use super::{cells, queries, whose};
use crate::domain::day::Day;
use crate::domain::ids::EnquiryId;
use crate::features::exports::{self, Exported};

/// An enquiry of the database by its reference, or a row of the same file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Target {
    Stored { enquiry: String },
    Row(Place),
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct KnownRow {
    #[serde(flatten)]
    pub place: Place,
    pub of: Target,
    pub by: KnownBy,
    /// It says something that is not known yet.
    pub differs: bool,
    /// Why it cannot be what it is known as. A sentence.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub problem: Option<&'static str>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LikeRow {
    #[serde(flatten)]
    pub place: Place,
    pub of: Target,
    pub possible_duplicate: bool,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    pub dry_run: bool,
    pub rows: usize,
    pub created: usize,
    pub already_known: usize,
    /// Known enquiries that took newer facts from the file.
    pub updated: usize,
    pub refused: Vec<RefusedRow>,
    pub already_known_rows: Vec<KnownRow>,
    pub looks_known: Vec<LikeRow>,
    /// Newer facts that cannot be: the known enquiry stays as it is.
    pub not_updated: Vec<RefusedRow>,
    pub warnings: Vec<Warning>,
    pub skipped: Vec<SkippedRow>,
    pub unknown_columns: Vec<String>,
    pub date_order: &'static str,
    pub encoding: Option<&'static str>,
    pub byte_order_mark: Option<bool>,
    pub separator: Option<char>,
    pub quote: Option<char>,
}

/// How many known enquiries are compared at once.
const PAGE: usize = 1_000;

pub async fn report(
    connection: &mut SqliteConnection,
    examined: &Examined,
    date_order: &'static str,
    today: Day,
) -> sqlx::Result<Report> {
    let stored: BTreeSet<EnquiryId> = mentioned(examined).filter_map(|of| stored_id(examined, of)).collect();
    let stored: Vec<EnquiryId> = stored.into_iter().collect();
    let mut references = HashMap::new();
    for page in stored.chunks(PAGE) {
        references.extend(queries::list_references(connection, page).await?);
    }
    let compared = compared(connection, examined, today).await?;
    let target = |of: Ord32| match examined.index.origin(of) {
        Some(Origin::Stored(id)) => Target::Stored { enquiry: references.get(id).cloned().unwrap_or_default() },
        Some(Origin::InFile(place)) => Target::Row(place.clone()),
        None => Target::Stored { enquiry: String::new() },
    };
    let already_known_rows = examined.known.iter().zip(compared).map(|((place, known), compared)| KnownRow {
        place: place.clone(),
        of: target(known.of),
        by: known.by,
        differs: compared.differs,
        problem: compared.others.then_some(whose::OTHERS),
    });
    let looks_known = examined.likenesses.iter().filter_map(|like| match examined.index.origin(like.row) {
        Some(Origin::InFile(place)) => {
            Some(LikeRow { place: place.clone(), of: target(like.of), possible_duplicate: like.possible_duplicate })
        }
        _ => None,
    });
    let reading = &examined.reading;
    let dialect = reading.dialect.as_ref();
    Ok(Report {
        rows: reading.rows,
        created: examined.created,
        already_known: examined.known.len(),
        refused: reading.refused.clone(),
        already_known_rows: already_known_rows.collect(),
        looks_known: looks_known.collect(),
        warnings: reading.warnings.clone(),
        skipped: reading.skipped.clone(),
        unknown_columns: reading.unknown_columns.clone(),
        date_order,
        encoding: dialect.map(|it| it.encoding),
        byte_order_mark: dialect.map(|it| it.byte_order_mark),
        separator: dialect.map(|it| it.separator),
        quote: dialect.map(|it| it.quote),
        ..Report::default()
    })
}

fn mentioned(examined: &Examined) -> impl Iterator<Item = Ord32> {
    let known = examined.known.iter().map(|(_, known)| known.of);
    known.chain(examined.likenesses.iter().map(|like| like.of))
}

fn stored_id(examined: &Examined, of: Ord32) -> Option<EnquiryId> {
    match examined.index.origin(of) {
        Some(Origin::Stored(id)) => Some(*id),
        _ => None,
    }
}

/// A known row beside what it is known as.
#[derive(Debug, Clone, Copy, Default)]
struct Compared {
    /// It says something that is not known yet.
    differs: bool,
    /// It has the reference of another family.
    others: bool,
}

/// In the order of the known rows.
async fn compared(connection: &mut SqliteConnection, examined: &Examined, today: Day) -> sqlx::Result<Vec<Compared>> {
    let index = &examined.index;
    let mut compared = vec![Compared::default(); examined.known.len()];
    let mut of_stored: Vec<(EnquiryId, usize)> = Vec::new();
    for (at, (_, known)) in examined.known.iter().enumerate() {
        match (index.differs_in_file(*known), stored_id(examined, known.of)) {
            (Some(differs), _) => compared[at] = Compared { differs, others: index.is_of_others_in_file(*known) },
            (None, Some(id)) => of_stored.push((id, at)),
            (None, None) => {}
        }
    }
    of_stored.sort_unstable();
    for page in of_stored.chunks(PAGE) {
        let mut ids: Vec<EnquiryId> = page.iter().map(|(id, _)| *id).collect();
        ids.dedup();
        let stored = exports::load(connection, &ids, today).await?;
        let hashed = |stored: &Exported| {
            let marks = whose::marks(&stored.people, stored.row.postcode.as_deref());
            (stored.id, (cells::hashes(&stored.row), marks))
        };
        let stored: HashMap<EnquiryId, (Vec<u32>, Vec<u32>)> = stored.iter().map(hashed).collect();
        for (id, at) in page {
            let known = examined.known.get(*at).map(|(_, known)| *known);
            if let Some((known, (cells, marks))) = known.zip(stored.get(id)) {
                let differs = index.differs_from(known, cells);
                compared[*at] = Compared { differs, others: index.is_of_others(known, marks) };
            }
        }
    }
    Ok(compared)
}

impl Report {
    /// For a person on a terminal.
    pub fn table(&self) -> String {
        let mut text = String::new();
        let heading = if self.dry_run { "Nothing was written. This would happen:" } else { "Done:" };
        let _ = writeln!(text, "{heading}");
        for (count, what) in [
            (self.rows, "rows"),
            (self.created, "new enquiries"),
            (self.already_known, "already known"),
            (self.of_others().count(), "of these with the reference of another family"),
            (self.updated, "of these brought up to date"),
            (self.refused.len(), "refused"),
            (self.looks_known.len(), "new ones that look like an earlier household"),
            (self.warnings.len(), "taken, but look at them"),
        ] {
            if count > 0 || what == "rows" || what == "new enquiries" {
                let _ = writeln!(text, "  {count:>7}  {what}");
            }
        }
        if self.rows == 0 {
            text.push_str(
                "\nThere is no row below the header, so there is nothing to take in. Is it the right sheet?\n",
            );
        }
        self.write_reading(&mut text);
        self.write_rows(&mut text);
        text
    }

    /// Known rows that have the reference of another family.
    fn of_others(&self) -> impl Iterator<Item = &KnownRow> {
        self.already_known_rows.iter().filter(|it| it.problem.is_some())
    }

    fn write_reading(&self, text: &mut String) {
        if let (Some(encoding), Some(separator), Some(quote)) = (self.encoding, self.separator, self.quote) {
            let separator = if separator == '\t' { "tab".to_owned() } else { separator.to_string() };
            let _ = writeln!(text, "\nRead as {encoding}, separator {separator}, quotes {quote}");
        }
        if !self.unknown_columns.is_empty() {
            let _ = writeln!(text, "\nColumns that nothing was taken from: {}", self.unknown_columns.join(", "));
        }
        if !self.skipped.is_empty() {
            let _ = writeln!(text, "\nNot rows of enquiries:");
            for skipped in &self.skipped {
                let place = place(skipped.sheet.as_deref(), skipped.row);
                let _ = writeln!(text, "  {place}: {}", skipped.why.label().to_lowercase());
            }
        }
    }

    fn write_rows(&self, text: &mut String) {
        let of_place = |it: &Place| place(it.sheet.as_deref(), Some(it.row));
        list(
            text,
            "Refused",
            self.refused.iter().map(|it| {
                let column = it.column.as_ref().map(|column| format!(", {column}")).unwrap_or_default();
                format!("{}{column}: {}", of_place(&it.place), it.problem)
            }),
        );
        list(
            text,
            "Known, but not brought up to date",
            self.not_updated.iter().map(|it| format!("{}: {}", of_place(&it.place), it.problem)),
        );
        // What was tried and refused is said already.
        let tried = |it: &KnownRow| self.not_updated.iter().any(|refused| refused.place == it.place);
        list(
            text,
            "Known by its reference, but it cannot be",
            self.of_others().filter(|it| !tried(it)).map(|it| {
                let problem = it.problem.unwrap_or_default();
                format!("{}, the reference of {}: {problem}", of_place(&it.place), it.of.said())
            }),
        );
        let asked = self.updated > 0 || !self.not_updated.is_empty();
        let newer = self.already_known_rows.iter().filter(|it| it.differs && it.problem.is_none() && !asked);
        list(
            text,
            "Known, with newer facts (--update takes them)",
            newer.map(|it| format!("{}: {}", of_place(&it.place), it.of.said())),
        );
        list(
            text,
            "Looks known",
            self.looks_known.iter().map(|it| {
                let duplicate = if it.possible_duplicate { ", possibly the same enquiry" } else { "" };
                format!("{}: like {}{duplicate}", of_place(&it.place), it.of.said())
            }),
        );
        list(
            text,
            "Taken, but look",
            self.warnings.iter().map(|it| format!("{}, {}: {}", of_place(&it.place), it.column, it.text)),
        );
    }
}

impl Target {
    fn said(&self) -> String {
        match self {
            Target::Stored { enquiry } => format!("enquiry {enquiry}"),
            Target::Row(it) => place(it.sheet.as_deref(), Some(it.row)),
        }
    }
}

/// As many as a person reads.
const MOST_LISTED: usize = 50;

fn list(text: &mut String, heading: &str, lines: impl Iterator<Item = String>) {
    let mut lines = lines.peekable();
    if lines.peek().is_none() {
        return;
    }
    let _ = writeln!(text, "\n{heading}:");
    for line in lines.by_ref().take(MOST_LISTED) {
        let _ = writeln!(text, "  {line}");
    }
    let more = lines.count();
    if more > 0 {
        let _ = writeln!(text, "  and {more} more (--format json lists them all)");
    }
}

fn place(sheet: Option<&str>, row: Option<u32>) -> String {
    match (sheet, row) {
        (Some(sheet), Some(row)) => format!("{sheet}, row {row}"),
        (Some(sheet), None) => format!("sheet {sheet}"),
        (None, Some(row)) => format!("row {row}"),
        (None, None) => String::new(),
    }
}
