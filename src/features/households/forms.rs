use super::actions::HouseholdForm;
use super::queries::{Applicant, Household};
use crate::domain::household::Answer;
use crate::domain::text::{LONGEST_LINE, LONGEST_LINES, email, phone, postcode, tidy};
use crate::web::Form;
use crate::web::form::Choice;

/// A household has one or two applicants, seldom more.
pub const MOST_APPLICANTS: usize = 6;

pub fn of(household: &Household, applicants: &[Applicant]) -> Form {
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let mut form = Form::of([
        ("address", text(&household.address)),
        ("postcode", text(&household.postcode)),
        ("language", text(&household.language)),
        ("contact_hours", text(&household.contact_hours)),
        ("message_allowed", household.message_allowed.code().to_owned()),
        ("consent_to_contact", household.consent_to_contact.code().to_owned()),
        ("version", household.version.to_string()),
    ]);
    for (number, applicant) in (1..).zip(applicants) {
        form.set(&format!("name_{number}"), applicant.name.clone());
        form.set(&format!("phone_{number}"), text(&applicant.phone));
        form.set(&format!("email_{number}"), text(&applicant.email));
    }
    form.opened()
}

/// The household as somebody wants it to be.
pub fn household(form: &mut Form, now: &Household, recorded: &[Applicant]) -> Option<HouseholdForm> {
    let applicants: Vec<_> = (1..=MOST_APPLICANTS).filter_map(|number| applicant(form, number, recorded)).collect();
    if applicants.is_empty() {
        form.fail("name_1", "Enter the name of at least one applicant");
    }
    let household = Household {
        id: now.id,
        address: short_text(form, "address"),
        postcode: postcode(form, now.postcode.as_deref()),
        language: short_text(form, "language"),
        contact_hours: short_text(form, "contact_hours"),
        message_allowed: answer(form, "message_allowed"),
        consent_to_contact: answer(form, "consent_to_contact"),
        version: form.value("version").parse().unwrap_or(0),
    };
    form.is_valid().then_some(HouseholdForm { household, applicants })
}

/// None where the whole row is empty: a person is taken off by emptying their row.
fn applicant(form: &mut Form, number: usize, recorded: &[Applicant]) -> Option<Applicant> {
    let field = |name: &str| format!("{name}_{number}");
    let name = form.text(&field("name")).map(|name| tidy(&name));
    let phone = telephones(form, &field("phone"), recorded);
    let email = form.text(&field("email"));
    if let Some(Err(wrong)) = email.as_deref().map(email::parse) {
        form.fail(&field("email"), wrong.to_string());
    }
    if name.is_none() && (phone.is_some() || email.is_some()) {
        form.fail(&field("name"), "Enter whose telephone or e-mail this is, or take it off too");
    }
    let name = name?;
    if name.chars().count() > LONGEST_LINE {
        form.fail(&field("name"), format!("Use at most {LONGEST_LINE} characters"));
    }
    Some(Applicant { name, email, phone })
}

/// What is recorded already may stay as it is: a file may have had half a number.
fn telephones(form: &mut Form, field: &str, recorded: &[Applicant]) -> Option<String> {
    let typed = form.text(field)?;
    if recorded.iter().any(|it| it.phone.as_deref() == Some(typed.as_str())) {
        return Some(typed);
    }
    phone::parse_several(&typed).map_err(|error| form.fail(field, error.to_string())).ok()
}

/// So may a postcode.
fn postcode(form: &mut Form, recorded: Option<&str>) -> Option<String> {
    let typed = form.text("postcode")?;
    match postcode::parse(&typed) {
        Ok(postcode) => Some(postcode),
        Err(_) if recorded == Some(typed.as_str()) => Some(typed),
        Err(_) => {
            let typed = tidy(&typed);
            form.fail("postcode", format!("“{typed}” cannot be a postcode. Leave it out if it is not known"));
            None
        }
    }
}

fn short_text(form: &mut Form, field: &str) -> Option<String> {
    let text = form.text(field)?;
    if text.chars().count() > LONGEST_LINES {
        form.fail(field, format!("Use at most {LONGEST_LINES} characters"));
    }
    Some(text)
}

fn answer(form: &mut Form, field: &str) -> Answer {
    form.choice(field, "Choose one of the answers").unwrap_or_default()
}

pub fn answers() -> Vec<Choice> {
    Choice::all(Answer::ALL, Answer::code, Answer::label)
}

/// The rows that are shown: those filled in, and one more.
pub fn rows(form: &Form) -> usize {
    let filled =
        |number: &usize| ["name", "phone", "email"].iter().any(|it| form.text(&format!("{it}_{number}")).is_some());
    let last = (1..=MOST_APPLICANTS).rfind(filled).unwrap_or(0);
    (last + 1).min(MOST_APPLICANTS)
}
