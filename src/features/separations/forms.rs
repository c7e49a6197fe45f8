use super::actions::{NextEnquiry, Separation};
use super::find::Together;
use crate::domain::day::Day;
use crate::domain::ids::{EnquiryId, UserId};
use crate::domain::separation::{GoesOn, Home, refused_day};
use crate::features::pipeline::Assignable;
use crate::web::Form;
use crate::web::form::Choice;

const LONGEST_NOTE: usize = 1_000;

/// The form as it is first shown. Who stays and who goes on is nobody's to guess.
pub fn empty(together: &Together) -> Form {
    Form::of([("home", Home::default().code().to_owned()), ("version", together.household.version.to_string())])
}

/// By place and name, so that a tick never means somebody else after the household was changed.
fn code(at: usize, name: &str) -> String {
    format!("{} {name}", at + 1)
}

pub fn people(together: &Together) -> Vec<Choice> {
    let people = together.portrait.applicants.iter().enumerate();
    people.map(|(at, it)| Choice::of(code(at, &it.name), it.name.clone())).collect()
}

/// Whether it was made from what the household still is.
pub fn is_current(form: &Form, together: &Together) -> bool {
    form.value("version") == together.household.version.to_string()
}

/// Those who are ticked, by name, whoever the household has now.
pub fn ticked(form: &Form) -> Vec<&str> {
    form.values("stays").filter_map(|code| code.split_once(' ')).map(|(_, name)| name).collect()
}

pub fn parse(
    form: &mut Form,
    together: &Together,
    enquiry: EnquiryId,
    today: Day,
    officers: &[Assignable],
) -> Option<Separation> {
    let on = form.required_day("separated_on", today, "Enter the day on which they separated");
    if let Some((on, day)) = on.zip(together.day_of(enquiry))
        && let Some(sentence) = refused_day(on, day, today)
    {
        form.fail("separated_on", sentence);
    }
    let stays = stays(form, together);
    let goes_on = form.required_choice("goes_on", "Say whether those who leave go on");
    let next = match goes_on {
        Some(GoesOn::Own) => Some(NextEnquiry { officer: officer(form, officers) }),
        _ => None,
    };
    let home = form.required_choice("home", "Say whose home the address is now").unwrap_or_default();
    let note = form.text("note");
    if note.as_ref().is_some_and(|note| note.chars().count() > LONGEST_NOTE) {
        form.fail("note", format!("Use at most {LONGEST_NOTE} characters; a note on the record can be longer"));
    }
    let separation = Separation {
        enquiry,
        household: together.household.id,
        version: together.household.version,
        on: on?,
        stays,
        home,
        next,
        note,
    };
    form.is_valid().then_some(separation)
}

/// The places of those who are ticked.
fn stays(form: &mut Form, together: &Together) -> Vec<usize> {
    let people = people(together);
    let stays: Vec<_> = (0..people.len()).filter(|at| form.is_chosen("stays", &people[*at].value)).collect();
    if stays.is_empty() {
        form.fail("stays", "Tick who goes on with this enquiry");
    } else if stays.len() == people.len() {
        form.fail("stays", "Everybody is ticked. Leave out who leaves");
    }
    stays
}

fn officer(form: &mut Form, officers: &[Assignable]) -> Option<(String, UserId)> {
    let chosen: UserId = form.choice("officer", "Choose one of the people in the list")?;
    let officer = officers.iter().find(|it| it.id == chosen);
    if officer.is_none() {
        form.fail("officer", "Choose one of the people in the list");
    }
    officer.map(|it| (it.name.clone(), it.id))
}

pub fn officers(officers: &[Assignable]) -> Vec<Choice> {
    officers.iter().map(|it| Choice::of(it.id.to_string(), it.name.clone())).collect()
}

pub fn homes() -> Vec<Choice> {
    Choice::all(Home::ALL, Home::code, Home::label)
}
