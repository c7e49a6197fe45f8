use crate::domain::day::Day;
use crate::domain::pause::{Pause, PauseReason};
use crate::features::access::understood;
use crate::web::Form;
use crate::web::form::Choice;

pub fn empty(today: Day) -> Form {
    understood(Form::of([("from", today.short())]), &["from"], today)
}

pub fn of(pause: &Pause) -> Form {
    Form::of([
        ("from", pause.from.short()),
        ("to", pause.to.map(Day::short).unwrap_or_default()),
        ("reason", pause.reason.code().to_owned()),
    ])
}

pub fn pause(form: &mut Form, today: Day) -> Option<Pause> {
    let from = form.required_day("from", today, "Enter the date from which it is paused");
    let to = form.day("to", today);
    let reason = form.required_choice("reason", "Choose why it is paused");
    let pause = Pause { from: from?, to, reason: reason? };
    form.is_valid().then_some(pause)
}

/// The first day on which it goes on.
pub fn ending(form: &mut Form, today: Day) -> Option<Day> {
    form.required_day("to", today, "Enter the first day on which they go on")
}

pub fn why(form: &mut Form) -> Option<String> {
    form.required("why", "Say why, in a few words: it is shown in the history")
}

/// `keep` is what a pause from a file may hold and nobody chooses.
pub fn reasons(keep: Option<PauseReason>) -> Vec<Choice> {
    PauseReason::ALL
        .iter()
        .filter(|reason| **reason != PauseReason::NotRecorded || Some(**reason) == keep)
        .map(|reason| Choice::of(reason.code(), reason.label()))
        .collect()
}
