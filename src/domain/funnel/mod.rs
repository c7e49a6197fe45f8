//! The funnel: how many households reached each step, and what became of them. Counting rules 1 to 8 of the service's
//! definitions. SQL reduces the chosen enquiries to a few patterns; what they mean is decided here.

#[cfg(test)]
pub(crate) mod arbitrary;
mod from_ledger;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

pub use from_ledger::{count, group_of, is_duplicate, patterns_of};
use serde::Serialize;

use super::interval::{Interval, wilson};
use super::milestone::MilestoneKind;
use super::question::{Basis, Dimension};
use crate::coded;

coded! {
    /// In their order (counting rule 5).
    pub enum Step {
        Enquiry = "enquiry", "Enquiry";
        Contact = "contact", "First contact";
        Visit = "visit", "Initial visit";
        Application = "application", "Application";
        Stage2 = "stage_2", "Stage 2";
        Panel = "panel", "Panel";
        Approval = "approval", "Approval";
    }
}

impl Step {
    /// The milestone whose date is the step's; the enquiry's is the day received.
    pub fn milestone(self) -> MilestoneKind {
        match self {
            Step::Enquiry => MilestoneKind::EnquiryReceived,
            Step::Contact => MilestoneKind::FirstContact,
            Step::Visit => MilestoneKind::InitialVisit,
            Step::Application => MilestoneKind::ApplicationReceived,
            Step::Stage2 => MilestoneKind::Stage2Started,
            Step::Panel => MilestoneKind::PanelRecommendation,
            Step::Approval => MilestoneKind::Approved,
        }
    }

    fn index(self) -> usize {
        self as usize
    }
}

coded! {
    /// What has become of an enquiry on a day, in the order of the report (counting rule 7).
    pub enum Outcome {
        Approved = "approved", "Approved";
        Open = "open", "Open";
        Paused = "paused", "Paused";
        InTouch = "in_touch", "In touch for later";
        ApplicantWithdrew = "applicant_withdrew", "Applicant withdrew";
        ServiceEnded = "service_ended", "Ended by the service";
        Transferred = "transferred", "Transferred";
    }
}

impl Outcome {
    /// Still open cases are shown as open, not as failures.
    pub fn is_unfinished(self) -> bool {
        matches!(self, Outcome::Open | Outcome::Paused | Outcome::InTouch)
    }
}

/// A set of the seven steps, a bit for each: those with a date that counts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Steps(pub u8);

impl Steps {
    pub const ALL: Steps = Steps(0b111_1111);

    pub fn only(step: Step) -> Steps {
        Steps(1 << step.index())
    }

    /// The step and all that follow it.
    pub fn from(step: Step) -> Steps {
        Steps(Steps::ALL.0 & (u8::MAX << step.index()))
    }

    /// All that follow the step.
    pub fn after(step: Step) -> Steps {
        Steps(Steps::from(step).0 & !Steps::only(step).0)
    }

    pub fn has(self, step: Step) -> bool {
        self.0 & Steps::only(step).0 != 0
    }

    #[must_use]
    pub fn with(self, step: Step) -> Steps {
        Steps(self.0 | Steps::only(step).0)
    }

    /// The last of them.
    pub fn furthest(self) -> Option<Step> {
        Step::ALL.iter().rev().copied().find(|step| self.has(*step))
    }
}

/// How many households of a group share the same steps and outcome.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern {
    /// None: nothing is recorded of what the report is split by, or it is not split.
    pub group: Option<String>,
    pub steps: Steps,
    /// None: not received in the period, so that only its milestones count (activity only).
    pub outcome: Option<Outcome>,
    pub households: i64,
}

/// A funnel, ready to be shown: a group for each value, or one group in all.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Funnel {
    pub groups: Vec<Group>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Group {
    /// None where the report is not split.
    pub group: Option<String>,
    pub steps: Vec<StepCount>,
    pub outcomes: Outcomes,
    /// By the furthest step, what became of those who went no further, with a place for each step; all none on the
    /// activity basis.
    #[serde(skip)]
    pub stopped: Vec<Outcomes>,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct StepCount {
    pub step: Step,
    /// With the implied ones.
    pub households: i64,
    /// Those with no date of this step but of a later one (counting rule 5).
    pub implied: i64,
    pub of_enquiries: Option<f64>,
    pub of_previous: Option<f64>,
    pub low: Option<f64>,
    pub high: Option<f64>,
}

impl StepCount {
    pub fn interval(&self) -> Option<Interval> {
        Some(Interval { low: self.low?, high: self.high? })
    }
}

/// How many of each outcome, in the order of [`Outcome::ALL`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Outcomes([i64; 7]);

impl Outcomes {
    pub fn of(&self, outcome: Outcome) -> i64 {
        self.0[outcome as usize]
    }

    pub fn total(&self) -> i64 {
        self.0.iter().sum()
    }

    /// Open, paused or in touch.
    pub fn unfinished(&self) -> i64 {
        Outcome::ALL.iter().filter(|outcome| outcome.is_unfinished()).map(|outcome| self.of(*outcome)).sum()
    }

    fn add(&mut self, outcome: Outcome, households: i64) {
        self.0[outcome as usize] += households;
    }
}

impl Serialize for Outcomes {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(Outcome::ALL.iter().map(|outcome| (outcome.code(), self.of(*outcome))))
    }
}

impl Funnel {
    /// Not split: one group, of zeros where there is nothing. Split: only groups with something to count (rule 8).
    pub fn of(basis: Basis, by: Option<Dimension>, patterns: &[Pattern]) -> Funnel {
        let Some(by) = by else {
            return Funnel { groups: vec![Group::of(basis, None, patterns)] };
        };
        let mut split: BTreeMap<String, Vec<Pattern>> = BTreeMap::new();
        for pattern in patterns.iter().filter(|pattern| pattern.households > 0) {
            let label = pattern.group.clone().unwrap_or_else(|| by.nothing_recorded().to_owned());
            split.entry(label).or_default().push(pattern.clone());
        }
        let mut groups: Vec<_> =
            split.into_iter().map(|(label, patterns)| Group::of(basis, Some(label), &patterns)).collect();
        groups.sort_by_cached_key(|group| place(by, group.group.as_deref().unwrap_or_default()));
        Funnel { groups }
    }
}

/// By name, whatever the capitals; what is not recorded comes last.
pub fn place(by: Dimension, label: &str) -> (bool, String) {
    (label == by.nothing_recorded(), label.to_lowercase())
}

impl Group {
    fn of(basis: Basis, label: Option<String>, patterns: &[Pattern]) -> Group {
        let mut outcomes = Outcomes::default();
        let mut stopped = vec![Outcomes::default(); Step::ALL.len()];
        for pattern in patterns {
            let Some(outcome) = pattern.outcome else { continue };
            outcomes.add(outcome, pattern.households);
            if let (Basis::Cohort, Some(furthest)) = (basis, pattern.steps.furthest()) {
                stopped[furthest.index()].add(outcome, pattern.households);
            }
        }
        Group { group: label, steps: steps(basis, patterns), outcomes, stopped }
    }

    pub fn step(&self, step: Step) -> &StepCount {
        &self.steps[step.index()]
    }

    pub fn enquiries(&self) -> i64 {
        self.step(Step::Enquiry).households
    }

    /// Whether a step's proportion of the one before it is drawn from fewer than the small number.
    pub fn is_small(&self, step: Step, small_number: i64) -> bool {
        step.index().checked_sub(1).is_some_and(|before| self.steps[before].households < small_number)
    }
}

fn steps(basis: Basis, patterns: &[Pattern]) -> Vec<StepCount> {
    let households_where = |counts: &dyn Fn(Steps) -> bool| -> i64 {
        patterns.iter().filter(|pattern| counts(pattern.steps)).map(|pattern| pattern.households).sum()
    };
    let mut rows: Vec<StepCount> = Vec::with_capacity(Step::ALL.len());
    for step in Step::ALL.iter().copied() {
        let dated = households_where(&|steps| steps.has(step));
        let implied = match basis {
            Basis::Cohort => households_where(&|steps| !steps.has(step) && steps.furthest() > Some(step)),
            // Whether an earlier step fell in the period cannot be concluded from a later one (rule 6).
            Basis::Activity => 0,
        };
        let before = rows.last().map(|row| row.households);
        let enquiries = rows.first().map(|row| row.households);
        rows.push(step_count(basis, step, (dated + implied, implied), enquiries, before));
    }
    rows
}

/// Counting rule 8. On the activity basis every ratio is null: those who reached a step in the period are not those
/// who enquired in it (rule 6).
fn step_count(
    basis: Basis,
    step: Step,
    (households, implied): (i64, i64),
    enquiries: Option<i64>,
    before: Option<i64>,
) -> StepCount {
    let counted = StepCount { step, households, implied, of_enquiries: None, of_previous: None, low: None, high: None };
    if basis == Basis::Activity {
        return counted;
    }
    let interval = enquiries.and_then(|enquiries| wilson(households, enquiries));
    StepCount {
        of_enquiries: ratio(households, enquiries.unwrap_or(households)),
        of_previous: before.and_then(|before| ratio(households, before)),
        low: interval.map(|interval| interval.low),
        high: interval.map(|interval| interval.high),
        ..counted
    }
}

fn ratio(part: i64, whole: i64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}
