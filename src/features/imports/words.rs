//! Words of somebody else's sheet as Hearth's codes: the first pattern that fits, from the top.

use crate::coded;
use crate::domain::reason::ReasonCode;

coded! {
    /// What a cell of outcomes may say.
    pub enum OutcomeWord {
        Open = "open", "Open";
        Approved = "approved", "Approved";
        ApplicantWithdrew = "applicant_withdrew", "The applicant withdrew";
        ServiceEnded = "service_ended", "The service ended it";
        Transferred = "transferred", "Transferred";
        Duplicate = "duplicate", "Duplicate";
        InTouch = "in_touch", "Keeping in touch";
        Paused = "paused", "Paused";
    }
}

/// A reason may have two codes: before and after applying.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReasonCodes {
    pub before: ReasonCode,
    pub after: ReasonCode,
}

impl ReasonCodes {
    pub fn choose(&self, has_applied: bool) -> ReasonCode {
        if has_applied { self.after.clone() } else { self.before.clone() }
    }
}

/// Patterns in order, `*` is anything; capitals and spaces do not matter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Patterns<T> {
    list: Vec<(String, T)>,
}

impl<T> Default for Patterns<T> {
    fn default() -> Self {
        Patterns { list: Vec::new() }
    }
}

impl<T> Patterns<T> {
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    pub fn new(list: impl IntoIterator<Item = (String, T)>) -> Patterns<T> {
        Patterns { list: list.into_iter().map(|(pattern, value)| (plain(&pattern), value)).collect() }
    }

    /// The first that fits, with spaces or without.
    pub fn find(&self, text: &str) -> Option<&T> {
        self.fitting(text).map(|(_, value)| value)
    }

    fn fitting(&self, text: &str) -> Option<&(String, T)> {
        let text = plain(text);
        if text.is_empty() {
            return None;
        }
        let closed_up = text.replace(' ', "");
        let fitting = |pattern: &str| fits(pattern, &text) || fits(&pattern.replace(' ', ""), &closed_up);
        self.list.iter().find(|(pattern, _)| fitting(pattern))
    }

    /// Whether a text says more than the words of the pattern that it fits: `Withdrew - work` more than `withdr*`, and
    /// `Withdrawn 3/4/24` no more. Where the whole text is the pattern, more than two words do.
    pub fn says_more(&self, text: &str) -> bool {
        let Some((pattern, _)) = self.fitting(text) else { return false };
        let text = plain(text);
        let words = |text: &str| {
            let words =
                text.split(|it: char| !it.is_alphanumeric()).filter(|word| word.starts_with(char::is_alphabetic));
            words.filter(|word| !is_of_a_date(word)).map(str::to_owned).collect::<Vec<_>>()
        };
        match pattern.split_once('*') {
            None => words(&text).len() > 2,
            Some((start, _)) => {
                let rest = text.strip_prefix(start).unwrap_or(&text);
                // The end of the word in which the pattern ends.
                let rest = if start.is_empty() { rest } else { rest.trim_start_matches(char::is_alphanumeric) };
                !words(rest).is_empty()
            }
        }
    }
}

/// A month, a weekday or what stands with them, in lower case.
fn is_of_a_date(word: &str) -> bool {
    const PARTS: [&str; 19] = [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec", "mon", "tue", "wed", "thu",
        "fri", "sat", "sun",
    ];
    matches!(word, "w" | "c" | "on" | "of") || PARTS.iter().any(|part| word.starts_with(part))
}

/// As words are compared: lower case, single spaces, plain apostrophes and dashes.
fn plain(text: &str) -> String {
    let lower = text.to_lowercase().replace(['’', '‘'], "'").replace(['–', '—', '‑'], "-");
    lower.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn fits(pattern: &str, text: &str) -> bool {
    let Some((start, rest)) = pattern.split_once('*') else { return pattern == text };
    let Some(mut text) = text.strip_prefix(start) else { return false };
    let (middle, end) = rest.rsplit_once('*').unwrap_or(("", rest));
    for part in middle.split('*').filter(|part| !part.is_empty()) {
        match text.find(part) {
            Some(at) => text = text.get(at + part.len()..).unwrap_or_default(),
            None => return false,
        }
    }
    text.ends_with(end)
}

/// `open, approved, in_touch`: what a sentence offers in place of what cannot be.
pub fn listed<'a>(codes: impl Iterator<Item = &'a str>) -> String {
    codes.collect::<Vec<_>>().join(", ")
}

/// A code as people type it: `No spare room` for `no_spare_room`.
pub fn as_code(text: &str) -> String {
    let words = text.split(|it: char| it.is_whitespace() || matches!(it, '-' | '_')).filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect::<Vec<_>>().join("_")
}

/// For how long to wait before making contact again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wait {
    Months(i32),
    Days(i32),
}

/// `KIT 6m`, `KIT 1 year`, `KIT 6/12` (so many twelfths of a year), `KIT 8 weeks`.
pub fn wait(text: &str) -> Option<Wait> {
    let text = plain(text);
    let mut rest = text.as_str();
    while let Some(at) = rest.find(|it: char| it.is_ascii_digit()) {
        let number = rest.get(at..)?;
        let ends = number.find(|it: char| !it.is_ascii_digit()).unwrap_or(number.len());
        let (figures, behind) = number.split_at(ends);
        if let Some(wait) = figures.parse().ok().and_then(|count| wait_of(count, behind)) {
            return Some(wait);
        }
        rest = behind;
    }
    None
}

fn wait_of(count: i32, behind: &str) -> Option<Wait> {
    if !(1..=120).contains(&count) {
        return None;
    }
    if let Some(after) = behind.strip_prefix("/12") {
        return (!after.starts_with(|it: char| it.is_ascii_digit() || it == '/')).then_some(Wait::Months(count));
    }
    let behind = behind.trim_start_matches([' ', '-']);
    let unit = behind.split(|it: char| !it.is_alphabetic()).next().unwrap_or_default();
    match unit {
        "m" | "mo" | "mos" | "mth" | "mths" | "mnth" | "mnths" | "month" | "months" => Some(Wait::Months(count)),
        "y" | "yr" | "yrs" | "year" | "years" => Some(Wait::Months(count * 12)),
        "w" | "wk" | "wks" | "week" | "weeks" => Some(Wait::Days(count * 7)),
        _ => None,
    }
}

/// "Yes" where a date is wanted.
pub fn says_yes(text: &str) -> bool {
    matches!(plain(text).as_str(), "yes" | "y" | "true" | "done" | "✓" | "✔" | "☑" | "1")
}

/// "No" where a date is wanted.
pub fn says_no(text: &str) -> bool {
    matches!(plain(text).as_str(), "no" | "n" | "false" | "not yet" | "✗" | "✘" | "0")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_first_pattern_that_fits_is_taken() {
        let patterns = Patterns::new(
            [("not appr*", 1), ("approved*", 2), ("w/d*", 3), ("*ifa", 4), ("*no*spare*room*", 5), ("fb", 6), ("*", 7)]
                .map(|(pattern, value)| (pattern.to_owned(), value)),
        );
        for (text, value) in [
            ("Not approved 21/04/25", 1),
            ("APPROVED", 2),
            (" approved   (2 places)", 2),
            ("W / D 3.4.24", 3),
            ("gone with IFA", 4),
            ("there is no longer a spare bedroom", 5),
            ("FB", 6),
            ("fb page", 7),
        ] {
            assert_eq!(patterns.find(text), Some(&value), "{text}");
        }
        assert_eq!(patterns.find("  "), None);
        assert_eq!(Patterns::<u8>::default().find("x"), None);
    }

    #[test]
    fn apostrophes_of_either_kind_are_the_same() {
        let patterns = Patterns::new([("*won't*".to_owned(), 1)]);
        assert_eq!(patterns.find("Landlord won’t allow"), Some(&1));
    }

    #[test]
    fn stars_do_not_overlap() {
        assert!(fits("a*a", "aa") && !fits("a*a", "a"));
        assert!(fits("**", "") && fits("*a*b*", "xaybz") && !fits("*a*b*", "xbya"));
    }

    #[test]
    fn a_wait_is_months_or_weeks() {
        for (text, read) in [
            ("KIT 6m", Some(Wait::Months(6))),
            ("KIT 12 months", Some(Wait::Months(12))),
            ("kit 3mths", Some(Wait::Months(3))),
            ("KIT 1 yr", Some(Wait::Months(12))),
            ("KIT 6/12", Some(Wait::Months(6))),
            ("KIT 8 weeks", Some(Wait::Days(56))),
            ("KIT 12/12/24", None),
            ("KIT", None),
            ("2 dogs, KIT 6m", Some(Wait::Months(6))),
            ("KIT 99999999999999m", None),
        ] {
            assert_eq!(wait(text), read, "{text}");
        }
    }

    #[test]
    fn codes_are_read_as_people_type_them() {
        assert_eq!(as_code("No spare room"), "no_spare_room");
        assert_eq!(as_code("do-not-approve"), "do_not_approve");
    }

    proptest! {
        #[test]
        fn no_words_make_it_panic(text in ".{0,40}", pattern in "[a-z* ]{0,12}") {
            let _ = (wait(&text), Patterns::new([(pattern, ())]).find(&text));
        }
    }
}
