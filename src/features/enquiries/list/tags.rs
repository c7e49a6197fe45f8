//! The filters in words: each can be taken off.

use std::fmt::Write as _;

use super::filters::{DIRECT, Filters, NOT_RECORDED};
use crate::domain::day::Day;
use crate::domain::text::lower_first;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tag {
    pub label: String,
    /// The list without it.
    pub href: String,
}

impl Filters {
    /// Each filter in words, and the list without it.
    pub fn tags(&self) -> Vec<Tag> {
        let mut tags = Vec::new();
        let mut tag = |label: String, rest: Filters| {
            tags.push(Tag { label, href: Filters { page: None, ..rest }.href() });
        };
        let all = || self.clone();
        if let Some(text) = &self.text {
            // Without words the list would fall back to what has not ended; what was found in any state stays so.
            tag(format!("Matches “{text}”"), Filters { text: None, ..all() });
        }
        if !self.states.is_empty() {
            let label = listed("", self.states.iter().map(|state| state.label().to_owned()));
            tag(sentence_case(&label), Filters { states: vec![], ..all() });
        }
        if !self.stages.is_empty() {
            let stages = self.stages.iter().map(|stage| stage.label().to_owned());
            tag(listed("Stage: ", stages), Filters { stages: vec![], ..all() });
        }
        if !self.officers.is_empty() {
            let officers = self.officers.iter().cloned();
            tag(listed("Officer: ", officers), Filters { officers: vec![], ..all() });
        }
        if !self.sources.is_empty() {
            let sources = self.sources.iter().map(|source| readable(source));
            tag(listed("Source: ", sources), Filters { sources: vec![], ..all() });
        }
        if !self.hubs.is_empty() {
            let label = listed("Came through ", self.hubs.iter().cloned());
            let label = if self.hubs == [DIRECT] { "Came to us directly".to_owned() } else { label };
            tag(label, Filters { hubs: vec![], ..all() });
        }
        if !self.kinds.is_empty() {
            let kinds = self.kinds.iter().map(|kind| kind.label().to_owned());
            tag(listed("Kind: ", kinds), Filters { kinds: vec![], ..all() });
        }
        if !self.limits.is_empty() {
            let limits = self.limits.iter().map(|limit| lower_first(limit.label()));
            tag(listed("Time limit: ", limits), Filters { limits: vec![], ..all() });
        }
        if self.from.is_some() || self.to.is_some() {
            tag(received(self.from, self.to), Filters { from: None, to: None, ..all() });
        }
        tags
    }
}

fn readable(value: &str) -> String {
    if value == NOT_RECORDED { "not recorded".to_owned() } else { value.to_owned() }
}

/// `Stage: New, In contact or Visited`.
fn listed(before: &str, values: impl Iterator<Item = String>) -> String {
    let values: Vec<_> = values.collect();
    let mut text = before.to_owned();
    for (at, value) in values.iter().enumerate() {
        let joint = match at {
            0 => "",
            _ if at + 1 == values.len() => " or ",
            _ => ", ",
        };
        let _ = write!(text, "{joint}{value}");
    }
    text
}

/// `Open, Paused or Keeping in touch` is one sentence: `Open, paused or keeping in touch`.
fn sentence_case(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| format!("{first}{}", letters.as_str().to_lowercase()))
}

fn received(from: Option<Day>, to: Option<Day>) -> String {
    match (from, to) {
        (Some(from), Some(to)) if from == to => format!("Received on {}", from.words()),
        (Some(from), Some(to)) => format!("Received {} to {}", from.words(), to.words()),
        (Some(from), None) => format!("Received since {}", from.words()),
        (None, Some(to)) => format!("Received up to {}", to.words()),
        (None, None) => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::Form;

    fn asked(query: &str) -> Filters {
        let mut form = Form::of(form_urlencoded::parse(query.as_bytes()));
        Filters::parse(&mut form, "2025-10-14".parse().unwrap())
    }

    #[test]
    fn every_filter_is_said_and_can_be_taken_off() {
        let filters = asked("stage=new&stage=visited&officer=me&from=2025-01-01&hub=direct&source=not_recorded");
        let said: Vec<_> = filters.tags().into_iter().map(|tag| tag.label).collect();
        assert_eq!(
            said,
            [
                "Open, paused or keeping in touch",
                "Stage: New or Visited",
                "Officer: me",
                "Source: not recorded",
                "Came to us directly",
                "Received since 1 January 2025",
            ]
        );
        for tag in filters.tags() {
            let rest = asked(tag.href.split_once('?').map_or("", |(_, query)| query));
            assert_eq!(rest.tags().len(), filters.tags().len() - 1, "{}", tag.label);
        }
    }
}
