//! A household: the unit that everything counts. A couple is one household, not two.

use super::text::fold::{fold, squeeze};
use super::text::sound;
use crate::coded;

coded! {
    /// To a question that may not have been asked yet.
    #[derive(Default)]
    pub enum Answer {
        Yes = "yes", "Yes";
        No = "no", "No";
        #[default]
        NotAsked = "not_asked", "Not asked yet";
    }
}

coded! {
    /// What a household may be recognised by.
    pub enum KeyKind {
        Name = "name", "name";
        Phone = "phone", "telephone";
        Email = "email", "e-mail";
        Postcode = "postcode", "postcode";
    }
}

/// A person who wants to foster, as first recorded.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Applicant {
    pub name: String,
    pub email: Option<String>,
    /// Several numbers are joined by `; `.
    pub phone: Option<String>,
}

impl Applicant {
    pub fn phones(&self) -> impl Iterator<Item = &str> {
        several(self.phone.as_deref())
    }

    pub fn emails(&self) -> impl Iterator<Item = &str> {
        several(self.email.as_deref())
    }
}

/// What one text holds, joined by semicolons.
fn several(text: Option<&str>) -> impl Iterator<Item = &str> {
    text.into_iter().flat_map(|text| text.split(';')).map(str::trim).filter(|text| !text.is_empty())
}

/// One thing that a household may be recognised by, in the form that is compared.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
pub struct Key {
    pub kind: KeyKind,
    pub value: String,
}

/// Everything by which these people and this home may be recognised. Each person is name, telephones, e-mail.
pub fn keys<'a>(
    people: impl Iterator<Item = (&'a str, Option<&'a str>, Option<&'a str>)>,
    postcode: Option<&str>,
) -> Vec<Key> {
    let mut keys = Vec::new();
    for (name, phone, email) in people {
        keys.push(Key { kind: KeyKind::Name, value: fold(name) });
        keys.extend(phone.into_iter().flat_map(phone_digits).map(|value| Key { kind: KeyKind::Phone, value }));
        keys.extend(several(email).map(|email| Key { kind: KeyKind::Email, value: email.to_lowercase() }));
    }
    keys.extend(postcode.map(|postcode| Key { kind: KeyKind::Postcode, value: squeeze(postcode) }));
    keys.retain(|key| !key.value.is_empty());
    keys.sort();
    keys.dedup();
    keys
}

/// How each surname sounds, with the postcode of the home: what people who are written differently have in common.
/// Without a postcode a surname says nothing.
pub fn sounds<'a>(names: impl Iterator<Item = &'a str>, postcode: Option<&str>) -> Vec<String> {
    let Some(home) = postcode.map(squeeze).filter(|home| !home.is_empty()) else { return Vec::new() };
    let mut sounds: Vec<_> = names.filter_map(sound::of_surname).map(|sound| format!("{sound} {home}")).collect();
    sounds.sort();
    sounds.dedup();
    sounds
}

/// The digits of each number; +44 is the leading 0.
pub fn phone_digits(phones: &str) -> impl Iterator<Item = String> {
    phones.split(';').map(|phone| {
        let digits: String = phone.chars().filter(char::is_ascii_digit).collect();
        match digits.strip_prefix("44") {
            Some(rest) if phone.trim_start().starts_with('+') => format!("0{rest}"),
            _ => digits,
        }
    })
}

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
