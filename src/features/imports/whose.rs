//! Whether a row is of the family whose reference it has: one that was typed wrong would write one family's name and
//! numbers over another's.

use super::cells::half_hash;
use crate::domain::household::{self, Applicant, KeyKind};
use crate::domain::text::fold::fold;
use crate::domain::text::name;

pub const OTHERS: &str = "It has the reference of another family: neither a name, a telephone, an e-mail nor the postcode \
    agrees with what is recorded under it. Correct the reference, or leave it out to log a new enquiry";

/// What people are recognised by, as hashes: telephones, e-mails, the postcode, and each of their names. None where
/// nobody is named or letters are lost: then nothing can be said.
pub fn marks(people: &[Applicant], postcode: Option<&str>) -> Vec<u32> {
    if people.is_empty() || people.iter().any(|it| name::garbled(&it.name)) {
        return Vec::new();
    }
    let whom = people.iter().map(|it| (it.name.as_str(), it.phone.as_deref(), it.email.as_deref()));
    let keys = household::keys(whom, postcode).into_iter().filter(|key| key.kind != KeyKind::Name);
    let names = people.iter().flat_map(|it| fold(&it.name).split(' ').map(str::to_owned).collect::<Vec<_>>());
    keys.map(|key| half_hash(&key)).chain(names.map(|name| half_hash(&name))).collect()
}

/// Nothing agrees, not even one of their names.
pub fn are_others(recorded: &[u32], row: &[u32]) -> bool {
    !recorded.is_empty() && !row.is_empty() && !row.iter().any(|mark| recorded.contains(mark))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(name: &str, phone: &str) -> Applicant {
        Applicant { name: name.to_owned(), phone: Some(phone.to_owned()).filter(|it| !it.is_empty()), email: None }
    }

    #[test]
    fn a_row_of_another_family_is_known_by_nothing_that_agrees() {
        let recorded = marks(&[person("Layla Darwish", "07700 900001")], Some("SR10 8AF"));
        for (name, phone, postcode, others) in [
            ("Wanda Nightingale", "07700900002", "SR1 2AB", true),
            ("Wanda Nightingale", "+44 7700 900001", "SR1 2AB", false),
            ("Wanda Nightingale", "", "sr10 8af", false),
            ("Layla Nightingale", "", "SR1 2AB", false),
            ("L?yla D?rwish", "", "SR1 2AB", false),
        ] {
            let row = marks(&[person(name, phone)], Some(postcode));
            assert_eq!(are_others(&recorded, &row), others, "{name} {phone}");
        }
        assert!(!are_others(&recorded, &marks(&[], None)), "dates alone");
    }
}
