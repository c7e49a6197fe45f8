//! Between which days a clock runs, from an enquiry's facts: of repeats that end a clock the earliest, of those that
//! start one the one that its end follows.

use super::Clock;
use crate::domain::day::Day;
use crate::domain::ledger::{Facts, Milestone};
use crate::domain::milestone::{MilestoneKind as K, MilestoneResult};

/// None while it has not started.
pub fn start(clock: Clock, facts: &Facts) -> Option<Day> {
    match clock {
        Clock::FirstContact | Clock::InitialVisit => facts.day_received(),
        Clock::Stage1Outcome => facts.first_on(K::Stage1InformationComplete),
        Clock::Observations => facts.first_on(K::ReportSharedWithApplicants),
        Clock::PanelRecommendation => facts.first_on(K::ApplicationReceived),
        Clock::PapersToPanel => facts.first_on(K::PapersSentToPanel),
        Clock::Decision => {
            let starts: Vec<_> = recommendations(facts).map(|it| with_final_minutes(facts, it.on)).collect();
            that_led_to(&starts, end(clock, facts))
        }
        Clock::DecisionTold | Clock::DecisionWritten => {
            let decisions: Vec<_> = of(facts, K::DecisionMade).map(|it| Some(it.on)).collect();
            that_led_to(&decisions, end(clock, facts))
        }
        Clock::Representations => qualifying_letter(facts),
        Clock::TemporaryApproval => facts.first_on(K::TemporaryApproval),
        _ => None,
    }
}

/// None while it has not ended.
pub fn end(clock: Clock, facts: &Facts) -> Option<Day> {
    match clock {
        Clock::FirstContact => facts.first_on(K::FirstContact),
        Clock::InitialVisit => facts.first_on(K::InitialVisit),
        Clock::Stage1Outcome => facts.first_on(K::Stage1OutcomeNotified),
        Clock::Observations => facts.first_on(K::ApplicantsObservations),
        // A deferral does not stop the eight months.
        Clock::PanelRecommendation => recommendations(facts).next().map(|it| it.on),
        Clock::PapersToPanel => panel_of_the_papers(facts),
        Clock::Decision => facts.first_on(K::DecisionMade),
        Clock::DecisionTold => facts.first_on(K::DecisionTold),
        Clock::DecisionWritten => facts.first_on(K::DecisionWritten),
        Clock::Representations => earlier(facts.first_on(K::RepresentationsReceived), facts.first_on(K::IrmApplied)),
        // It ends with the approval, or with the enquiry.
        Clock::TemporaryApproval => earlier(facts.first_on(K::Approved), facts.closure().map(|it| it.on)),
        _ => None,
    }
}

/// Whether another milestone shows that the end happened, although its own date is missing.
pub fn is_shown_by_another(clock: Clock, facts: &Facts) -> bool {
    let from_decision = [K::DecisionMade, K::DecisionTold, K::DecisionWritten];
    let afterwards = [K::RepresentationsReceived, K::IrmApplied, K::IrmRecommendation, K::Approved];
    let any = |kinds: &[K]| kinds.iter().any(|kind| facts.first(*kind).is_some());
    match clock {
        Clock::FirstContact | Clock::InitialVisit => {
            let own = if clock == Clock::FirstContact { K::FirstContact } else { K::InitialVisit };
            facts.milestones.iter().any(|milestone| follows(milestone.kind, own))
        }
        // Stage 2 may run beside Stage 1 (reg 26): only what cannot be without its outcome shows it.
        Clock::Stage1Outcome => {
            any(&[K::PanelRecommendation, K::PanelMinutesFinal]) || any(&from_decision) || any(&afterwards)
        }
        Clock::Observations => {
            any(&[K::PapersSentToPanel, K::PanelRecommendation, K::PanelMinutesFinal])
                || any(&from_decision)
                || any(&afterwards)
        }
        Clock::PanelRecommendation => any(&from_decision) || any(&afterwards),
        Clock::PapersToPanel => any(&[K::PanelMinutesFinal]) || any(&from_decision) || any(&afterwards),
        Clock::Decision => any(&from_decision[1..]) || any(&afterwards),
        // The letter says what they were told; an approval alone says neither when they were told nor when it was sent.
        Clock::DecisionTold => any(&[K::DecisionWritten]) || any(&afterwards[..3]),
        Clock::DecisionWritten => any(&afterwards[..3]),
        Clock::Representations => any(&[K::IrmRecommendation]),
        _ => false,
    }
}

/// Later in the pipeline, as far as one thing follows on another there.
fn follows(kind: K, earlier: K) -> bool {
    !matches!(
        kind,
        K::PreparationTrainingCompleted | K::TemporaryApproval | K::TemporaryApprovalExtended | K::Closed | K::Reopened
    ) && kind > earlier
}

fn of(facts: &Facts, kind: K) -> impl Iterator<Item = &Milestone> {
    facts.milestones.iter().filter(move |milestone| milestone.kind == kind)
}

/// To approve or not, in order. One whose result is not recorded is not known to be a deferral.
fn recommendations(facts: &Facts) -> impl Iterator<Item = &Milestone> {
    of(facts, K::PanelRecommendation).filter(|it| it.result != Some(MilestoneResult::Defer))
}

/// The decision's days begin when the recommendation and its final minutes are both there.
fn with_final_minutes(facts: &Facts, recommended: Day) -> Option<Day> {
    of(facts, K::PanelMinutesFinal).map(|it| it.on).find(|on| *on >= recommended)
}

/// Of repeated starts: the latest; where there is an end, the latest that it can have followed. A second panel after a
/// decision does not make that decision an early one.
fn that_led_to(starts: &[Option<Day>], end: Option<Day>) -> Option<Day> {
    let Some(end) = end else { return starts.last().copied().flatten() };
    let known = || starts.iter().copied().flatten();
    known().rfind(|start| *start <= end).or_else(|| known().next())
}

/// The meeting that the papers were for: the earliest from then on; else the one that they came after.
fn panel_of_the_papers(facts: &Facts) -> Option<Day> {
    let sent = facts.first_on(K::PapersSentToPanel)?;
    let meetings = || of(facts, K::PanelRecommendation).map(|it| it.on);
    meetings().find(|on| *on >= sent).or_else(|| meetings().last())
}

/// The written notice of a decision not to approve: of the decisions made by then, the latest counts.
fn qualifying_letter(facts: &Facts) -> Option<Day> {
    let written = facts.first_on(K::DecisionWritten)?;
    let decision = of(facts, K::DecisionMade).filter(|it| it.on <= written).last()?;
    (decision.result == Some(MilestoneResult::DoNotApprove)).then_some(written)
}

fn earlier(one: Option<Day>, other: Option<Day>) -> Option<Day> {
    one.into_iter().chain(other).min()
}
