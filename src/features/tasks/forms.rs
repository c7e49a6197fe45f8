use super::actions::Wanted;
use super::queries::{Colleague, Task};
use crate::domain::day::Day;
use crate::domain::ids::UserId;
use crate::domain::task::Whose;
use crate::web::Form;
use crate::web::form::Choice;

/// In characters.
const LONGEST: usize = 300;
const LONGEST_OUTCOME: usize = 2_000;

/// For whoever writes it down, unless they say otherwise.
pub fn empty(me: UserId) -> Form {
    Form::of([("whose", me.to_string())])
}

pub fn of(task: &Task) -> Form {
    Form::of([("what", task.what.clone()), ("due_on", task.due.short()), ("whose", task.whose().code())]).opened()
}

/// `before` is the task that is changed: its day may be over.
pub fn wanted(
    form: &mut Form,
    today: Day,
    colleagues: &[Colleague],
    with_enquiry: bool,
    before: Option<&Task>,
) -> Option<Wanted> {
    let what = form.required("what", "Say what is to be done");
    if what.as_ref().is_some_and(|what| what.chars().count() > LONGEST) {
        form.fail("what", format!("Use at most {LONGEST} characters; what was said belongs in a note"));
    }
    let kept = before.map(|task| task.due).filter(|due| form.text("due_on") == Some(due.short()));
    let due = kept.or_else(|| form.required_day_ahead("due_on", today, "Enter the day by which it is to be done"));
    let whose = form.required_choice::<Whose>("whose", "Choose whose task it is");
    let there = match whose {
        Some(Whose::Person(user)) => {
            colleagues.iter().any(|colleague| colleague.id == user)
                || before.is_some_and(|task| task.user == Some(user))
        }
        Some(Whose::Officer) => with_enquiry,
        _ => true,
    };
    if !there {
        form.fail("whose", "Choose one of the people in the list");
    }
    let wanted = Wanted { what: what?, due: due?, whose: whose? };
    form.is_valid().then_some(wanted)
}

/// Whom a task may be given to. `officer` is the enquiry's, where it is about one.
pub fn choices(colleagues: &[Colleague], with_enquiry: bool) -> Vec<Choice> {
    let officer = with_enquiry.then(|| Choice::of(Whose::Officer.code(), "The enquiry’s officer"));
    let people =
        colleagues.iter().map(|colleague| Choice::of(Whose::Person(colleague.id).code(), colleague.name.clone()));
    let roles = Whose::roles().map(|role| {
        Choice::of(Whose::Role(role).code(), format!("Any {}", crate::domain::text::lower_first(role.label())))
    });
    let nobody = Choice::of(Whose::Nobody.code(), "Nobody yet");
    officer.into_iter().chain(people).chain(roles).chain([nobody]).collect()
}

/// What came of it; may be empty.
pub fn outcome(form: &mut Form) -> Option<String> {
    let outcome = form.text("outcome").unwrap_or_default();
    if outcome.chars().count() > LONGEST_OUTCOME {
        form.fail("outcome", format!("Use at most {LONGEST_OUTCOME} characters; write a note for more"));
    }
    form.is_valid().then_some(outcome)
}

pub fn again(form: &mut Form, today: Day) -> Option<Day> {
    form.required_day_ahead("again_on", today, "Enter the day on which to try again")
}

pub fn why(form: &mut Form) -> Option<String> {
    form.required("why", "Say why it is not needed, in a few words")
}

/// Tomorrow is filled in: most people are tried again soon.
pub fn with_tomorrow(mut form: Form, today: Day) -> Form {
    if form.is_valid() && form.text("again_on").is_none() {
        form.set("again_on", "tomorrow");
        form.day_ahead("again_on", today);
    }
    form
}
