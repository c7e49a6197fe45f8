//! The funnel straight from the ledgers, one enquiry at a time: slow and obvious. It says what every figure means, and
//! the fast ways are compared with it.

use std::collections::BTreeMap;

use super::{Funnel, Outcome, Pattern, Step, Steps};
use crate::domain::day::Day;
use crate::domain::ledger::{Facts, Ledger, Milestone};
use crate::domain::question::{Basis, Dimension, Question};
use crate::domain::reason::{CloseReason, EndedBy};

/// The funnel of these enquiries.
pub fn count<'a>(
    ledgers: impl IntoIterator<Item = &'a Ledger>,
    reasons: &[CloseReason],
    question: &Question,
) -> Funnel {
    let patterns: Vec<_> = ledgers.into_iter().flat_map(|ledger| patterns_of(ledger, reasons, question)).collect();
    Funnel::of(question.basis, question.by, &patterns)
}

/// How one enquiry counts: in one group, or, where milestones are split by their own quarters, in several. Nothing
/// where it does not count at all.
pub fn patterns_of(ledger: &Ledger, reasons: &[CloseReason], question: &Question) -> Vec<Pattern> {
    let facts = ledger.facts_known_at(question.known_at);
    let Some(received) = facts.day_received() else { return Vec::new() };
    if is_duplicate(&facts, reasons, question.as_at) || !question.types.includes(facts.fostering_type()) {
        return Vec::new();
    }
    let outcome = question.includes(received).then(|| outcome_on(&facts, reasons, question.as_at));
    match question.basis {
        Basis::Cohort if outcome.is_none() => Vec::new(),
        Basis::Cohort => {
            let group = group_of(&facts, question, received);
            vec![Pattern { group, steps: steps_where(&facts, |on| on <= question.as_at), outcome, households: 1 }]
        }
        Basis::Activity => activity(&facts, question, received, outcome),
    }
}

/// A duplicate counts nowhere, on any as-at date (counting rule 3). One that was reopened was none after all; on the
/// days between it stood as one, and no outcome fits it.
pub fn is_duplicate(facts: &Facts, reasons: &[CloseReason], as_at: Day) -> bool {
    [facts.closure(), facts.closure_by(as_at)]
        .into_iter()
        .flatten()
        .any(|closure| ended_by(closure, reasons) == Some(EndedBy::Duplicate))
}

/// Counting rule 7.
fn outcome_on(facts: &Facts, reasons: &[CloseReason], as_at: Day) -> Outcome {
    if step_on(facts, Step::Approval).is_some_and(|on| on <= as_at) {
        return Outcome::Approved;
    }
    match facts.closure_by(as_at).and_then(|closure| ended_by(closure, reasons)) {
        Some(EndedBy::Applicant) => Outcome::ApplicantWithdrew,
        Some(EndedBy::Service) => Outcome::ServiceEnded,
        Some(EndedBy::Transferred) => Outcome::Transferred,
        Some(EndedBy::Duplicate) | None if facts.pauses.iter().any(|pause| pause.holds_on(as_at)) => Outcome::Paused,
        Some(EndedBy::Duplicate) | None if facts.in_touch.iter().any(|it| it.holds_on(as_at)) => Outcome::InTouch,
        Some(EndedBy::Duplicate) | None => Outcome::Open,
    }
}

fn ended_by(closure: &Milestone, reasons: &[CloseReason]) -> Option<EndedBy> {
    let code = closure.close_reason.as_ref()?;
    reasons.iter().find(|reason| reason.code == *code).map(|reason| reason.ended_by)
}

/// The day of a step: of repeats the earliest.
fn step_on(facts: &Facts, step: Step) -> Option<Day> {
    match step {
        Step::Enquiry => facts.day_received(),
        step => facts.first_on(step.milestone()),
    }
}

fn steps_where(facts: &Facts, counts: impl Fn(Day) -> bool) -> Steps {
    Step::ALL
        .iter()
        .filter(|step| step_on(facts, **step).is_some_and(&counts))
        .fold(Steps::default(), |steps, step| steps.with(*step))
}

/// What the enquiry is grouped by, on the as-at date; by quarter, that of the day (counting rule 4).
pub fn group_of(facts: &Facts, question: &Question, on: Day) -> Option<String> {
    match question.by? {
        Dimension::Quarter => Some(on.quarter().to_string()),
        by => {
            let name = by.attribute()?;
            let known = facts.attributes.iter().filter(|attribute| attribute.name == name);
            let mut by_then = known.filter(|attribute| attribute.from.is_none_or(|from| from <= question.as_at));
            by_then.next_back().and_then(|attribute| attribute.value.clone())
        }
    }
}

/// The milestones in the period, whenever the enquiry was received; by quarter, each in the quarter of its own date
/// (counting rules 4 and 6).
fn activity(facts: &Facts, question: &Question, received: Day, outcome: Option<Outcome>) -> Vec<Pattern> {
    let mut split: BTreeMap<Option<String>, Steps> = BTreeMap::new();
    for step in Step::ALL {
        if let Some(on) = step_on(facts, *step).filter(|on| question.includes(*on)) {
            let steps = split.entry(group_of(facts, question, on)).or_default();
            *steps = steps.with(*step);
        }
    }
    let received_in = group_of(facts, question, received);
    split
        .into_iter()
        .map(|(group, steps)| {
            let outcome = outcome.filter(|_| group == received_in);
            Pattern { group, steps, outcome, households: 1 }
        })
        .collect()
}
