use super::rows::Act;
use crate::domain::day::Day;
use crate::domain::milestone::MilestoneResult;
use crate::domain::note::NoteKind;
use crate::features::notes::NewNote;
use crate::web::Form;

/// In characters.
const LONGEST: usize = 2_000;

/// What was said, and the day on which to try or to ring again.
pub struct Contact {
    pub note: NewNote,
    pub again: Option<Day>,
}

pub fn contact(form: &mut Form, today: Day) -> Option<Contact> {
    let kind = form.required_choice::<NoteKind>("kind", "Choose how you tried to reach them");
    let on = past(form, "on", today, "Enter the day on which you spoke or tried");
    let again = form.day_ahead("again_on", today);
    if kind == Some(NoteKind::NoAnswer) && form.text("again_on").is_none() {
        form.fail("again_on", "Enter the day on which to try again");
    }
    let body = text(form, "note");
    let contact = Contact { note: NewNote { kind: kind?, on: on?, body }, again };
    form.is_valid().then_some(contact)
}

pub fn milestone(form: &mut Form, act: &Act, today: Day) -> Option<(Day, Option<MilestoneResult>)> {
    let on = past(form, "on", today, "Enter the day on which it happened");
    let result = form.choice::<MilestoneResult>("result", "Choose one of the results in the list");
    if let (Act::Milestone { kind, .. }, Some(result)) = (act, result)
        && !kind.results().contains(&result)
    {
        form.fail("result", "Choose one of the results in the list");
    }
    let read = (on?, result);
    form.is_valid().then_some(read)
}

pub fn outcome(form: &mut Form) -> Option<String> {
    let outcome = text(form, "outcome");
    form.is_valid().then_some(outcome)
}

pub fn again(form: &mut Form, today: Day) -> Option<Day> {
    form.required_day_ahead("again_on", today, "Enter the day on which to try again")
}

fn past(form: &mut Form, field: &str, today: Day, sentence: &str) -> Option<Day> {
    let on = form.required_day(field, today, sentence)?;
    if on > today {
        form.fail(field, "Enter today or a day before: it is recorded when it has happened");
    }
    Some(on)
}

fn text(form: &mut Form, field: &str) -> String {
    let text = form.text(field).unwrap_or_default();
    if text.chars().count() > LONGEST {
        form.fail(field, format!("Use at most {LONGEST} characters; write a note on the record for more"));
    }
    text
}
