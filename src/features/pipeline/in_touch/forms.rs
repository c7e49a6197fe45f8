use crate::domain::day::Day;
use crate::domain::pause::InTouch;
use crate::features::access::understood;
use crate::web::Form;

pub fn empty(today: Day) -> Form {
    understood(Form::of([("from", today.short())]), &["from"], today)
}

pub fn of(in_touch: &InTouch) -> Form {
    Form::of([
        ("from", in_touch.from.short()),
        ("to", in_touch.to.map(Day::short).unwrap_or_default()),
        ("contact_again_on", in_touch.contact_again_on.map(Day::short).unwrap_or_default()),
    ])
}

pub fn in_touch(form: &mut Form, today: Day) -> Option<InTouch> {
    let from = form.required_day("from", today, "Enter the date from which you keep in touch");
    let contact_again_on = form.day("contact_again_on", today);
    let to = form.day("to", today);
    // A day without its year is the last one that was, which is never meant here.
    if let (Some(from), Some(again)) = (from, contact_again_on)
        && again < from
    {
        let sentence =
            format!("{} is before you begin to keep in touch. If it lies ahead, write its year too", again.words());
        form.fail("contact_again_on", sentence);
    }
    let in_touch = InTouch { from: from?, to, contact_again_on };
    form.is_valid().then_some(in_touch)
}

/// The first day on which they go on.
pub fn ending(form: &mut Form, today: Day) -> Option<Day> {
    form.required_day("to", today, "Enter the first day on which they go on")
}

pub fn why(form: &mut Form) -> Option<String> {
    form.required("why", "Say why, in a few words: it is shown in the history")
}
