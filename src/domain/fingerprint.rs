//! How an enquiry is recognised when a file, or a person, brings it again.

use super::day::Day;
use super::text::fold::squeeze;

/// Day + names + postcode; without a postcode the first telephone, else the e-mail (import rule 17). Spelling that
/// people vary (capitals, accents, spaces, the order of a couple) does not matter. Never the whole row, which changes
/// as a case moves on.
pub fn fingerprint(
    day: Day,
    names: &[String],
    postcode: Option<&str>,
    first_phone: Option<&str>,
    email: Option<&str>,
) -> String {
    let mut names: Vec<String> = names.iter().map(|name| squeeze(name)).collect();
    names.sort();
    let of = |text: Option<&str>| text.map(squeeze).filter(|text| !text.is_empty());
    let place = of(postcode)
        .or_else(|| of(first_phone))
        .or_else(|| email.map(|email| email.trim().to_lowercase()).filter(|email| !email.is_empty()))
        .unwrap_or_default();
    format!("{day}/{}/{place}", names.join("+"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(names: &[&str], postcode: Option<&str>, phone: Option<&str>, email: Option<&str>) -> String {
        let names: Vec<_> = names.iter().map(|name| (*name).to_owned()).collect();
        fingerprint("2025-03-03".parse().unwrap(), &names, postcode, phone, email)
    }

    #[test]
    fn how_it_is_written_does_not_matter() {
        let one = of(&["Sue Harker", "Łukasz O’Neill"], Some("SR1 6XW"), Some("07700900121"), None);
        assert_eq!(one, of(&["LUKASZ ONEILL", "sue  harker"], Some("sr16xw"), None, Some("sue@example.org")));
        assert_ne!(one, of(&["Sue Harker"], Some("SR1 6XW"), None, None));
        assert_ne!(one, of(&["Sue Harker", "Łukasz O’Neill"], Some("SR1 6XX"), None, None));
    }

    #[test]
    fn without_a_postcode_the_telephone_counts_and_without_that_the_e_mail() {
        let phone = of(&["Sue Harker"], None, Some("07700900121"), Some("sue@example.org"));
        assert_eq!(phone, of(&["Sue Harker"], Some(" "), Some("07700 900121"), None));
        assert_eq!(of(&["Sue Harker"], None, None, Some("Sue@Example.org")), "2025-03-03/sueharker/sue@example.org");
    }
}
