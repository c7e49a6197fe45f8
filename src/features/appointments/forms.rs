use super::actions::ActionError;
use super::queries::Planned;
use crate::domain::appointment::Appointment;
use crate::domain::day::Day;
use crate::domain::ids::UserId;
use crate::domain::time_of_day::TimeOfDay;
use crate::features::tasks::Colleague;
use crate::web::Form;
use crate::web::form::Choice;

/// In characters.
const LONGEST: usize = 2_000;

/// Whoever plans it goes, to where the family lives, unless they say otherwise.
pub fn empty(me: UserId, home: &str) -> Form {
    Form::of([("goes", me.to_string()), ("place", home.to_owned())])
}

pub fn of(planned: &Planned) -> Form {
    let visit = &planned.visit;
    Form::of([
        ("on", visit.on.short()),
        ("at", visit.at.to_string()),
        ("goes", visit.goes.to_string()),
        ("with", visit.with.map(|user| user.to_string()).unwrap_or_default()),
        ("place", visit.place.clone()),
        ("safety", visit.safety.clone()),
    ])
    .opened()
}

/// `before` is the visit that is moved: whoever goes already may stay, and its day may be over.
pub fn visit(form: &mut Form, today: Day, colleagues: &[Colleague], before: Option<&Planned>) -> Option<Appointment> {
    let kept = before.map(|it| it.visit.on).filter(|on| form.text("on") == Some(on.short()));
    let on = kept.or_else(|| form.required_day_ahead("on", today, "Enter the day of the visit"));
    let at = form
        .required("at", "Enter the time, such as 17:30")
        .and_then(|text| text.parse::<TimeOfDay>().map_err(|refused| form.fail("at", refused.to_string())).ok());
    let goes = form.required_choice::<UserId>("goes", "Choose who goes");
    let with = form.choice::<UserId>("with", "Choose one of the people in the list");
    let known = |user: UserId| {
        let goes_already = before.is_some_and(|it| it.visit.goes == user || it.visit.with == Some(user));
        goes_already || colleagues.iter().any(|colleague| colleague.id == user)
    };
    for (field, user) in [("goes", goes), ("with", with)] {
        if user.is_some_and(|user| !known(user)) {
            form.fail(field, "Choose one of the people in the list");
        }
    }
    let mut text = |field: &str| {
        let text = form.text(field).unwrap_or_default();
        if text.chars().count() > LONGEST {
            form.fail(field, format!("Use at most {LONGEST} characters"));
        }
        text
    };
    let (place, safety) = (text("place"), text("safety"));
    let visit = Appointment { on: on?, at: at?, goes: goes?, with, place, safety };
    form.is_valid().then_some(visit)
}

pub fn why(form: &mut Form) -> Option<String> {
    form.required("why", "Say why, in a few words: it is shown in the history")
}

/// Says what is refused where it belongs. Of what stands in the way the form is told once: sent again, it is meant.
pub fn refuse(form: &mut Form, refused: &ActionError) {
    if let ActionError::Clash { told, .. } = refused {
        form.set("told", told.as_str());
    }
    form.fail(field(refused), refused.to_string());
}

/// Which field a refusal belongs to.
fn field(refused: &ActionError) -> &'static str {
    use crate::domain::appointment::AppointmentRefusal as R;
    match refused {
        ActionError::Refused(R::NoSuchTime { .. } | R::Over) | ActionError::Clash { .. } => "at",
        ActionError::Refused(R::SamePerson) => "with",
        _ => "",
    }
}

pub fn people(colleagues: &[Colleague]) -> Vec<Choice> {
    colleagues.iter().map(|colleague| Choice::of(colleague.id.to_string(), colleague.name.clone())).collect()
}
