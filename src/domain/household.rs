//! A household: the unit that everything counts. A couple is one household, not two.

use super::text::fold::fold;

/// `Priya Nair and Tom Reed`, `Gareth and Lowri Pugh`, `Orla Quayle, Freya Quayle and Sam Reed`.
pub fn display_name(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [only] => only.clone(),
        [first, second] => match (first.rsplit_once(' '), second.rsplit_once(' ')) {
            (Some((given, surname)), Some((_, other))) if surname == other => format!("{given} and {second}"),
            _ => format!("{first} and {second}"),
        },
        [most @ .., last] => format!("{} and {last}", most.join(", ")),
    }
}

/// By surname, then given name, in the folded form: what a list is sorted by.
pub fn sort_name(names: &[String]) -> String {
    let first = names.first().map(String::as_str).unwrap_or_default();
    match first.rsplit_once(' ') {
        Some((given, surname)) => fold(&format!("{surname} {given}")),
        None => fold(first),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn couples_share_their_surname() {
        let name = |names: &[&str]| display_name(&names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>());
        assert_eq!(name(&["Gareth Pugh", "Lowri Pugh"]), "Gareth and Lowri Pugh");
        assert_eq!(name(&["Priya Nair", "Tom Reed"]), "Priya Nair and Tom Reed");
        assert_eq!(name(&["A B", "C D", "E F"]), "A B, C D and E F");
        assert_eq!(sort_name(&["Łukasz O'Neill".to_owned()]), "oneill lukasz");
    }
}
