//! How names sound: what people who are written differently have in common.

use super::fold::fold;
use crate::domain::search::sound;

/// Of the last word of a name; None where there is no word.
pub fn of_surname(name: &str) -> Option<String> {
    fold(name).split(' ').next_back().map(of_word).filter(|sound| !sound.is_empty())
}

/// The first names sound alike, and so do the surnames: Sara and Sarah Harker, not Sara and Simon.
pub fn alike(one: &str, other: &str) -> bool {
    let ends = |name: &str| {
        let folded = fold(name);
        let (first, _) = folded.split_once(' ')?;
        Some((of_word(first), of_surname(&folded)?))
    };
    ends(one).is_some_and(|ends_of_one| ends(other) == Some(ends_of_one))
}

/// Of what is too short or not in Latin letters the sound is the word itself.
fn of_word(word: &str) -> String {
    sound(word).unwrap_or_else(|| word.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_are_alike_by_both_their_names() {
        for (one, other, expected) in [
            ("Sara Harker", "Sarah Harker", true),
            ("Siobhán O’Neill", "Shivaun ONeill", true),
            ("Stephen Tomson", "Steven Paul Thompson", true),
            ("Jo Lee", "JO LEE", true),
            ("Sara Harker", "Simon Harker", false),
            ("Sara Harker", "Sara Morgan", false),
            ("Harker", "Harker", false),
            ("", "", false),
        ] {
            assert_eq!(alike(one, other), expected, "{one} {other}");
        }
        assert_eq!(of_surname("Ann Thompson"), of_surname("TOMSON"));
        assert_eq!(of_surname(" "), None);
    }
}
