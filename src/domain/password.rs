//! Which passwords are taken: long enough, and not made of what anybody would guess first. No rules of composition;
//! 64 characters and more, spaces and any script are welcome (OWASP ASVS 5.0, 6.2).

use std::collections::HashSet;
use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization;

/// In characters.
pub const SHORTEST: usize = 12;
/// In characters. Only so that nobody sends a novel to be hashed.
pub const LONGEST: usize = 256;

/// What anybody would guess counts as little as this many letters, however long it is …
const GUESSABLE_COUNTS: usize = 2;
/// … spaces and signs between letters count once for each kind, and no more than this …
const SIGNS_COUNT: usize = 4;
/// … and a password must come to as much as this many.
const ENOUGH: usize = 10;

/// A password that was accepted, in the form that is hashed.
#[derive(Clone, PartialEq, Eq)]
pub struct Password(String);

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PasswordProblem {
    #[error("Use at least {SHORTEST} characters")]
    TooShort,
    #[error("Use at most {LONGEST} characters")]
    TooLong,
    #[error(
        "This is too easy to guess: it is little more than common words, names, dates, keys in a row or repeats. Add words that nobody would expect"
    )]
    Guessable,
}

impl Password {
    /// `context` is what somebody who knows the person would try: their name, their e-mail address, the service.
    pub fn parse(typed: &str, context: &[&str]) -> Result<Password, PasswordProblem> {
        let text = normal(typed);
        let length = text.chars().count();
        if length < SHORTEST {
            return Err(PasswordProblem::TooShort);
        }
        if length > LONGEST {
            return Err(PasswordProblem::TooLong);
        }
        if weight(&text, &context_words(context)) < ENOUGH {
            return Err(PasswordProblem::Guessable);
        }
        Ok(Password(text))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Never shown, not even in a log of a failed assertion.
impl std::fmt::Debug for Password {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Password(…)")
    }
}

/// The form that is hashed: keyboards write the same letter in more than one way (NIST SP 800-63B, 5.1.1.2).
pub fn normal(typed: &str) -> String {
    typed.nfkc().collect()
}

static COMMON_WORDS: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
    let lines = include_str!("../../data/password-words.txt").lines();
    lines.map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')).collect()
});

const SHORTEST_WORD: usize = 4;
const SHORTEST_RUN: usize = 3;

/// How many letters' worth of surprise there is, reading every guessable part as generously to a guesser as possible.
fn weight(text: &str, context: &HashSet<String>) -> usize {
    let lower: Vec<char> = text.to_lowercase().chars().collect();
    let letters = without_repetition(&lower);
    let repeated = usize::from(letters.len() < lower.len());
    let signs: HashSet<char> = letters.iter().copied().filter(|letter| !letter.is_alphanumeric()).collect();
    let plain: Vec<char> = letters.iter().map(|letter| unmasked(*letter)).collect();
    // least[i]: the weight of what begins at i.
    let mut least = vec![0; letters.len() + 1];
    for start in (0..letters.len()).rev() {
        least[start] = usize::from(letters[start].is_alphanumeric()) + least[start + 1];
        for end in start + SHORTEST_RUN..=letters.len() {
            if guessable(&letters[start..end], &plain[start..end], context) {
                least[start] = least[start].min(GUESSABLE_COUNTS + least[end]);
            }
        }
    }
    least[0] + repeated + signs.len().min(SIGNS_COUNT)
}

fn guessable(letters: &[char], plain: &[char], context: &HashSet<String>) -> bool {
    is_same(letters) || is_sequence(letters) || is_keyboard_walk(letters) || is_year(letters) || is_word(plain, context)
}

/// `abcabcabc` is `abc`.
fn without_repetition(letters: &[char]) -> &[char] {
    let repeats = |unit: &usize| letters.chunks(*unit).all(|chunk| letters.starts_with(chunk));
    let unit = (1..=letters.len() / 2).find(repeats).unwrap_or(letters.len());
    &letters[..unit]
}

fn is_same(letters: &[char]) -> bool {
    letters.windows(2).all(|pair| pair[0] == pair[1])
}

/// `3456`, `dcba`.
fn is_sequence(letters: &[char]) -> bool {
    let step = |pair: &[char]| i64::from(u32::from(pair[1])) - i64::from(u32::from(pair[0]));
    letters.windows(2).all(|pair| step(pair) == 1) || letters.windows(2).all(|pair| step(pair) == -1)
}

/// `qwerty`, `1q2w3e`, `zaq12wsx`: each key touches the one before.
fn is_keyboard_walk(letters: &[char]) -> bool {
    letters.len() >= SHORTEST_WORD && letters.windows(2).all(|pair| touch(pair[0], pair[1]))
}

fn touch(one: char, other: char) -> bool {
    const ROWS: [&str; 4] = ["1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm"];
    let place = |key: char| {
        ROWS.iter().enumerate().find_map(|(row, keys)| keys.find(key).map(|column| (row as i64, column as i64)))
    };
    let (Some((row, column)), Some((other_row, other_column))) = (place(one), place(other)) else { return false };
    (row - other_row).abs() <= 1 && (column - other_column).abs() <= 1
}

fn is_year(letters: &[char]) -> bool {
    letters.len() == 4 && letters.iter().all(char::is_ascii_digit) && matches!(letters[..2], ['1', '9'] | ['2', '0'])
}

fn is_word(plain: &[char], context: &HashSet<String>) -> bool {
    if plain.len() < SHORTEST_RUN {
        return false;
    }
    let word: String = plain.iter().collect();
    COMMON_WORDS.contains(word.as_str()) || context.contains(&word)
}

/// `p@ssw0rd` is `password`: digits and signs stand for the letters that they resemble.
fn unmasked(letter: char) -> char {
    match letter {
        '0' => 'o',
        '1' => 'i',
        '3' => 'e',
        '4' | '@' => 'a',
        '5' | '$' => 's',
        '7' => 't',
        '8' => 'b',
        other => other,
    }
}

/// Their words, and each as one.
fn context_words(context: &[&str]) -> HashSet<String> {
    let mut words = HashSet::new();
    for text in context {
        let lower = text.to_lowercase();
        words.extend(lower.split(|letter: char| !letter.is_alphanumeric()).map(str::to_owned));
        words.insert(lower.chars().filter(|letter| letter.is_alphanumeric()).collect());
    }
    words.retain(|word| word.chars().count() >= SHORTEST_RUN);
    words
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const CONTEXT: [&str; 3] = ["Wearside Fostering", "Priya Nair", "p.nair@wearside.example"];

    fn parse(typed: &str) -> Result<Password, PasswordProblem> {
        Password::parse(typed, &CONTEXT)
    }

    #[test]
    fn long_unexpected_passwords_are_taken_whatever_they_are_made_of() {
        for typed in [
            "kettle brick ocean lantern",
            "gzkwpmvrtxqa",
            "не скажу никому",
            "74098231659047",
            "k%9&Zr!4w?p*",
            "blue hearth kettle 47 otter",
            "correct horse battery staple",
            "            otter kettle violin            ",
        ] {
            assert!(parse(typed).is_ok(), "{typed}");
        }
    }

    #[test]
    fn what_anybody_would_try_first_is_refused() {
        for typed in [
            "Password1234",
            "P@ssw0rd2025!",
            "welcomewelcome",
            "aaaaaaaaaaaaaaaaaaaa",
            "123456789012",
            "abcabcabcabc",
            "qwertyuiop12",
            "1q2w3e4r5t6y",
            "zaq12wsxcde3",
            "Sunderland2025",
            "Summer2025!!!",
            "HearthFostering1",
            "fostering-team-1",
            "PriyaNair1984",
            "wearsidewearside",
            "nair.wearside",
            "!!!!!!!!!!!!!!!!",
            "summer.2025.sunderland",
            "nair priya priya nair",
            "!@£$%^&*()_+",
        ] {
            assert_eq!(parse(typed), Err(PasswordProblem::Guessable), "{typed}");
        }
    }

    #[test]
    fn the_shortest_and_the_longest_are_counted_in_characters() {
        assert_eq!(parse("kettle ötte"), Err(PasswordProblem::TooShort));
        assert!(parse("kettle ötter").is_ok());
        let long: String = "kettle brick ocean ".chars().cycle().take(LONGEST).collect();
        assert!(parse(&long).is_ok());
        assert_eq!(parse(&format!("{long}x")), Err(PasswordProblem::TooLong));
    }

    #[test]
    fn the_same_letter_typed_in_two_ways_is_the_same_password() {
        assert_eq!(parse("caf\u{e9} kettle otter"), parse("cafe\u{301} kettle otter"));
    }

    #[test]
    fn a_password_is_never_shown() {
        assert_eq!(format!("{:?}", parse("kettle brick ocean lantern").unwrap()), "Password(…)");
    }

    #[test]
    fn the_words_are_as_they_are_compared() {
        for word in COMMON_WORDS.iter() {
            assert!(word.len() >= SHORTEST_WORD && word.bytes().all(|b| b.is_ascii_lowercase() || b == b'0'), "{word}");
        }
    }

    proptest! {
        #[test]
        fn whatever_is_typed_is_taken_in_its_normal_form_or_refused(text in "\\PC{0,80}") {
            if let Ok(password) = parse(&text) {
                prop_assert_eq!(password.as_str(), normal(&text));
            }
        }

        #[test]
        fn one_common_word_with_digits_is_never_enough(digits in "[0-9]{1,4}", index in 0_usize..300) {
            let word = COMMON_WORDS.iter().nth(index % COMMON_WORDS.len()).unwrap();
            let typed = format!("{word}{digits}");
            prop_assert!(parse(&typed).is_err());
        }
    }
}
