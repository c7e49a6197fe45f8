//! Text as it is compared: capitals, accents and punctuation do not matter.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Lower case without accents; runs of anything else than letters and digits become one space, apostrophes nothing.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    let mut gap = false;
    for letter in text.nfkd().filter(|letter| !is_combining_mark(*letter)).flat_map(char::to_lowercase) {
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
    fold(text).replace(' ', "")
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
}
