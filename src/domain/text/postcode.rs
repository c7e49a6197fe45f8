//! Postcodes of the United Kingdom.

use super::tidy;

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("“{0}” cannot be a postcode; it is kept as typed")]
pub struct NotAPostcode(pub String);

/// In capitals with one space before the last three. What has not the shape of a postcode is handed back tidied.
pub fn parse(typed: &str) -> Result<String, NotAPostcode> {
    let plain = compared(typed);
    let refused = || NotAPostcode(tidy(typed));
    if !(5..=7).contains(&plain.len()) || !plain.is_ascii() {
        return Err(refused());
    }
    let (outward, inward) = plain.split_at(plain.len() - 3);
    if is_outward(outward) && shape(inward) == "9AA" { Ok(format!("{outward} {inward}")) } else { Err(refused()) }
}

/// For comparing: capitals and digits only.
pub fn compared(typed: &str) -> String {
    typed.chars().filter(|it| it.is_alphanumeric()).flat_map(char::to_uppercase).collect()
}

fn is_outward(outward: &str) -> bool {
    matches!(shape(outward).as_str(), "A9" | "A99" | "AA9" | "AA99" | "A9A" | "AA9A") || outward == "GIR"
}

fn shape(text: &str) -> String {
    text.chars().map(|it| if it.is_ascii_digit() { '9' } else { 'A' }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_postcodes_become_one() {
        for (typed, postcode) in [
            ("DL35QZ", "DL3 5QZ"),
            ("dl1 4qz", "DL1 4QZ"),
            ("TS18  9ZZ", "TS18 9ZZ"),
            ("SR1\u{a0}6XW", "SR1 6XW"),
            (" ts58yz ", "TS5 8YZ"),
            ("SW1A1AA", "SW1A 1AA"),
            ("m1-1ae", "M1 1AE"),
            ("gir0aa", "GIR 0AA"),
        ] {
            assert_eq!(parse(typed), Ok(postcode.to_owned()));
        }
    }

    #[test]
    fn what_cannot_be_one_is_kept_as_typed() {
        for typed in ["DLI 9QZ", "DL3", "12345", "not known", "DL3 8QZZ", "É1 1AA", "DL14 9Z"] {
            assert_eq!(parse(typed), Err(NotAPostcode(typed.to_owned())));
        }
    }
}
