use std::collections::BTreeSet;

use super::actions::{Joined, Merge, given_twice};
use super::find::{Enquiry, Two};
use super::offers::{Offer, choices, offers};
use crate::domain::day::Day;
use crate::domain::household::{Answer, Applicant};
use crate::domain::ids::EnquiryId;
use crate::domain::merge::details::details;
use crate::domain::merge::{self, Fate, Field, Portrait, Side, fields, may_be_duplicate, pair};
use crate::features::households::MOST_APPLICANTS;
use crate::web::Form;

pub const CAME_BACK: &str = "back";

/// The form as it is first shown: what is most likely.
pub fn offered(two: &Two, today: Day) -> Form {
    let (people, home) = fields(&two.kept.portrait, &two.goes.portrait, two.newer());
    let mut values: Vec<(String, String)> = vec![("seen".to_owned(), two.seen.clone())];
    let differing = people.iter().flatten().chain(&home).filter(|field| field.differs());
    values.extend(differing.map(|field| (field.name.clone(), field.offered.code().to_owned())));
    let mut before: Vec<(Fate, &Enquiry)> = Vec::new();
    for enquiry in &two.goes.enquiries {
        let suggested = two.suggested(enquiry, today);
        values.extend(suggested.map(|suggested| (fate(enquiry.row.id), fate_code(suggested))));
        for other in &two.kept.enquiries {
            let to_it = before.iter().filter(|(fate, _)| *fate == Fate::SameAs(other.row.id)).map(|(_, it)| *it);
            let given: Vec<_> = to_it.collect();
            let offers = offers(enquiry, other, today).into_iter().map(|(offer, _)| offer);
            let offers = offers.filter(|offer| !given.iter().any(|it| is_otherwise(offer, enquiry, it)));
            let field = bring(enquiry.row.id, other.row.id);
            values.extend(offers.map(|offer| (field.clone(), offer.code())));
            let choices = choices(enquiry, other).into_iter();
            values.extend(choices.map(|(_, field)| (field.name, field.offered.code().to_owned())));
        }
        before.extend(suggested.map(|suggested| (suggested, enquiry)));
    }
    Form::of(values)
}

/// Of two that could give a detail, each otherwise, the newer is offered.
fn is_otherwise(offer: &Offer, enquiry: &Enquiry, newer: &Enquiry) -> bool {
    let differ = details(&enquiry.facts, &newer.facts).into_iter().filter(|it| it.instead.is_some());
    differ.map(|it| Offer::Detail(it.name)).any(|it| it == *offer)
}

/// Whether somebody whom only the second household has is an applicant of the one.
pub fn also(number: usize) -> String {
    format!("also_{number}")
}

pub fn fate(enquiry: EnquiryId) -> String {
    format!("fate_{enquiry}")
}

fn fate_code(fate: Fate) -> String {
    match fate {
        Fate::SameAs(other) => other.to_string(),
        Fate::CameBack => CAME_BACK.to_owned(),
    }
}

/// What was said of each enquiry: the one that it is the same as, or that they came back.
pub fn fates(form: &Form) -> Vec<(EnquiryId, Option<EnquiryId>)> {
    let asked = form.names().filter_map(|name| name.strip_prefix("fate_")?.parse().ok());
    let asked: BTreeSet<EnquiryId> = asked.collect();
    let said = asked.into_iter().filter_map(|enquiry| match form.value(&fate(enquiry)) {
        CAME_BACK => Some((enquiry, None)),
        other => Some((enquiry, Some(other.parse().ok()?))),
    });
    said.collect()
}

pub fn bring(enquiry: EnquiryId, other: EnquiryId) -> String {
    format!("bring_{enquiry}_{other}")
}

pub fn parse(form: &mut Form, two: &Two, today: Day) -> Option<Merge> {
    let portrait = portrait(form, (&two.kept.portrait, &two.goes.portrait), two.newer());
    let enquiries: Vec<_> = two.goes.enquiries.iter().filter_map(|it| joined(form, two, it, today)).collect();
    if let Some((from, to, sentence)) = given_twice(two, &enquiries) {
        form.fail(&bring(from, to), sentence);
    }
    let merge = Merge {
        kept: two.kept.household.id,
        goes: two.goes.household.id,
        seen: form.value("seen").to_owned(),
        portrait,
        enquiries,
    };
    form.is_valid().then_some(merge)
}

/// The household as somebody chose it of the two.
pub fn portrait(form: &mut Form, (kept, goes): (&Portrait, &Portrait), newer: Side) -> Portrait {
    let (people, home) = fields(kept, goes, newer);
    let mut applicants = Vec::new();
    for (at, (pairing, of_person)) in pair(&kept.applicants, &goes.applicants).into_iter().zip(&people).enumerate() {
        let [name, phone, email] = of_person.as_slice() else { continue };
        if pairing.kept.is_some() || form.is_chosen(&also(at + 1), "yes") {
            let name = chosen(form, name).unwrap_or_default();
            applicants.push(Applicant { name, phone: chosen(form, phone), email: chosen(form, email) });
        }
    }
    if applicants.len() > MOST_APPLICANTS {
        form.fail(&also(people.len()), format!("A household has at most {MOST_APPLICANTS} applicants. Leave some out"));
    }
    let side = home.iter().find(|field| field.name == "address").and_then(|field| side(form, field));
    let (address, postcode) = merge::home(kept, goes, side.unwrap_or(Side::Kept));
    let mut value = |name: &str| home.iter().find(|field| field.name == name).and_then(|field| chosen(form, field));
    Portrait {
        applicants,
        address,
        postcode,
        language: value("language"),
        contact_hours: value("contact_hours"),
        message_allowed: answer(value("message_allowed")),
        consent_to_contact: answer(value("consent_to_contact")),
    }
}

/// Where the two differ, what was chosen; else what there is.
fn chosen(form: &mut Form, field: &Field) -> Option<String> {
    let side = side(form, field)?;
    Some(field.value(side).to_owned()).filter(|value| !value.is_empty())
}

fn side(form: &mut Form, field: &Field) -> Option<Side> {
    if !field.differs() {
        return Some(field.offered);
    }
    let sentence = format!("Choose which is right: {}", field.label.to_lowercase());
    let side = form.required_choice(&field.name, &sentence)?;
    if side == Side::Both && field.both.is_none() {
        form.fail(&field.name, sentence);
    }
    Some(side)
}

fn answer(label: Option<String>) -> Answer {
    Answer::ALL.iter().copied().find(|answer| Some(answer.label()) == label.as_deref()).unwrap_or_default()
}

fn joined(form: &mut Form, two: &Two, enquiry: &Enquiry, today: Day) -> Option<Joined> {
    let id = enquiry.row.id;
    let field = fate(id);
    let said = form.required(&field, &format!("Say what {} is", enquiry.row.reference))?;
    if said == CAME_BACK {
        return Some(Joined { enquiry: id, fate: Fate::CameBack, brings: Vec::new() });
    }
    let other = said.parse().ok().and_then(|other| two.enquiry_of_kept(other));
    let Some(other) = other.filter(|_| may_be_duplicate(&enquiry.facts)) else {
        form.fail(&field, format!("Say what {} is", enquiry.row.reference));
        return None;
    };
    let wanted: Vec<_> = form.values(&bring(id, other.row.id)).map(str::to_owned).collect();
    let offered = offers(enquiry, other, today).into_iter().map(|(offer, _)| offer);
    let mut brings: Vec<_> = offered.filter(|offer| wanted.contains(&offer.code())).collect();
    for (name, field) in choices(enquiry, other) {
        if side(form, &field) == Some(Side::Goes) {
            brings.push(Offer::Detail(name));
        }
    }
    Some(Joined { enquiry: id, fate: Fate::SameAs(other.row.id), brings })
}
