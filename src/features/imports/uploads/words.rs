//! Words of a file and what they become: every different value of the columns of outcomes, reasons, pauses and sources,
//! how often it stands there, and what the mapping makes of it.

use toml::{Table, Value as Toml};

use super::survey::Survey;
use crate::coded;
use crate::domain::enquiry_row::Column;
use crate::domain::pause::PauseReason;
use crate::domain::reason::CloseReason;
use crate::features::imports::mapping::{Mapping, Target};
use crate::features::imports::mapping_file::MappingFile;
use crate::features::imports::words::{OutcomeWord, Patterns, as_code};

coded! {
    /// Which words a column holds.
    pub enum Kind {
        Outcome = "outcome", "Outcomes";
        CloseReason = "close_reason", "Reasons for closing";
        PauseReason = "pause_reason", "Reasons for a pause";
        Source = "source", "Sources";
    }
}

/// Patterns that services use, in the order in which they are tried.
const OUTCOMES: [(&str, &str); 24] = [
    ("not appr*", "service_ended"),
    ("appr*", "approved"),
    ("w/d*", "applicant_withdrew"),
    ("withdr*", "applicant_withdrew"),
    ("applicant w*", "applicant_withdrew"),
    ("did not p*", "applicant_withdrew"),
    ("no repl*", "applicant_withdrew"),
    ("no resp*", "applicant_withdrew"),
    ("nfa*", "service_ended"),
    ("no further*", "service_ended"),
    ("ruled out*", "service_ended"),
    ("not suitable*", "service_ended"),
    ("unsuitable*", "service_ended"),
    ("kit*", "in_touch"),
    ("keep*touch*", "in_touch"),
    ("on hold*", "paused"),
    ("hold*", "paused"),
    ("pause*", "paused"),
    ("transf*", "transferred"),
    ("dup*", "duplicate"),
    ("ongoing*", "open"),
    ("in progress*", "open"),
    ("active*", "open"),
    ("current*", "open"),
];
const REASONS: [(&str, &str, &str); 17] = [
    ("*spare*", "no_spare_room", "AW3"),
    ("*childcare*", "work_or_childcare", "AW3"),
    ("*landlord*", "housing_or_tenancy", "AW3"),
    ("*tenancy*", "housing_or_tenancy", "AW3"),
    ("*health*", "health", "AW3"),
    ("*moving*", "moving_away", "AW3"),
    ("*ifa*", "chose_another_agency", "AW0"),
    ("*another agency*", "chose_another_agency", "AW0"),
    ("*right time*", "not_now", "AW0"),
    ("*not now*", "not_now", "AW0"),
    ("*no rep*", "no_reply", "AW0"),
    ("*no response*", "no_reply", "AW0"),
    ("*work*", "work_or_childcare", "AW3"),
    ("*not eligible*", "not_eligible", ""),
    ("*out of area*", "out_of_area", ""),
    ("*dbs*", "safeguarding", ""),
    ("*safeguard*", "safeguarding", ""),
];
const PAUSES: [(&str, &str); 6] = [
    ("*baby*", "pregnancy_or_new_baby"),
    ("*pregnan*", "pregnancy_or_new_baby"),
    ("*building*", "house_move_or_building_work"),
    ("*moving*", "house_move_or_building_work"),
    ("*adopt*", "adoption_assessment"),
    ("*ill*", "illness"),
];

impl Kind {
    pub fn target(self) -> Target {
        match self {
            Kind::Outcome => Target::Outcome,
            Kind::CloseReason => Target::Column(Column::CloseReason),
            Kind::PauseReason => Target::Column(Column::PauseReason),
            Kind::Source => Target::Column(Column::Source),
        }
    }

    pub fn table(self, file: &MappingFile) -> &Table {
        match self {
            Kind::Outcome => &file.words.outcome,
            Kind::CloseReason => &file.words.close_reason,
            Kind::PauseReason => &file.words.pause_reason,
            Kind::Source => &file.words.source,
        }
    }

    pub fn table_mut(self, file: &mut MappingFile) -> &mut Table {
        match self {
            Kind::Outcome => &mut file.words.outcome,
            Kind::CloseReason => &mut file.words.close_reason,
            Kind::PauseReason => &mut file.words.pause_reason,
            Kind::Source => &mut file.words.source,
        }
    }

    fn is_code(self, text: &str, reasons: &[CloseReason]) -> bool {
        let code = as_code(text);
        match self {
            Kind::Outcome => code.parse::<OutcomeWord>().is_ok(),
            Kind::CloseReason => reasons.iter().any(|reason| reason.code.0.eq_ignore_ascii_case(&code)),
            Kind::PauseReason => code.parse::<PauseReason>().is_ok(),
            Kind::Source => true,
        }
    }

    fn patterns(self) -> Vec<(&'static str, Toml)> {
        let single = |(pattern, code): &(&'static str, &str)| (*pattern, Toml::String((*code).to_owned()));
        match self {
            Kind::Outcome => OUTCOMES.iter().map(single).collect(),
            Kind::PauseReason => PAUSES.iter().map(single).collect(),
            Kind::CloseReason => {
                REASONS.iter().map(|(pattern, before, after)| (*pattern, pair(before, after))).collect()
            }
            Kind::Source => Vec::new(),
        }
    }
}

/// One code, or two: before and after applying.
pub fn pair(before: &str, after: &str) -> Toml {
    let code = |code: &str| Toml::String(code.to_owned());
    match after.is_empty() || after == before {
        true => code(before),
        false => Toml::Array(vec![code(before), code(after)]),
    }
}

/// A value of a column, and what becomes of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    pub text: String,
    pub count: usize,
    /// A code, or the name of a source; empty where the mapping knows nothing.
    pub becomes: String,
    /// Of a reason: the code after applying, where it is another.
    pub after: String,
}

/// Every different value of the columns of this kind, the unknown and then the most frequent first; and whether there
/// are more.
pub fn found(
    kind: Kind,
    file: &MappingFile,
    mapping: &Mapping,
    survey: &Survey,
    reasons: &[CloseReason],
) -> (Vec<Word>, bool) {
    let target = said_in(kind, |target| survey.columns.iter().any(|it| mapping.target(&it.name) == Some(target)));
    let columns = survey.columns.iter().filter(|column| mapping.target(&column.name) == Some(target));
    let is_asked = |text: &str| target == kind.target() || ends(text, file);
    let (mut words, mut more): (Vec<Word>, bool) = (Vec::new(), false);
    for column in columns {
        more |= column.more;
        let values = column.values.iter().filter(|value| !mapping.is_blank(&value.text) && is_asked(&value.text));
        for value in values {
            match words.iter_mut().find(|word| word.text == value.text) {
                Some(word) => word.count += value.count,
                None => {
                    let (becomes, after) = becomes(kind, &value.text, file, mapping, reasons);
                    words.push(Word { text: value.text.clone(), count: value.count, becomes, after });
                }
            }
        }
    }
    // What nothing is known of comes first: it is what a person has to say.
    words.sort_by_key(|word| !word.becomes.is_empty());
    (words, more)
}

/// Where a file has no column of reasons, its outcomes may say them: `Withdrew - work`.
fn said_in(kind: Kind, has: impl Fn(Target) -> bool) -> Target {
    match kind {
        Kind::CloseReason if !has(kind.target()) => Target::Outcome,
        _ => kind.target(),
    }
}

/// An outcome that has a reason.
fn ends(text: &str, file: &MappingFile) -> bool {
    let by_pattern = pattern_of(&file.words.outcome, text).map(|value| codes(value).0);
    let word = by_pattern.unwrap_or_else(|| as_code(text)).parse();
    matches!(word, Ok(OutcomeWord::ApplicantWithdrew | OutcomeWord::ServiceEnded))
}

fn becomes(kind: Kind, text: &str, file: &MappingFile, mapping: &Mapping, reasons: &[CloseReason]) -> (String, String) {
    let by_pattern = pattern_of(kind.table(file), text).map(codes);
    by_pattern.unwrap_or_else(|| match kind {
        Kind::Outcome => (as_code(text).parse::<OutcomeWord>().map_or("", OutcomeWord::code).to_owned(), String::new()),
        Kind::PauseReason => {
            (as_code(text).parse::<PauseReason>().map_or("", PauseReason::code).to_owned(), String::new())
        }
        Kind::Source => (mapping.sources.find(text).cloned().unwrap_or_else(|| text.to_owned()), String::new()),
        Kind::CloseReason => {
            let code = as_code(text);
            let listed = reasons.iter().find(|reason| reason.code.0.eq_ignore_ascii_case(&code));
            (listed.map(|reason| reason.code.0.clone()).unwrap_or_default(), String::new())
        }
    })
}

fn codes(value: &Toml) -> (String, String) {
    let text = |value: &Toml| value.as_str().unwrap_or_default().to_owned();
    match value {
        Toml::Array(two) => (two.first().map(text).unwrap_or_default(), two.get(1).map(text).unwrap_or_default()),
        one => (text(one), String::new()),
    }
}

/// What the first pattern that fits says.
fn pattern_of<'a>(table: &'a Table, text: &str) -> Option<&'a Toml> {
    let patterns = Patterns::new(table.iter().map(|(pattern, value)| (pattern.clone(), value)));
    patterns.find(text).copied()
}

/// Adds the patterns that services use, as far as they fit something that stands there and nothing is known of.
pub fn seed(file: &mut MappingFile, kind: Kind, survey: &Survey, reasons: &[CloseReason]) {
    let is_of = |name: &str, target: Target| file.columns.get(name).and_then(Toml::as_str) == Some(target.code());
    let target = said_in(kind, |target| survey.columns.iter().any(|column| is_of(&column.name, target)));
    let columns = survey.columns.iter().filter(|column| is_of(&column.name, target));
    let texts = columns.flat_map(|column| &column.values).map(|value| value.text.clone());
    let texts: Vec<String> = texts.filter(|text| target == kind.target() || ends(text, file)).collect();
    for (pattern, value) in kind.patterns() {
        let fits = |text: &str| Patterns::new([(pattern.to_owned(), ())]).find(text).is_some();
        let known = |code: &str| kind != Kind::CloseReason || reasons.iter().any(|reason| reason.code.0 == code);
        let (before, after) = codes(&value);
        let is_known = known(&before) && (after.is_empty() || known(&after));
        let table = kind.table(file);
        let wanted =
            texts.iter().any(|text| fits(text) && !kind.is_code(text, reasons) && pattern_of(table, text).is_none());
        if wanted && is_known {
            kind.table_mut(file).insert(pattern.to_owned(), value);
        }
    }
}

/// Says what one value becomes: before every pattern, unless the patterns say so already.
pub fn set(file: &mut MappingFile, kind: Kind, text: &str, becomes: Option<Toml>) {
    let table = kind.table_mut(file);
    let own = table.keys().find(|key| key.eq_ignore_ascii_case(text) && !key.contains('*')).cloned();
    let kept: Vec<(String, Toml)> = table
        .iter()
        .filter(|(key, _)| Some(*key) != own.as_ref())
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect();
    let rest: Table = kept.into_iter().collect();
    let by_pattern = pattern_of(&rest, text).cloned();
    *table = match becomes {
        Some(value) if by_pattern.as_ref() != Some(&value) => {
            std::iter::once((text.to_owned(), value)).chain(rest).collect()
        }
        _ => rest,
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(outcome: &[(&str, &str)]) -> MappingFile {
        let mut file = MappingFile::default();
        for (pattern, code) in outcome {
            file.words.outcome.insert((*pattern).to_owned(), Toml::String((*code).to_owned()));
        }
        file
    }

    fn said(file: &MappingFile) -> Vec<(String, String)> {
        file.words.outcome.iter().map(|(key, value)| (key.clone(), codes(value).0)).collect()
    }

    #[test]
    fn a_choice_comes_before_the_patterns_and_only_where_they_say_something_else() {
        let code = |code: &str| Some(Toml::String(code.to_owned()));
        let mut file = file(&[("w/d*", "applicant_withdrew")]);
        set(&mut file, Kind::Outcome, "W/D 3.4.24", code("applicant_withdrew"));
        assert_eq!(said(&file).len(), 1);
        set(&mut file, Kind::Outcome, "W/D ask Jan", code("open"));
        assert_eq!(said(&file)[0], ("W/D ask Jan".to_owned(), "open".to_owned()));
        set(&mut file, Kind::Outcome, "W/D ask Jan", code("applicant_withdrew"));
        assert_eq!(said(&file).len(), 1);
        set(&mut file, Kind::Outcome, "Lost", code("service_ended"));
        set(&mut file, Kind::Outcome, "Lost", None);
        assert_eq!(said(&file).len(), 1);
    }

    #[test]
    fn two_codes_are_one_where_they_are_the_same() {
        assert_eq!(codes(&pair("health", "AW3")), ("health".to_owned(), "AW3".to_owned()));
        assert_eq!(codes(&pair("safeguarding", "")), ("safeguarding".to_owned(), String::new()));
    }
}
