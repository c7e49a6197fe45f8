//! How somebody's own headers and words become Hearth's: the file that the mapping page writes too.

use std::str::FromStr;

use strsim::osa_distance;
use toml::{Table, Value};

use super::mapping_file::{HubTable, MappingFile};
use super::words::{self, OutcomeWord, Patterns, ReasonCodes};
use crate::domain::enquiry_row::Column;
use crate::domain::glossary;
use crate::domain::pause::PauseReason;
use crate::domain::reason::{CloseReason, ReasonCode};
use crate::domain::text::tidy;
use crate::domain::text::written_day::DateOrder;

/// What a column of a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Target {
    Column(Column),
    /// Couples in one cell.
    Names,
    Phones,
    Emails,
    /// Telephones and e-mails in one cell.
    Contacts,
    /// Words for how it stands or ended.
    Outcome,
    /// The date of whatever the outcome was.
    EndedOn,
    /// Whose enquiry it is, for a file that several councils share.
    Council,
    /// Rows with the same value are one enquiry.
    Group,
}

impl FromStr for Target {
    type Err = String;

    fn from_str(name: &str) -> Result<Target, String> {
        if let Some((target, _, _)) = OTHERS.iter().find(|(_, code, _)| *code == name) {
            return Ok(*target);
        }
        name.parse().map(Target::Column).map_err(|_| no_column(name))
    }
}

/// With the nearest that is one, else all of them.
fn no_column(name: &str) -> String {
    const SLIPS: usize = 3;
    let nearest = Target::all().map(Target::code).min_by_key(|code| osa_distance(name, code));
    let instead = match nearest.filter(|code| osa_distance(name, code) <= SLIPS) {
        Some(code) => format!("is “{code}” meant?"),
        None => format!("choose one of {}", words::listed(Target::all().map(Target::code))),
    };
    format!("[columns] maps to “{name}”, which is no column: {instead}")
}

/// Those that are no canonical column, by name, and what they are called on a page.
const OTHERS: [(Target, &str, &str); 8] = [
    (Target::Names, "applicants.name", "Names of the applicants"),
    (Target::Phones, "applicants.phone", "Telephones"),
    (Target::Emails, "applicants.email", "E-mails"),
    (Target::Contacts, "applicants.contact", "Telephones and e-mails"),
    (Target::Outcome, "outcome", "Outcome, in words"),
    (Target::EndedOn, "ended_on", "Date of the outcome"),
    (Target::Council, "council", "Council"),
    (Target::Group, "group", "Rows with the same value are one enquiry"),
];

impl Target {
    pub fn all() -> impl Iterator<Item = Target> {
        let canonical = Column::ALL.iter().map(|column| Target::Column(*column));
        canonical.chain(OTHERS.iter().map(|(target, _, _)| *target))
    }

    /// As a mapping file writes it.
    pub fn code(self) -> &'static str {
        match self {
            Target::Column(column) => column.code(),
            other => OTHERS.iter().find(|(target, _, _)| *target == other).map_or("", |(_, code, _)| code),
        }
    }

    pub fn label(self) -> &'static str {
        glossary::said(self.standard_label())
    }

    /// Whatever the service's word for it.
    pub fn standard_label(self) -> &'static str {
        match self {
            Target::Column(column) => column.standard_label(),
            other => OTHERS.iter().find(|(target, _, _)| *target == other).map_or("", |(_, _, label)| label),
        }
    }

    pub fn is_date(self) -> bool {
        match self {
            Target::EndedOn => true,
            Target::Column(Column::PausedFrom | Column::PausedTo | Column::InTouchFrom | Column::ContactAgainOn) => {
                true
            }
            Target::Column(column) => column.milestone().is_some(),
            _ => false,
        }
    }

    pub fn is_enquiry_date(self) -> bool {
        matches!(self, Target::Column(Column::ReceivedOn | Column::EnquiredOn))
    }
}

/// What the file calls a column.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Mapped {
    header: String,
    /// Compared with every cell until there is a header, so made once.
    folded: String,
    target: Target,
}

impl Mapped {
    fn new(header: &str, target: Target) -> Mapped {
        let header = tidy(header);
        Mapped { folded: header.to_lowercase(), header, target }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hub {
    pub name: String,
    pub which: HubRows,
}

/// Which rows came through the hub.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HubRows {
    All,
    WithReference,
    /// Those with a hub reference, and those of this source.
    WithReferenceOrSource(String),
}

/// Rows in which a cell starts so are totals.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Totals {
    /// Nobody said: the first cell says "total".
    Usual,
    AnyCellStarts(Vec<String>),
}

#[derive(Debug, Clone, PartialEq)]
pub struct Mapping {
    /// Empty: every sheet with a header row.
    pub sheets: Vec<String>,
    pub header: Option<String>,
    pub date_order: DateOrder,
    pub blank: Vec<String>,
    pub totals: Totals,
    pub hub: Option<Hub>,
    /// The councils whose rows are taken; empty: all.
    pub only_councils: Vec<String>,
    columns: Vec<Mapped>,
    /// As it is written down, for rows that go back to whoever brought them.
    written: MappingFile,
    pub sources: Patterns<String>,
    pub outcomes: Patterns<OutcomeWord>,
    pub close_reasons: Patterns<ReasonCodes>,
    pub pause_reasons: Patterns<PauseReason>,
}

impl Mapping {
    /// No mapping file: the canonical header row, dates as 2025-03-31.
    pub fn canonical() -> Mapping {
        Mapping {
            sheets: Vec::new(),
            header: None,
            date_order: DateOrder::Ymd,
            blank: Vec::new(),
            totals: Totals::Usual,
            hub: None,
            only_councils: Vec::new(),
            written: MappingFile::canonical(),
            columns: Column::ALL.iter().map(|column| Mapped::new(column.code(), Target::Column(*column))).collect(),
            sources: Patterns::default(),
            outcomes: Patterns::default(),
            close_reasons: Patterns::default(),
            pause_reasons: Patterns::default(),
        }
    }

    /// Reads a mapping file; what it cannot mean is refused with a sentence. `reasons` is the service's list.
    pub fn parse(text: &str, reasons: &[CloseReason]) -> Result<Mapping, String> {
        Mapping::of(&MappingFile::parse(text)?, reasons)
    }

    pub fn of(file: &MappingFile, reasons: &[CloseReason]) -> Result<Mapping, String> {
        let mut mapping = Mapping {
            sheets: file.sheets.clone(),
            header: file.header.as_deref().map(tidy),
            date_order: file.date_order.as_deref().map_or(Ok(DateOrder::Dmy), str::parse)?,
            blank: file.blank.iter().map(|word| tidy(word).to_lowercase()).collect(),
            totals: file.skip.as_ref().map_or(Totals::Usual, |skip| {
                Totals::AnyCellStarts(skip.starts.iter().map(|start| tidy(start).to_lowercase()).collect())
            }),
            hub: file.hub.as_ref().map(Hub::try_from).transpose()?,
            only_councils: file.only.as_ref().map(|only| only.council.clone()).unwrap_or_default(),
            columns: columns(&file.columns)?,
            written: file.clone(),
            ..Mapping::canonical()
        };
        mapping.sources = patterns("source", &file.words.source, |value| text_of("source", value))?;
        mapping.outcomes = patterns("outcome", &file.words.outcome, |value| {
            code("outcome", value, OutcomeWord::ALL, OutcomeWord::code)
        })?;
        mapping.close_reasons = patterns("close_reason", &file.words.close_reason, |it| reason_codes(it, reasons))?;
        mapping.pause_reasons = patterns("pause_reason", &file.words.pause_reason, |it| {
            code("pause_reason", it, PauseReason::ALL, PauseReason::code)
        })?;
        mapping.checked()
    }

    pub fn target(&self, header: &str) -> Option<Target> {
        if header.is_empty() {
            return None;
        }
        let exact = self.columns.iter().find(|it| it.header == header);
        let folded = tidy(header).to_lowercase();
        exact.or_else(|| self.columns.iter().find(|it| it.folded == folded)).map(|it| it.target)
    }

    pub fn written(&self) -> &MappingFile {
        &self.written
    }

    pub fn has(&self, target: Target) -> bool {
        self.columns.iter().any(|it| it.target == target)
    }

    /// Words for "nothing here".
    pub fn is_blank(&self, text: &str) -> bool {
        !self.blank.is_empty() && {
            let text = tidy(text).to_lowercase();
            self.blank.contains(&text)
        }
    }

    fn checked(self) -> Result<Mapping, String> {
        if !self.columns.iter().any(|it| it.target.is_enquiry_date()) {
            return Err("[columns] names no column for the date of the enquiry: received_on or enquired_on".to_owned());
        }
        if !self.only_councils.is_empty() && !self.has(Target::Council) {
            return Err("“only” wants a council, but [columns] names no column for “council”".to_owned());
        }
        Ok(self)
    }
}

impl TryFrom<&HubTable> for Hub {
    type Error = String;

    fn try_from(table: &HubTable) -> Result<Hub, String> {
        let which = match (table.always, &table.or_source) {
            (true, None) => HubRows::All,
            (false, None) => HubRows::WithReference,
            (false, Some(source)) => HubRows::WithReferenceOrSource(tidy(source)),
            (true, Some(_)) => return Err("“hub” has always and or_source; one of them is wanted".to_owned()),
        };
        Ok(Hub { name: tidy(&table.name), which })
    }
}

fn columns(table: &Table) -> Result<Vec<Mapped>, String> {
    let pair = |(header, target): (&String, &Value)| {
        let target = target.as_str().ok_or_else(|| format!("[columns] “{header}” is to be a column's name"))?;
        Ok(Mapped::new(header, target.parse()?))
    };
    table.iter().map(pair).collect()
}

fn patterns<T>(words: &str, table: &Table, read: impl Fn(&Value) -> Result<T, String>) -> Result<Patterns<T>, String> {
    let read = |(pattern, value): (&String, &Value)| match read(value) {
        Ok(value) => Ok((pattern.clone(), value)),
        Err(why) => Err(format!("[words.{words}] “{pattern}”: {why}")),
    };
    Ok(Patterns::new(table.iter().map(read).collect::<Result<Vec<_>, String>>()?))
}

fn text_of(what: &str, value: &Value) -> Result<String, String> {
    value.as_str().map(tidy).ok_or_else(|| format!("a {what} is a text"))
}

fn code<T: Copy>(what: &str, value: &Value, all: &[T], code: fn(T) -> &'static str) -> Result<T, String> {
    let text = text_of(what, value)?;
    let found = all.iter().copied().find(|it| code(*it) == text);
    found
        .ok_or_else(|| format!("“{text}” is no {what}; choose one of {}", words::listed(all.iter().copied().map(code))))
}

fn reason_codes(value: &Value, reasons: &[CloseReason]) -> Result<ReasonCodes, String> {
    let unlisted = |code: &str| {
        let all = words::listed(reasons.iter().map(|reason| reason.code.0.as_str()));
        format!("“{code}” is not in the list of reasons; choose one of {all}")
    };
    let one = |value: &Value| {
        let code = text_of("close_reason", value)?;
        let known = reasons.iter().any(|reason| reason.code.0 == code);
        if known { Ok(ReasonCode(code)) } else { Err(unlisted(&code)) }
    };
    match value {
        Value::Array(two) => match two.as_slice() {
            [before, after] => Ok(ReasonCodes { before: one(before)?, after: one(after)? }),
            _ => Err("two codes are wanted: before and after applying".to_owned()),
        },
        single => one(single).map(|code| ReasonCodes { before: code.clone(), after: code }),
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::reasons;
    use super::*;

    const LEAST: &str = "[columns]\n\"Date\" = \"received_on\"\n";

    #[test]
    fn what_is_left_out_keeps_its_default() {
        let mapping = Mapping::parse(LEAST, &reasons()).unwrap();
        assert_eq!((mapping.date_order, mapping.totals.clone()), (DateOrder::Dmy, Totals::Usual));
        assert_eq!(mapping.target(" date\n"), Some(Target::Column(Column::ReceivedOn)));
        assert_eq!(mapping.target("date"), Some(Target::Column(Column::ReceivedOn)));
        assert!(!mapping.is_blank("-"));
    }

    #[test]
    fn what_a_mapping_cannot_mean_is_refused_with_a_sentence() {
        for (text, sentence) in [
            ("shets = []\n", "line 1: unknown field `shets`"),
            ("date_order = \"ydm\"\n", "“ydm” is not an order of dates"),
            ("hub = { name = \"H\", allways = true }\n", "unknown field `allways`"),
            ("hub = { name = \"H\", always = true, or_source = \"x\" }\n", "one of them is wanted"),
            ("only = { council = [\"w\"] }\n", "names no column for “council”"),
            ("only = { borough = [\"w\"] }\n", "unknown field `borough`"),
            ("skip = { ends = [\"w\"] }\n", "unknown field `ends`"),
            ("sheets = \"one\"\n", "line 1: invalid type"),
            ("= nonsense", "line 1:"),
        ] {
            let refused = Mapping::parse(&format!("{text}{LEAST}"), &reasons()).unwrap_err();
            assert!(refused.contains(sentence), "{refused}");
            assert!(!refused.contains('\n'));
        }
        for (text, sentence) in [
            ("\"Panel\" = \"pannel_on\"\n", "“pannel_on”, which is no column: is “panel_on” meant?"),
            ("\"Panel\" = \"recieved_on\"\n", "is “received_on” meant?"),
            ("\"Panel\" = \"the committee\"\n", "choose one of reference, hub, hub_reference, source"),
            ("\"Panel\" = 3\n", "to be a column's name"),
            (
                "[words.outcome]\n\"x\" = \"lost\"\n",
                "“lost” is no outcome; choose one of open, approved, applicant_withdrew",
            ),
            (
                "[words.close_reason]\n\"x\" = \"AW9\"\n",
                "“AW9” is not in the list of reasons; choose one of no_spare_room",
            ),
            ("[words.close_reason]\n\"x\" = [\"AW1\"]\n", "two codes are wanted"),
            ("[words.outcomes]\n\"x\" = \"open\"\n", "unknown field `outcomes`"),
        ] {
            let refused = Mapping::parse(&format!("{LEAST}{text}"), &reasons()).unwrap_err();
            assert!(refused.contains(sentence), "{refused}");
        }
        assert!(
            Mapping::parse("[columns]\n\"x\" = \"notes\"\n", &reasons()).unwrap_err().contains("date of the enquiry")
        );
        assert!(Mapping::parse("", &reasons()).is_err());
    }
}
