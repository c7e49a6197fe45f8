//! A service's own words in place of the standard labels of codes, on pages, reports and files. Codes never change.
//!
//! They are the program's, as a language is: every label reads them, so they are kept here once and not handed to each.

use std::collections::BTreeMap;
use std::sync::RwLock;

use super::fostering::{FosteringType, Side};
use super::funnel::{Outcome, Step};
use super::ledger::AttributeName;
use super::milestone::{MilestoneKind, MilestoneResult};
use super::note::NoteKind;
use super::pause::PauseReason;
use super::reason::EndedBy;
use super::role::Role;
use super::stage::Stage;
use super::standing::State;
use super::text::fold::fold;
use super::text::lower_first;
use super::time_limit::{Clock, StateName};

/// In characters: it stands in tables, menus and charts.
pub const LONGEST: usize = 40;

/// What every program calls so, and no service by a word of its own.
const PLAIN: [&str; 3] = ["Other", "Not recorded", "Not known"];

/// What is said for a standard label. Words that went are kept until the program ends: labels are handed out for good,
/// and an administrator changes few.
static WORDS: RwLock<BTreeMap<&'static str, &'static str>> = RwLock::new(BTreeMap::new());

/// A label that a service may replace, wherever it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    /// The first list that it stands in and its code there: `milestone.initial_visit`.
    pub key: String,
    pub standard: &'static str,
    pub list: &'static str,
    /// The other lists that have it.
    pub also: Vec<&'static str>,
}

impl Term {
    /// The service's word, where it has one of its own.
    pub fn own(&self) -> Option<&'static str> {
        own(self.standard)
    }
}

/// The service's own word for a standard label, where it has one.
pub fn own(standard: &str) -> Option<&'static str> {
    WORDS.read().ok()?.get(standard).copied()
}

/// The service's word for a standard label, or the label itself.
pub fn said(standard: &'static str) -> &'static str {
    own(standard).unwrap_or(standard)
}

/// The same within a sentence.
pub fn in_a_sentence(standard: &'static str) -> String {
    lower_first(said(standard))
}

/// From now on these are said, by the keys of their terms; every other label is the standard one.
pub fn say<'a>(words: impl IntoIterator<Item = (&'a str, &'a str)>) {
    let words: BTreeMap<&str, &str> = words.into_iter().collect();
    let terms = terms().into_iter();
    let replaced = terms.filter_map(|term| Some((term.standard, for_good(words.get(term.key.as_str())?))));
    // Before the lock: each of them reads the words there are.
    let replaced = replaced.collect();
    if let Ok(mut now) = WORDS.write() {
        *now = replaced;
    }
}

fn for_good(word: &str) -> &'static str {
    let known = WORDS.read().ok().and_then(|words| words.values().copied().find(|known| *known == word));
    known.unwrap_or_else(|| Box::leak(word.to_owned().into_boxed_str()))
}

/// Every term once, in the order of the lists.
pub fn terms() -> Vec<Term> {
    let mut terms: Vec<Term> = Vec::new();
    for (list, prefix, labels) in lists() {
        for (code, standard) in labels.into_iter().filter(|(_, standard)| !PLAIN.contains(standard)) {
            match terms.iter_mut().find(|term| term.standard == standard) {
                Some(term) if term.list == list || term.also.contains(&list) => {}
                Some(term) => term.also.push(list),
                None => terms.push(Term { key: format!("{prefix}.{code}"), standard, list, also: Vec::new() }),
            }
        }
    }
    terms
}

/// The term that is said so already, if it is another one: two things by one word could not be told apart.
pub fn taken<'a>(terms: &'a [Term], term: &Term, word: &str) -> Option<&'a Term> {
    terms.iter().find(|other| {
        other.key != term.key && [other.standard, said(other.standard)].iter().any(|it| fold(it) == fold(word))
    })
}

type Labels = Vec<(&'static str, &'static str)>;

fn lists() -> Vec<(&'static str, &'static str, Labels)> {
    macro_rules! list {
        ($name:literal, $prefix:literal, $coded:ty) => {
            ($name, $prefix, <$coded>::ALL.iter().map(|it| (it.code(), it.standard_label())).collect())
        };
    }
    vec![
        list!("Stages", "stage", Stage),
        list!("Steps of the funnel", "step", Step),
        list!("Milestones", "milestone", MilestoneKind),
        list!("Recommendations and decisions", "result", MilestoneResult),
        list!("Kinds of fostering", "kind", FosteringType),
        list!("Mainstream and kinship", "side", Side),
        list!("States of an enquiry", "state", State),
        list!("Outcomes in reports", "outcome", Outcome),
        list!("Who ended it", "ended_by", EndedBy),
        list!("Reasons for a pause", "pause", PauseReason),
        list!("Time limits", "limit", Clock),
        list!("States of a time limit", "limit_state", StateName),
        list!("Details of an enquiry", "detail", AttributeName),
        list!("Notes and contacts", "note", NoteKind),
        list!("Roles", "role", Role),
    ]
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn a_term_stands_once_with_every_list_that_has_it() {
        let terms = terms();
        let keys: BTreeSet<_> = terms.iter().map(|term| term.key.as_str()).collect();
        let labels: BTreeSet<_> = terms.iter().map(|term| term.standard).collect();
        assert_eq!((keys.len(), labels.len()), (terms.len(), terms.len()));
        let visit = terms.iter().find(|term| term.standard == "Initial visit").expect("there is an initial visit");
        assert_eq!(visit.key, "step.visit");
        assert!(visit.also.contains(&"Milestones"), "{visit:?}");
        assert!(PLAIN.iter().all(|plain| !labels.contains(plain)));
    }

    #[test]
    fn a_word_is_said_wherever_its_label_stands_and_codes_stay() {
        say([("step.visit", "Home visit"), ("no.such", "Nonsense")]);
        assert_eq!((Step::Visit.label(), MilestoneKind::InitialVisit.label()), ("Home visit", "Home visit"));
        assert_eq!((Step::Visit.code(), Step::Visit.standard_label()), ("visit", "Initial visit"));
        let terms = terms();
        let panel = terms.iter().find(|term| term.standard == "Panel").expect("there is a panel");
        let taken_by = |word| taken(&terms, panel, word).map(|term| term.standard);
        assert_eq!(taken_by("home  VISIT"), Some("Initial visit"));
        assert_eq!(taken_by("Initial visit"), Some("Initial visit"), "nor a word that another would come back to");
        assert_eq!((taken_by("panel"), taken_by("Fostering panel")), (None, None));
        say([]);
        assert_eq!(Step::Visit.label(), "Initial visit");
    }
}
