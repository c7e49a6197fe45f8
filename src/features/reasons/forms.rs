//! What an administrator types of a reason.

use super::actions::NewReason;
use super::queries::Reason;
use crate::domain::reason::{Applies, EndedBy, ReasonCode};
use crate::web::Form;
use crate::web::form::Choice;

/// In characters: it stands in tables and menus.
const LONGEST: usize = 60;

pub fn new(form: &mut Form) -> Option<NewReason> {
    let label = label(form);
    let ended_by = form.required_choice::<EndedBy>("ended_by", "Choose who ends an enquiry for this reason");
    let applies = form.required_choice::<Applies>("applies", "Choose when it can be given");
    if ended_by.is_some_and(|ended_by| !ENDED_BY.contains(&ended_by)) {
        form.fail("ended_by", "Choose the applicant or the service");
    }
    // Ofsted's return knows its own codes only.
    if ended_by == Some(EndedBy::Applicant) && applies.is_some_and(|applies| applies != Applies::BeforeApplying) {
        form.fail("applies", "After applying, an applicant's reasons are Ofsted's. Choose before applying");
    }
    let new = NewReason { label: label?, ended_by: ended_by?, applies: applies? };
    form.is_valid().then_some(new)
}

/// Transfers and duplicates have one reason each, which rules know.
const ENDED_BY: [EndedBy; 2] = [EndedBy::Applicant, EndedBy::Service];

pub fn ended_by_choices() -> Vec<Choice> {
    Choice::all(&ENDED_BY, EndedBy::code, EndedBy::label)
}

pub fn applies_choices() -> Vec<Choice> {
    Choice::all(Applies::ALL, Applies::code, Applies::label)
}

pub fn of(reason: &Reason) -> Form {
    Form::of([("label", reason.label.as_str()), ("in_use", if reason.in_use { "yes" } else { "" })]).opened()
}

/// The words, and whether it is offered.
pub fn changed(form: &mut Form) -> Option<(String, bool)> {
    let label = label(form)?;
    let in_use = form.is_chosen("in_use", "yes");
    form.is_valid().then_some((label, in_use))
}

/// What they had before them.
pub fn before(form: &Form, reason: &Reason) -> Reason {
    Reason {
        code: ReasonCode(reason.code.0.clone()),
        label: form.was("label").to_owned(),
        in_use: form.was("in_use") == "yes",
        ..reason.clone()
    }
}

fn label(form: &mut Form) -> Option<String> {
    let label = form.required("label", "Enter the reason in a few words")?;
    if label.chars().count() > LONGEST {
        form.fail("label", format!("Use at most {LONGEST} characters"));
    }
    Some(label)
}
