//! Each case is worked by hand against a calendar; the working is beside it.

mod rules;

use proptest::prelude::*;

use super::*;
use crate::domain::ledger::{Attribute, AttributeName, Facts, Milestone};
use crate::domain::milestone::{MilestoneKind as K, MilestoneResult as R};
use crate::domain::pause::{Pause, PauseReason};
use crate::domain::reason::ReasonCode;
use crate::domain::working_days::SpecialDay;

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

fn limit(clock: Clock, amount: i64, unit: Unit, statutory: bool) -> TimeLimit {
    let (from, source) = (day("1990-01-01"), "test".to_owned());
    TimeLimit { id: TimeLimitId(0), clock, from, amount, second: None, unit, statutory, in_use: true, source }
}

fn limits() -> Vec<TimeLimit> {
    use Unit::{CalendarDays, Months, Weeks, WorkingDays};
    vec![
        limit(Clock::FirstContact, 1, WorkingDays, false),
        limit(Clock::InitialVisit, 5, WorkingDays, false),
        limit(Clock::Stage1Outcome, 10, WorkingDays, true),
        limit(Clock::Observations, 10, WorkingDays, true),
        limit(Clock::PanelRecommendation, 8, Months, true),
        limit(Clock::PapersToPanel, 5, WorkingDays, true),
        limit(Clock::Decision, 7, WorkingDays, true),
        limit(Clock::DecisionTold, 2, WorkingDays, true),
        limit(Clock::DecisionWritten, 5, WorkingDays, true),
        limit(Clock::Representations, 28, CalendarDays, true),
        TimeLimit { second: Some(8), ..limit(Clock::TemporaryApproval, 16, Weeks, true) },
    ]
}

fn rules() -> Rules {
    let holiday = |on: &str, holiday| SpecialDay { on: day(on), holiday, name: String::new() };
    Rules::new(
        limits(),
        WorkingDays::new([
            holiday("2020-05-04", false),
            holiday("2020-05-08", true),
            holiday("2022-05-30", false),
            holiday("2022-06-02", true),
            holiday("2022-06-03", true),
            holiday("2022-09-19", true),
            holiday("2023-05-08", true),
        ]),
    )
}

fn milestone(kind: K, on: &str) -> Milestone {
    match kind {
        K::Closed => Milestone::closed(day(on), ReasonCode("not_now".into())),
        kind => Milestone::new(kind, day(on)),
    }
}

fn facts(milestones: &[(K, &str)]) -> Facts {
    facts_of(milestones.iter().map(|(kind, on)| milestone(*kind, on)).collect())
}

fn facts_of(mut milestones: Vec<Milestone>) -> Facts {
    milestones.sort_by_key(|milestone| milestone.on);
    Facts { milestones, ..Facts::default() }
}

fn paused(facts: Facts, pauses: &[(&str, &str)]) -> Facts {
    let pause = |(from, to): &(&str, &str)| Pause {
        from: day(from),
        to: (!to.is_empty()).then(|| day(to)),
        reason: PauseReason::Illness,
    };
    Facts { pauses: pauses.iter().map(pause).collect(), ..facts }
}

fn timing(facts: &Facts, clock: Clock) -> Option<Timing> {
    timings(facts, &rules()).into_iter().find(|timing| timing.clock == clock)
}

/// How a clock stands on a day, of what had happened by then.
fn state(facts: &Facts, clock: Clock, today: &str) -> State {
    let facts = facts.by(day(today));
    timing(&facts, clock).map_or(State::NotStarted, |it| it.state_on(day(today), &facts.pauses, &rules().days))
}

#[test]
fn due_days_across_holidays_and_the_ends_of_months() {
    use K::*;
    for (clock, milestones, due, working) in [
        (Clock::FirstContact, &[(EnquiryReceived, "2025-03-03")][..], "2025-03-04", "Monday: Tuesday"),
        (Clock::FirstContact, &[(EnquiryReceived, "2025-03-07")], "2025-03-10", "Friday: Monday"),
        (Clock::FirstContact, &[(EnquiryReceived, "2025-03-08")], "2025-03-10", "Saturday: day one is Monday"),
        (Clock::FirstContact, &[(Enquired, "2025-03-03")], "2025-03-04", "only the day enquired is known"),
        (Clock::FirstContact, &[(EnquiryReceived, "2025-04-17")], "2025-04-22", "Maundy Thursday: Tuesday"),
        (Clock::FirstContact, &[(EnquiryReceived, "2024-12-24")], "2024-12-27", "Christmas Eve: Friday 27"),
        (Clock::FirstContact, &[(EnquiryReceived, "2025-03-28")], "2025-03-31", "the clocks go forward on the 30th"),
        (Clock::FirstContact, &[(EnquiryReceived, "2025-10-24")], "2025-10-27", "and back on the 26th"),
        // Wed 27, Thu 28, Fri 1 March, Mon 4 (28 days); in 2024 the 29th is one of the five.
        (Clock::InitialVisit, &[(EnquiryReceived, "2023-02-24")], "2023-03-03", "Mon 27, Tue 28, Wed 1, Thu 2, Fri 3"),
        (Clock::InitialVisit, &[(EnquiryReceived, "2024-02-26")], "2024-03-04", "Tue 27, Wed 28, Thu 29, Fri 1, Mon 4"),
        (Clock::InitialVisit, &[(EnquiryReceived, "2020-05-01")], "2020-05-11", "Mon 4 worked, Fri 8 not"),
        (
            Clock::InitialVisit,
            &[(EnquiryReceived, "2022-05-30")],
            "2022-06-08",
            "31, 1, then 6, 7, 8: 2 and 3 are none",
        ),
        (Clock::InitialVisit, &[(EnquiryReceived, "2022-09-15")], "2022-09-23", "Fri 16, then Tue 20 to Fri 23"),
        (Clock::InitialVisit, &[(EnquiryReceived, "2023-05-03")], "2023-05-11", "4, 5, then 9, 10, 11"),
        // Tue 24 Dec: Fri 27, Mon 30, Tue 31, Thu 2, Fri 3, Mon 6, Tue 7, Wed 8, Thu 9, Fri 10.
        (Clock::Stage1Outcome, &[(Stage1InformationComplete, "2024-12-24")], "2025-01-10", "ten over the new year"),
        (Clock::PanelRecommendation, &[(ApplicationReceived, "2025-01-15")], "2025-09-15", "the same day number"),
        (
            Clock::PanelRecommendation,
            &[(ApplicationReceived, "2024-06-30")],
            "2025-02-28",
            "the last of a shorter month",
        ),
        (Clock::PanelRecommendation, &[(ApplicationReceived, "2023-06-30")], "2024-02-29", "of a leap year"),
        (Clock::PanelRecommendation, &[(ApplicationReceived, "2024-02-29")], "2024-10-29", "from 29 February"),
        // 16 weeks are 112 days: 31 - 3 of March, 30, 31, and 23 of June.
        (Clock::TemporaryApproval, &[(K::TemporaryApproval, "2025-03-03")], "2025-06-23", "sixteen weeks"),
        (
            Clock::TemporaryApproval,
            &[(K::TemporaryApproval, "2025-03-03"), (TemporaryApprovalExtended, "2025-06-20")],
            "2025-08-18",
            "and eight more",
        ),
    ] {
        let milestones = facts(milestones);
        assert_eq!(timing(&milestones, clock).unwrap().due, Some(day(due)), "{clock:?}: {working}");
    }
}

#[test]
fn states_of_a_working_day_limit() {
    // Received on Thursday 3 April 2025: the visit is due on Thursday 10.
    let open = facts(&[(K::EnquiryReceived, "2025-04-03"), (K::FirstContact, "2025-04-03")]);
    for (today, expected) in [
        ("2025-04-03", State::Running { left: Some(5) }),
        ("2025-04-07", State::Running { left: Some(3) }),
        ("2025-04-08", State::DueSoon { left: 2 }),
        ("2025-04-10", State::DueSoon { left: 0 }),
        ("2025-04-11", State::Overdue { over: 1 }),
        // Saturday: still one day over.
        ("2025-04-12", State::Overdue { over: 1 }),
        // Over Easter: Fri 11, Mon 14 to Thu 17, Tue 22.
        ("2025-04-22", State::Overdue { over: 6 }),
    ] {
        assert_eq!(state(&open, Clock::InitialVisit, today), expected, "{today}");
    }
    let with = |kind, on: &str| facts_of([open.milestones.clone(), vec![milestone(kind, on)]].concat());
    for (facts, expected) in [
        (with(K::InitialVisit, "2025-04-10"), State::Met { taken: 5 }),
        (with(K::InitialVisit, "2025-04-11"), State::Missed { taken: 6, over: 1 }),
        (with(K::InitialVisit, "2025-04-22"), State::Missed { taken: 11, over: 6 }),
        (with(K::ApplicationReceived, "2025-05-01"), State::NotRecorded),
        (with(K::PreparationTrainingCompleted, "2025-05-01"), State::Overdue { over: 21 }),
        (with(K::Closed, "2025-04-08"), State::Ended),
    ] {
        assert_eq!(state(&facts, Clock::InitialVisit, "2025-05-14"), expected, "{facts:?}");
    }
    // As at a day before the visit it ran.
    assert_eq!(
        state(&with(K::InitialVisit, "2025-04-22"), Clock::InitialVisit, "2025-04-08"),
        State::DueSoon { left: 2 }
    );
    // Closed, and open again: it runs on.
    let reopened = facts(&[(K::EnquiryReceived, "2025-04-03"), (K::Closed, "2025-04-08"), (K::Reopened, "2025-04-09")]);
    assert_eq!(state(&reopened, Clock::InitialVisit, "2025-04-08"), State::Ended);
    assert_eq!(state(&reopened, Clock::InitialVisit, "2025-04-09"), State::DueSoon { left: 1 });
}

#[test]
fn a_day_that_does_not_count_is_not_a_day_over() {
    // Received on Friday 28 March 2025: the visit is due on Friday 4 April.
    let received = facts(&[(K::EnquiryReceived, "2025-03-28")]);
    assert_eq!(state(&received, Clock::InitialVisit, "2025-04-04"), State::DueSoon { left: 0 });
    assert_eq!(state(&received, Clock::InitialVisit, "2025-04-05"), State::DueSoon { left: 0 });
    assert_eq!(state(&received, Clock::InitialVisit, "2025-04-07"), State::Overdue { over: 1 });
    for (visited, expected) in [
        ("2025-04-05", State::Met { taken: 5 }),
        ("2025-04-06", State::Met { taken: 5 }),
        ("2025-04-07", State::Missed { taken: 6, over: 1 }),
    ] {
        let facts = facts(&[(K::EnquiryReceived, "2025-03-28"), (K::InitialVisit, visited)]);
        assert_eq!(state(&facts, Clock::InitialVisit, "2025-05-01"), expected, "{visited}");
    }
}

#[test]
fn an_end_before_the_start_is_met_in_no_days() {
    // The hub visited before it passed them on.
    let milestones = [(K::Enquired, "2025-03-01"), (K::InitialVisit, "2025-03-02"), (K::EnquiryReceived, "2025-03-05")];
    assert_eq!(state(&facts(&milestones), Clock::InitialVisit, "2025-03-05"), State::Met { taken: 0 });
    let same_day = [(K::EnquiryReceived, "2025-03-05"), (K::FirstContact, "2025-03-05")];
    assert_eq!(state(&facts(&same_day), Clock::FirstContact, "2025-03-05"), State::Met { taken: 0 });
}

#[test]
fn months_are_due_soon_fourteen_days_before() {
    let applied = facts(&[(K::EnquiryReceived, "2024-12-01"), (K::ApplicationReceived, "2025-01-15")]);
    for (today, expected) in [
        // Due on 15 September.
        ("2025-08-31", State::Running { left: Some(15) }),
        ("2025-09-01", State::DueSoon { left: 14 }),
        ("2025-09-15", State::DueSoon { left: 0 }),
        ("2025-09-25", State::Overdue { over: 10 }),
    ] {
        assert_eq!(state(&applied, Clock::PanelRecommendation, today), expected, "{today}");
    }
}
