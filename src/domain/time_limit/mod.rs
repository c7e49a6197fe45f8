//! Time limits: a clock runs from one milestone to another, and the limit that was in force on the day of its start
//! applies. What a clock runs between is fixed here; how long it may take is data with a day from which it holds.

mod course;
mod events;
mod report;

use std::collections::BTreeMap;

pub use course::{Course, CourseName, State, StateName, Timing, timings};
pub use report::{ClockCount, ClockGroup, ClockReport, Started, count, started};

use super::day::Day;
use super::fostering::FosteringType;
use super::ids::TimeLimitId;
use super::working_days::WorkingDays;
use crate::coded;

coded! {
    /// In the order of the pipeline.
    pub enum Clock {
        FirstContact = "first_contact", "First contact";
        InitialVisit = "initial_visit", "Initial visit";
        AssessorAllocated = "assessor_allocated", "Assessor allocated";
        /// Reg 26 as amended in 2013: from the last check in, not from the application.
        Stage1Outcome = "stage_1_outcome", "Stage 1 outcome";
        Observations = "observations", "Applicants’ observations";
        /// National Minimum Standards 2011, 14.4.
        PanelRecommendation = "panel_recommendation", "Panel recommendation";
        /// National Minimum Standards 2011, 14.
        PapersToPanel = "papers_to_panel", "Papers to panel";
        /// Reg 27.
        Decision = "decision", "Decision";
        DecisionTold = "decision_told", "Decision told";
        DecisionWritten = "decision_written", "Decision in writing";
        /// Reg 27: the applicants' own time, from the letter of a qualifying determination.
        Representations = "representations_or_irm", "Representations or IRM";
        /// Reg 29(2).
        IrmPapers = "papers_to_irm", "Papers to the IRM";
        /// Reg 32(6).
        RecordsToAnother = "records_to_another_service", "Records to another service";
        /// Care Planning Regulations 2010, reg 24 and 25.
        TemporaryApproval = "temporary_approval", "Temporary approval";
        /// Reg 28.
        FirstReview = "first_review", "First review";
        /// Reg 28.
        LaterReviews = "later_reviews", "Later reviews";
        /// National Minimum Standards 2011, 21.8.
        UnannouncedVisit = "unannounced_visit", "Unannounced visit";
        /// Reg 28(13).
        Resignation = "resignation", "Resignation";
        /// National Minimum Standards 2011, 20.
        TrainingStandards = "training_support_and_development", "Training, support and development standards";
    }
}

impl Clock {
    /// From what to what, in words.
    pub fn between(self) -> (&'static str, &'static str) {
        use super::milestone::MilestoneKind as K;
        match self {
            Clock::FirstContact => (K::EnquiryReceived.label(), K::FirstContact.label()),
            Clock::InitialVisit => (K::EnquiryReceived.label(), K::InitialVisit.label()),
            Clock::AssessorAllocated => (K::ApplicationReceived.label(), "Assessor allocated"),
            Clock::Stage1Outcome => (K::Stage1InformationComplete.label(), K::Stage1OutcomeNotified.label()),
            Clock::Observations => ("Report shared", "Applicants’ observations"),
            Clock::PanelRecommendation => (K::ApplicationReceived.label(), "Recommendation to approve or not"),
            Clock::PapersToPanel => ("Papers sent", "Panel meeting"),
            Clock::Decision => ("Recommendation and final minutes", K::DecisionMade.label()),
            Clock::DecisionTold => (K::DecisionMade.label(), "Told orally"),
            Clock::DecisionWritten => (K::DecisionMade.label(), "Written notice sent"),
            Clock::Representations => ("Letter of the qualifying determination", "Representations or IRM application"),
            Clock::IrmPapers => ("Notice of the IRM application", "Papers sent to the IRM"),
            Clock::RecordsToAnother => ("Request", "Access given"),
            Clock::TemporaryApproval => (K::TemporaryApproval.label(), "Approved or ended"),
            Clock::FirstReview => (K::Approved.label(), "Review decision"),
            Clock::LaterReviews => ("Last review", "Review decision"),
            Clock::UnannouncedVisit => ("Last one, or approved", "Unannounced visit"),
            Clock::Resignation => ("Written notice received", "Approval ends by itself"),
            Clock::TrainingStandards => (K::Approved.label(), "Evidence complete"),
        }
    }

    /// Whether both its start and its end can be recorded here. Others are kept in the table, and do not run.
    pub fn is_watched(self) -> bool {
        !matches!(
            self,
            Clock::AssessorAllocated
                | Clock::IrmPapers
                | Clock::RecordsToAnother
                | Clock::FirstReview
                | Clock::LaterReviews
                | Clock::UnannouncedVisit
                | Clock::Resignation
                | Clock::TrainingStandards
        )
    }

    /// "At least so long before" rather than "within".
    pub fn is_before(self) -> bool {
        self == Clock::PapersToPanel
    }

    /// What the second figure of its limit is, where it has one.
    pub fn second_figure(self) -> Option<&'static str> {
        match self {
            Clock::TemporaryApproval => Some("Extended by"),
            Clock::TrainingStandards => Some("For family and friends"),
            _ => None,
        }
    }
}

coded! {
    pub enum Unit {
        WorkingDays = "working_days", "working days";
        CalendarDays = "calendar_days", "calendar days";
        Weeks = "weeks", "weeks";
        Months = "months", "months";
    }
}

impl Unit {
    /// `10 working days`, `1 month`.
    pub fn of(self, amount: i64) -> String {
        let label = if amount == 1 { self.label().trim_end_matches('s') } else { self.label() };
        format!("{amount} {label}")
    }

    /// What days left, taken and over are counted in: weeks and months in calendar days.
    pub fn counts_working_days(self) -> bool {
        self == Unit::WorkingDays
    }
}

/// How long a clock may run, from a day on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimeLimit {
    pub id: TimeLimitId,
    pub clock: Clock,
    /// Clocks that start on this day or later have it, until the next one.
    pub from: Day,
    pub amount: i64,
    /// See [`Clock::second_figure`].
    pub second: Option<i64>,
    pub unit: Unit,
    /// By a regulation or a standard: runs on while an enquiry is paused.
    pub statutory: bool,
    /// A clock that starts while it is not in use does not run.
    pub in_use: bool,
    pub source: String,
}

impl TimeLimit {
    /// `10 working days`, `16 weeks, extended by 8`, `at least 5 working days before`.
    pub fn words(&self) -> String {
        let amount = self.unit.of(self.amount);
        match (self.clock, self.second) {
            (clock, _) if clock.is_before() => format!("at least {amount} before"),
            (Clock::TemporaryApproval, Some(second)) => format!("{amount}, extended by {second}"),
            (Clock::TrainingStandards, Some(second)) => {
                format!("{amount}, {second} for {}", super::text::lower_first(FosteringType::FamilyAndFriends.label()))
            }
            _ => amount,
        }
    }

    /// What it comes to for one enquiry.
    fn amount_for(&self, extended: bool, kind: Option<FosteringType>) -> i64 {
        match self.clock {
            Clock::TemporaryApproval if extended => self.amount + self.second.unwrap_or(0),
            Clock::TrainingStandards if kind == Some(FosteringType::FamilyAndFriends) => {
                self.second.unwrap_or(self.amount)
            }
            _ => self.amount,
        }
    }
}

/// Every limit as it was known at one instant, with the days that count: all that time limits depend on but the facts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rules {
    by_clock: BTreeMap<Clock, Vec<TimeLimit>>,
    pub days: WorkingDays,
}

impl Rules {
    pub fn new(limits: impl IntoIterator<Item = TimeLimit>, days: WorkingDays) -> Rules {
        let mut by_clock: BTreeMap<Clock, Vec<TimeLimit>> = BTreeMap::new();
        for limit in limits {
            by_clock.entry(limit.clock).or_default().push(limit);
        }
        for limits in by_clock.values_mut() {
            limits.sort_by_key(|limit| limit.from);
        }
        Rules { by_clock, days }
    }

    /// The limit of a clock that starts on a day: a later change does not reach it.
    pub fn in_force(&self, clock: Clock, on: Day) -> Option<&TimeLimit> {
        self.limits(clock).iter().rfind(|limit| limit.from <= on)
    }

    /// All limits of a clock, the earliest first.
    pub fn limits(&self, clock: Clock) -> &[TimeLimit] {
        self.by_clock.get(&clock).map_or(&[], Vec::as_slice)
    }
}

#[cfg(test)]
mod tests;
