//! Why enquiries end. The list is data that a service extends; these are the codes that rules depend on.

use super::text::fold::fold;
use crate::coded;

coded! {
    pub enum EndedBy {
        Applicant = "applicant", "The applicant";
        Service = "service", "The service";
        Transferred = "transferred", "Transferred";
        Duplicate = "duplicate", "Duplicate";
    }
}

coded! {
    /// To which closures a reason applies. An applicant's reasons have Ofsted's codes once they have applied.
    pub enum Applies {
        BeforeApplying = "before_applying", "Before applying";
        AfterApplying = "after_applying", "After applying";
        Any = "any", "At any time";
    }
}

/// The code of a reason in the list, for example `no_spare_room` or `AW3`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct ReasonCode(pub String);

impl ReasonCode {
    pub const DUPLICATE: &'static str = "duplicate";
    pub const TRANSFERRED: &'static str = "transferred";
    pub const SERVICE_OTHER: &'static str = "service_other";

    /// For a new reason: its words, unlike every code that is taken.
    pub fn of_words(words: &str, is_taken: impl Fn(&str) -> bool) -> ReasonCode {
        let words = fold(words).replace(' ', "_");
        let words = if words.is_empty() { "reason".to_owned() } else { words };
        let numbered = (2..).map(|number| format!("{words}_{number}"));
        let code = std::iter::once(words.clone()).chain(numbered).find(|code| !is_taken(code));
        ReasonCode(code.unwrap_or(words))
    }

    /// What a closure without a reason is recorded as: `not_recorded` before applying, Ofsted's AW0 after.
    pub fn unknown(has_applied: bool) -> ReasonCode {
        ReasonCode(if has_applied { "AW0" } else { "not_recorded" }.to_owned())
    }
}

/// One reason of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CloseReason {
    pub code: ReasonCode,
    pub label: String,
    pub ended_by: EndedBy,
    pub applies: Applies,
    /// Offered when an enquiry is closed; files may still name one that is not.
    pub in_use: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_made_of_the_words_and_is_never_one_that_is_taken() {
        let taken = ["health", "caring_for_a_relative", "caring_for_a_relative_2"];
        for (words, code) in [
            ("Partner’s work", "partners_work"),
            ("Caring for a relative", "caring_for_a_relative_3"),
            ("HEALTH", "health_2"),
            ("…", "reason"),
        ] {
            assert_eq!(ReasonCode::of_words(words, |code| taken.contains(&code)).0, code);
        }
    }
}
