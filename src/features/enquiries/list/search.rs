//! What somebody typed into the search box, as the ranges of keys in which it may be found.

use serde::Serialize;

use crate::domain::text::fold::{fold, squeeze};

/// A name, a telephone number, an e-mail, a postcode or a reference, or the beginning of one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Range {
    /// A kind of `household_key`, or `reference`, ours or the hub's; of a filter the column.
    kind: &'static str,
    from: String,
    /// The first value that no longer begins so.
    to: String,
}

impl Range {
    fn starting(kind: &'static str, with: String) -> Range {
        Range { kind, to: format!("{with}\u{10FFFF}"), from: with }
    }

    /// Of a filter: what has exactly this value.
    pub fn exactly(kind: &'static str, value: String) -> Range {
        Range { kind, to: format!("{value}\0"), from: value }
    }
}

/// Fewer letters find half of everybody.
const FEWEST: usize = 2;

/// Where to look. Empty when there is too little to look for.
pub fn ranges(text: &str) -> Vec<Range> {
    let text = text.trim();
    if text.contains('@') {
        return vec![Range::starting("email", text.to_lowercase())];
    }
    let squeezed = squeeze(text);
    if squeezed.chars().count() < FEWEST {
        return Vec::new();
    }
    let mut ranges = vec![Range::starting("reference", text.to_owned())];
    if text.chars().any(char::is_lowercase) {
        ranges.push(Range::starting("reference", text.to_uppercase()));
    }
    match telephone(text) {
        Some(digits) => {
            if digits.len() <= REFERENCE_DIGITS {
                ranges.push(Range::exactly("reference", format!("E-{digits:0>REFERENCE_DIGITS$}")));
            }
            ranges.push(Range::starting("phone", digits));
        }
        None => {
            ranges.push(Range::starting("name", fold(text)));
            if squeezed.len() <= LONGEST_POSTCODE && squeezed.contains(|it: char| it.is_ascii_digit()) {
                ranges.push(Range::starting("postcode", squeezed));
            }
        }
    }
    ranges
}

const REFERENCE_DIGITS: usize = 6;
const LONGEST_POSTCODE: usize = 7;

/// The digits, where it is nothing but a number however it is spaced; +44 is the leading 0.
fn telephone(text: &str) -> Option<String> {
    let other = |it: char| !it.is_ascii_digit() && !matches!(it, ' ' | '+' | '-' | '(' | ')' | '.' | '/');
    if text.contains(other) {
        return None;
    }
    let digits: String = text.replace("(0)", "").chars().filter(char::is_ascii_digit).collect();
    match digits.strip_prefix("44") {
        Some(rest) if text.starts_with('+') => Some(format!("0{rest}")),
        _ => Some(digits),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found_in(text: &str) -> Vec<(&'static str, String)> {
        ranges(text).into_iter().map(|range| (range.kind, range.from)).collect()
    }

    #[test]
    fn what_is_typed_is_looked_for_where_it_can_be() {
        for (text, expected) in [
            ("", &[][..]),
            ("p", &[]),
            ("Nair, Priya", &[("reference", "Nair, Priya"), ("reference", "NAIR, PRIYA"), ("name", "nair priya")]),
            ("O’NEILL", &[("reference", "O’NEILL"), ("name", "oneill")]),
            ("Priya@Example.org", &[("email", "priya@example.org")]),
            ("+44 (0)7700 900123", &[("reference", "+44 (0)7700 900123"), ("phone", "07700900123")]),
            ("07700-900", &[("reference", "07700-900"), ("phone", "07700900")]),
            ("123", &[("reference", "123"), ("reference", "E-000123"), ("phone", "123")]),
            (
                "sr2 7ab",
                &[("reference", "sr2 7ab"), ("reference", "SR2 7AB"), ("name", "sr2 7ab"), ("postcode", "sr27ab")],
            ),
        ] {
            let expected: Vec<_> = expected.iter().map(|(kind, from)| (*kind, (*from).to_owned())).collect();
            assert_eq!(found_in(text), expected, "{text}");
        }
    }

    #[test]
    fn a_range_holds_what_begins_so_and_nothing_else() {
        let range = Range::starting("name", "nair".to_owned());
        let holds = |name: &str| range.from.as_str() <= name && name < range.to.as_str();
        assert!(holds("nair") && holds("nair priya") && holds("nairé"));
        assert!(!holds("nais") && !holds("nai"));
        let exact = Range::exactly("reference", "E-000123".to_owned());
        assert!(exact.from.as_str() <= "E-000123" && "E-0001230" >= exact.to.as_str());
    }
}
