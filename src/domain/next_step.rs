//! What most likely comes next for an enquiry, so that a page can offer it. Advice, never a rule: anything else that
//! the order rules allow can be recorded too.

use super::day::Day;
use super::ledger::Facts;
use super::milestone::{MilestoneKind, MilestoneResult};
use super::stage::Stage;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NextStep {
    pub offer: Offer,
    /// What comes instead, or beside it.
    pub others: Vec<MilestoneKind>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Offer {
    /// Nobody has spoken with them yet.
    FirstContact,
    Milestone(MilestoneKind),
    /// They asked to be rung again, and the day has come.
    ContactAgain,
    /// They asked to be rung again on a later day, or on none in particular.
    KeepInTouch,
    EndPause,
    /// It was decided not to go on.
    Close,
    Reopen,
    /// Approved: nothing of this pipeline is left to do.
    Nothing,
}

pub fn next_step(facts: &Facts, today: Day) -> NextStep {
    let only = |offer| NextStep { offer, others: Vec::new() };
    if facts.first(MilestoneKind::Approved).is_some() {
        return only(Offer::Nothing);
    }
    if facts.closure().is_some() {
        return only(Offer::Reopen);
    }
    if facts.pauses.last().is_some_and(|pause| pause.holds_on(today)) {
        return only(Offer::EndPause);
    }
    if let Some(in_touch) = facts.in_touch.last().filter(|it| it.holds_on(today)) {
        let due = in_touch.contact_again_on.is_some_and(|on| on <= today);
        return only(if due { Offer::ContactAgain } else { Offer::KeepInTouch });
    }
    by_stage(facts)
}

fn by_stage(facts: &Facts) -> NextStep {
    use MilestoneKind as K;
    let milestone = |kind, others: &[MilestoneKind]| {
        let missing = others.iter().copied().filter(|kind| kind.may_repeat() || facts.first(*kind).is_none());
        NextStep { offer: Offer::Milestone(kind), others: missing.collect() }
    };
    match Stage::of(facts) {
        Stage::New => NextStep { offer: Offer::FirstContact, others: vec![K::InformationSession] },
        Stage::InContact => milestone(K::InitialVisit, &[K::InformationSession, K::ApplicationReceived]),
        Stage::Visited => milestone(K::ApplicationReceived, &[K::InvitedToApply, K::InitialVisit]),
        Stage::Application => milestone(K::AssessmentStarted, &[K::PreparationTrainingCompleted]),
        Stage::Stage1 => stage_1(facts, milestone),
        Stage::Stage2 => stage_2(facts, milestone),
        Stage::Panel => panel(facts, milestone),
        Stage::Decision => decision(facts, milestone),
        Stage::Approved => NextStep { offer: Offer::Nothing, others: Vec::new() },
    }
}

fn stage_1(facts: &Facts, milestone: impl Fn(MilestoneKind, &[MilestoneKind]) -> NextStep) -> NextStep {
    use MilestoneKind as K;
    let outcome = facts.last(K::Stage1OutcomeNotified);
    match outcome.map(|outcome| outcome.result) {
        Some(Some(MilestoneResult::DoNotGoOn)) => NextStep { offer: Offer::Close, others: Vec::new() },
        Some(_) => milestone(K::Stage2Started, &[K::PreparationTrainingCompleted]),
        None if facts.first(K::Stage1InformationComplete).is_some() => {
            milestone(K::Stage1OutcomeNotified, &[K::Stage2Started, K::PreparationTrainingCompleted])
        }
        None => milestone(K::Stage1InformationComplete, &[K::Stage2Started, K::PreparationTrainingCompleted]),
    }
}

fn stage_2(facts: &Facts, milestone: impl Fn(MilestoneKind, &[MilestoneKind]) -> NextStep) -> NextStep {
    use MilestoneKind as K;
    // Stage 1 may still run beside it, and its outcome is due first.
    if facts.first(K::Stage1OutcomeNotified).is_none() && facts.first(K::AssessmentStarted).is_some() {
        let of_stage_1 = stage_1(facts, &milestone);
        if let Offer::Milestone(kind) = of_stage_1.offer {
            return milestone(kind, &[K::PreparationTrainingCompleted, K::ReportCompleted]);
        }
    }
    let order = [
        K::ReportCompleted,
        K::ReportSharedWithApplicants,
        K::ApplicantsObservations,
        K::PapersSentToPanel,
        K::PanelRecommendation,
    ];
    // After the last one recorded: what was left out before it is not asked for again.
    let done = order.iter().rposition(|kind| facts.first(*kind).is_some());
    let next = order[done.map_or(0, |last| last + 1).min(order.len() - 1)];
    milestone(next, &[K::PreparationTrainingCompleted, K::PanelRecommendation])
}

fn panel(facts: &Facts, milestone: impl Fn(MilestoneKind, &[MilestoneKind]) -> NextStep) -> NextStep {
    use MilestoneKind as K;
    match facts.last(K::PanelRecommendation).and_then(|last| last.result) {
        Some(MilestoneResult::Defer) => milestone(K::PanelRecommendation, &[K::PanelMinutesFinal]),
        _ => milestone(K::PanelMinutesFinal, &[K::DecisionMade]),
    }
}

fn decision(facts: &Facts, milestone: impl Fn(MilestoneKind, &[MilestoneKind]) -> NextStep) -> NextStep {
    use MilestoneKind as K;
    match facts.last(K::DecisionMade).map(|last| last.result) {
        None => milestone(K::DecisionMade, &[]),
        Some(Some(MilestoneResult::DoNotApprove)) if facts.first(K::DecisionWritten).is_some() => NextStep {
            offer: Offer::Close,
            others: vec![K::RepresentationsReceived, K::IrmApplied, K::IrmRecommendation, K::DecisionMade],
        },
        Some(Some(MilestoneResult::DoNotApprove)) => milestone(K::DecisionWritten, &[K::DecisionTold]),
        Some(_) => milestone(K::Approved, &[K::DecisionTold, K::DecisionWritten]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ledger::Milestone;
    use crate::domain::pause::{InTouch, Pause, PauseReason};
    use crate::domain::reason::ReasonCode;
    use MilestoneKind as K;

    const TODAY: &str = "2025-10-14";

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    fn after(milestones: &[(MilestoneKind, Option<MilestoneResult>)]) -> Offer {
        let received = Milestone::new(K::EnquiryReceived, day("2025-03-03"));
        let one = |(kind, result): &(MilestoneKind, Option<MilestoneResult>)| {
            Milestone::new(*kind, day("2025-04-01")).with_result(*result)
        };
        let milestones = [received].into_iter().chain(milestones.iter().map(one)).collect();
        next_step(&Facts { milestones, ..Facts::default() }, day(TODAY)).offer
    }

    #[test]
    fn each_stage_offers_what_usually_follows() {
        use MilestoneResult::{Approve, Defer, DoNotApprove, DoNotGoOn, GoOn};
        assert_eq!(after(&[]), Offer::FirstContact);
        for (done, next) in [
            (&[(K::FirstContact, None)][..], K::InitialVisit),
            (&[(K::InitialVisit, None)], K::ApplicationReceived),
            (&[(K::ApplicationReceived, None)], K::AssessmentStarted),
            (&[(K::AssessmentStarted, None)], K::Stage1InformationComplete),
            (&[(K::Stage1InformationComplete, None)], K::Stage1OutcomeNotified),
            (&[(K::Stage1OutcomeNotified, Some(GoOn))], K::Stage2Started),
            (&[(K::AssessmentStarted, None), (K::Stage2Started, None)], K::Stage1InformationComplete),
            (&[(K::Stage2Started, None)], K::ReportCompleted),
            (&[(K::Stage2Started, None), (K::ReportSharedWithApplicants, None)], K::ApplicantsObservations),
            (&[(K::PapersSentToPanel, None)], K::PanelRecommendation),
            (&[(K::PanelRecommendation, Some(Defer))], K::PanelRecommendation),
            (&[(K::PanelRecommendation, Some(Approve))], K::PanelMinutesFinal),
            (&[(K::PanelMinutesFinal, None)], K::DecisionMade),
            (&[(K::DecisionMade, Some(Approve))], K::Approved),
            (&[(K::DecisionMade, Some(DoNotApprove))], K::DecisionWritten),
        ] {
            assert_eq!(after(done), Offer::Milestone(next), "{done:?}");
        }
        assert_eq!(after(&[(K::Stage1OutcomeNotified, Some(DoNotGoOn))]), Offer::Close);
        assert_eq!(after(&[(K::DecisionMade, Some(DoNotApprove)), (K::DecisionWritten, None)]), Offer::Close);
        assert_eq!(after(&[(K::Approved, None)]), Offer::Nothing);
    }

    #[test]
    fn what_stands_still_offers_to_go_on() {
        let received = || vec![Milestone::new(K::EnquiryReceived, day("2025-03-03"))];
        let offer = |facts: Facts| next_step(&facts, day(TODAY)).offer;

        let pause = Pause { from: day("2025-05-01"), to: None, reason: PauseReason::Illness };
        assert_eq!(offer(Facts { milestones: received(), pauses: vec![pause], ..Facts::default() }), Offer::EndPause);

        for (again, expected) in [
            (Some("2025-10-14"), Offer::ContactAgain),
            (Some("2025-10-15"), Offer::KeepInTouch),
            (None, Offer::KeepInTouch),
        ] {
            let in_touch = InTouch { from: day("2025-05-01"), to: None, contact_again_on: again.map(day) };
            assert_eq!(offer(Facts { milestones: received(), in_touch: vec![in_touch], ..Facts::default() }), expected);
        }

        let mut closed = received();
        closed.push(Milestone::closed(day("2025-04-01"), ReasonCode("not_now".into())));
        assert_eq!(offer(Facts { milestones: closed, ..Facts::default() }), Offer::Reopen);
    }
}
