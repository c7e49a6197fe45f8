//! What a row says, as hashes: enough to tell whether another row says something else, however it is spelt.

use std::hash::{DefaultHasher, Hash, Hasher};

use crate::domain::enquiry_row::{Column, EnquiryRow};
use crate::domain::text::fold::squeeze;
use crate::domain::text::name;

/// One for each thing that the row says. Its reference is who it is, not what it says; names that an old encoding
/// garbled say nothing.
pub fn hashes(row: &EnquiryRow) -> Vec<u32> {
    let mut found = Vec::with_capacity(16);
    let mut say = |what: &str, value: &str| found.push(half_hash(&(what, value)));
    for person in &row.applicants {
        if !name::garbled(&person.name) {
            say("name", &squeeze(&person.name));
        }
        person.phones().for_each(|phone| say("phone", phone));
        person.emails().for_each(|email| say("email", &email.to_lowercase()));
    }
    for milestone in &row.milestones {
        say(milestone.kind.code(), &milestone.on.to_string());
        milestone.result.into_iter().for_each(|result| say("result", &format!("{:?}{result:?}", milestone.kind)));
        milestone.close_reason.iter().for_each(|reason| say("close_reason", &reason.0));
        milestone.places.into_iter().for_each(|places| say("places", &places.to_string()));
    }
    for line in row.notes.iter().flat_map(|notes| notes.lines()) {
        let line = squeeze(line);
        if !line.is_empty() {
            say("notes", &line);
        }
    }
    for column in [Column::Hub, Column::HubReference, Column::Address, Column::Postcode] {
        let text = squeeze(&row.cell(column));
        if !text.is_empty() {
            say(column.code(), &text);
        }
    }
    for column in [
        Column::Source,
        Column::Campaign,
        Column::FosteringType,
        Column::Officer,
        Column::PausedFrom,
        Column::PausedTo,
        Column::PauseReason,
        Column::InTouchFrom,
        Column::ContactAgainOn,
    ] {
        let text = row.cell(column);
        if !text.is_empty() {
            say(column.code(), &text);
        }
    }
    found
}

/// Half of a hash: a row has few cells, and what is at stake is a remark in a preview.
pub fn half_hash<T: Hash>(of: &T) -> u32 {
    let mut hasher = DefaultHasher::new();
    of.hash(&mut hasher);
    #[allow(clippy::cast_possible_truncation, reason = "half of it is wanted")]
    let half = hasher.finish() as u32;
    half
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::household::Applicant;

    #[test]
    fn spelling_says_nothing_new() {
        let row = |name: &str, phone: &str, notes: &str| EnquiryRow {
            applicants: vec![Applicant { name: name.to_owned(), phone: Some(phone.to_owned()), email: None }],
            notes: Some(notes.to_owned()),
            ..EnquiryRow::default()
        };
        let known = hashes(&row("Łukasz Nowak", "07700900123; 01632960123", "rang back\nkeen"));
        let new = |row: EnquiryRow| hashes(&row).into_iter().filter(|cell| !known.contains(cell)).count();
        assert_eq!(new(row("lukasz  nowak", "01632960123", "Keen!")), 0);
        assert_eq!(new(row("?ukasz Nowak", "01632960123", "")), 0);
        assert_eq!(new(row("Lukasz Nowak", "01632960124", "keen to start")), 2);
    }
}
