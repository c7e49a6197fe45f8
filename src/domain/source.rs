//! What a service calls the ways by which families come, and its campaigns. An enquiry keeps the name that it was given.

use super::day::Day;
use super::ledger::AttributeName;
use super::text::fold::fold;
use crate::coded;

coded! {
    /// The two lists that the forms offer.
    pub enum List {
        Source = "source", "Source";
        Campaign = "campaign", "Campaign";
    }
}

impl List {
    /// Under what an enquiry's ledger has it.
    pub fn attribute(self) -> AttributeName {
        match self {
            List::Source => AttributeName::Source,
            List::Campaign => AttributeName::Campaign,
        }
    }
}

/// One entry of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    pub list: List,
    pub name: String,
    /// Of a campaign, as far as they are known: its first and its last day.
    pub runs_from: Option<Day>,
    pub runs_to: Option<Day>,
    /// Offered where somebody logs or changes an enquiry.
    pub in_use: bool,
}

impl Listed {
    pub fn new(list: List, name: &str) -> Listed {
        Listed { list, name: name.to_owned(), runs_from: None, runs_to: None, in_use: true }
    }

    /// "8 May 2025 to 31 May 2025", "from 8 May 2025"; None where no day is known.
    pub fn runs(&self) -> Option<String> {
        match (self.runs_from, self.runs_to) {
            (Some(from), Some(to)) if from == to => Some(from.words()),
            (Some(from), Some(to)) => Some(format!("{} to {}", from.words(), to.words())),
            (Some(from), None) => Some(format!("from {}", from.words())),
            (None, Some(to)) => Some(format!("to {}", to.words())),
            (None, None) => None,
        }
    }
}

/// What somebody typed, in the spelling of what is offered where only capitals, accents or punctuation differ: figures
/// by source would count it apart.
pub fn spelled(typed: String, offered: &[String]) -> String {
    let folded = fold(&typed);
    offered.iter().find(|name| fold(name) == folded).cloned().unwrap_or(typed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_campaign_says_when_it_runs() {
        let day = |text: &str| Some(text.parse().unwrap());
        let runs =
            |runs_from, runs_to| Listed { runs_from, runs_to, ..Listed::new(List::Campaign, "Fortnight") }.runs();
        let (first, last) = (day("2025-05-12"), day("2025-05-25"));
        assert_eq!(runs(first, last).as_deref(), Some("12 May 2025 to 25 May 2025"));
        assert_eq!(runs(first, first).as_deref(), Some("12 May 2025"));
        assert_eq!(runs(first, None).as_deref(), Some("from 12 May 2025"));
        assert_eq!(runs(None, last).as_deref(), Some("to 25 May 2025"));
        assert_eq!(runs(None, None), None);
    }

    #[test]
    fn what_is_typed_is_spelled_as_it_is_offered() {
        let offered = ["Facebook".to_owned(), "Children’s team".to_owned()];
        let spelled = |typed: &str| spelled(typed.to_owned(), &offered);
        assert_eq!(spelled("facebook"), "Facebook");
        assert_eq!(spelled("CHILDREN'S TEAM"), "Children’s team");
        assert_eq!(spelled("Facebook group"), "Facebook group");
    }
}
