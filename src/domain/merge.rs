//! Two households that are one: which field is whose, who of them is the same person, and what of an enquiry that was
//! logged twice goes to the other (import rule 18, counting rules 3 and 17).

use std::collections::BTreeSet;

use super::day::Day;
use super::household::{Answer, Applicant};
use super::ids::EnquiryId;
use super::instant::Instant;
use super::ledger::Facts;
use super::milestone::MilestoneKind;
use super::text::fold::fold;
use super::text::{phone, sound};
use crate::coded;

pub mod details;

/// Two enquiries further apart than this are no duplicates of one another (import rule 18).
pub const DUPLICATE_WITHIN: i64 = 365;
/// So long a merge can be undone.
pub const UNDO_DAYS: i64 = 30;

coded! {
    /// Whose value a field takes.
    pub enum Side {
        /// Of the household that is kept.
        Kept = "kept", "The first";
        /// Of the one that goes into it.
        Goes = "goes", "The second";
        /// Several telephone numbers or e-mail addresses.
        Both = "both", "Both";
    }
}

/// What is recorded of a household, as people know it.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Portrait {
    pub applicants: Vec<Applicant>,
    pub address: Option<String>,
    pub postcode: Option<String>,
    pub language: Option<String>,
    pub contact_hours: Option<String>,
    pub message_allowed: Answer,
    pub consent_to_contact: Answer,
}

impl Portrait {
    /// As it was put down; None where it is no longer kept.
    pub fn read(json: Option<&str>) -> Option<Portrait> {
        serde_json::from_str(json?).ok()
    }
}

/// The last instant at which a merge or a separation can be undone.
pub fn undo_until(at: Instant) -> Instant {
    at.plus_milliseconds(UNDO_DAYS * 24 * 60 * 60 * 1000)
}

/// A value that the two households differ in, or agree on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// As a form sends it: `address`, `phone_2`.
    pub name: String,
    pub label: &'static str,
    pub kept: String,
    pub goes: String,
    /// Both together, where that makes sense.
    pub both: Option<String>,
    /// What is taken where nobody chooses.
    pub offered: Side,
}

impl Field {
    /// Each has a value of its own, so that somebody has to choose.
    pub fn differs(&self) -> bool {
        !self.kept.is_empty() && !self.goes.is_empty() && self.kept != self.goes
    }

    pub fn value(&self, side: Side) -> &str {
        match side {
            Side::Kept => &self.kept,
            Side::Goes => &self.goes,
            Side::Both => self.both.as_deref().unwrap_or(&self.kept),
        }
    }
}

/// Somebody of one household, and the same person in the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pairing {
    /// Their places among the applicants.
    pub kept: Option<usize>,
    pub goes: Option<usize>,
}

/// Who is the same person: by name, whatever the spelling. Those of the kept household first, in their order.
pub fn pair(kept: &[Applicant], goes: &[Applicant]) -> Vec<Pairing> {
    let mut left: Vec<usize> = (0..goes.len()).collect();
    let mut pairings: Vec<Pairing> = Vec::new();
    for (at, applicant) in kept.iter().enumerate() {
        let exact = left.iter().position(|other| fold(&goes[*other].name) == fold(&applicant.name));
        let found = exact.or_else(|| left.iter().position(|other| sound::alike(&goes[*other].name, &applicant.name)));
        pairings.push(Pairing { kept: Some(at), goes: found.map(|found| left.remove(found)) });
    }
    pairings.extend(left.into_iter().map(|other| Pairing { kept: None, goes: Some(other) }));
    pairings
}

/// The fields of each person, then those of the home. `newer` is the household that was heard of last: it is believed
/// where the two differ. Numbers are kept both, and a no is never lost.
pub fn fields(kept: &Portrait, goes: &Portrait, newer: Side) -> (Vec<Vec<Field>>, Vec<Field>) {
    let nobody = Applicant::default();
    let people = pair(&kept.applicants, &goes.applicants).into_iter().enumerate().map(|(at, pairing)| {
        let one = pairing.kept.map_or(&nobody, |at| &kept.applicants[at]);
        let other = pairing.goes.map_or(&nobody, |at| &goes.applicants[at]);
        person(at + 1, one, other, newer)
    });
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let simple = |name: &str, label, of: fn(&Portrait) -> &Option<String>| {
        field(name.to_owned(), label, text(of(kept)), text(of(goes)), None, newer)
    };
    let home = vec![
        address(kept, goes, newer),
        answer("message_allowed", "Leave a message", kept.message_allowed, goes.message_allowed, newer),
        answer("consent_to_contact", "Consent to contact", kept.consent_to_contact, goes.consent_to_contact, newer),
        simple("contact_hours", "When to contact them", |it| &it.contact_hours),
        simple("language", "Language", |it| &it.language),
    ];
    (people.collect(), home)
}

/// Where they live, chosen as one: the street of the one with the postcode of the other would be nobody's.
fn address(kept: &Portrait, goes: &Portrait, newer: Side) -> Field {
    let words = |it: &Portrait| {
        [it.address.as_deref(), it.postcode.as_deref()].into_iter().flatten().collect::<Vec<_>>().join(", ")
    };
    let (mut one, mut other) = (words(kept), words(goes));
    if let Some(home) = one_home(kept, goes) {
        let both = Portrait { address: home.0, postcode: home.1, ..Portrait::default() };
        (one, other) = (words(&both), words(&both));
    }
    field("address".to_owned(), "Address", one, other, None, newer)
}

/// Address and postcode of the side that was chosen, or of both where they say nothing against each other.
pub fn home(kept: &Portrait, goes: &Portrait, side: Side) -> (Option<String>, Option<String>) {
    let of = |it: &Portrait| (it.address.clone(), it.postcode.clone());
    one_home(kept, goes).unwrap_or_else(|| of(if side == Side::Goes { goes } else { kept }))
}

fn one_home(kept: &Portrait, goes: &Portrait) -> Option<(Option<String>, Option<String>)> {
    let fits = |one: &Option<String>, other: &Option<String>| match (one, other) {
        (Some(one), Some(other)) => fold(one) == fold(other),
        _ => true,
    };
    let fit = fits(&kept.address, &goes.address) && fits(&kept.postcode, &goes.postcode);
    let or = |one: &Option<String>, other: &Option<String>| one.clone().or_else(|| other.clone());
    fit.then(|| (or(&kept.address, &goes.address), or(&kept.postcode, &goes.postcode)))
}

fn person(number: usize, kept: &Applicant, goes: &Applicant, newer: Side) -> Vec<Field> {
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let phones = joined(kept.phones().chain(goes.phones()), |phone| phone.to_owned());
    let emails = joined(kept.emails().chain(goes.emails()), str::to_lowercase);
    let name = |of: &str| format!("{of}_{number}");
    vec![
        // The record that stays goes on under its name.
        field(name("name"), "Name", kept.name.clone(), goes.name.clone(), None, Side::Kept),
        field(name("phone"), "Telephone", text(&kept.phone), text(&goes.phone), phones, newer),
        field(name("email"), "E-mail", text(&kept.email), text(&goes.email), emails, newer),
    ]
}

fn field(name: String, label: &'static str, kept: String, goes: String, both: Option<String>, newer: Side) -> Field {
    let offered = match (kept.is_empty(), goes.is_empty()) {
        (false, true) => Side::Kept,
        (true, false) => Side::Goes,
        _ if kept == goes => Side::Kept,
        _ if both.is_some() => Side::Both,
        _ => newer,
    };
    Field { name, label, kept, goes, both, offered }
}

fn answer(name: &str, label: &'static str, kept: Answer, goes: Answer, newer: Side) -> Field {
    let words = |answer: Answer| if answer == Answer::NotAsked { String::new() } else { answer.label().to_owned() };
    let field = field(name.to_owned(), label, words(kept), words(goes), None, newer);
    let no = match (kept, goes) {
        (Answer::No, Answer::Yes) => Some(Side::Kept),
        (Answer::Yes, Answer::No) => Some(Side::Goes),
        _ => None,
    };
    Field { offered: no.unwrap_or(field.offered), ..field }
}

/// Each once; None where one of them has nothing that the other has not.
fn joined<'a>(values: impl Iterator<Item = &'a str>, compared: impl Fn(&str) -> String) -> Option<String> {
    let mut seen = BTreeSet::new();
    let each: Vec<_> = values.filter(|value| seen.insert(compared(value))).collect();
    (each.len() > 1).then(|| each.join(phone::JOINED_BY))
}

/// What an enquiry of the one household is to the other household.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// A second enquiry: it counts again (counting rule 3).
    CameBack,
    /// Logged twice: it is closed as a duplicate and counts nowhere.
    SameAs(EnquiryId),
}

/// What is most likely. A second enquiry lies more than a year from the first, or begins when the first has ended. None
/// where it has to be asked: what is under way would end, or rest, with what has ended or rests; but to count it again is
/// no answer either where the two lie close together.
pub fn suggested(enquiry: &Facts, others: &[(EnquiryId, Facts)], today: Day) -> Option<Fate> {
    let Some(day) = enquiry.day_received() else { return Some(Fate::CameBack) };
    let apart = |facts: &Facts| facts.day_received().map(|other| other.days_until(day));
    let goes_on = |facts: &Facts| is_under_way(enquiry, today) && !is_under_way(facts, today);
    let same = others.iter().filter(|(_, facts)| {
        apart(facts).is_some_and(|days| {
            let (earlier, later) = if days >= 0 { (facts, day) } else { (enquiry, day.plus_days(to_days(-days))) };
            days.abs() <= DUPLICATE_WITHIN && !ended_by(earlier, later)
        })
    });
    let nearest = same.min_by_key(|(id, facts)| (goes_on(facts), apart(facts).map(i64::abs), *id));
    match nearest.filter(|_| may_be_duplicate(enquiry)) {
        None => Some(Fate::CameBack),
        Some((_, facts)) if goes_on(facts) => None,
        Some((id, _)) => Some(Fate::SameAs(*id)),
    }
}

/// Open, and neither paused nor kept in touch with for later.
fn is_under_way(facts: &Facts, today: Day) -> bool {
    let rests = facts.pauses.iter().any(|it| it.holds_on(today)) || facts.in_touch.iter().any(|it| it.holds_on(today));
    facts.closure().is_none() && !rests
}

fn to_days(days: i64) -> i32 {
    i32::try_from(days).unwrap_or(i32::MAX)
}

fn ended_by(facts: &Facts, day: Day) -> bool {
    let approved = facts.first_on(MilestoneKind::Approved).is_some_and(|on| on <= day);
    approved || facts.closure_by(day).is_some()
}

/// An approved household is a fact that no other enquiry can take over.
pub fn may_be_duplicate(enquiry: &Facts) -> bool {
    enquiry.first(MilestoneKind::Approved).is_none()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ledger::given::facts;
    use crate::domain::pause::InTouch;

    fn applicant(name: &str, phone: &str, email: &str) -> Applicant {
        let text = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        Applicant { name: name.to_owned(), phone: text(phone), email: text(email) }
    }

    #[test]
    fn people_are_paired_by_name_whatever_the_spelling_and_order() {
        let kept = [applicant("Sara Harker", "", ""), applicant("Tom Reed", "", "")];
        let goes = [applicant("TOM  REED", "", ""), applicant("Sarah Harker", "", ""), applicant("Ann Lee", "", "")];
        let pairs: Vec<_> = pair(&kept, &goes).iter().map(|it| (it.kept, it.goes)).collect();
        assert_eq!(pairs, [(Some(0), Some(1)), (Some(1), Some(0)), (None, Some(2))]);
        assert_eq!(pair(&[], &goes).len(), 3);
    }

    #[test]
    fn what_only_one_has_is_kept_numbers_are_kept_both_and_a_no_is_never_lost() {
        let kept = Portrait {
            applicants: vec![applicant("Sue Harker", "07700900001", "sue@example.org")],
            address: Some("1 High Street".to_owned()),
            message_allowed: Answer::No,
            consent_to_contact: Answer::Yes,
            ..Portrait::default()
        };
        let goes = Portrait {
            applicants: vec![applicant("Sue Harker", "07700900001; 07700900002", "SUE@example.org")],
            address: Some("2 Low Street".to_owned()),
            language: Some("Polish".to_owned()),
            message_allowed: Answer::Yes,
            ..Portrait::default()
        };
        let (people, home) = fields(&kept, &goes, Side::Goes);
        let offered: Vec<_> = people[0].iter().chain(&home).map(|it| it.value(it.offered).to_owned()).collect();
        let expected =
            ["Sue Harker", "07700900001; 07700900002", "SUE@example.org", "2 Low Street", "No", "Yes", "", "Polish"];
        assert_eq!(offered, expected);
        let differ: Vec<_> =
            people[0].iter().chain(&home).filter(|it| it.differs()).map(|it| it.name.as_str()).collect();
        assert_eq!(differ, ["phone_1", "email_1", "address", "message_allowed"]);
    }

    #[test]
    fn a_home_is_chosen_as_one() {
        let at = |address: &str, postcode: &str| {
            let text = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
            Portrait { address: text(address), postcode: text(postcode), ..Portrait::default() }
        };
        let chosen = |kept: &Portrait, goes: &Portrait, side| {
            let (address, postcode) = home(kept, goes, side);
            [address, postcode].into_iter().flatten().collect::<Vec<_>>().join(", ")
        };
        let (gardens, elsewhere) = (at("134 Harebell Gardens", "SR10 8AF"), at("", "SR4 7ZQ"));
        assert!(address(&gardens, &elsewhere, Side::Goes).differs());
        assert_eq!(chosen(&gardens, &elsewhere, Side::Kept), "134 Harebell Gardens, SR10 8AF");
        assert_eq!(chosen(&gardens, &elsewhere, Side::Goes), "SR4 7ZQ", "no street of the other's");
        let same = at("", "sr10 8af");
        assert!(!address(&same, &gardens, Side::Kept).differs(), "one says more than the other");
        assert_eq!(chosen(&same, &gardens, Side::Kept), "134 Harebell Gardens, sr10 8af");
    }

    #[test]
    fn a_second_enquiry_lies_over_a_year_away_or_begins_when_the_first_has_ended() {
        use MilestoneKind::{Approved, Closed};
        let (first, today): (_, Day) = (EnquiryId(7), "2026-03-10".parse().unwrap());
        for (enquiry, other, expected) in [
            (facts("2025-03-10", &[]), facts("2025-03-01", &[]), Some(Fate::SameAs(first))),
            (facts("2025-03-01", &[]), facts("2025-03-10", &[]), Some(Fate::SameAs(first))),
            (facts("2026-03-01", &[]), facts("2025-03-01", &[]), Some(Fate::SameAs(first))),
            (facts("2026-03-02", &[]), facts("2025-03-01", &[]), Some(Fate::CameBack)),
            (facts("2025-09-01", &[]), facts("2025-03-01", &[(Closed, "2025-06-01")]), Some(Fate::CameBack)),
            // Under way beside what has ended: closed as its duplicate, nobody would hear of them again; counted again, the
            // family would be two.
            (facts("2025-05-01", &[]), facts("2025-03-01", &[(Closed, "2025-06-01")]), None),
            (
                facts("2025-05-01", &[(Closed, "2025-07-01")]),
                facts("2025-03-01", &[(Closed, "2025-06-01")]),
                Some(Fate::SameAs(first)),
            ),
            (facts("2025-09-01", &[]), facts("2025-03-01", &[(Approved, "2025-08-01")]), Some(Fate::CameBack)),
            (facts("2025-03-01", &[(Closed, "2025-06-01")]), facts("2025-09-01", &[]), Some(Fate::CameBack)),
            (facts("2025-03-10", &[(Approved, "2025-08-01")]), facts("2025-03-01", &[]), Some(Fate::CameBack)),
        ] {
            assert_eq!(suggested(&enquiry, &[(first, other.clone())], today), expected, "{enquiry:?} beside {other:?}");
        }
        let near = [(EnquiryId(1), facts("2025-01-01", &[])), (EnquiryId(2), facts("2025-03-05", &[]))];
        assert_eq!(suggested(&facts("2025-03-10", &[]), &near, today), Some(Fate::SameAs(EnquiryId(2))));
        assert_eq!(suggested(&Facts::default(), &near, today), Some(Fate::CameBack));
        // Kept in touch with for later beside what is under way: only the one that rests may go without being asked.
        let (active, mut rests) = (facts("2025-03-10", &[]), facts("2025-03-01", &[]));
        rests.in_touch = vec![InTouch { from: "2025-06-01".parse().unwrap(), to: None, contact_again_on: None }];
        assert_eq!(suggested(&active, &[(first, rests.clone())], today), None);
        assert_eq!(suggested(&rests, &[(first, active)], today), Some(Fate::SameAs(first)));
    }
}
