//! Text as it is compared: capitals, accents and punctuation do not matter.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Lower case without accents; runs of anything else than letters and digits become one space, apostrophes nothing.
pub fn fold(text: &str) -> String {
    // Most text is plain, and Unicode need not be asked about it: a file has a dozen of such in each row.
    if text.is_ascii() {
        return joined(text.chars().map(|letter| letter.to_ascii_lowercase()), text.len());
    }
    joined(text.nfkd().filter(|letter| !is_combining_mark(*letter)).flat_map(char::to_lowercase), text.len())
}

fn joined(letters: impl Iterator<Item = char>, length: usize) -> String {
    let mut folded = String::with_capacity(length);
    let mut gap = false;
    for letter in letters {
        if letter.is_alphanumeric() {
            if gap && !folded.is_empty() {
                folded.push(' ');
            }
            gap = false;
            match plain(letter) {
                Some(plain) => folded.push_str(plain),
                None => folded.push(letter),
            }
        } else if !matches!(letter, '\'' | '’' | '‘' | 'ʼ' | '`') {
            gap = true;
        }
    }
    folded
}

/// Folded, and without spaces: for references, which people type with and without separators.
pub fn squeeze(text: &str) -> String {
    let mut folded = fold(text);
    folded.retain(|letter| letter != ' ');
    folded
}

/// Letters that Unicode does not take apart.
fn plain(letter: char) -> Option<&'static str> {
    Some(match letter {
        'ł' => "l",
        'ø' => "o",
        'đ' | 'ð' => "d",
        'þ' => "th",
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        'ı' => "i",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn accents_capitals_and_punctuation_do_not_matter() {
        for (text, folded) in [
            ("Łukasz  Wiśniewski", "lukasz wisniewski"),
            ("Declan O’Shea", "declan oshea"),
            ("O'NEILL", "oneill"),
            ("Karen Llŷr-Pugh", "karen llyr pugh"),
            (" Zoë\u{a0}Walton ", "zoe walton"),
        ] {
            assert_eq!(fold(text), folded);
        }
        assert_eq!(squeeze("FWNE/24/0044"), squeeze("fwne-24-0044"));
    }

    proptest! {
        #[test]
        fn plain_text_is_folded_as_all_text_is(text in "[ -~\t\n]{0,40}") {
            // The letter at the end sends it the longer way.
            let with_a_letter = format!("{} l", fold(&text));
            prop_assert_eq!(with_a_letter.trim_start(), fold(&format!("{text} ł")));
        }
    }
}
