//! A mapping as it is written down: TOML, in a file or saved by name. The pages read and write the same.

use serde::{Deserialize, Serialize};
use toml::{Table, Value};

use super::words::Patterns;
use crate::domain::enquiry_row::Column;
use crate::domain::text::written_day::DateOrder;
use crate::domain::text::{same_words, tidy};

/// In bytes; mappings that people write have a few kB.
pub const LARGEST: usize = 256 * 1024;

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MappingFile {
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sheets: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub header: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date_order: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub blank: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub skip: Option<Skip>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hub: Option<HubTable>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub only: Option<Only>,
    pub columns: Table,
    #[serde(default, skip_serializing_if = "Words::is_empty")]
    pub words: Words,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Skip {
    pub starts: Vec<String>,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HubTable {
    pub name: String,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub always: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub or_source: Option<String>,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Only {
    pub council: Vec<String>,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Words {
    #[serde(skip_serializing_if = "Table::is_empty")]
    pub source: Table,
    #[serde(skip_serializing_if = "Table::is_empty")]
    pub outcome: Table,
    #[serde(skip_serializing_if = "Table::is_empty")]
    pub close_reason: Table,
    #[serde(skip_serializing_if = "Table::is_empty")]
    pub pause_reason: Table,
}

impl Words {
    fn is_empty(&self) -> bool {
        *self == Words::default()
    }
}

impl MappingFile {
    /// No mapping file: the canonical header row, dates as 2025-03-31.
    pub fn canonical() -> MappingFile {
        let codes = Column::ALL.iter().map(|column| column.code().to_owned());
        MappingFile {
            date_order: Some(DateOrder::Ymd.code().to_owned()),
            columns: codes.map(|code| (code.clone(), Value::String(code))).collect(),
            ..MappingFile::default()
        }
    }

    pub fn parse(text: &str) -> Result<MappingFile, String> {
        toml::from_str(text).map_err(|error| sentence(text, &error))
    }

    pub fn text(&self) -> String {
        toml::to_string(self).unwrap_or_default()
    }

    /// A source has another name. Returns whether it stands in here. Where rows of that source came through a hub, the
    /// file's own word goes on meaning it.
    pub fn rename_source(&mut self, from: &str, to: &str) -> bool {
        let before = self.clone();
        for (_, value) in self.words.source.iter_mut() {
            if value.as_str().is_some_and(|name| same_words(name, from)) {
                *value = Value::String(to.to_owned());
            }
        }
        if let Some(source) = self.hub.as_mut().and_then(|hub| hub.or_source.as_mut())
            && same_words(source, from)
        {
            to.clone_into(source);
            let patterns = Patterns::new(self.words.source.keys().map(|pattern| (pattern.clone(), ())));
            if patterns.find(from).is_none() {
                self.words.source.insert(from.to_owned(), Value::String(to.to_owned()));
            }
        }
        *self != before
    }
}

/// `line 3: unknown field …`, on one line.
fn sentence(text: &str, error: &toml::de::Error) -> String {
    let before = error.span().and_then(|span| text.get(..span.start));
    let line = before.map_or(1, |before| before.matches('\n').count() + 1);
    format!("line {line}: {}", tidy(error.message()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_with_another_name_has_it_here_too_and_its_rows_still_came_through_the_hub() {
        let text = "hub = { name = \"H\", or_source = \"The hub\" }\n[columns]\n[words.source]\n\"fb*\" = \"Facebook\"\n\
                    \"*radio*\" = \"Radio\"\n";
        let mut file = MappingFile::parse(text).unwrap();
        assert!(!file.rename_source("Leaflet", "Flyer"));
        assert!(file.rename_source("Facebook", "Social media"));
        let words = |file: &MappingFile| {
            let pairs = file.words.source.iter().map(|(word, name)| format!("{word}={}", name.as_str().unwrap()));
            pairs.collect::<Vec<_>>()
        };
        assert_eq!(words(&file), ["fb*=Social media", "*radio*=Radio"]);
        assert!(file.rename_source("The hub", "Regional hub"));
        assert_eq!(file.hub.as_ref().unwrap().or_source.as_deref(), Some("Regional hub"));
        assert_eq!(words(&file).last().unwrap(), "The hub=Regional hub", "as the file goes on calling it");
        assert!(!file.rename_source("The hub", "Regional hub"));
    }

    #[test]
    fn what_is_written_is_what_was_read() {
        let text = "sheets = [\"a\", \"b\"]\nheader = \"Date\"\nblank = [\"-\"]\nskip = { starts = [\"total\"] }\n\
                    hub = { name = \"H\", or_source = \"x\" }\n[columns]\n\"Zeit\" = \"received_on\"\n\"A \\\"b\\\"\" = \
                    \"notes\"\n[words.outcome]\n\"w/d*\" = \"applicant_withdrew\"\n\"a*\" = \"approved\"\n[words.close_reason]\n\
                    \"*spare*\" = [\"no_spare_room\", \"AW3\"]\n";
        let read = MappingFile::parse(text).unwrap();
        let again = MappingFile::parse(&read.text()).unwrap();
        assert_eq!(again, read);
        assert_eq!(again.words.outcome.keys().collect::<Vec<_>>(), ["w/d*", "a*"], "the order is what counts");
        let least = MappingFile::parse("[columns]\n").unwrap();
        assert_eq!(least.text(), "[columns]\n");
    }
}
