//! What somebody typed into the search box, taken apart: names, part of a number, a postcode, a reference, an e-mail;
//! several at once narrow each other.

use super::FEWEST_FIGURES;
use super::sound::sound;
use super::terms::{GRAM, INITIALS, SHORTEST_WITH_SLIP, cut, figures, of, slips};
use crate::domain::household::phone_digits;
use crate::domain::text::fold::{fold, squeeze};
use crate::domain::text::postcode;

/// Fewer letters find half of everybody.
const FEWEST: usize = 2;
/// Nobody types more; what comes after is passed over.
const MOST_PARTS: usize = 8;
/// Nobody types a postcode in more: SR 10 5 HS.
const MOST_OF_POSTCODE: usize = 4;
const REFERENCE_DIGITS: usize = 6;
/// So much of a reference, at least: half of all begin like E-0.
const FEWEST_OF_REFERENCE: usize = 4;

/// What was typed, in parts that must all be found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    pub(super) parts: Vec<Part>,
    /// All of it as one reference: FWNE 26 1283.
    pub(super) whole: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Part {
    /// Letters, folded.
    Word(String),
    /// Figures: of a telephone number or of a reference.
    Number(String),
    /// Letters and figures, squeezed, and its words: a postcode or a reference.
    Code(String, Vec<String>),
    Email(String),
}

/// How names are to agree; each finds more than the one before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    Exactly,
    FromTheirBeginning,
    /// With a slip of the hand, or written as heard.
    Nearly,
}

impl Asked {
    /// None where there is too little to look for.
    pub fn parse(text: &str) -> Option<Asked> {
        let whole = cut(&squeeze(text));
        if whole.chars().count() < FEWEST {
            return None;
        }
        let mut parts: Vec<Part> = Vec::new();
        for typed in pieces(text) {
            match (parts.last_mut(), Part::of(&typed)) {
                (Some(Part::Number(number)), Some(Part::Number(more))) => number.push_str(&more),
                (Some(Part::Code(code, words)), Some(Part::Code(more, _) | Part::Number(more)))
                    if is_outward(code) && is_inward(&more) =>
                {
                    code.push_str(&more);
                    words.clear();
                    words.push(code.clone());
                }
                (_, Some(Part::Word(folded))) => parts.extend(folded.split(' ').map(|it| Part::Word(it.to_owned()))),
                (_, Some(part)) => parts.push(part),
                (_, None) => {}
            }
        }
        parts.truncate(MOST_PARTS);
        (!parts.is_empty()).then_some(Asked { parts, whole })
    }

    /// From what agrees best to what agrees least; only names and the first part of a postcode may agree in more ways
    /// than one.
    pub fn ways(&self) -> Vec<How> {
        let has = |kind: fn(&Part) -> bool| self.parts.iter().any(kind);
        if has(|part| matches!(part, Part::Word(_))) {
            vec![How::Exactly, How::FromTheirBeginning, How::Nearly]
        } else if has(|part| matches!(part, Part::Code(code, _) if is_outward(code))) {
            vec![How::Exactly, How::FromTheirBeginning]
        } else {
            vec![How::Exactly]
        }
    }

    /// Whatever the index finds so agrees for certain: it need not be looked at again.
    pub fn is_certain(&self, how: How) -> bool {
        how != How::Nearly && self.parts.iter().all(|part| matches!(part, Part::Word(_))) && !self.is_reference()
    }

    /// In the language of the index: terms, each quoted, with `*` where the beginning will do.
    pub fn expression(&self, how: How) -> String {
        let parts: Vec<_> = self.parts.iter().map(|part| format!("({})", part.terms(how).join(" OR "))).collect();
        let parts = parts.join(" AND ");
        if self.is_reference() { format!("({parts}) OR {}", reference(&self.whole)) } else { parts }
    }

    /// Letters and figures that were typed apart.
    fn is_reference(&self) -> bool {
        self.parts.len() > 1
            && self.whole.contains(|it: char| it.is_ascii_digit())
            && self.whole.contains(char::is_alphabetic)
    }
}

/// What was typed, cut at its spaces; but a postcode is one piece wherever its spaces are.
fn pieces(text: &str) -> Vec<String> {
    let typed = text.split([' ', ',', ';', '\t', '\u{a0}']).filter(|typed| !typed.is_empty());
    let typed: Vec<&str> = typed.collect();
    let mut pieces = Vec::new();
    let mut rest = typed.as_slice();
    while let Some((first, others)) = rest.split_first() {
        let joined = postcode_in_pieces(rest).or_else(|| outward_in_two(rest));
        let (piece, after) = joined.unwrap_or_else(|| ((*first).to_owned(), others));
        pieces.push(piece);
        rest = after;
    }
    pieces
}

/// SR 10 5HS, SR1 05HS; and what comes after it.
fn postcode_in_pieces<'a>(typed: &'a [&'a str]) -> Option<(String, &'a [&'a str])> {
    (2..=MOST_OF_POSTCODE).rev().find_map(|length| {
        let (these, after) = (typed.get(..length)?, typed.get(length..)?);
        // In A B1 2CD the first is the initial of a name.
        let is_one = is_postcode(these) && !is_postcode(these.get(1..)?);
        is_one.then(|| (these.concat(), after))
    })
}

fn is_postcode(pieces: &[&str]) -> bool {
    let all = pieces.concat();
    !all.contains('@') && postcode::parse(&all).is_ok()
}

/// SR 10, which may also be the words of a reference; and what comes after it.
fn outward_in_two<'a>(typed: &'a [&'a str]) -> Option<(String, &'a [&'a str])> {
    let [letters, district, after @ ..] = typed else { return None };
    let is_number = |it: &str| it.chars().all(|figure| figure.is_ascii_digit());
    let is_district = letters.chars().all(char::is_alphabetic)
        && district.starts_with(|it: char| it.is_ascii_digit())
        && is_outward(&squeeze(&[*letters, *district].concat()));
    // Of a telephone number: Jo 07 and Jo 77 00.
    let begins_phone = district.len() > 1 && district.starts_with('0');
    let goes_on = is_number(district) && after.first().is_some_and(|next| next.len() > 1 && is_number(next));
    (is_district && !begins_phone && !goes_on).then(|| (format!("{letters}-{district}"), after))
}

impl Part {
    /// A word of several, such as a double-barrelled name, is taken apart by the caller.
    fn of(typed: &str) -> Option<Part> {
        if typed.contains('@') {
            return Some(cut(&squeeze(typed))).filter(|email| email.len() >= FEWEST).map(Part::Email);
        }
        let (folded, squeezed) = (cut(&fold(typed)), cut(&squeeze(typed)));
        if squeezed.is_empty() {
            return None;
        }
        let has_figures = squeezed.contains(|it: char| it.is_ascii_digit());
        Some(match (has_figures, squeezed.contains(|it: char| !it.is_ascii_digit())) {
            (true, false) => Part::Number(cut(&phone_digits(&typed.replace("(0)", "")).next().unwrap_or(squeezed))),
            (true, true) => Part::Code(squeezed, folded.split(' ').map(str::to_owned).collect()),
            (false, _) => Part::Word(folded),
        })
    }

    /// Any of them will do.
    fn terms(&self, how: How) -> Vec<String> {
        match self {
            Part::Word(word) => name(word, how),
            Part::Number(number) => {
                let own = own_reference(number).map(|own| term(of::REFERENCE, &own));
                own.into_iter().chain([term(of::REFERENCE, number)]).chain(phone(number)).collect()
            }
            Part::Code(code, words) => {
                let mut terms = vec![reference(code), postcode(code, how), term(of::OUTWARD, code)];
                let number = code.strip_prefix('e').filter(|rest| figures(rest) == **rest);
                terms.extend(number.and_then(own_reference).map(|own| term(of::REFERENCE, &own)));
                // Of a name too, where one has figures in it.
                let words = words.iter().map(|it| format!("({} OR {})", begins(of::NAME, it), term(of::REFERENCE, it)));
                terms.push(format!("({})", words.collect::<Vec<_>>().join(" AND ")));
                terms
            }
            Part::Email(email) => vec![begins(of::EMAIL, email)],
        }
    }
}

fn name(word: &str, how: How) -> Vec<String> {
    let length = word.chars().count();
    let beginning = if length <= INITIALS { term(of::INITIALS, word) } else { begins(of::NAME, word) };
    match how {
        How::Exactly => vec![term(of::NAME, word)],
        How::FromTheirBeginning => vec![beginning],
        How::Nearly => {
            let mut terms = vec![beginning];
            if length + 1 >= SHORTEST_WITH_SLIP {
                for near in slips(word).chain([word.to_owned()]) {
                    terms.extend([term(of::NAME, &near), term(of::SLIP, &near)]);
                }
            }
            terms.extend(sound(word).map(|sound| term(of::SOUND, &sound)));
            terms
        }
    }
}

/// Two fours of its figures, from the end, which says most; what is found is looked at again.
fn phone(number: &str) -> Option<String> {
    let gram = |at: usize| number.get(at..at + GRAM).map(|gram| term(of::PHONE, gram));
    match number.len() {
        ..FEWEST_FIGURES => None,
        FEWEST_FIGURES..=GRAM => Some(term(of::PHONE, number)),
        length => Some(format!("({} AND {})", gram(length - GRAM)?, gram(length.saturating_sub(2 * GRAM))?)),
    }
}

/// E-000123 of 123 and of 000123; 0123 are figures of something else.
pub(super) fn own_reference(number: &str) -> Option<String> {
    let is_one = !number.starts_with('0') || number.len() == REFERENCE_DIGITS;
    is_one.then(|| format!("e{number:0>REFERENCE_DIGITS$}"))
}

fn reference(code: &str) -> String {
    if code.len() < FEWEST_OF_REFERENCE { term(of::REFERENCE, code) } else { begins(of::REFERENCE, code) }
}

/// Thousands of postcodes begin like an outward code, each a term of its own: they are put together only where too few
/// have that very one.
fn postcode(code: &str, how: How) -> String {
    if how == How::Exactly && is_outward(code) { term(of::POSTCODE, code) } else { begins(of::POSTCODE, code) }
}

fn term(of: char, piece: &str) -> String {
    format!("\"{of}{piece}\"")
}

fn begins(of: char, piece: &str) -> String {
    format!("\"{of}{piece}\"*")
}

/// The first part of a postcode, or what may be one.
pub(super) fn is_outward(code: &str) -> bool {
    let shape: String = code.chars().map(|it| if it.is_ascii_digit() { '9' } else { 'a' }).collect();
    matches!(shape.as_str(), "a9" | "a99" | "aa9" | "aa99" | "a9a" | "aa9a")
}

fn is_inward(code: &str) -> bool {
    let mut letters = code.chars();
    letters.next().is_some_and(|it| it.is_ascii_digit()) && code.len() <= 3 && letters.all(char::is_alphabetic)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(text: &str) -> Vec<Part> {
        Asked::parse(text).map(|asked| asked.parts).unwrap_or_default()
    }

    #[test]
    fn what_is_typed_is_taken_apart() {
        let word = |it: &str| Part::Word(it.to_owned());
        let number = |it: &str| Part::Number(it.to_owned());
        let code = |it: &str, words: &[&str]| Part::Code(it.to_owned(), words.iter().map(|it| (*it).into()).collect());
        for (text, expected) in [
            ("", vec![]),
            ("p", vec![]),
            (" ’ ", vec![]),
            ("Nair, Priya", vec![word("nair"), word("priya")]),
            ("Llŷr-Pugh", vec![word("llyr"), word("pugh")]),
            ("O’NEILL", vec![word("oneill")]),
            ("Priya@Example.org", vec![Part::Email("priyaexampleorg".to_owned())]),
            ("+44 (0)7700 900123", vec![number("07700900123")]),
            ("+447700900123", vec![number("07700900123")]),
            ("07700-900", vec![number("07700900")]),
            ("ngozi 0123", vec![word("ngozi"), number("0123")]),
            ("sr27ab", vec![code("sr27ab", &["sr27ab"])]),
            ("SR2 7AB", vec![code("sr27ab", &["sr27ab"])]),
            ("sr2 7", vec![code("sr27", &["sr27"])]),
            ("SR 10 5HS", vec![code("sr105hs", &["sr105hs"])]),
            ("SR 105HS", vec![code("sr105hs", &["sr105hs"])]),
            ("SR10 5 HS", vec![code("sr105hs", &["sr105hs"])]),
            ("SR1 05HS", vec![code("sr105hs", &["sr105hs"])]),
            ("sr 10 5 hs hodgson", vec![code("sr105hs", &["sr105hs"]), word("hodgson")]),
            ("sr 10", vec![code("sr10", &["sr", "10"])]),
            ("donna sr 10 5", vec![word("donna"), code("sr105", &["sr105"])]),
            ("a b1 2cd", vec![word("a"), code("b12cd", &["b12cd"])]),
            ("jo 07 700", vec![word("jo"), number("07700")]),
            ("wf 22 96", vec![word("wf"), number("2296")]),
            ("mensah 77", vec![word("mensah"), number("77")]),
            ("mensah sr2 7a", vec![word("mensah"), code("sr27a", &["sr27a"])]),
            ("FWNE/26/1283", vec![code("fwne261283", &["fwne", "26", "1283"])]),
            ("26/1283", vec![number("261283")]),
        ] {
            assert_eq!(parts(text), expected, "{text}");
        }
        assert_eq!(parts(&"ab ".repeat(100)).len(), MOST_PARTS);
    }

    #[test]
    fn the_index_is_asked_for_few_terms() {
        let asked = |text: &str, how| Asked::parse(text).unwrap().expression(how);
        assert_eq!(asked("Ngozi M", How::Exactly), r#"("nngozi") AND ("nm")"#);
        assert_eq!(asked("Ngozi M", How::FromTheirBeginning), r#"("nngozi"*) AND ("im")"#);
        assert_eq!(asked("Lee", How::Nearly), r#"("ilee" OR "nlee" OR "dlee")"#);
        assert_eq!(asked("0123", How::Exactly), r#"("r0123" OR "p0123")"#);
        assert_eq!(asked("123", How::Exactly), r#"("re000123" OR "r123" OR "p123")"#);
        assert_eq!(asked("900123", How::Exactly), r#"("re900123" OR "r900123" OR ("p0123" AND "p9001"))"#);
        assert_eq!(asked("07700900123", How::Exactly), r#"("r07700900123" OR ("p0123" AND "p0090"))"#);
    }

    #[test]
    fn nothing_that_is_typed_can_be_more_than_a_term() {
        for text in ["\"a\" OR \"b\"", "a* NOT b", "names:{x} ^y", "(((", "\\\" near(a b, 2)", "-- ; drop"] {
            let Some(asked) = Asked::parse(text) else { continue };
            for how in asked.ways() {
                let expression = asked.expression(how);
                let outside: String = expression.split('"').step_by(2).collect();
                let allowed = |it: &str| ["OR", "AND", "*", ""].contains(&it.trim_matches(['(', ')', '*']));
                assert!(outside.split(' ').all(allowed), "{text}: {expression}");
            }
        }
    }
}
