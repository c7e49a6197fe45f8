//! What must hold of every funnel, whatever was recorded.

use proptest::collection::vec;
use proptest::prelude::*;

use super::arbitrary::{ledger, question, reasons};
use super::*;
use crate::domain::instant::Instant;
use crate::domain::ledger::{Entry, Ledger};
use crate::domain::question::Question;

fn funnel(ledgers: &[Ledger], question: &Question) -> Funnel {
    count(ledgers, &reasons(), question)
}

/// The ledger as it stood: nothing recorded later, and nothing superseded later.
fn as_it_stood(ledger: &Ledger, at: Instant) -> Ledger {
    fn earlier<F: Clone>(entries: &[Entry<F>], at: Instant) -> Vec<Entry<F>> {
        let recorded = entries.iter().filter(|entry| entry.recorded.at <= at).cloned();
        recorded
            .map(|entry| Entry {
                superseded: entry.superseded.clone().filter(|superseded| superseded.at <= at),
                ..entry
            })
            .collect()
    }
    Ledger {
        milestones: earlier(&ledger.milestones, at),
        attributes: earlier(&ledger.attributes, at),
        pauses: earlier(&ledger.pauses, at),
        in_touch: earlier(&ledger.in_touch, at),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn the_steps_of_a_cohort_never_grow_and_implied_ones_are_within(
        ledgers in vec(ledger(), 0..40), question in question()
    ) {
        let question = Question { basis: Basis::Cohort, ..question };
        for group in funnel(&ledgers, &question).groups {
            prop_assert!(group.steps.is_sorted_by(|a, b| a.households >= b.households), "{group:?}");
            prop_assert!(group.steps.iter().all(|step| (0..=step.households).contains(&step.implied)));
            prop_assert_eq!(group.step(Step::Approval).implied, 0);
            for step in &group.steps[1..] {
                prop_assert_eq!(step.interval().is_some(), group.enquiries() > 0);
                if let (Some(interval), Some(proportion)) = (step.interval(), step.of_enquiries) {
                    prop_assert!(interval.contains(proportion));
                }
            }
        }
    }

    #[test]
    fn the_outcomes_add_up_to_the_enquiries(ledgers in vec(ledger(), 0..40), question in question()) {
        for group in funnel(&ledgers, &question).groups {
            prop_assert_eq!(group.outcomes.total(), group.enquiries());
            if question.basis == Basis::Cohort {
                prop_assert_eq!(group.outcomes.of(Outcome::Approved), group.step(Step::Approval).households);
            }
        }
    }

    #[test]
    fn those_who_went_no_further_are_what_each_step_is_fewer_by(
        ledgers in vec(ledger(), 0..40), question in question()
    ) {
        let question = Question { basis: Basis::Cohort, ..question };
        for group in funnel(&ledgers, &question).groups {
            let after = group.steps[1..].iter().map(|step| step.households).chain([0]);
            for ((step, after), stopped) in group.steps.iter().zip(after).zip(&group.stopped) {
                prop_assert_eq!(stopped.total(), step.households - after);
            }
        }
    }

    #[test]
    fn groups_add_up_to_the_whole(ledgers in vec(ledger(), 0..40), question in question()) {
        let whole = &funnel(&ledgers, &Question { by: None, ..question }).groups[0];
        for by in Dimension::ALL {
            let split = funnel(&ledgers, &Question { by: Some(*by), ..question });
            for step in Step::ALL {
                let sum: i64 = split.groups.iter().map(|group| group.step(*step).households).sum();
                prop_assert_eq!(sum, whole.step(*step).households, "{:?} by {:?}", step, by);
            }
            for outcome in Outcome::ALL {
                let sum: i64 = split.groups.iter().map(|group| group.outcomes.of(*outcome)).sum();
                prop_assert_eq!(sum, whole.outcomes.of(*outcome), "{:?} by {:?}", outcome, by);
            }
            prop_assert!(split.groups.iter().all(|group| group.steps.iter().any(|step| step.households > 0)));
        }
    }

    #[test]
    fn mainstream_kinship_and_supported_lodgings_are_all(ledgers in vec(ledger(), 0..40), question in question()) {
        use crate::domain::fostering::TypeFilter;
        let enquiries = |types| funnel(&ledgers, &Question { types, by: None, ..question }).groups[0].enquiries();
        let parts = enquiries(TypeFilter::Mainstream) + enquiries(TypeFilter::Kinship);
        prop_assert!(parts <= enquiries(TypeFilter::All));
    }

    #[test]
    fn what_was_known_does_not_change_when_more_is_recorded(
        ledgers in vec(ledger(), 0..40), question in question()
    ) {
        let stood: Vec<_> = ledgers.iter().map(|ledger| as_it_stood(ledger, question.known_at)).collect();
        prop_assert_eq!(funnel(&ledgers, &question), funnel(&stood, &question));
    }

    #[test]
    fn activity_by_quarter_is_the_activity_of_each_quarter(ledgers in vec(ledger(), 0..40), question in question()) {
        let question = Question { basis: Basis::Activity, by: Some(Dimension::Quarter), ..question };
        let split = funnel(&ledgers, &question);
        let mut alone = Vec::new();
        for (quarter, of) in question.quarters_between(question.period.from, question.period.to) {
            let mut groups = funnel(&ledgers, &of).groups;
            let group = groups.remove(0);
            if group.steps.iter().any(|step| step.households > 0) {
                alone.push(Group { group: Some(quarter.to_string()), ..group });
            }
        }
        prop_assert_eq!(split.groups, alone);
    }
}
