//! What each limit follows in the pipeline, and what holds it up.

use super::*;

#[test]
fn a_deferral_neither_stops_the_eight_months_nor_starts_the_seven_days() {
    let of = |on: &str, result| milestone(K::PanelRecommendation, on).with_result(Some(result));
    let mut milestones = vec![
        milestone(K::ApplicationReceived, "2025-01-15"),
        of("2025-06-02", R::Defer),
        milestone(K::PanelMinutesFinal, "2025-06-05"),
    ];
    let deferred = facts_of(milestones.clone());
    assert_eq!(state(&deferred, Clock::PanelRecommendation, "2025-06-10"), State::Running { left: Some(97) });
    assert_eq!(state(&deferred, Clock::Decision, "2025-06-10"), State::NotStarted);

    // Tuesday 1 July to approve; its minutes on Friday 4: seven working days end on Tuesday 15.
    milestones.push(of("2025-07-01", R::Approve));
    let recommended = facts_of(milestones.clone());
    assert_eq!(state(&recommended, Clock::PanelRecommendation, "2025-07-02"), State::Met { taken: 167 });
    assert_eq!(state(&recommended, Clock::Decision, "2025-07-02"), State::NotStarted, "its minutes are not final");
    milestones.push(milestone(K::PanelMinutesFinal, "2025-07-04"));
    let minutes = facts_of(milestones.clone());
    assert_eq!(timing(&minutes, Clock::Decision).unwrap().due, Some(day("2025-07-15")));

    // Decided on the 16th; a second panel afterwards does not make that an early decision.
    milestones.push(milestone(K::DecisionMade, "2025-07-16"));
    milestones.push(of("2025-09-02", R::Approve));
    milestones.push(milestone(K::PanelMinutesFinal, "2025-09-04"));
    let twice = facts_of(milestones);
    assert_eq!(state(&twice, Clock::Decision, "2025-10-01"), State::Missed { taken: 8, over: 1 });
}

#[test]
fn papers_are_sent_at_least_five_working_days_before_the_meeting() {
    let of = |sent: &str, panel: &str| {
        state(
            &facts(&[(K::PapersSentToPanel, sent), (K::PanelRecommendation, panel)]),
            Clock::PapersToPanel,
            "2025-12-01",
        )
    };
    // Wed 23 April to Wed 30: Thu, Fri, Mon, Tue, Wed.
    assert_eq!(of("2025-04-23", "2025-04-30"), State::Met { taken: 5 });
    assert_eq!(of("2025-04-24", "2025-04-30"), State::Missed { taken: 4, over: 1 });
    // From Wed 16 April over Easter: Thu 17, Tue 22, Wed 23.
    assert_eq!(of("2025-04-16", "2025-04-23"), State::Missed { taken: 3, over: 2 });
    assert_eq!(of("2025-05-02", "2025-04-30"), State::Missed { taken: 0, over: 5 }, "after the meeting");
    let sent = facts(&[(K::PapersSentToPanel, "2025-04-23")]);
    assert_eq!(
        state(&sent, Clock::PapersToPanel, "2025-12-01"),
        State::Running { left: None },
        "no meeting, no due day"
    );
}

#[test]
fn what_follows_a_decision_follows_the_latest_one() {
    let decided = |on: &str, result| milestone(K::DecisionMade, on).with_result(Some(result));
    // Not approved on Monday 2 June, in writing on Friday 6: representations by 4 July.
    let first = vec![decided("2025-06-02", R::DoNotApprove), milestone(K::DecisionWritten, "2025-06-06")];
    let facts_first = facts_of(first.clone());
    assert_eq!(state(&facts_first, Clock::DecisionWritten, "2025-06-10"), State::Met { taken: 4 });
    assert_eq!(timing(&facts_first, Clock::Representations).unwrap().due, Some(day("2025-07-04")));
    assert_eq!(state(&facts_first, Clock::Representations, "2025-06-19"), State::Running { left: Some(15) });
    assert_eq!(state(&facts_first, Clock::Representations, "2025-06-20"), State::DueSoon { left: 14 });
    // Told by the letter at the latest.
    assert_eq!(state(&facts_first, Clock::DecisionTold, "2025-06-10"), State::NotRecorded);
    let irm = facts_of([first.clone(), vec![milestone(K::IrmApplied, "2025-07-05")]].concat());
    assert_eq!(state(&irm, Clock::Representations, "2025-08-01"), State::Missed { taken: 29, over: 1 });
    // Approved afterwards: the letter of June is still the one that could be answered.
    let second = vec![decided("2025-09-01", R::Approve), milestone(K::Approved, "2025-09-01")];
    let both = facts_of([first, second].concat());
    assert_eq!(state(&both, Clock::Representations, "2025-09-02"), State::Ended);
    assert_eq!(state(&both, Clock::DecisionWritten, "2025-09-02"), State::Met { taken: 4 });

    let approved = facts_of(vec![decided("2025-06-02", R::Approve), milestone(K::DecisionWritten, "2025-06-06")]);
    assert_eq!(state(&approved, Clock::Representations, "2025-06-10"), State::NotStarted);
}

#[test]
fn an_approval_does_not_say_when_they_were_told_and_stops_nagging_when_the_time_is_past() {
    let approved = facts(&[(K::DecisionMade, "2025-06-02"), (K::Approved, "2025-06-02")]);
    assert_eq!(state(&approved, Clock::DecisionTold, "2025-06-03"), State::DueSoon { left: 1 });
    assert_eq!(state(&approved, Clock::DecisionTold, "2025-06-04"), State::DueSoon { left: 0 });
    assert_eq!(state(&approved, Clock::DecisionTold, "2025-06-05"), State::NotRecorded);
    let open = facts(&[(K::DecisionMade, "2025-06-02")]);
    assert_eq!(state(&open, Clock::DecisionTold, "2025-06-05"), State::Overdue { over: 1 });
}

#[test]
fn stage_2_beside_stage_1_does_not_show_its_outcome() {
    let milestones = [
        (K::ApplicationReceived, "2025-03-03"),
        (K::Stage1InformationComplete, "2025-05-01"),
        (K::Stage2Started, "2025-04-01"),
        (K::ReportCompleted, "2025-05-02"),
    ];
    // Thu 1 May: Fri 2, Mon 5 is a holiday, Tue 6 to Fri 9, Mon 12 to Fri 16: day 10.
    assert_eq!(timing(&facts(&milestones), Clock::Stage1Outcome).unwrap().due, Some(day("2025-05-16")));
    assert_eq!(state(&facts(&milestones), Clock::Stage1Outcome, "2025-05-19"), State::Overdue { over: 1 });
    let panel = [&milestones[..], &[(K::PanelRecommendation, "2025-06-01")]].concat();
    assert_eq!(state(&facts(&panel), Clock::Stage1Outcome, "2025-06-02"), State::NotRecorded);
}

#[test]
fn a_local_limit_is_put_forward_by_a_pause_and_a_statutory_one_runs_on() {
    let received = facts(&[(K::EnquiryReceived, "2025-03-03")]);
    // Mon 3 March: Tue 4 is day 1; paused Wed 5 to Sun 16; Mon 17, Tue 18, Wed 19, Thu 20 are days 2 to 5.
    let once = paused(received.clone(), &[("2025-03-05", "2025-03-17")]);
    let visit = timing(&once, Clock::InitialVisit).unwrap();
    assert_eq!(visit.due, Some(day("2025-03-20")));
    assert_eq!(state(&once, Clock::InitialVisit, "2025-03-10"), State::Running { left: Some(4) });
    assert!(visit.pause_on(day("2025-03-10"), &once.pauses).is_some());
    assert!(visit.pause_on(day("2025-03-17"), &once.pauses).is_none());
    // The eight months end on 3 November in any case.
    let applied = paused(facts(&[(K::ApplicationReceived, "2025-03-03")]), &[("2025-03-05", "2025-03-17")]);
    let panel = timing(&applied, Clock::PanelRecommendation).unwrap();
    assert_eq!(panel.due, Some(day("2025-11-03")));
    assert!(panel.pause_on(day("2025-03-10"), &applied.pauses).is_some(), "the pause is shown beside it");

    // Without an end: four days are left until somebody ends the pause.
    let open = paused(received.clone(), &[("2025-03-05", "")]);
    assert_eq!(timing(&open, Clock::InitialVisit).unwrap().due, None);
    assert_eq!(state(&open, Clock::InitialVisit, "2025-09-01"), State::Running { left: Some(4) });
    // What was overdue before stays so, and its days over stand still.
    let late = paused(received.clone(), &[("2025-03-12", "")]);
    assert_eq!(state(&late, Clock::InitialVisit, "2025-09-01"), State::Overdue { over: 1 });
    // Paused from before the start.
    let before = paused(received.clone(), &[("2025-03-01", "2025-03-10")]);
    assert_eq!(timing(&before, Clock::InitialVisit).unwrap().due, Some(day("2025-03-14")));
    // Days taken leave the pause out: day 2 is Monday 17.
    let met = facts(&[(K::EnquiryReceived, "2025-03-03"), (K::InitialVisit, "2025-03-17")]);
    let met = paused(met, &[("2025-03-05", "2025-03-17")]);
    assert_eq!(state(&met, Clock::InitialVisit, "2025-04-01"), State::Met { taken: 2 });
}

#[test]
fn a_local_limit_in_months_moves_by_the_paused_days() {
    let mut months = limits();
    months.retain(|limit| limit.clock != Clock::PanelRecommendation);
    months.push(limit(Clock::PanelRecommendation, 1, Unit::Months, false));
    let rules = Rules::new(months, WorkingDays::default());
    let of = |pauses: &[(&str, &str)]| {
        let facts = paused(facts(&[(K::ApplicationReceived, "2025-01-31")]), pauses);
        timings(&facts, &rules).into_iter().find(|it| it.clock == Clock::PanelRecommendation).unwrap().due
    };
    assert_eq!(of(&[]), Some(day("2025-02-28")));
    // Ten days of pause; the second pause lies in the days that the first one added.
    assert_eq!(of(&[("2025-02-10", "2025-02-20")]), Some(day("2025-03-10")));
    assert_eq!(of(&[("2025-02-10", "2025-02-20"), ("2025-03-05", "2025-03-07")]), Some(day("2025-03-12")));
}

#[test]
fn the_limit_in_force_on_the_day_of_the_start_applies() {
    let mut changed = limits();
    changed.push(TimeLimit {
        from: day("2025-04-01"),
        amount: 3,
        ..limit(Clock::InitialVisit, 3, Unit::WorkingDays, false)
    });
    changed.push(TimeLimit {
        from: day("2025-06-01"),
        in_use: false,
        ..limit(Clock::InitialVisit, 3, Unit::WorkingDays, false)
    });
    let rules = Rules::new(changed, WorkingDays::default());
    let due = |received: &str| {
        let facts = facts(&[(K::EnquiryReceived, received)]);
        timings(&facts, &rules).into_iter().find(|it| it.clock == Clock::InitialVisit).map(|it| it.due.unwrap())
    };
    assert_eq!(due("2025-03-31"), Some(day("2025-04-07")));
    assert_eq!(due("2025-04-01"), Some(day("2025-04-04")));
    assert_eq!(due("2025-06-02"), None, "not in use any more");
}

#[test]
fn supported_lodgings_have_no_clocks_of_fostering() {
    let lodgings = Attribute {
        name: AttributeName::FosteringType,
        value: Some(FosteringType::SupportedLodgings.code().to_owned()),
        user: None,
        from: None,
    };
    let received = facts(&[(K::EnquiryReceived, "2025-03-03")]);
    assert_eq!(timings(&received, &rules()).len(), 2);
    assert_eq!(timings(&Facts { attributes: vec![lodgings], ..received }, &rules()), vec![]);
}

#[test]
fn temporary_approval_ends_with_the_approval_or_the_enquiry() {
    let begun = [(K::EnquiryReceived, "2025-03-01"), (K::TemporaryApproval, "2025-03-03")];
    let with = |kind, on| facts(&[&begun[..], &[(kind, on)]].concat());
    assert_eq!(
        state(&with(K::Approved, "2025-06-23"), Clock::TemporaryApproval, "2025-07-01"),
        State::Met { taken: 112 }
    );
    assert_eq!(
        state(&with(K::Closed, "2025-06-24"), Clock::TemporaryApproval, "2025-07-01"),
        State::Missed { taken: 113, over: 1 }
    );
    assert_eq!(state(&facts(&begun), Clock::TemporaryApproval, "2025-06-09"), State::DueSoon { left: 14 });
}

#[test]
fn a_report_counts_each_state_once_and_says_the_median() {
    let one = |state, taken, households| Started { group: None, clock: Clock::FirstContact, state, taken, households };
    let report = count(
        None,
        day("2025-06-30"),
        &[
            one(StateName::Met, Some(0), 2),
            one(StateName::Met, Some(1), 3),
            one(StateName::Missed, Some(4), 1),
            one(StateName::Overdue, None, 2),
            one(StateName::DueSoon, None, 1),
            one(StateName::Running, None, 1),
            one(StateName::Ended, None, 5),
            one(StateName::NotRecorded, None, 7),
        ],
        &rules(),
    );
    let first = report.groups[0].clock(Clock::FirstContact).unwrap();
    assert_eq!((first.started, first.running, first.due_soon, first.overdue), (22, 4, 1, 2));
    assert_eq!((first.met, first.missed, first.ended, first.not_recorded), (5, 1, 5, 7));
    assert_eq!(first.started, first.running + first.met + first.missed + first.ended + first.not_recorded);
    // Of 0 0 1 1 1 4 the middle two are 1 and 1.
    assert_eq!(first.median_days, Some(1.0));
    assert_eq!(first.in_time, Some(5.0 / 8.0));
    assert_eq!(report.groups[0].clocks.len(), 11, "every clock that runs is in it");
    let visit = report.groups[0].clock(Clock::InitialVisit).unwrap();
    assert_eq!((visit.started, visit.median_days, visit.in_time), (0, None, None));
}

prop_compose! {
    fn any_pauses()(spans in prop::collection::vec((1_i32..40, 0_i32..40), 0..4), open in any::<bool>()) -> Vec<Pause> {
        let mut at = day("2025-01-01");
        let mut pauses = Vec::new();
        for (gap, long) in spans {
            let from = at.plus_days(gap);
            at = from.plus_days(long);
            pauses.push(Pause { from, to: Some(at), reason: PauseReason::Other });
        }
        if let Some(last) = pauses.last_mut().filter(|_| open) {
            last.to = None;
        }
        pauses
    }
}

proptest! {
    /// Looking at the same facts day after day: what is overdue was due soon before, and days only ever run down.
    #[test]
    fn days_run_down_and_the_due_day_divides(after in 0_i32..300, pauses in any_pauses(), ahead in 0_i32..200) {
        let start = day("2025-01-01").plus_days(after);
        let today = start.plus_days(ahead);
        let facts = Facts { pauses, ..facts_of(vec![Milestone::new(K::EnquiryReceived, start)]) }.by(today);
        let rules = rules();
        let visit = timings(&facts, &rules).into_iter().find(|it| it.clock == Clock::InitialVisit).unwrap();
        let state = visit.state_on(today, &facts.pauses, &rules.days);
        match visit.due {
            None => prop_assert_eq!(state.name(), StateName::Running),
            Some(due) => {
                prop_assert!(visit.overdue.is_none_or(|overdue| overdue > due));
                prop_assert_eq!(state.name() == StateName::Overdue, visit.overdue.is_some_and(|overdue| overdue <= today));
            }
        }
        // As it ends on a day, so it was counted while it ran.
        let ended = Facts { milestones: vec![facts.milestones[0].clone(), Milestone::new(K::InitialVisit, today)], ..facts.clone() };
        let ended_on = timings(&ended, &rules).into_iter().find(|it| it.clock == Clock::InitialVisit).unwrap();
        match (state, ended_on.course) {
            (State::Overdue { over: days }, Course::Missed { over, taken }) => {
                prop_assert_eq!(days, over);
                prop_assert_eq!(taken, 5 + over);
            }
            (State::Running { left: Some(left) } | State::DueSoon { left }, Course::Met { taken }) => {
                prop_assert_eq!(left + taken, 5);
            }
            other => prop_assert!(false, "{:?}", other),
        }
        // What is stored of it says the same on the day it becomes soon.
        if let (Some(soon), Some(due)) = (visit.soon, visit.due) {
            prop_assert!(start <= soon && soon <= due);
            let left = |on| match visit.state_on(on, &facts.pauses, &rules.days) {
                State::DueSoon { left } | State::Running { left: Some(left) } => left,
                other => panic!("{other:?}"),
            };
            prop_assert!(left(soon) <= 2);
            prop_assert!(soon == start || left(soon.plus_days(-1)) > 2);
        }
    }
}
