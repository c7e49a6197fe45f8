//! Each counting rule with an example that was worked by hand.

use std::slice::from_ref;

use super::*;
use crate::domain::day::{Day, Period};
use crate::domain::fostering::TypeFilter;
use crate::domain::funnel::arbitrary::reasons;
use crate::domain::ids::{EntryId, RootId, UserId};
use crate::domain::instant::Instant;
use crate::domain::ledger::{Attribute, AttributeName, Entry, Ledger, Milestone, Stamp, Superseded};
use crate::domain::milestone::MilestoneKind as K;
use crate::domain::pause::{InTouch, Pause, PauseReason};
use crate::domain::question::Question;
use crate::domain::reason::ReasonCode;

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

fn at(text: &str) -> Instant {
    Instant::parse(text).unwrap()
}

/// The first quarter of 2025-26, as at its end, as known on 2 October.
fn question() -> Question {
    let period = Period { from: day("2025-04-01"), to: day("2025-06-30") };
    Question::new(period, Some(day("2025-06-30")), at("2025-10-02"), at("2025-10-02")).unwrap()
}

fn entry<F>(number: i64, fact: F, recorded: Instant) -> Entry<F> {
    let recorded = Stamp { at: recorded, by: UserId::COMMAND_LINE };
    Entry { id: EntryId(number), root: RootId(number), fact, recorded, superseded: None }
}

trait Build {
    fn had(self, kind: K, on: &str) -> Self;
    fn closed(self, on: &str, reason: &str) -> Self;
    fn of(self, name: AttributeName, value: &str) -> Self;
    fn recorded(self, on: &str) -> Self;
    fn superseded(self, on: &str) -> Self;
}

/// Each fact is recorded on the day it happened, unless said otherwise of the last.
impl Build for Ledger {
    fn had(mut self, kind: K, on: &str) -> Ledger {
        let number = self.milestones.len() as i64 + 1;
        self.milestones.push(entry(number, Milestone::new(kind, day(on)), at(on)));
        self
    }

    fn closed(mut self, on: &str, reason: &str) -> Ledger {
        let number = self.milestones.len() as i64 + 1;
        self.milestones.push(entry(number, Milestone::closed(day(on), ReasonCode(reason.to_owned())), at(on)));
        self
    }

    fn of(mut self, name: AttributeName, value: &str) -> Ledger {
        let number = self.attributes.len() as i64 + 1;
        let fact = Attribute { name, value: Some(value.to_owned()), user: None, from: None };
        self.attributes.push(entry(number, fact, at("2025-04-01")));
        self
    }

    fn recorded(mut self, on: &str) -> Ledger {
        self.milestones.last_mut().unwrap().recorded.at = at(on);
        self
    }

    fn superseded(mut self, on: &str) -> Ledger {
        let why = "mistake".to_owned();
        self.milestones.last_mut().unwrap().superseded = Some(Superseded { at: at(on), by: UserId::COMMAND_LINE, why });
        self
    }
}

fn received(on: &str) -> Ledger {
    Ledger::default().had(K::EnquiryReceived, on)
}

fn whole(ledgers: &[Ledger], question: &Question) -> Group {
    count(ledgers, &reasons(), question).groups.remove(0)
}

fn households(ledgers: &[Ledger], question: &Question) -> Vec<i64> {
    whole(ledgers, question).steps.iter().map(|step| step.households).collect()
}

fn enquiries(ledger: &Ledger, question: &Question) -> i64 {
    whole(from_ref(ledger), question).enquiries()
}

fn labels(ledgers: &[Ledger], by: Dimension, question: &Question) -> Vec<(String, i64)> {
    let funnel = count(ledgers, &reasons(), &Question { by: Some(by), ..*question });
    funnel.groups.iter().map(|group| (group.group.clone().unwrap(), group.enquiries())).collect()
}

fn outcome(ledger: Ledger, as_at: &str) -> Outcome {
    let group = whole(&[ledger], &Question { as_at: day(as_at), ..question() });
    assert_eq!(group.outcomes.total(), 1);
    Outcome::ALL.iter().copied().find(|outcome| group.outcomes.of(*outcome) == 1).unwrap()
}

#[test]
fn rule_1_the_day_received_decides_else_the_day_enquired() {
    // Asked the hub in March, reached us in April: April's. Known to the hub only: the hub's day.
    let both = Ledger::default().had(K::Enquired, "2025-03-28").had(K::EnquiryReceived, "2025-04-02");
    let hub_only = Ledger::default().had(K::Enquired, "2025-03-28");
    assert_eq!(enquiries(&both, &question()), 1);
    assert_eq!(enquiries(&hub_only, &question()), 0);
    assert_eq!(enquiries(&Ledger::default(), &question()), 0);
}

#[test]
fn rule_2_both_ends_of_the_period_count_and_nothing_after_the_as_at_date() {
    for (on, counted) in [("2025-03-31", 0), ("2025-04-01", 1), ("2025-06-30", 1), ("2025-07-01", 0)] {
        assert_eq!(enquiries(&received(on), &question()), counted, "{on}");
    }
    let early = Question { as_at: day("2025-05-31"), ..question() };
    assert_eq!(enquiries(&received("2025-05-31"), &early), 1);
    assert_eq!(enquiries(&received("2025-06-01"), &early), 0);
    let visited = received("2025-05-01").had(K::InitialVisit, "2025-06-01");
    assert_eq!(households(from_ref(&visited), &early), [1, 0, 0, 0, 0, 0, 0]);
    assert_eq!(households(&[visited], &question()), [1, 1, 1, 0, 0, 0, 0]);
}

#[test]
fn rule_2_only_what_was_recorded_and_not_superseded_by_then() {
    // Contact on 5 May; recorded on 20 May; found on 10 June to have been on 5 June.
    let ledger = received("2025-05-01")
        .had(K::FirstContact, "2025-05-05")
        .recorded("2025-05-20T10:00:00Z")
        .superseded("2025-06-10T10:00:00Z")
        .had(K::FirstContact, "2025-06-05")
        .recorded("2025-06-10T10:00:00Z");
    let contacts = |as_at: &str, known_at: &str| {
        households(from_ref(&ledger), &Question { as_at: day(as_at), known_at: at(known_at), ..question() })[1]
    };
    assert_eq!(contacts("2025-05-31", "2025-05-20T09:59:59.999Z"), 0);
    assert_eq!(contacts("2025-05-31", "2025-05-20T10:00:00Z"), 1);
    assert_eq!(contacts("2025-05-31", "2025-06-10T09:59:59.999Z"), 1);
    // Superseded at that very instant: no longer.
    assert_eq!(contacts("2025-05-31", "2025-06-10T10:00:00Z"), 0);
    assert_eq!(contacts("2025-06-05", "2025-06-10T10:00:00Z"), 1);
}

#[test]
fn rule_3_who_comes_back_counts_again_and_a_duplicate_nowhere() {
    assert_eq!(households(&[received("2025-04-03"), received("2025-06-03")], &question())[0], 2);
    let duplicate = received("2025-04-03").had(K::FirstContact, "2025-04-04").closed("2025-05-20", "duplicate");
    // Nowhere, also on the days before it was closed...
    for as_at in ["2025-04-30", "2025-06-30"] {
        assert_eq!(enquiries(&duplicate, &Question { as_at: day(as_at), ..question() }), 0);
    }
    let activity = Question { basis: Basis::Activity, ..question() };
    assert_eq!(households(from_ref(&duplicate), &activity), [0; 7]);
    // ...but it did count, as known before.
    assert_eq!(enquiries(&duplicate, &Question { known_at: at("2025-05-19"), ..question() }), 1);
    // Reopened: none after all; but on the days between it stood as one.
    let reopened = duplicate.had(K::Reopened, "2025-06-02");
    for (as_at, counted) in [("2025-04-30", 1), ("2025-05-25", 0), ("2025-06-30", 1)] {
        assert_eq!(enquiries(&reopened, &Question { as_at: day(as_at), ..question() }), counted, "{as_at}");
    }
}

#[test]
fn rule_4_groups_are_the_recorded_names() {
    let ledgers = [
        received("2025-04-03").of(AttributeName::Source, "Radio").of(AttributeName::Hub, "Foster with North East"),
        received("2025-04-30").of(AttributeName::Source, "Radio"),
        received("2025-06-30").of(AttributeName::FosteringType, "short_breaks"),
    ];
    let named = |pairs: &[(&str, i64)]| pairs.iter().map(|(label, n)| ((*label).to_owned(), *n)).collect::<Vec<_>>();
    let question = question();
    assert_eq!(labels(&ledgers, Dimension::Source, &question), named(&[("Radio", 2), ("not recorded", 1)]));
    assert_eq!(labels(&ledgers, Dimension::Hub, &question), named(&[("Foster with North East", 1), ("direct", 2)]));
    assert_eq!(
        labels(&ledgers, Dimension::FosteringType, &question),
        named(&[("short_breaks", 1), ("not recorded", 2)])
    );
    assert_eq!(labels(&ledgers, Dimension::Quarter, &question), named(&[("2025-Q1", 3)]));
}

#[test]
fn rule_4_the_officer_is_the_one_of_the_as_at_date() {
    let mut ledger = received("2025-04-03");
    let officers = [("2025-04-03", Some("Amy Bell")), ("2025-05-10", Some("Tom Reed")), ("2025-06-20", None)];
    for (number, (from, name)) in officers.into_iter().enumerate() {
        let value = name.map(str::to_owned);
        let fact = Attribute { name: AttributeName::Officer, value, user: None, from: Some(day(from)) };
        ledger.attributes.push(entry(number as i64 + 1, fact, at(from)));
    }
    for (as_at, officer) in [
        ("2025-05-09", "Amy Bell"),
        ("2025-05-10", "Tom Reed"),
        ("2025-06-19", "Tom Reed"),
        ("2025-06-20", "not recorded"),
    ] {
        let question = Question { as_at: day(as_at), ..question() };
        assert_eq!(labels(from_ref(&ledger), Dimension::Officer, &question), [(officer.to_owned(), 1)], "{as_at}");
    }
}

#[test]
fn rule_4_by_quarter_activity_falls_in_the_quarter_of_its_own_date() {
    let ledger = received("2025-05-01")
        .had(K::FirstContact, "2025-06-30")
        .had(K::InitialVisit, "2025-07-01")
        .closed("2025-08-01", "not_now");
    let question = Question {
        period: Period { from: day("2025-04-01"), to: day("2025-09-30") },
        as_at: day("2025-09-30"),
        basis: Basis::Activity,
        by: Some(Dimension::Quarter),
        ..question()
    };
    let groups = count([&ledger], &reasons(), &question).groups;
    let seen: Vec<_> = groups
        .iter()
        .map(|group| {
            let steps: Vec<_> = group.steps.iter().map(|step| step.households).collect();
            (group.group.clone().unwrap(), steps, group.outcomes.of(Outcome::ApplicantWithdrew))
        })
        .collect();
    assert_eq!(
        seen,
        [("2025-Q1".to_owned(), vec![1, 1, 0, 0, 0, 0, 0], 1), ("2025-Q2".to_owned(), vec![0, 0, 1, 0, 0, 0, 0], 0)]
    );
}

#[test]
fn rule_4a_no_kind_is_mainstream_and_supported_lodgings_are_in_all_only() {
    let ledgers = [
        received("2025-04-03"),
        received("2025-04-03").of(AttributeName::FosteringType, "long_term"),
        received("2025-04-03").of(AttributeName::FosteringType, "family_and_friends"),
        received("2025-04-03").of(AttributeName::FosteringType, "supported_lodgings"),
    ];
    for (types, counted) in [(TypeFilter::All, 4), (TypeFilter::Mainstream, 2), (TypeFilter::Kinship, 1)] {
        assert_eq!(households(&ledgers, &Question { types, ..question() })[0], counted, "{types:?}");
    }
}

#[test]
fn rule_5_a_step_is_implied_by_a_later_one_and_by_nothing_else() {
    // A panel alone implies contact, visit, application and Stage 2; an information session implies nothing.
    let panel = received("2025-04-03").had(K::PanelRecommendation, "2025-06-03");
    let session = received("2025-04-03").had(K::InformationSession, "2025-04-20");
    let group = whole(&[panel, session], &question());
    let counts: Vec<_> = group.steps.iter().map(|step| (step.households, step.implied)).collect();
    assert_eq!(counts, [(2, 0), (1, 1), (1, 1), (1, 1), (1, 1), (1, 0), (0, 0)]);
}

#[test]
fn rule_5_of_repeats_the_earliest_counts() {
    let ledger = received("2025-05-01").had(K::InitialVisit, "2025-07-02").had(K::InitialVisit, "2025-05-09");
    assert_eq!(households(from_ref(&ledger), &question())[2], 1);
    let july = Question {
        period: Period { from: day("2025-07-01"), to: day("2025-07-31") },
        as_at: day("2025-07-31"),
        basis: Basis::Activity,
        ..question()
    };
    assert_eq!(households(&[ledger], &july), [0; 7]);
}

#[test]
fn rule_6_activity_counts_milestones_of_the_period_and_divides_nothing() {
    let before = received("2024-11-05").had(K::FirstContact, "2024-11-06").had(K::ApplicationReceived, "2025-04-10");
    let within = received("2025-05-01").had(K::FirstContact, "2025-07-01").closed("2025-06-15", "not_eligible");
    let group = whole(&[before, within], &Question { basis: Basis::Activity, ..question() });
    let counts: Vec<_> = group.steps.iter().map(|step| (step.households, step.implied)).collect();
    assert_eq!(counts, [(1, 0), (0, 0), (0, 0), (1, 0), (0, 0), (0, 0), (0, 0)]);
    for step in &group.steps {
        assert_eq!((step.of_enquiries, step.of_previous, step.low, step.high), (None, None, None, None));
    }
    // Of those received in the period.
    assert_eq!((group.outcomes.total(), group.outcomes.of(Outcome::ServiceEnded)), (1, 1));
}

#[test]
fn rule_7_outcomes_are_those_of_the_as_at_date() {
    let approved = || received("2025-04-03").had(K::Approved, "2025-06-20");
    assert_eq!(outcome(approved(), "2025-06-19"), Outcome::Open);
    assert_eq!(outcome(approved(), "2025-06-20"), Outcome::Approved);
    for (reason, expected) in [
        ("not_now", Outcome::ApplicantWithdrew),
        ("not_eligible", Outcome::ServiceEnded),
        ("transferred", Outcome::Transferred),
    ] {
        let closed = || received("2025-04-03").closed("2025-05-20", reason);
        assert_eq!(outcome(closed(), "2025-05-19"), Outcome::Open);
        assert_eq!(outcome(closed(), "2025-05-20"), expected);
        let reopened = closed().had(K::Reopened, "2025-06-02");
        assert_eq!(outcome(reopened.clone(), "2025-06-01"), expected);
        assert_eq!(outcome(reopened, "2025-06-02"), Outcome::Open);
    }
}

#[test]
fn rule_7_paused_stands_before_in_touch_and_both_end_on_their_last_day() {
    let mut ledger = received("2025-04-03");
    let in_touch = InTouch { from: day("2025-05-01"), to: None, contact_again_on: None };
    ledger.in_touch.push(entry(1, in_touch, at("2025-05-01")));
    let pause = Pause { from: day("2025-05-10"), to: Some(day("2025-05-20")), reason: PauseReason::Illness };
    ledger.pauses.push(entry(1, pause, at("2025-05-10")));
    for (as_at, expected) in [
        ("2025-04-30", Outcome::Open),
        ("2025-05-01", Outcome::InTouch),
        ("2025-05-10", Outcome::Paused),
        ("2025-05-19", Outcome::Paused),
        ("2025-05-20", Outcome::InTouch),
    ] {
        assert_eq!(outcome(ledger.clone(), as_at), expected, "{as_at}");
    }
    let closed = ledger.closed("2025-05-12", "not_now");
    assert_eq!(outcome(closed, "2025-05-15"), Outcome::ApplicantWithdrew);
}

#[test]
fn rule_8_ratios_and_limits() {
    // Four enquiries, two contacts, one of them visited.
    let ledgers = [
        received("2025-04-03"),
        received("2025-04-04"),
        received("2025-04-05").had(K::FirstContact, "2025-04-06"),
        received("2025-04-05").had(K::FirstContact, "2025-04-06").had(K::InitialVisit, "2025-04-08"),
    ];
    let group = whole(&ledgers, &question());
    let first = group.step(Step::Enquiry);
    assert_eq!((first.of_enquiries, first.of_previous, first.low, first.high), (Some(1.0), None, None, None));
    let contact = group.step(Step::Contact);
    assert_eq!((contact.of_enquiries, contact.of_previous), (Some(0.5), Some(0.5)));
    // Wilson of 2 in 4: 0.5 ± 0.349...
    assert!((contact.low.unwrap() - 0.150_04).abs() < 1e-5 && (contact.high.unwrap() - 0.849_96).abs() < 1e-5);
    let visit = group.step(Step::Visit);
    assert_eq!((visit.of_enquiries, visit.of_previous), (Some(0.25), Some(0.5)));
    let application = group.step(Step::Application);
    assert_eq!((application.of_enquiries, application.of_previous, application.low), (Some(0.0), Some(0.0), Some(0.0)));
    assert_eq!(group.step(Step::Stage2).of_previous, None);
}

#[test]
fn rule_8_an_empty_period_is_one_group_of_zeros_or_no_groups() {
    let group = whole(&[], &question());
    assert_eq!((group.group, group.outcomes.total()), (None, 0));
    for step in &group.steps {
        assert_eq!((step.households, step.of_enquiries, step.of_previous, step.low), (0, None, None, None));
    }
    for by in Dimension::ALL {
        assert!(count([], &reasons(), &Question { by: Some(*by), ..question() }).groups.is_empty());
    }
}
