//! The terms by which a household stands in the index: each a letter for what it is of, and a piece of it. Whatever
//! somebody may type of it is one of its terms, or the beginning of one, so that nothing has to be searched through.

use std::collections::BTreeSet;

use super::{FEWEST_FIGURES, Sought, sound::sound};
use crate::domain::household::phone_digits;
use crate::domain::text::fold::{fold, squeeze};

/// What a term is of.
pub(super) mod of {
    pub const NAME: char = 'n';
    /// The first letters of a name, up to three: so many names begin so that their beginnings are terms of their own.
    pub const INITIALS: char = 'i';
    /// A name without one of its letters: two words with one slip between them have such a term in common.
    pub const SLIP: char = 'd';
    pub const SOUND: char = 's';
    /// Three or four figures anywhere in a telephone number.
    pub const PHONE: char = 'p';
    pub const POSTCODE: char = 'c';
    /// The first part of a postcode.
    pub const OUTWARD: char = 'o';
    pub const EMAIL: char = 'e';
    /// A reference, each of its words, and every end of its figures.
    pub const REFERENCE: char = 'r';
}

/// Letters in the longest term of a name's beginning.
pub(super) const INITIALS: usize = 3;
/// Figures in the longest term of a telephone number.
pub(super) const GRAM: usize = 4;
/// Shorter names are too like each other for a slip to say anything.
pub(super) const SHORTEST_WITH_SLIP: usize = 4;
/// What is longer is no name or number; it is found by its beginning.
const LONGEST: usize = 40;
const LONGEST_WITH_SLIP: usize = 20;

pub fn terms(sought: &Sought) -> BTreeSet<String> {
    let mut terms = BTreeSet::new();
    for name in &sought.names {
        fold(name).split(' ').for_each(|word| add_name(&mut terms, &cut(word)));
    }
    for phone in sought.phones.iter().flat_map(|phones| phone_digits(phones)) {
        add_phone(&mut terms, &cut(&phone));
    }
    for email in sought.emails.iter().flat_map(|emails| emails.split(';')) {
        add(&mut terms, of::EMAIL, &cut(&squeeze(email)));
    }
    if let Some(postcode) = &sought.postcode {
        let postcode = cut(&squeeze(postcode));
        if let Some((outward, _)) = postcode.char_indices().rev().nth(2).map(|(at, _)| postcode.split_at(at)) {
            add(&mut terms, of::OUTWARD, outward);
        }
        add(&mut terms, of::POSTCODE, &postcode);
    }
    for reference in sought.references.iter().chain(&sought.hub_references) {
        add_reference(&mut terms, reference);
    }
    terms
}

fn add(terms: &mut BTreeSet<String>, of: char, piece: &str) {
    if !piece.is_empty() {
        let mut term = String::with_capacity(1 + piece.len());
        term.push(of);
        term.push_str(piece);
        terms.insert(term);
    }
}

fn add_name(terms: &mut BTreeSet<String>, word: &str) {
    add(terms, of::NAME, word);
    for (at, letter) in word.char_indices().take(INITIALS) {
        add(terms, of::INITIALS, &word[..at + letter.len_utf8()]);
    }
    if let Some(sound) = sound(word) {
        add(terms, of::SOUND, &sound);
    }
    for without in slips(word) {
        add(terms, of::SLIP, &without);
    }
}

fn add_phone(terms: &mut BTreeSet<String>, digits: &str) {
    for length in FEWEST_FIGURES..=GRAM {
        for gram in (0..digits.len()).filter_map(|at| digits.get(at..at + length)) {
            add(terms, of::PHONE, gram);
        }
    }
}

fn add_reference(terms: &mut BTreeSet<String>, reference: &str) {
    let folded = cut(&fold(reference));
    folded.split(' ').for_each(|word| add(terms, of::REFERENCE, word));
    add(terms, of::REFERENCE, &folded.replace(' ', ""));
    let figures = figures(&folded);
    for length in FEWEST_FIGURES..=figures.len() {
        add(terms, of::REFERENCE, &figures[figures.len() - length..]);
    }
}

pub(super) fn figures(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

/// The word without each of its letters in turn.
pub(super) fn slips(word: &str) -> impl Iterator<Item = String> {
    let letters = word.chars().count();
    let has_slips = (SHORTEST_WITH_SLIP..=LONGEST_WITH_SLIP).contains(&letters);
    let without = |(at, letter): (usize, char)| [&word[..at], &word[at + letter.len_utf8()..]].concat();
    word.char_indices().filter(move |_| has_slips).map(without)
}

pub(super) fn cut(text: &str) -> String {
    text.chars().take(LONGEST).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_household_is_found_by_pieces_of_all_it_is_known_by() {
        let sought = Sought {
            names: vec!["Ngozi O’Neil".to_owned()],
            phones: vec!["07700900123; +44 191 496".to_owned()],
            emails: vec!["N.Oneil@Example.org".to_owned()],
            postcode: Some("SR2 7AB".to_owned()),
            references: vec!["E-000123".to_owned()],
            hub_references: vec!["FWNE/26/1283".to_owned()],
        };
        let terms = terms(&sought);
        for term in [
            "nngozi",
            "noneil",
            "in",
            "ing",
            "io",
            "ion",
            "ione",
            "dnozi",
            "doneil",
            "p0123",
            "p7700",
            "p123",
            "p009",
            "p0191",
            "p496",
            "csr27ab",
            "osr2",
            "enoneilexampleorg",
            "re000123",
            "r123",
            "r000123",
            "rfwne",
            "rfwne261283",
            "r1283",
            "r283",
        ] {
            let there = terms.contains(term);
            assert_eq!(there, term != "doneil", "{term}");
        }
        assert!(!terms.contains("r83") && !terms.contains("p23"));
    }

    #[test]
    fn names_in_any_letters_and_of_any_length_have_terms() {
        let found = |name: &str| terms(&Sought { names: vec![name.to_owned()], ..Sought::default() });
        assert!(found("王伟").contains("n王伟"));
        assert!(found("Łukasz").contains("nlukasz"));
        assert!(found(&"x".repeat(5_000)).len() < 10);
        assert!(found("- ’").is_empty());
    }
}
