//! What people type, in the form that is kept and the form that is compared.

mod date_grammar;
/// Days as people type them.
pub mod day_words;
/// E-mail addresses.
pub mod email;
pub mod fold;
/// Cells that a spreadsheet would run.
pub mod formula;
/// Names of applicants.
pub mod name;
/// Telephone numbers.
pub mod phone;
pub mod postcode;
pub mod sound;
mod tokens;
mod weekday;
/// Dates as they stand in other people's files.
pub mod written_day;

use unicode_normalization::UnicodeNormalization;

/// So many characters of a name, a source or another word of one line are kept, whoever brings them.
pub const LONGEST_LINE: usize = 200;
/// And of an address, or of everybody in one cell.
pub const LONGEST_LINES: usize = 1_000;

/// Single spaces, none at the ends, no invisible characters, accents composed. Spelling and case are kept.
pub fn tidy(text: &str) -> String {
    let mut tidied = String::with_capacity(text.len());
    for word in text.split(|it: char| it.is_whitespace() || it.is_control()).filter(|word| !word.is_empty()) {
        if !tidied.is_empty() && !tidied.ends_with(' ') {
            tidied.push(' ');
        }
        push_visible(&mut tidied, word);
    }
    tidied.truncate(tidied.trim_end().len());
    tidied
}

/// Several lines: accents composed, line ends as `\n`, nothing blank at the ends; the spaces between are the writer's.
/// Nothing in it turns the direction of what follows, or is a control character.
pub fn tidy_lines(text: &str) -> String {
    let lines = text.replace("\r\n", "\n").replace('\r', "\n");
    let written = |it: &char| !turns(*it) && (!it.is_control() || matches!(it, '\n' | '\t'));
    lines.nfc().filter(written).collect::<String>().trim().to_owned()
}

/// Overrides and isolates of the writing direction: with them a text can look like another.
fn turns(it: char) -> bool {
    matches!(it, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// For the middle of a sentence; names (Stage 1, IRM, Form F) stay as they are.
pub fn lower_first(label: &str) -> String {
    if label.starts_with("Stage ") || label.chars().skip(1).any(char::is_uppercase) {
        return label.to_owned();
    }
    let mut letters = label.chars();
    letters.next().into_iter().flat_map(char::to_lowercase).chain(letters).collect()
}

/// As a label begins.
pub fn upper_first(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect()
}

/// A whole number of whatever type: `19,000`.
pub fn grouped(number: impl std::fmt::Display) -> String {
    let number = number.to_string();
    let (sign, digits) = number.split_at(usize::from(number.starts_with('-')));
    let mut text = sign.to_owned();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// The first letters of a text that has more.
pub fn shortened(text: &str, longest: usize) -> String {
    match text.char_indices().nth(longest) {
        Some((at, _)) => format!("{}…", text.get(..at).unwrap_or_default().trim_end()),
        None => text.to_owned(),
    }
}

fn push_visible(tidied: &mut String, word: &str) {
    if word.is_ascii() {
        tidied.push_str(word);
    } else {
        tidied.extend(word.nfc().filter(|it| !is_invisible(*it)));
    }
}

fn is_invisible(it: char) -> bool {
    turns(it) || matches!(it, '\u{200B}'..='\u{200F}' | '\u{2060}' | '\u{FEFF}' | '\u{00AD}')
}

/// Whether two texts are the same but for capitals and spaces.
pub fn same_words(a: &str, b: &str) -> bool {
    tidy(a).to_lowercase() == tidy(b).to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_stay_and_what_cannot_be_seen_goes() {
        assert_eq!(tidy_lines(" one\r\n\ttwo  three\rfour\n"), "one\n\ttwo  three\nfour");
        assert_eq!(tidy_lines("a\u{0}b\u{1b}[31m \u{202e}evil\u{2067} 👨\u{200d}👩"), "ab[31m evil 👨\u{200d}👩");
    }

    #[test]
    fn spaces_are_tidied_and_accents_kept() {
        for (typed, tidied) in [
            ("  Zoë   Hussain ", "Zoë Hussain"),
            ("Róisín\u{a0}Vipond", "Róisín Vipond"),
            ("Zoe\u{308} Raine", "Zoë Raine"),
            ("Date of\nenq", "Date of enq"),
            ("\u{feff}Ann\u{200b} Lee \u{200b}", "Ann Lee"),
            ("\u{200b}", ""),
        ] {
            assert_eq!(tidy(typed), tidied);
        }
    }
}
