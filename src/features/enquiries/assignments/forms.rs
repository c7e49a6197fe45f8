use super::actions::Giving;
use crate::domain::day::Day;
use crate::domain::ids::UserId;
use crate::domain::ledger::{Attribute, AttributeName, Facts};
use crate::features::pipeline::{Assignable, Seen};
use crate::web::Form;
use crate::web::form::Choice;

const UNASSIGNED: &str = "unassigned";

/// With who has it now; a name without an account stands for itself in the lead only.
pub fn of(facts: &Facts, today: Day, seen: &Seen) -> Form {
    let officer = facts.latest_attribute(AttributeName::Officer).and_then(|officer| officer.user);
    Form::of([
        ("officer", officer.map(|user| user.to_string()).unwrap_or_default()),
        ("from", today.short()),
        ("seen", seen.0.clone()),
    ])
    .opened()
}

pub fn assignment(form: &mut Form, today: Day, people: &[Assignable]) -> Option<Giving> {
    let chosen = form.required("officer", "Choose who has it from now on");
    let from = form.required_day("from", today, "Enter the day from which they have it");
    if from.is_some_and(|from| from > today) {
        form.fail("from", "Enter today or a day before: it is recorded when it has happened");
    }
    let officer = match chosen?.as_str() {
        UNASSIGNED => None,
        id => match id.parse().ok().and_then(|id: UserId| people.iter().find(|person| person.id == id)) {
            Some(person) => Some((person.name.clone(), person.id)),
            None => {
                form.fail("officer", "Choose one of the people in the list");
                None
            }
        },
    };
    let naming = form.value("naming").parse().ok();
    let giving = Giving { officer, from: from?, seen: Seen(form.value("seen").to_owned()), naming };
    form.is_valid().then_some(giving)
}

pub fn choices(people: &[Assignable]) -> Vec<Choice> {
    let people = people.iter().map(|person| Choice::of(person.id.to_string(), person.name.clone()));
    people.chain([Choice::of(UNASSIGNED, "Unassigned")]).collect()
}

pub fn name(officer: Option<&Attribute>) -> String {
    officer.and_then(|officer| officer.value.clone()).unwrap_or_else(|| "Unassigned".to_owned())
}
