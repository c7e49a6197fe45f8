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
    let mut phones = Phones::default();
    let mut started = Piece::default();
    let separated = cell.replace(" or ", "/").replace(" and ", "/");
    for piece in separated.split(['/', ';', ',', '|', '\n', '&']).map(Piece::of) {
        phones.remarks.extend(piece.remark.clone());
        let joined = started.digits.len() + piece.digits.len();
        if !started.digits.is_empty() && !piece.plus && started.is_short_of(&piece) && joined <= UK_DIGITS + 1 {
            started.digits.push_str(&piece.digits);
            continue;
        }
        phones.numbers.extend(std::mem::replace(&mut started, piece).numbers());
    }
    phones.numbers.extend(started.numbers());
    phones.numbers.dedup();
    phones
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
    if let Some(remark) = found.remarks.first().filter(|_| !found.numbers.is_empty()) {
        return Err(NotPhones::Words(remark.clone()));
    }
    if found.numbers.is_empty() || found.numbers.iter().any(|number| parse(number).is_err()) {
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

/// What stands between two separators.
#[derive(Debug, Clone, Default)]
struct Piece {
    plus: bool,
    digits: String,
    remark: Option<String>,
}

impl Piece {
    fn of(text: &str) -> Piece {
        // In +44 (0)7700 the nought is for callers at home.
        let text = text.replace("(0)", " ");
        let (number, extension) = match text.to_ascii_lowercase().find("ext") {
            Some(at) => (text.get(..at).unwrap_or(&text), text.get(at..)),
            None => (text.as_str(), None),
        };
        let digits: String = number.chars().filter_map(|it| it.to_digit(10)).filter_map(digit).collect();
        let plus = number.trim_start_matches(|it: char| !it.is_ascii_digit() && it != '+').starts_with('+');
        let said = extension.map(tidy).or_else(|| remark(number));
        Piece { plus, digits, remark: said.filter(|said| !said.is_empty()) }
    }

    fn is_short_of(&self, next: &Piece) -> bool {
        (1..FEWEST_DIGITS).contains(&self.digits.len()) && !next.digits.is_empty()
            || (1..FEWEST_DIGITS).contains(&next.digits.len())
    }

    fn numbers(self) -> Vec<String> {
        if self.digits.is_empty() {
            return Vec::new();
        }
        if self.digits.len() >= TWO_NUMBERS && self.digits.starts_with('0') && self.digits.len() <= 2 * UK_DIGITS {
            let (first, second) = self.digits.split_at(UK_DIGITS);
            return vec![with_leading_zero(first, false), with_leading_zero(second, false)];
        }
        vec![with_leading_zero(&self.digits, self.plus)]
    }
}

fn digit(value: u32) -> Option<char> {
    char::from_digit(value, 10)
}

/// Words beside a number, unless they only say which telephone it is.
fn remark(number: &str) -> Option<String> {
    let words =
        number.split(|it: char| !it.is_alphabetic() && !matches!(it, '\'' | '’')).filter(|word| !word.is_empty());
    let said = words.clone().any(|word| !LABELS.contains(&word.to_lowercase().as_str()));
    said.then(|| words.collect::<Vec<_>>().join(" "))
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
        assert_eq!(split("see e-mail").remarks, ["see e mail"]);
        assert!(split("mob 07700 900128 / home 01632 960125").remarks.is_empty());
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
