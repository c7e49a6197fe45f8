//! How a name sounds, to somebody who writes down what they hear.

use rphonetic::{DoubleMetaphone, Encoder};

const LENGTH: usize = 6;

/// Of a folded word; None where there is no telling: shorter than three letters, or not in Latin letters.
pub fn sound(word: &str) -> Option<String> {
    if word.len() < 3 || !word.bytes().all(|it| it.is_ascii_lowercase()) {
        return None;
    }
    let code = DoubleMetaphone::new(Some(LENGTH)).encode(&as_heard(word)).to_lowercase();
    // A single sound is that of half of everybody.
    (code.len() >= 2).then_some(code)
}

/// Irish, Scottish and Welsh spelling as an English ear has it: Siobhán is Shivaun, Niamh is Neeve, Lloyd is Loyd. The p
/// of Thompson is not heard.
fn as_heard(word: &str) -> String {
    let word = match word.strip_prefix("sio").or_else(|| word.strip_prefix("sea").filter(|rest| *rest == "n")) {
        Some(rest) => format!("sho{rest}"),
        None => word.to_owned(),
    };
    let (first, rest) = word.split_at(1);
    // At the beginning they are Indian names: Bhavna, Dhillon.
    format!("{first}{}", rest.replace("bh", "v").replace("mh", "v").replace("dh", "").replace("mps", "ms"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_sounds_alike_is_alike() {
        for (name, heard) in [
            ("siobhan", "shivaun"),
            ("niamh", "neeve"),
            ("caoimhe", "keeva"),
            ("sean", "shaun"),
            ("catherine", "kathryn"),
            ("stephen", "steven"),
            ("philip", "fillip"),
            ("mohammed", "muhamad"),
            ("thompson", "tomson"),
            ("lloyd", "loyd"),
        ] {
            assert_eq!(sound(name), sound(heard), "{name} {heard}");
            assert!(sound(name).is_some(), "{name}");
        }
        assert_ne!(sound("mensah"), sound("morgan"));
    }

    #[test]
    fn of_what_has_no_sound_there_is_none() {
        for word in ["", "al", "łuk", "王伟", "sr2", "lee"] {
            assert_eq!(sound(word), None, "{word}");
        }
    }
}
