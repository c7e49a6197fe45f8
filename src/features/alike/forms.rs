use super::actions::{Joined, Merge};
use super::find::{Enquiry, Two, offers};
use crate::domain::day::Day;
use crate::domain::household::{Answer, Applicant};
use crate::domain::ids::EnquiryId;
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
    for enquiry in &two.goes.enquiries {
        let suggested = two.suggested(enquiry, today).map(|suggested| match suggested {
            Fate::SameAs(other) => other.to_string(),
            Fate::CameBack => CAME_BACK.to_owned(),
        });
        values.extend(suggested.map(|suggested| (fate(enquiry.row.id), suggested)));
        for other in &two.kept.enquiries {
            let field = bring(enquiry.row.id, other.row.id);
            values.extend(offers(enquiry, other, today).into_iter().map(|(offer, _)| (field.clone(), offer.code())));
        }
    }
    Form::of(values)
}

/// Whether somebody whom only the second household has is an applicant of the one.
pub fn also(number: usize) -> String {
    format!("also_{number}")
}

pub fn fate(enquiry: EnquiryId) -> String {
    format!("fate_{enquiry}")
}

pub fn bring(enquiry: EnquiryId, other: EnquiryId) -> String {
    format!("bring_{enquiry}_{other}")
}

pub fn parse(form: &mut Form, two: &Two, today: Day) -> Option<Merge> {
    let portrait = portrait(form, two);
    let enquiries: Vec<_> = two.goes.enquiries.iter().filter_map(|it| joined(form, two, it, today)).collect();
    let merge = Merge {
        kept: two.kept.household.id,
        goes: two.goes.household.id,
        seen: form.value("seen").to_owned(),
        portrait,
        enquiries,
    };
    form.is_valid().then_some(merge)
}

fn portrait(form: &mut Form, two: &Two) -> Portrait {
    let (kept, goes) = (&two.kept.portrait, &two.goes.portrait);
    let (people, home) = fields(kept, goes, two.newer());
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
    let brings = offered.filter(|offer| wanted.contains(&offer.code())).collect();
    Some(Joined { enquiry: id, fate: Fate::SameAs(other.row.id), brings })
}
