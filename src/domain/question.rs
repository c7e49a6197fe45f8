//! What is asked of a report: which enquiries, as at which day, as known at which instant, and split by what.

use super::day::{Day, Period, Quarter};
use super::fostering::TypeFilter;
use super::instant::Instant;
use super::ledger::AttributeName;
use crate::coded;

coded! {
    pub enum Basis {
        /// Of the households received in the period, how many had reached each step.
        Cohort = "cohort", "Cohort";
        /// How many of each milestone fell in the period. Never divided by each other.
        Activity = "activity", "Activity";
    }
}

coded! {
    /// What a report is split by.
    pub enum Dimension {
        Source = "source", "Source";
        Campaign = "campaign", "Campaign";
        FosteringType = "fostering_type", "Kind of fostering";
        Hub = "hub", "Hub";
        Officer = "officer", "Officer";
        Quarter = "quarter", "Quarter";
    }
}

impl Dimension {
    /// The label of those of whom nothing is recorded (counting rule 4).
    pub fn nothing_recorded(self) -> &'static str {
        match self {
            Dimension::Hub => "direct",
            _ => "not recorded",
        }
    }

    /// What is recorded of an enquiry; None for the quarter, which follows from a date.
    pub fn attribute(self) -> Option<AttributeName> {
        match self {
            Dimension::Source => Some(AttributeName::Source),
            Dimension::Campaign => Some(AttributeName::Campaign),
            Dimension::FosteringType => Some(AttributeName::FosteringType),
            Dimension::Hub => Some(AttributeName::Hub),
            Dimension::Officer => Some(AttributeName::Officer),
            Dimension::Quarter => None,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Question {
    pub period: Period,
    /// Only what had happened by then.
    pub as_at: Day,
    /// Only what had been recorded by then.
    pub known_at: Instant,
    pub types: TypeFilter,
    pub basis: Basis,
    pub by: Option<Dimension>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unanswerable {
    #[error("the period begins on {from} and ends on {to}, before it begins")]
    EndsBeforeItBegins { from: Day, to: Day },
    #[error("the as-at date {as_at} is to come: what happens after today is not known yet")]
    AsAtToCome { as_at: Day },
}

impl Question {
    /// Of all types on the cohort basis, not split. Without a day to look at, the London day of `known_at`
    /// (counting rule 2), and never one to come: a pause that will end has not ended. An instant to come is
    /// now, or the report would be another one when it has come; but today's date stands for the whole of today.
    pub fn new(period: Period, as_at: Option<Day>, known_at: Instant, now: Instant) -> Result<Question, Unanswerable> {
        let today = now.london_day();
        if period.to < period.from {
            return Err(Unanswerable::EndsBeforeItBegins { from: period.from, to: period.to });
        }
        if let Some(as_at) = as_at.filter(|day| *day > today) {
            return Err(Unanswerable::AsAtToCome { as_at });
        }
        let known_at = if known_at == Instant::end_of(today) { known_at } else { known_at.min(now) };
        Ok(Question {
            period,
            as_at: as_at.unwrap_or_else(|| known_at.london_day().min(today)),
            known_at,
            types: TypeFilter::All,
            basis: Basis::Cohort,
            by: None,
        })
    }

    /// The last day that counts: in the period, and by the as-at date.
    pub fn until(&self) -> Day {
        self.period.to.min(self.as_at)
    }

    /// Whether a day counts: both ends of the period are in it, and nothing after the as-at date is (rule 2).
    pub fn includes(&self, day: Day) -> bool {
        self.period.from <= day && day <= self.until()
    }

    /// The same question of each quarter that the period touches, within the period, from one day to another.
    pub fn quarters_between(&self, first: Day, last: Day) -> Vec<(Quarter, Question)> {
        let (mut from, last) = (self.period.from.max(first), self.until().min(last));
        let mut quarters = Vec::new();
        while from <= last {
            let to = from.quarter().last_day().min(self.period.to);
            quarters.push((from.quarter(), Question { period: Period { from, to }, by: None, ..*self }));
            from = to.plus_days(1);
        }
        quarters
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    fn at(text: &str) -> Instant {
        Instant::parse(text).unwrap()
    }

    fn question(from: &str, to: &str) -> Question {
        let period = Period { from: day(from), to: day(to) };
        Question::new(period, None, at("2025-10-02T23:30:00Z"), at("2026-01-01")).unwrap()
    }

    #[test]
    fn the_as_at_date_is_the_london_day_of_what_is_known() {
        // Half past eleven in UTC is after midnight in London's summer time (rule 2).
        assert_eq!(question("2025-04-01", "2025-06-30").as_at, day("2025-10-03"));
    }

    #[test]
    fn a_period_includes_both_its_ends_and_nothing_after_the_as_at_date() {
        let question = Question { as_at: day("2025-06-20"), ..question("2025-04-01", "2025-06-30") };
        for (on, included) in [("2025-03-31", false), ("2025-04-01", true), ("2025-06-20", true), ("2025-06-21", false)]
        {
            assert_eq!(question.includes(day(on)), included, "{on}");
        }
        assert!(
            Question::new(
                Period { from: day("2025-04-02"), to: day("2025-04-01") },
                None,
                question.known_at,
                at("2025-10-03")
            )
            .is_err()
        );
    }

    #[test]
    fn nothing_to_come_is_looked_at() {
        let period = Period { from: day("2025-04-01"), to: day("2025-06-30") };
        let now = at("2025-10-14T09:00:00Z");
        for (known_at, taken) in [
            ("2025-10-14T08:59:59Z", "2025-10-14T08:59:59Z"),
            ("2025-10-14", "2025-10-14"),
            ("2025-10-14T09:00:01Z", "2025-10-14T09:00:00Z"),
            ("9999-12-31", "2025-10-14T09:00:00Z"),
        ] {
            let asked = Question::new(period, None, at(known_at), now).unwrap();
            assert_eq!((asked.known_at, asked.as_at), (at(taken), day("2025-10-14")), "{known_at}");
        }
        assert!(Question::new(period, Some(day("2025-10-15")), now, now).is_err());
    }

    #[test]
    fn quarters_are_cut_at_the_ends_of_the_period() {
        let question = question("2025-02-10", "2025-07-01");
        let quarters = question.quarters_between(day("1990-01-01"), day("2025-12-31"));
        let text: Vec<_> =
            quarters.iter().map(|(quarter, of)| format!("{quarter} {} {}", of.period.from, of.period.to)).collect();
        assert_eq!(
            text,
            ["2024-Q4 2025-02-10 2025-03-31", "2025-Q1 2025-04-01 2025-06-30", "2025-Q2 2025-07-01 2025-07-01"]
        );
        assert_eq!(question.quarters_between(day("2025-05-05"), day("2025-06-01")).len(), 1);
        assert!(question.quarters_between(day("2025-08-01"), day("2025-12-31")).is_empty());
    }
}
