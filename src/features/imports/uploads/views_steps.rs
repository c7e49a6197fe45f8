//! The pages on which somebody says how a file is to be read.

use std::collections::BTreeMap;

use askama::Template;
use askama_web::WebTemplate;

use super::forms::NEW_PATTERNS;
use super::guess;
use super::queries_mappings::SavedMapping;
use super::step::Step;
use super::survey::{SheetLook, Survey, understood};
use super::words::{self, Kind, Word};
use crate::domain::pause::PauseReason;
use crate::domain::reason::{Applies, CloseReason, EndedBy};
use crate::domain::text::written_day::DateOrder;
use crate::features::imports::mapping::{Mapping, Target};
use crate::features::imports::words::OutcomeWord;
use crate::web::form::Choice;
use crate::web::{Ctx, Form, Page};

/// The head of each step.
pub struct Head {
    pub id: String,
    pub file_name: String,
    pub deleted_at: String,
    pub note: Option<String>,
    pub dialect: Option<String>,
}

impl Head {
    fn of(step: &Step) -> Head {
        Head {
            id: step.upload.id.to_string(),
            file_name: step.upload.file_name.clone(),
            deleted_at: step.upload.expires_at().london_text(),
            note: step.upload.problem.clone(),
            dialect: step.survey.dialect.clone(),
        }
    }
}

#[derive(Template, WebTemplate)]
#[template(path = "imports/sheets.html")]
pub struct SheetsPage {
    page: Page,
    head: Head,
    form: Form,
    sheets: Vec<Sheet>,
}

struct Sheet {
    at: usize,
    name: String,
    chosen: bool,
    count: String,
    rows: Vec<Row>,
}

struct Row {
    number: u32,
    chosen: bool,
    cells: Vec<String>,
}

/// As many cells of a row as show what it is.
const CELLS: usize = 8;
/// Rows in which the header may be chosen.
const ROWS: usize = 12;

impl SheetsPage {
    pub fn new(ctx: &Ctx, step: Step, form: Form) -> SheetsPage {
        let page = Page::new(ctx, "Sheets and headers").with_errors_of(&form);
        let sheets = step.survey.sheets.iter().enumerate().map(|(at, sheet)| Sheet::of(at, sheet, &step.survey));
        SheetsPage { page, head: Head::of(&step), form, sheets: sheets.collect() }
    }
}

impl Sheet {
    fn of(at: usize, sheet: &SheetLook, survey: &Survey) -> Sheet {
        let chosen = survey.layout.0.iter().find(|chosen| chosen.sheet == sheet.name);
        let header = chosen.map(|chosen| chosen.header).or(sheet.header);
        let count = match (sheet.more, sheet.rows) {
            (true, rows) => format!("more than {} rows", rows - 1),
            (false, 1) => "1 row".to_owned(),
            (false, rows) => format!("{rows} rows"),
        };
        let rows = sheet.top.iter().take(ROWS.max(header.map_or(0, |number| number as usize))).map(|row| Row {
            number: row.number,
            chosen: header == Some(row.number),
            cells: row.cells.iter().filter(|cell| !cell.is_empty()).take(CELLS).cloned().collect(),
        });
        let name = sheet.name.clone().unwrap_or_default();
        Sheet { at, name, chosen: chosen.is_some(), count, rows: rows.collect() }
    }
}

#[derive(Template, WebTemplate)]
#[template(path = "imports/columns.html")]
pub struct ColumnsPage {
    page: Page,
    head: Head,
    form: Form,
    columns: Vec<Column>,
    groups: Vec<(&'static str, Vec<Choice>)>,
    orders: Vec<Choice>,
    hub_rows: Vec<Choice>,
    saved: Vec<SavedMapping>,
}

struct Column {
    field: String,
    name: String,
    filled: usize,
    /// What stands there, and how it is understood where it is a date.
    examples: Vec<Example>,
}

struct Example {
    text: String,
    means: Option<String>,
    wrong: bool,
}

const EXAMPLES: usize = 3;

impl ColumnsPage {
    pub fn new(ctx: &Ctx, step: Step, form: Form, saved: Vec<SavedMapping>) -> ColumnsPage {
        let page = Page::new(ctx, "Columns").with_errors_of(&form);
        let order = form.value("date_order").parse().unwrap_or(DateOrder::Dmy);
        let columns = step.survey.columns.iter().enumerate().map(|(at, column)| {
            let field = format!("column-{at}");
            let dated = form.value(&field).parse::<Target>().is_ok_and(Target::is_date);
            let is_blank = |text: &str| step.file.blank.iter().any(|word| word.eq_ignore_ascii_case(text));
            let mut values: Vec<_> = column.values.iter().filter(|value| !is_blank(&value.text)).collect();
            if dated {
                // What cannot be read is what to look at.
                values.sort_by_key(|value| understood(value, order).is_ok());
            }
            let examples = values.into_iter().take(EXAMPLES).map(|value| {
                let means = dated.then(|| understood(value, order));
                let wrong = matches!(means, Some(Err(_)));
                Example { text: value.text.clone(), means: means.map(|it| it.unwrap_or_else(|why| why)), wrong }
            });
            Column { field, name: column.name.clone(), filled: column.filled, examples: examples.collect() }
        });
        let columns = columns.collect();
        let orders = [
            ("dmy", "Day, month, year: 31/03/2025"),
            ("ymd", "Year, month, day: 2025-03-31"),
            ("mdy", "Month, day, year: 03/31/2025"),
        ];
        let hub_rows = [
            ("none", "None of them"),
            ("all", "All of them"),
            ("reference", "Those with a reference of the hub"),
            ("source", "Those with a reference of the hub, and those of one source"),
        ];
        let choices = |list: &[(&str, &str)]| list.iter().map(|(value, label)| Choice::of(*value, *label)).collect();
        ColumnsPage {
            page,
            head: Head::of(&step),
            columns,
            groups: groups(),
            orders: choices(&orders),
            hub_rows: choices(&hub_rows),
            saved,
            form,
        }
    }
}

/// What a column can be, in groups that can be looked through.
fn groups() -> Vec<(&'static str, Vec<Choice>)> {
    let mut groups: Vec<(&'static str, Vec<Choice>)> =
        ["Who", "The enquiry", "Dates of the pipeline", "How it stands or ended"].map(|name| (name, Vec::new())).into();
    for target in Target::all() {
        let choice = Choice::of(target.code(), target.label());
        if let Some((_, choices)) = groups.get_mut(guess::group_of(target)) {
            choices.push(choice);
        }
    }
    groups
}

#[derive(Template, WebTemplate)]
#[template(path = "imports/words.html")]
pub struct WordsPage {
    page: Page,
    head: Head,
    form: Form,
    kinds: Vec<Words>,
    sources: Vec<String>,
}

struct Words {
    kind: Kind,
    words: Vec<Word>,
    more: bool,
    choices: Vec<(&'static str, Vec<Choice>)>,
    nothing: &'static str,
}

impl WordsPage {
    /// The error says what is wrong with the columns.
    pub fn new(ctx: &Ctx, step: Step, form: Form, sources: Vec<String>) -> Result<WordsPage, String> {
        let mapping = Mapping::of(&step.file, &step.reasons)?;
        let page = Page::new(ctx, "Words").with_errors_of(&form);
        let kinds = Kind::ALL.iter().filter_map(|kind| {
            let (words, more) = words::found(*kind, &step.file, &mapping, &step.survey, &step.reasons);
            let (choices, nothing) = choices(*kind, &step.reasons);
            (!words.is_empty()).then_some(Words { kind: *kind, words, more, choices, nothing })
        });
        Ok(WordsPage { page, head: Head::of(&step), form, kinds: kinds.collect(), sources })
    }
}

impl WordsPage {
    fn has_sources(&self) -> bool {
        self.kinds.iter().any(Words::is_source)
    }

    /// Whether what a source becomes is not on the service's own list, where it has one.
    fn is_unlisted(&self, words: &Words, word: &Word) -> bool {
        let name = word.becomes.to_lowercase();
        words.is_source() && !self.sources.is_empty() && self.sources.iter().all(|it| it.to_lowercase() != name)
    }
}

impl Words {
    fn is_source(&self) -> bool {
        self.kind == Kind::Source
    }

    fn is_reason(&self) -> bool {
        self.kind == Kind::CloseReason
    }

    fn new_patterns(&self) -> std::ops::Range<usize> {
        0..NEW_PATTERNS
    }
}

/// In groups, and what happens where nothing is chosen.
fn choices(kind: Kind, reasons: &[CloseReason]) -> (Vec<(&'static str, Vec<Choice>)>, &'static str) {
    match kind {
        Kind::Outcome => {
            (vec![("", Choice::all(OutcomeWord::ALL, OutcomeWord::code, OutcomeWord::label))], "The row is refused")
        }
        Kind::PauseReason => (
            vec![("", Choice::all(PauseReason::ALL, PauseReason::code, PauseReason::label))],
            "Other, with the words in the notes",
        ),
        Kind::Source => (Vec::new(), ""),
        Kind::CloseReason => {
            let mut groups: BTreeMap<usize, (&'static str, Vec<Choice>)> = BTreeMap::new();
            for reason in reasons {
                let (place, name) = group_of(reason);
                let choice = Choice::of(reason.code.0.clone(), reason.label.clone());
                groups.entry(place).or_insert((name, Vec::new())).1.push(choice);
            }
            (groups.into_values().collect(), "Not recorded, with the words in the notes")
        }
    }
}

fn group_of(reason: &CloseReason) -> (usize, &'static str) {
    match (reason.ended_by, reason.applies) {
        (EndedBy::Applicant, Applies::AfterApplying) => (1, "The applicant, after applying"),
        (EndedBy::Applicant, _) => (0, "The applicant, before applying"),
        (EndedBy::Service, _) => (2, "The service"),
        (EndedBy::Transferred | EndedBy::Duplicate, _) => (3, "Otherwise"),
    }
}
