use super::*;
use crate::domain::ledger::Milestone;
use crate::domain::reason::ReasonCode;
use MilestoneKind as K;
use MilestoneResult as R;

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

/// Each on its day, in the order of the days.
fn facts(milestones: &[(MilestoneKind, &str, Option<MilestoneResult>)]) -> Facts {
    let mut milestones: Vec<_> = milestones
        .iter()
        .map(|(kind, on, result)| match kind {
            K::Closed => Milestone::closed(day(on), ReasonCode("not_now".into())),
            kind => Milestone::new(*kind, day(on)).with_result(*result),
        })
        .collect();
    milestones.sort_by_key(|milestone| milestone.on);
    Facts { milestones, ..Facts::default() }
}

const RECEIVED: (MilestoneKind, &str, Option<MilestoneResult>) = (K::EnquiryReceived, "2025-03-03", None);

#[test]
fn a_stage_is_entered_with_its_first_milestone_and_never_before_the_day_received() {
    for (milestones, stage, since_day) in [
        (&[RECEIVED][..], Stage::New, "2025-03-03"),
        (&[(K::Enquired, "2025-02-27", None), RECEIVED], Stage::New, "2025-03-03"),
        (&[(K::Enquired, "2025-02-27", None)], Stage::New, "2025-02-27"),
        // The hub spoke with them before the service had them.
        (
            &[(K::Enquired, "2025-02-27", None), (K::FirstContact, "2025-02-28", None), RECEIVED],
            Stage::InContact,
            "2025-03-03",
        ),
        // An information session first: the earlier of the two counts.
        (
            &[RECEIVED, (K::InformationSession, "2025-03-06", None), (K::FirstContact, "2025-03-10", None)],
            Stage::InContact,
            "2025-03-06",
        ),
        // Of repeats the first.
        (
            &[RECEIVED, (K::InitialVisit, "2025-03-12", None), (K::InitialVisit, "2025-04-12", None)],
            Stage::Visited,
            "2025-03-12",
        ),
        // Out of order: the stage is the furthest, since its own date.
        (
            &[RECEIVED, (K::ApplicationReceived, "2025-04-01", None), (K::InitialVisit, "2025-04-09", None)],
            Stage::Application,
            "2025-04-01",
        ),
        // Reopened: it comes back into its stage.
        (
            &[
                RECEIVED,
                (K::FirstContact, "2025-03-04", None),
                (K::Closed, "2025-04-01", None),
                (K::Reopened, "2025-09-01", None),
            ],
            Stage::InContact,
            "2025-09-01",
        ),
        (
            &[
                RECEIVED,
                (K::Closed, "2025-04-01", None),
                (K::Reopened, "2025-09-01", None),
                (K::InitialVisit, "2025-09-05", None),
            ],
            Stage::Visited,
            "2025-09-05",
        ),
    ] {
        let facts = facts(milestones);
        assert_eq!(columns_of(&facts), [stage], "{milestones:?}");
        assert_eq!(since(&facts, stage), Some(day(since_day)), "{milestones:?}");
    }
}

#[test]
fn stage_1_and_stage_2_at_once_have_each_their_own_days() {
    let both = facts(&[RECEIVED, (K::AssessmentStarted, "2025-05-01", None), (K::Stage2Started, "2025-06-01", None)]);
    assert_eq!(columns_of(&both), [Stage::Stage1, Stage::Stage2]);
    assert_eq!(since(&both, Stage::Stage1), Some(day("2025-05-01")));
    assert_eq!(since(&both, Stage::Stage2), Some(day("2025-06-01")));
    // Without a date of Stage 1: since Stage 2 began.
    let gap = facts(&[RECEIVED, (K::Stage2Started, "2025-06-01", None)]);
    assert_eq!(since(&gap, Stage::Stage1), Some(day("2025-06-01")));
    let over = facts(&[
        RECEIVED,
        (K::AssessmentStarted, "2025-05-01", None),
        (K::Stage2Started, "2025-06-01", None),
        (K::Stage1OutcomeNotified, "2025-06-10", Some(R::GoOn)),
    ]);
    assert_eq!(columns_of(&over), [Stage::Stage2]);
}

#[test]
fn days_are_calendar_days_and_the_median_lies_in_the_middle() {
    let today = day("2025-03-30");
    // Across the change of the clock.
    assert_eq!(days_in_stage(day("2025-03-29"), today), 1);
    assert_eq!(days_in_stage(today, today), 0);
    assert_eq!(days_in_stage(day("2024-02-28"), day("2024-03-01")), 2);
    assert_eq!(median_days((day("2025-03-20"), day("2025-03-20")), today), 10.0);
    assert_eq!(median_days((day("2025-03-20"), day("2025-03-27")), today), 6.5);
}

fn recorded(facts: &Facts, from: Stage, to: Stage) -> Vec<(MilestoneKind, Option<MilestoneResult>)> {
    step(facts, from, to).unwrap().records.iter().map(|one| (one.kind, one.result)).collect()
}

#[test]
fn each_column_means_its_milestone_and_leads_to_its_stage() {
    let mut milestones = vec![RECEIVED];
    for (to, kind) in [
        (Stage::InContact, K::FirstContact),
        (Stage::Visited, K::InitialVisit),
        (Stage::Application, K::ApplicationReceived),
        (Stage::Stage1, K::AssessmentStarted),
        (Stage::Stage2, K::Stage2Started),
        (Stage::Panel, K::PanelRecommendation),
        (Stage::Decision, K::PanelMinutesFinal),
    ] {
        let before = facts(&milestones);
        let from = Stage::of(&before);
        assert_eq!(next(from), Some(to));
        assert_eq!(recorded(&before, from, to), [(kind, None)]);
        milestones.push((kind, "2025-06-01", kind.results().first().copied()));
        assert_eq!(Stage::of(&facts(&milestones)), to);
    }
    let decided = facts(&milestones);
    let approval = [(K::DecisionMade, Some(R::Approve)), (K::Approved, None)];
    assert_eq!(recorded(&decided, Stage::Decision, Stage::Approved), approval);
    milestones.push((K::DecisionMade, "2025-06-02", Some(R::Approve)));
    assert_eq!(recorded(&facts(&milestones), Stage::Decision, Stage::Approved), [(K::Approved, None)]);
    milestones.push((K::Approved, "2025-06-02", None));
    assert_eq!(Stage::of(&facts(&milestones)), Stage::Approved);
}

#[test]
fn only_a_recommendation_asks_for_its_result() {
    let asks = |kind| !Recorded::of(kind).results().is_empty();
    assert!(asks(K::PanelRecommendation) && !asks(K::InitialVisit) && !asks(K::Approved));
    let said = Recorded { kind: K::DecisionMade, result: Some(R::Approve) };
    assert!(said.results().is_empty());
}

#[test]
fn the_card_of_stage_1_goes_over_into_stage_2_with_its_outcome() {
    let both = facts(&[RECEIVED, (K::AssessmentStarted, "2025-05-01", None), (K::Stage2Started, "2025-06-01", None)]);
    let outcome = [(K::Stage1OutcomeNotified, Some(R::GoOn))];
    assert_eq!(recorded(&both, Stage::Stage1, Stage::Stage2), outcome);
    assert_eq!(step(&both, Stage::Stage1, Stage::Panel), Err(NoMove::Stage1IsOpen));
    // The other card goes on by itself.
    assert_eq!(recorded(&both, Stage::Stage2, Stage::Panel), [(K::PanelRecommendation, None)]);
}

#[test]
fn what_cannot_be_is_refused_with_what_to_do() {
    let visited = &[RECEIVED, (K::FirstContact, "2025-03-04", None), (K::InitialVisit, "2025-03-12", None)][..];
    let stage_1 = &[
        RECEIVED,
        (K::AssessmentStarted, "2025-05-01", None),
        (K::Stage1OutcomeNotified, "2025-06-01", Some(R::DoNotGoOn)),
    ][..];
    let deferred =
        &[RECEIVED, (K::PanelRecommendation, "2025-06-01", Some(R::Defer)), (K::PanelMinutesFinal, "2025-06-05", None)]
            [..];
    let refused =
        &[RECEIVED, (K::PanelMinutesFinal, "2025-06-05", None), (K::DecisionMade, "2025-06-09", Some(R::DoNotApprove))]
            [..];
    let closed = &[RECEIVED, (K::Closed, "2025-04-01", None)][..];
    let approved = &[RECEIVED, (K::Approved, "2025-06-09", None)][..];
    for (milestones, from, to, sentence) in [
        (visited, Stage::Visited, Stage::Stage1, "From Visited it goes to Application next"),
        (visited, Stage::Visited, Stage::New, "initial visit on 12 March 2025 puts it in Visited"),
        (visited, Stage::Visited, Stage::Visited, "in Visited already"),
        (visited, Stage::InContact, Stage::Visited, "It is in Visited now"),
        (visited, Stage::Visited, Stage::Approved, "goes to Application next"),
        (stage_1, Stage::Stage1, Stage::Stage2, "1 June 2025 was not to go on"),
        (deferred, Stage::Panel, Stage::Decision, "The panel deferred on 1 June 2025"),
        (refused, Stage::Decision, Stage::Approved, "9 June 2025 was not to approve"),
        (closed, Stage::New, Stage::InContact, "closed on 1 April 2025"),
        (approved, Stage::Decision, Stage::Approved, "approved on 9 June 2025"),
    ] {
        let said = step(&facts(milestones), from, to).unwrap_err().to_string();
        assert!(said.contains(sentence), "{said}");
    }
}
