use crate::domain::board::Move;
use crate::domain::day::Day;
use crate::domain::ledger::Milestone;
use crate::domain::milestone::{MilestoneKind, MilestoneResult};
use crate::features::access::understood;
use crate::features::pipeline::{Seen, places};
use crate::web::Form;

/// Today is filled in.
pub fn empty(today: Day, hidden: &[(&str, &str)], seen: &Seen) -> Form {
    let hidden = hidden.iter().map(|(name, value)| (*name, (*value).to_owned()));
    understood(Form::of(hidden.chain([("on", today.short()), ("seen", seen.0.clone())])), &["on"], today)
}

/// What the move records, all on the day that was typed.
pub fn milestones(form: &mut Form, step: &Move, today: Day) -> Option<Vec<Milestone>> {
    let on = form.required_day("on", today, "Enter the day on which it happened");
    let mut milestones = Vec::new();
    for record in &step.records {
        let result = match record.results() {
            [] => record.result,
            results => chosen(form, results),
        };
        let places = if record.kind == MilestoneKind::Approved { places(form) } else { None };
        milestones.extend(on.map(|on| Milestone { places, ..Milestone::new(record.kind, on).with_result(result) }));
    }
    form.is_valid().then_some(milestones)
}

/// What follows hangs on it: a deferral does not go on to the decision.
fn chosen(form: &mut Form, results: &[MilestoneResult]) -> Option<MilestoneResult> {
    const SENTENCE: &str = "Choose what was recommended";
    let result = form.required_choice::<MilestoneResult>("result", SENTENCE)?;
    if !results.contains(&result) {
        form.fail("result", SENTENCE);
    }
    Some(result)
}
