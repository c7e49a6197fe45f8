use crate::domain::day::Day;
use crate::domain::ledger::{Facts, Milestone};
use crate::domain::milestone::{MilestoneKind, MilestoneResult};
use crate::domain::reason::{CloseReason, ReasonCode};
use crate::features::access::understood;
use crate::features::pipeline::closures::reasons_for;
use crate::web::Form;

/// Today's date filled in.
pub fn empty(kind: MilestoneKind, today: Day) -> Form {
    understood(Form::of([("kind", kind.code().to_owned()), ("on", today.short())]), &["on"], today)
}

pub fn of(milestone: &Milestone) -> Form {
    Form::of([
        ("on", milestone.on.short()),
        ("result", milestone.result.map_or("", MilestoneResult::code).to_owned()),
        ("places", milestone.places.map(|places| places.to_string()).unwrap_or_default()),
        ("reason", milestone.close_reason.as_ref().map(|reason| reason.0.clone()).unwrap_or_default()),
    ])
    .opened()
}

/// A closure says why as well; closing itself has a form of its own.
pub fn milestone(
    form: &mut Form,
    kind: MilestoneKind,
    today: Day,
    facts: &Facts,
    reasons: &[CloseReason],
) -> Option<Milestone> {
    let on = form.required_day("on", today, "Enter the date on which it happened");
    let result = match kind.results() {
        [] => None,
        results => form
            .choice::<MilestoneResult>("result", "Choose one of the results")
            .filter(|result| allowed(form, results, *result)),
    };
    let places = if kind == MilestoneKind::Approved { places(form) } else { None };
    let close_reason = if kind == MilestoneKind::Closed { close_reason(form, facts, reasons) } else { None };
    let milestone = Milestone { kind, on: on?, result, close_reason, places, duplicate_of: None };
    form.is_valid().then_some(milestone)
}

pub fn why(form: &mut Form) -> Option<String> {
    form.required("why", "Say why, in a few words: it is shown beside both versions")
}

fn allowed(form: &mut Form, results: &[MilestoneResult], result: MilestoneResult) -> bool {
    let allowed = results.contains(&result);
    if !allowed {
        form.fail("result", "Choose one of the results");
    }
    allowed
}

/// They may be left out.
pub fn places(form: &mut Form) -> Option<i64> {
    const SENTENCE: &str = "Enter the number of approved places, from 1 to 20";
    let places = form.choice::<i64>("places", SENTENCE)?;
    if !(1..=Milestone::MOST_PLACES).contains(&places) {
        form.fail("places", SENTENCE);
    }
    Some(places)
}

fn close_reason(form: &mut Form, facts: &Facts, reasons: &[CloseReason]) -> Option<ReasonCode> {
    let code = form.required("reason", "Choose why it ended")?;
    let known = reasons_for(facts, reasons).any(|reason| reason.code.0 == code);
    if !known {
        form.fail("reason", "Choose one of the reasons");
    }
    Some(ReasonCode(code))
}
