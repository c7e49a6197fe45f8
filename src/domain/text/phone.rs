//! Telephone numbers: digits with a leading 0, or + and the country's code. Accepted is what is possible, not what
//! is assigned: Ofcom's drama numbers are numbers too.

use super::tidy;

/// The numbers of a cell, and what was said about them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Phones {
    pub numbers: Vec<String>,
    pub remarks: Vec<String>,
}

/// Several numbers of one person are kept in one text.
pub const JOINED_BY: &str = "; ";

/// Fewer digits than this are part of the number beside them (`01632/960123`).
const FEWEST_DIGITS: usize = 7;

/// Fewer than this are nobody's number.
const FEWEST_LOCAL: usize = 5;

/// So many digits in a row are two numbers with a space between.
const TWO_NUMBERS: usize = 20;
const UK_DIGITS: usize = 11;

/// Words that say which telephone it is, and need not be kept.
const LABELS: &[&str] = &[
    "tel",
    "telephone",
    "phone",
    "ph",
    "mob",
    "mobile",
    "cell",
    "home",
    "work",
    "landline",
    "h",
    "m",
    "w",
    "t",
    "no",
    "or",
    "and",
    "daytime",
    "evening",
    "eve",
    "number",
];

pub fn split(cell: &str) -> Phones {
    let (mut numbers, mut remarks): (Vec<Number>, Vec<String>) = (Vec::new(), Vec::new());
    // In +44 (0)7700 the nought is for callers at home.
    let separated = cell.replace("(0)", " ").replace(" or ", "/").replace(" and ", "/");
    for text in separated.split(['/', ';', ',', '|', '\n', '&']) {
        let piece = Piece::of(text);
        for number in piece.numbers {
            match numbers.last_mut() {
                Some(last) if last.goes_on_in(&number) => last.digits.push_str(&number.digits),
                Some(_) if number.digits.len() < FEWEST_LOCAL => remarks.push(number.digits),
                _ => numbers.push(number),
            }
        }
        remarks.extend(piece.remark);
    }
    let mut numbers: Vec<_> = numbers.into_iter().flat_map(Number::written).collect();
    numbers.dedup();
    Phones { numbers, remarks }
}

/// One number, as somebody typed it into a field of its own.
pub fn parse(typed: &str) -> Result<String, NotAPhone> {
    let found = split(typed);
    match found.numbers.as_slice() {
        [number] if number.len() >= FEWEST_DIGITS => Ok(number.clone()),
        _ => Err(NotAPhone(tidy(typed))),
    }
}

/// One number or several, as somebody typed them into one field. Words among them belong elsewhere, and are not dropped
/// in silence.
pub fn parse_several(typed: &str) -> Result<String, NotPhones> {
    let found = split(typed);
    let words = found.remarks.iter().find(|remark| remark.contains(char::is_alphabetic));
    if let Some(words) = words.filter(|_| !found.numbers.is_empty()) {
        return Err(NotPhones::Words(words.clone()));
    }
    let all_whole = found.remarks.is_empty() && found.numbers.iter().all(|number| parse(number).is_ok());
    if found.numbers.is_empty() || !all_whole {
        return Err(NotPhones::NotANumber(NotAPhone(tidy(typed))));
    }
    Ok(found.numbers.join(JOINED_BY))
}

/// As people read it: 07700 900417, 020 7946 0123, 0191 498 0123 (Ofcom's area codes of three to five digits). What is no ordinary British number stays as it is.
pub fn shown(number: &str) -> String {
    if number.len() != UK_DIGITS || !number.bytes().all(|it| it.is_ascii_digit()) {
        return number.to_owned();
    }
    match number.as_bytes() {
        [b'0', b'2', ..] => format!("{} {} {}", &number[..3], &number[3..7], &number[7..]),
        [b'0', b'1', b'1', ..] | [b'0', b'1', _, b'1', ..] | [b'0', b'3' | b'8' | b'9', ..] => {
            format!("{} {} {}", &number[..4], &number[4..7], &number[7..])
        }
        [b'0', ..] => format!("{} {}", &number[..5], &number[5..]),
        _ => number.to_owned(),
    }
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("“{0}” is not a telephone number such as 01632 960123")]
pub struct NotAPhone(pub String);

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotPhones {
    #[error(transparent)]
    NotANumber(NotAPhone),
    #[error("Write only numbers here; “{0}” belongs to when they may be rung, or into a note")]
    Words(String),
}

/// Digits that belong together.
#[derive(Debug, Clone, Default)]
struct Number {
    plus: bool,
    digits: String,
}

impl Number {
    fn is_short(&self) -> bool {
        self.digits.len() < FEWEST_DIGITS
    }

    /// Nothing that stands beside it belongs to it.
    fn is_whole(&self) -> bool {
        self.digits.len() >= UK_DIGITS - 1 && self.digits.starts_with('0')
    }

    /// `01632/960123` is one number.
    fn goes_on_in(&self, next: &Number) -> bool {
        let one_is_short = self.is_short() || next.is_short();
        one_is_short && !next.plus && self.digits.len() + next.digits.len() <= UK_DIGITS
    }

    fn written(self) -> Vec<String> {
        if self.digits.len() >= TWO_NUMBERS && self.digits.starts_with('0') && self.digits.len() <= 2 * UK_DIGITS {
            let (first, second) = self.digits.split_at(UK_DIGITS);
            return vec![with_leading_zero(first, false), with_leading_zero(second, false)];
        }
        vec![with_leading_zero(&self.digits, self.plus)]
    }
}

/// What stands between two separators.
#[derive(Debug, Clone, Default)]
struct Piece {
    numbers: Vec<Number>,
    remark: Option<String>,
}

impl Piece {
    /// Digits of words ("6pm", "ext 4", "not before 10") are never part of a number beside them.
    fn of(text: &str) -> Piece {
        let tokens: Vec<Token> =
            text.split(|it: char| it.is_whitespace() || "():".contains(it)).flat_map(tokens).collect();
        let numbers = numbers(&tokens);
        let (long, short): (Vec<_>, Vec<_>) = numbers.into_iter().partition(|number| !number.1.is_short());
        let says = tokens.iter().any(|token| matches!(token, Token::Word(word) if !is_label(word)));
        let one = long.is_empty() && !says;
        let left: Vec<usize> = if one { Vec::new() } else { short.iter().flat_map(|(at, _)| at.clone()).collect() };
        let said = |(at, token): (usize, &Token)| match token {
            Token::Word(word) => Some(word.clone()),
            Token::Digits(number) => left.contains(&at).then(|| number.digits.clone()),
        };
        let remark: Vec<String> = tokens.iter().enumerate().filter_map(said).collect();
        let numbers = if one { joined(short) } else { long.into_iter().map(|(_, number)| number).collect() };
        Piece { numbers, remark: (says || !left.is_empty()).then(|| remark.join(" ")) }
    }
}

/// Fewer than seven digits with a word between (`01632 home 960123`) are one number.
fn joined(short: Vec<(Vec<usize>, Number)>) -> Vec<Number> {
    let joined = short.into_iter().map(|(_, number)| number).reduce(|mut all, number| {
        all.digits.push_str(&number.digits);
        all
    });
    joined.into_iter().collect()
}

/// Which tokens make which number: digits that follow one another, but for one that is whole by itself.
fn numbers(tokens: &[Token]) -> Vec<(Vec<usize>, Number)> {
    let mut numbers: Vec<(Vec<usize>, Number)> = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        let Token::Digits(number) = token else { continue };
        match numbers.last_mut() {
            Some((places, last))
                if places.last() == Some(&at.wrapping_sub(1))
                    && !last.is_whole()
                    && !number.is_whole()
                    && !number.plus =>
            {
                places.push(at);
                last.digits.push_str(&number.digits);
            }
            _ => numbers.push((vec![at], number.clone())),
        }
    }
    numbers
}

enum Token {
    Word(String),
    Digits(Number),
}

/// `Mob.07700900128` is a word and a number, `6pm` and `x5` are words.
fn tokens(text: &str) -> Vec<Token> {
    let digits: String = text.chars().filter_map(|it| it.to_digit(10)).filter_map(digit).collect();
    let word = |text: &str| {
        let word = text.trim_matches(|it: char| !it.is_alphanumeric());
        (!word.is_empty()).then(|| Token::Word(word.to_owned()))
    };
    if !text.contains(char::is_alphabetic) {
        let plus = text.trim_start_matches(|it: char| !it.is_ascii_digit() && it != '+').starts_with('+');
        return if digits.is_empty() { Vec::new() } else { vec![Token::Digits(Number { plus, digits })] };
    }
    if digits.len() < FEWEST_DIGITS {
        return word(text).into_iter().collect();
    }
    let letters: String = text.chars().filter(|it| !it.is_numeric()).collect();
    let plus = text.contains('+');
    word(&letters).into_iter().chain([Token::Digits(Number { plus, digits })]).collect()
}

fn digit(value: u32) -> Option<char> {
    char::from_digit(value, 10)
}

/// Says only which telephone it is.
fn is_label(word: &str) -> bool {
    LABELS.contains(&word.to_lowercase().as_str())
}

fn with_leading_zero(digits: &str, plus: bool) -> String {
    let (digits, abroad) = match digits.strip_prefix("00") {
        Some(rest) => (rest, true),
        None => (digits, plus),
    };
    match (abroad, digits.strip_prefix("44"), digits.len()) {
        (true, Some(home), _) | (false, Some(home), 12) => format!("0{}", home.trim_start_matches('0')),
        (true, None, _) => format!("+{digits}"),
        // Stored as a number, the nought is lost.
        (false, _, 9 | 10) if !digits.starts_with('0') => format!("0{digits}"),
        _ => digits.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_shown_in_groups() {
        for (number, read) in [
            ("07700900417", "07700 900417"),
            ("02079460123", "020 7946 0123"),
            ("01914980123", "0191 498 0123"),
            ("01174960123", "0117 496 0123"),
            ("01632960123", "01632 960123"),
            ("03069990123", "0306 999 0123"),
            ("+33123456789", "+33123456789"),
            ("960123", "960123"),
        ] {
            assert_eq!(shown(number), read);
        }
    }

    #[test]
    fn numbers_become_digits_with_a_leading_nought() {
        for (cell, numbers) in [
            ("07700 900 121", &["07700900121"][..]),
            ("01632-960121", &["01632960121"]),
            ("(07700) 900124", &["07700900124"]),
            ("7700900125", &["07700900125"]),
            ("1632960125", &["01632960125"]),
            ("+44 7700 900131", &["07700900131"]),
            ("+44 (0)7700 900131", &["07700900131"]),
            ("0044 7700 900131", &["07700900131"]),
            ("447700900131", &["07700900131"]),
            ("+353 1 234 5678", &["+35312345678"]),
            ("00353 1 234 5678", &["+35312345678"]),
            ("07700 900128 / 01632 960125", &["07700900128", "01632960125"]),
            ("07700900128; 01632960125", &["07700900128", "01632960125"]),
            ("07700900128, 01632960125", &["07700900128", "01632960125"]),
            ("07700900128 or 01632960125", &["07700900128", "01632960125"]),
            ("07700 900128\n01632 960125", &["07700900128", "01632960125"]),
            ("07700900128 01632960125", &["07700900128", "01632960125"]),
            ("01632/960123", &["01632960123"]),
            ("Mob: 07700 900128 Home: 01632 960125", &["07700900128", "01632960125"]),
            ("0191 498 0123", &["01914980123"]),
            ("960123", &["960123"]),
            ("see e-mail", &[]),
            ("", &[]),
        ] {
            assert_eq!(split(cell).numbers, numbers, "{cell}");
        }
    }

    #[test]
    fn what_is_said_about_a_number_is_kept() {
        assert_eq!(split("07700 900128 (Sue’s)").remarks, ["Sue’s"]);
        assert_eq!(split("01632 960123 ext 4").remarks, ["ext 4"]);
        assert_eq!(split("see e-mail").remarks, ["see e-mail"]);
        assert!(split("mob 07700 900128 / home 01632 960125").remarks.is_empty());
    }

    #[test]
    fn digits_of_words_are_no_part_of_a_number() {
        for (cell, numbers, remarks) in [
            ("ring after 6pm 07700900123", &["07700900123"][..], &["ring after 6pm"][..]),
            ("ring after 6 07700900123", &["07700900123"], &["ring after 6"]),
            ("0191 4980000 x5", &["01914980000"], &["x5"]),
            ("0191 498 0000 ext 12", &["01914980000"], &["ext 12"]),
            ("0191 498 0000 ext. 12 (work)", &["01914980000"], &["ext 12 work"]),
            ("07700 900 12 (mum)", &["0770090012"], &["mum"]),
            ("07700900125 (not before 10)", &["07700900125"], &["not before 10"]),
            ("07700 900 124 after 5 pm", &["07700900124"], &["after 5 pm"]),
            ("07700 900121, after 6", &["07700900121"], &["after 6"]),
            ("07700 900121, 2", &["07700900121"], &["2"]),
            ("07700 900121 Sue 07700 900122 Dave", &["07700900121", "07700900122"], &["Sue Dave"]),
            ("Sue07700900128", &["07700900128"], &["Sue"]),
            ("mob.07700900128", &["07700900128"], &[]),
            ("01632 home 960123", &["01632960123"], &[]),
            ("960123; 960124", &["960123", "960124"], &[]),
            ("after 6", &[], &["after 6"]),
        ] {
            let found = split(cell);
            assert_eq!((&found.numbers[..], &found.remarks[..]), (&owned(numbers)[..], &owned(remarks)[..]), "{cell}");
        }
    }

    fn owned(texts: &[&str]) -> Vec<String> {
        texts.iter().map(|text| (*text).to_owned()).collect()
    }

    #[test]
    fn several_numbers_in_one_field_are_all_whole_and_alone() {
        assert_eq!(parse_several("07700 900 121; 0191 498 0123"), Ok("07700900121; 01914980123".to_owned()));
        for (typed, sentence) in [
            ("12", "“12” is not a telephone number such as 01632 960123"),
            (
                "07700900121; 07700900122; 12",
                "“07700900121; 07700900122; 12” is not a telephone number such as 01632 960123",
            ),
            ("see e-mail", "“see e-mail” is not a telephone number such as 01632 960123"),
            (
                "07700 900121 (Sue’s)",
                "Write only numbers here; “Sue’s” belongs to when they may be rung, or into a note",
            ),
        ] {
            assert_eq!(parse_several(typed).map_err(|error| error.to_string()), Err(sentence.to_owned()), "{typed}");
        }
    }

    #[test]
    fn one_number_is_asked_for_where_there_is_one_field() {
        assert_eq!(parse("07700 900 121"), Ok("07700900121".to_owned()));
        for typed in ["", "ring me", "123", "07700900128 / 01632960125"] {
            assert!(parse(typed).is_err(), "{typed}");
        }
    }
}
