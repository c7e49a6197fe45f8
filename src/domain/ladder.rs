//! The ladder: the pipeline's stages as rungs, with what was reached and when, where the enquiry stands, what is
//! missing and what is to come.

use super::day::Day;
use super::ledger::Facts;
use super::milestone::{MilestoneKind, MilestoneResult};
use super::stage::Stage;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rung {
    pub stage: Stage,
    pub state: RungState,
    /// When it was reached, where that is recorded.
    pub on: Option<Day>,
    /// What reached it, where that is not the stage's own milestone: in contact by an information session.
    pub by: Option<MilestoneKind>,
    /// Days since the rung before it that has a date; negative where they lie the other way round.
    pub after: Option<i64>,
    /// Stage 1 and Stage 2 beside each other (reg 26 as amended by SI 2013/984).
    pub lane: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RungState {
    Done,
    Now,
    /// A later one was reached, this one has no date.
    NotRecorded,
    ToCome,
}

/// The stages in order. Of a closed enquiry only those up to where it ended.
pub fn ladder(facts: &Facts) -> Vec<Rung> {
    let furthest = Stage::of(facts);
    let ended = facts.closure().is_some();
    let both = furthest.runs_beside_stage_1(facts);
    let lanes = both || overlapped(facts);
    let mut before = None;
    let mut rungs = Vec::with_capacity(Stage::ALL.len());
    for stage in Stage::ALL.iter().copied().filter(|stage| !ended || *stage <= furthest) {
        let (on, by) = reached(stage, facts).unzip();
        let here = stage == furthest || (stage == Stage::Stage1 && both);
        let state = match on {
            _ if stage > furthest => RungState::ToCome,
            _ if here && !ended && stage != Stage::Approved => RungState::Now,
            Some(_) => RungState::Done,
            None => RungState::NotRecorded,
        };
        let after = before.zip(on).map(|(before, on): (Day, Day)| before.days_until(on));
        before = on.or(before);
        let lane = lanes && matches!(stage, Stage::Stage1 | Stage::Stage2);
        rungs.push(Rung { stage, state, on, by: by.filter(|by| *by != own_milestone(stage)), after, lane });
    }
    rungs
}

/// Stage 2 had begun before Stage 1 had its outcome.
fn overlapped(facts: &Facts) -> bool {
    let outcome = facts.first_on(MilestoneKind::Stage1OutcomeNotified);
    facts.first_on(MilestoneKind::Stage2Started).zip(outcome).is_some_and(|(began, outcome)| began < outcome)
}

/// When a stage was reached, and by what: its own milestone, else the earliest other one that shows it.
fn reached(stage: Stage, facts: &Facts) -> Option<(Day, MilestoneKind)> {
    if stage == Stage::New {
        return facts.day_received().map(|day| (day, MilestoneKind::EnquiryReceived));
    }
    let deferred = facts
        .last(MilestoneKind::PanelRecommendation)
        .is_some_and(|recommendation| recommendation.result == Some(MilestoneResult::Defer));
    let own = own_milestone(stage);
    let mut of_stage = facts
        .milestones
        .iter()
        .filter(|milestone| Stage::after(milestone.kind) == Some(stage))
        .filter(|milestone| !(deferred && milestone.kind == MilestoneKind::PanelMinutesFinal));
    facts.first(own).or_else(|| of_stage.next()).map(|milestone| (milestone.on, milestone.kind))
}

fn own_milestone(stage: Stage) -> MilestoneKind {
    match stage {
        Stage::New => MilestoneKind::EnquiryReceived,
        Stage::InContact => MilestoneKind::FirstContact,
        Stage::Visited => MilestoneKind::InitialVisit,
        Stage::Application => MilestoneKind::ApplicationReceived,
        Stage::Stage1 => MilestoneKind::AssessmentStarted,
        Stage::Stage2 => MilestoneKind::Stage2Started,
        Stage::Panel => MilestoneKind::PanelRecommendation,
        Stage::Decision => MilestoneKind::DecisionMade,
        Stage::Approved => MilestoneKind::Approved,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ledger::Milestone;
    use crate::domain::reason::ReasonCode;
    use MilestoneKind as K;
    use RungState::{Done, NotRecorded, Now, ToCome};

    fn facts(milestones: &[(MilestoneKind, &str)]) -> Facts {
        let one = |(kind, on): &(MilestoneKind, &str)| match kind {
            K::Closed => Milestone::closed(on.parse().unwrap(), ReasonCode("not_now".into())),
            kind => Milestone::new(*kind, on.parse().unwrap()),
        };
        let mut milestones: Vec<_> = milestones.iter().map(one).collect();
        milestones.sort_by_key(|milestone| milestone.on);
        Facts { milestones, ..Facts::default() }
    }

    fn states(milestones: &[(MilestoneKind, &str)]) -> Vec<RungState> {
        ladder(&facts(milestones)).iter().map(|rung| rung.state).collect()
    }

    #[test]
    fn a_gap_is_not_recorded_and_the_rest_is_to_come() {
        let milestones = [(K::EnquiryReceived, "2025-03-03"), (K::ApplicationReceived, "2025-04-02")];
        assert_eq!(states(&milestones), [Done, NotRecorded, NotRecorded, Now, ToCome, ToCome, ToCome, ToCome, ToCome]);
        assert_eq!(ladder(&facts(&milestones))[3].after, Some(30), "days since the rung before that has a date");
    }

    #[test]
    fn stage_1_and_stage_2_stand_side_by_side_while_both_run_and_where_they_did() {
        let both = [
            (K::EnquiryReceived, "2025-03-03"),
            (K::AssessmentStarted, "2025-04-14"),
            (K::Stage2Started, "2025-05-12"),
        ];
        let rungs = ladder(&facts(&both));
        assert_eq!([rungs[4].state, rungs[5].state], [Now, Now]);
        assert!(rungs[4].lane && rungs[5].lane && !rungs[6].lane);

        let outcome_later = [&both[..], &[(K::Stage1OutcomeNotified, "2025-06-01")]].concat();
        let rungs = ladder(&facts(&outcome_later));
        assert_eq!([rungs[4].state, rungs[5].state], [Done, Now]);
        assert!(rungs[4].lane && rungs[5].lane);

        let one_after_the_other = [&both[..], &[(K::Stage1OutcomeNotified, "2025-05-12")]].concat();
        assert!(ladder(&facts(&one_after_the_other)).iter().all(|rung| !rung.lane));
    }

    #[test]
    fn what_was_closed_ends_at_its_last_rung_and_what_is_approved_is_done() {
        let closed = [(K::EnquiryReceived, "2025-03-03"), (K::InitialVisit, "2025-03-09"), (K::Closed, "2025-04-01")];
        assert_eq!(states(&closed), [Done, NotRecorded, Done]);
        let approved = [(K::EnquiryReceived, "2025-03-03"), (K::Approved, "2025-09-09")];
        assert_eq!(states(&approved).last(), Some(&Done));
    }

    #[test]
    fn an_information_session_brings_them_in_contact() {
        let rungs = ladder(&facts(&[(K::EnquiryReceived, "2025-03-03"), (K::InformationSession, "2025-03-09")]));
        assert_eq!((rungs[1].state, rungs[1].by), (Now, Some(K::InformationSession)));
        let rungs = ladder(&facts(&[(K::EnquiryReceived, "2025-03-03"), (K::FirstContact, "2025-03-10")]));
        assert_eq!((rungs[1].on.map(|on| on.to_string()).as_deref(), rungs[1].by), (Some("2025-03-10"), None));
    }
}
