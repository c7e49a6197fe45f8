//! What would become of each row, as the preview shows it: a list for each answer, made so that the same file and the same
//! database give the same lines.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::io;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use sqlx::SqliteConnection;

use super::folder::Folder;
use crate::coded;
use crate::domain::day::Day;
use crate::domain::enquiry_row::{Column, EnquiryRow};
use crate::domain::household::display_name;
use crate::domain::ids::{EnquiryId, UserId};
use crate::domain::standing::Standing;
use crate::domain::text::fold::squeeze;
use crate::features::exports;
use crate::features::imports::actions::hex;
use crate::features::imports::examine::Examined;
use crate::features::imports::matching::{Decision, Ord32, Origin};
use crate::features::imports::queries;
use crate::features::imports::read_rows::{Place, ReadRow};
use crate::features::imports::report::Report;

coded! {
    /// The lists of a preview.
    pub enum List {
        New = "new", "New";
        Known = "known", "Already known";
        Others = "others", "With another family’s reference";
        Newer = "newer", "With newer facts";
        LooksKnown = "looks_known", "Look like an earlier household";
        Refused = "refused", "Refused";
        Warnings = "warnings", "Taken, but look";
        Skipped = "skipped", "Not rows of enquiries";
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Summary {
    pub rows: usize,
    pub counts: Vec<(List, usize)>,
    pub unknown_columns: Vec<String>,
}

impl Summary {
    pub fn count(&self, list: List) -> usize {
        self.counts.iter().find(|(it, _)| *it == list).map_or(0, |(_, count)| *count)
    }
}

/// One entry of a list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    pub sheet: Option<String>,
    pub row: Option<u32>,
    pub column: Option<String>,
    /// Who it is.
    pub name: String,
    pub text: String,
    /// What the file says, and beside it what is known.
    pub facts: Vec<Fact>,
    /// The earlier one: an enquiry of the database, or another row.
    pub of: Option<String>,
    pub enquiry: Option<EnquiryId>,
    /// Newer facts can be taken.
    pub offered: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fact {
    pub label: String,
    pub file: String,
    pub known: String,
}

pub struct Preview {
    pub summary: Summary,
    lists: Vec<(List, Vec<String>)>,
    /// Over all of it.
    pub hash: String,
}

/// Enquiries compared at once.
const PAGE: usize = 1_000;

impl Preview {
    /// `rows` are those that may be taken, in the file's order.
    pub async fn of(
        connection: &mut SqliteConnection,
        examined: &Examined,
        report: &Report,
        rows: &[ReadRow],
        viewer: UserId,
        today: Day,
    ) -> sqlx::Result<Preview> {
        let stored = Stored::load(connection, examined, viewer, today).await?;
        let by_place: HashMap<&Place, &EnquiryRow> = rows.iter().map(|row| (&row.place, &row.enquiry)).collect();
        let writer = Writer { examined, report, stored, by_place, today };
        let mut lists = vec![
            (List::New, writer.new_ones(rows)),
            (List::Known, writer.known(rows, List::Known)),
            (List::Others, writer.known(rows, List::Others)),
            (List::Newer, writer.known(rows, List::Newer)),
            (List::LooksKnown, writer.looks_known()),
        ];
        lists.extend(writer.of_reading());
        let counts = lists.iter().map(|(list, lines)| (*list, lines.len())).collect();
        let summary = Summary { rows: report.rows, counts, unknown_columns: report.unknown_columns.clone() };
        let lists: Vec<(List, Vec<String>)> = lists
            .into_iter()
            .map(|(list, lines)| {
                (list, lines.iter().map(|line| serde_json::to_string(line).unwrap_or_default()).collect())
            })
            .collect();
        let mut hash = Sha256::new();
        hash.update(serde_json::to_string(&summary).unwrap_or_default());
        for line in lists.iter().flat_map(|(_, lines)| lines) {
            hash.update(line);
            hash.update("\n");
        }
        Ok(Preview { summary, lists, hash: hex(&hash.finalize()) })
    }

    pub fn write(&self, folder: &Folder) -> io::Result<()> {
        for (list, lines) in &self.lists {
            folder.write_lines(list.code(), lines)?;
        }
        folder.write("summary", &self.summary)
    }
}

/// The enquiries of the database that rows are like, as far as this person may see them.
struct Stored {
    rows: HashMap<EnquiryId, EnquiryRow>,
    hidden: HashSet<EnquiryId>,
}

impl Stored {
    async fn load(
        connection: &mut SqliteConnection,
        examined: &Examined,
        viewer: UserId,
        today: Day,
    ) -> sqlx::Result<Stored> {
        let known = examined.known.iter().map(|(_, known)| known.of);
        let alike = examined.likenesses.iter().map(|like| like.of);
        let ids: BTreeSet<EnquiryId> = known
            .chain(alike)
            .filter_map(|of| match examined.index.origin(of) {
                Some(Origin::Stored(id)) => Some(*id),
                _ => None,
            })
            .collect();
        let ids: Vec<EnquiryId> = ids.into_iter().collect();
        let (mut rows, mut hidden) = (HashMap::new(), HashSet::new());
        for page in ids.chunks(PAGE) {
            hidden.extend(queries::list_hidden(connection, page, viewer).await?);
            let loaded = exports::load(connection, page, today).await?;
            rows.extend(loaded.into_iter().map(|exported| (exported.id, exported.row)));
        }
        rows.retain(|id, _| !hidden.contains(id));
        Ok(Stored { rows, hidden })
    }
}

struct Writer<'a> {
    examined: &'a Examined,
    report: &'a Report,
    stored: Stored,
    by_place: HashMap<&'a Place, &'a EnquiryRow>,
    today: Day,
}

impl Writer<'_> {
    fn new_ones(&self, rows: &[ReadRow]) -> Vec<Line> {
        let decided = rows.iter().zip(&self.examined.decisions);
        let new = decided.filter(|(_, decision)| matches!(decision, Decision::Create(_)));
        new.map(|(row, _)| Line { name: name(&row.enquiry), text: self.brief(&row.enquiry), ..at(&row.place) })
            .collect()
    }

    /// Those with another family's reference, those with newer facts, or all the others.
    fn known(&self, rows: &[ReadRow], list: List) -> Vec<Line> {
        let decided = rows.iter().zip(&self.examined.decisions);
        let known = decided.filter_map(|(row, decision)| match decision {
            Decision::Known(known) => Some((row, known)),
            Decision::Create(_) => None,
        });
        let reported = known.zip(&self.report.already_known_rows);
        let wanted = reported.filter_map(|((row, known), reported)| {
            let (of, enquiry, other) = self.origin(known.of);
            let hidden = enquiry.is_some_and(|id| self.stored.hidden.contains(&id));
            let facts = other.map(|other| differing(&row.enquiry, other)).unwrap_or_default();
            // Of a record that this person may not open nothing is said, not even that it is another family's.
            let problem = reported.problem.filter(|_| !hidden);
            let offered = reported.differs && !hidden && problem.is_none();
            let belongs_to = match problem {
                Some(_) => List::Others,
                None if offered => List::Newer,
                None => List::Known,
            };
            (belongs_to == list).then(|| Line {
                name: name(&row.enquiry),
                text: problem.unwrap_or(known.by.label()).to_owned(),
                facts: if offered || problem.is_some() { facts } else { Vec::new() },
                of: Some(of),
                enquiry: enquiry.filter(|_| !hidden),
                offered,
                ..at(&row.place)
            })
        });
        wanted.collect()
    }

    fn looks_known(&self) -> Vec<Line> {
        let likenesses = self.examined.likenesses.iter().filter_map(|like| {
            let Some(Origin::InFile(place)) = self.examined.index.origin(like.row) else { return None };
            let row = self.by_place.get(place)?;
            let (of, enquiry, other) = self.origin(like.of);
            let hidden = enquiry.is_some_and(|id| self.stored.hidden.contains(&id));
            let text = match like.possible_duplicate {
                true => "Within a year of it: possibly the same enquiry",
                false => "More than a year apart: probably another enquiry of the same household",
            };
            Some(Line {
                name: name(row),
                text: text.to_owned(),
                facts: other.map(|other| beside(row, other)).unwrap_or_default(),
                of: Some(of),
                enquiry: enquiry.filter(|_| !hidden),
                ..at(place)
            })
        });
        likenesses.collect()
    }

    fn of_reading(&self) -> Vec<(List, Vec<Line>)> {
        let report = self.report;
        let refused = report.refused.iter().map(|it| Line {
            column: it.column.clone(),
            text: it.problem.clone(),
            ..at(&it.place)
        });
        let warnings = report.warnings.iter().map(|it| Line {
            column: Some(it.column.clone()),
            name: it.kind.label().to_owned(),
            text: it.text.clone(),
            ..at(&it.place)
        });
        let skipped = report.skipped.iter().map(|it| Line {
            sheet: it.sheet.as_deref().map(str::to_owned),
            row: it.row,
            text: it.why.label().to_owned(),
            ..Line::default()
        });
        vec![
            (List::Refused, refused.collect()),
            (List::Warnings, warnings.collect()),
            (List::Skipped, skipped.collect()),
        ]
    }

    /// What it is called, its id where it is the database's, and what it says where this person may see that.
    fn origin(&self, of: Ord32) -> (String, Option<EnquiryId>, Option<&EnquiryRow>) {
        match self.examined.index.origin(of) {
            Some(Origin::Stored(id)) if self.stored.hidden.contains(id) => {
                ("a restricted record".to_owned(), Some(*id), None)
            }
            Some(Origin::Stored(id)) => {
                let row = self.stored.rows.get(id);
                let reference = row.and_then(|row| row.reference.clone()).unwrap_or_default();
                (format!("enquiry {reference}"), Some(*id), row)
            }
            Some(Origin::InFile(place)) => (place_words(place), None, self.by_place.get(place).copied()),
            None => (String::new(), None, None),
        }
    }

    fn brief(&self, row: &EnquiryRow) -> String {
        let standing = Standing::of(&row.facts());
        let day = row.day().map(|day| day.short());
        let how = standing.map(|standing| {
            let state = standing.state_on(self.today);
            match state {
                crate::domain::standing::State::Open => standing.stage.label().to_owned(),
                state => state.label().to_owned(),
            }
        });
        [day, how, row.source.clone(), row.postcode.clone()].into_iter().flatten().collect::<Vec<_>>().join(", ")
    }
}

fn at(place: &Place) -> Line {
    Line { sheet: place.sheet.as_deref().map(str::to_owned), row: Some(place.row), ..Line::default() }
}

fn place_words(place: &Place) -> String {
    match &place.sheet {
        Some(sheet) => format!("{sheet}, row {}", place.row),
        None => format!("row {}", place.row),
    }
}

fn name(row: &EnquiryRow) -> String {
    display_name(&row.applicants.iter().map(|it| it.name.clone()).collect::<Vec<_>>())
}

/// What the file says otherwise, column by column. A blank says nothing.
fn differing(row: &EnquiryRow, known: &EnquiryRow) -> Vec<Fact> {
    let columns = Column::ALL.iter().filter(|column| !matches!(column, Column::Reference | Column::InTouch));
    let facts = columns.filter_map(|column| {
        let (file, known) = (row.cell(*column), known.cell(*column));
        let new = !squeeze(&file).is_empty() && squeeze(&file) != squeeze(&known);
        new.then(|| Fact {
            label: column.label().to_owned(),
            file: shown(*column, &file),
            known: shown(*column, &known),
        })
    });
    facts.collect()
}

/// What makes two households look like one.
fn beside(row: &EnquiryRow, known: &EnquiryRow) -> Vec<Fact> {
    const COLUMNS: [Column; 10] = [
        Column::EnquiredOn,
        Column::ReceivedOn,
        Column::Applicant1Name,
        Column::Applicant1Phone,
        Column::Applicant1Email,
        Column::Applicant2Name,
        Column::Applicant2Phone,
        Column::Applicant2Email,
        Column::Postcode,
        Column::Source,
    ];
    let facts = COLUMNS.iter().filter_map(|column| {
        let (file, known) = (row.cell(*column), known.cell(*column));
        let any = !file.is_empty() || !known.is_empty();
        any.then(|| Fact {
            label: column.label().to_owned(),
            file: shown(*column, &file),
            known: shown(*column, &known),
        })
    });
    facts.collect()
}

/// Days in words.
fn shown(column: Column, cell: &str) -> String {
    let dated = column.milestone().is_some()
        || matches!(column, Column::PausedFrom | Column::PausedTo | Column::InTouchFrom | Column::ContactAgainOn);
    let day: Option<Day> = if dated { cell.parse().ok() } else { None };
    day.map_or_else(|| cell.to_owned(), Day::words)
}
