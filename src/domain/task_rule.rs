//! Rules that make tasks: what a milestone asks for, by when, of whom. An administrator's table.

use super::day::Day;
use super::ledger::Facts;
use super::milestone::MilestoneKind;
use super::role::Role;
use super::stage::Stage;
use super::text::same_words;
use super::working_days::WorkingDays;
use crate::coded;

coded! {
    pub enum RuleUnit {
        WorkingDays = "working_days", "Working days";
        CalendarDays = "calendar_days", "Calendar days";
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaskRule {
    pub milestone: MilestoneKind,
    pub what: String,
    pub days: i64,
    pub unit: RuleUnit,
    /// Whose task it becomes; None: the enquiry's officer.
    pub role: Option<Role>,
    pub active: bool,
}

impl TaskRule {
    /// The day from which its days are counted: that of the milestone, of repeats the earliest. None while it asks for
    /// nothing: not recorded, the enquiry is closed, or it has moved on to a later stage already, so that what is
    /// written down late asks nobody for what is long past.
    pub fn counts_from(&self, facts: &Facts) -> Option<Day> {
        let on = facts.first_on(self.milestone)?;
        let moved_on = Stage::after(self.milestone).is_some_and(|stage| stage < Stage::of(facts));
        (facts.closure().is_none() && !moved_on).then_some(on)
    }

    /// Whether both make the same task, in use or not.
    pub fn is_same_as(&self, other: &TaskRule) -> bool {
        let asks = |rule: &TaskRule| (rule.milestone, rule.days, rule.unit, rule.role);
        asks(self) == asks(other) && same_words(&self.what, &other.what)
    }

    /// The day by which it is to be done, for what happened on a day.
    pub fn due(&self, on: Day, days: &WorkingDays) -> Day {
        match self.unit {
            RuleUnit::WorkingDays => days.plus(on, self.days),
            RuleUnit::CalendarDays => on.plus_days(i32::try_from(self.days).unwrap_or(0)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ledger::Milestone;
    use crate::domain::reason::ReasonCode;
    use MilestoneKind as K;

    #[test]
    fn a_rule_asks_only_while_the_enquiry_stands_there() {
        let day = |text: &str| text.parse::<Day>().unwrap();
        let rule = TaskRule {
            milestone: K::FirstContact,
            what: "Check our records".to_owned(),
            days: 2,
            unit: RuleUnit::WorkingDays,
            role: None,
            active: true,
        };
        let from = |milestones: &[(K, &str)]| {
            let milestones = milestones.iter().map(|(kind, on)| match kind {
                K::Closed => Milestone::closed(day(on), ReasonCode("health".to_owned())),
                kind => Milestone::new(*kind, day(on)),
            });
            rule.counts_from(&Facts { milestones: milestones.collect(), ..Facts::default() })
        };
        let received = (K::EnquiryReceived, "2025-03-03");
        for (milestones, expected) in [
            (vec![received], None),
            (vec![received, (K::FirstContact, "2025-03-04")], Some("2025-03-04")),
            (
                vec![received, (K::FirstContact, "2025-03-04"), (K::InformationSession, "2025-03-06")],
                Some("2025-03-04"),
            ),
            (vec![received, (K::FirstContact, "2025-03-04"), (K::InitialVisit, "2025-03-09")], None),
            (vec![received, (K::FirstContact, "2025-03-04"), (K::Closed, "2025-03-09")], None),
        ] {
            assert_eq!(from(&milestones), expected.map(day), "{milestones:?}");
        }
        // Over Easter 2025: Good Friday is 18 April, Easter Monday 21 April.
        let days = WorkingDays::default();
        assert_eq!(rule.due(day("2025-04-16"), &days), day("2025-04-22"));
        let calendar = TaskRule { unit: RuleUnit::CalendarDays, ..rule.clone() };
        assert_eq!(calendar.due(day("2025-04-16"), &days), day("2025-04-18"));
        let written = TaskRule { what: "check our  RECORDS".to_owned(), active: false, ..rule.clone() };
        assert!(rule.is_same_as(&written));
        let others = TaskRule { role: Some(Role::Manager), ..rule.clone() };
        assert!(!rule.is_same_as(&calendar) && !rule.is_same_as(&others));
    }
}
