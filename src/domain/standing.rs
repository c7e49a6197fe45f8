//! How an enquiry stands: everything that lists, boards and fast reports need, made from its facts.

use super::board;
use super::day::Day;
use super::ids::UserId;
use super::ledger::{AttributeName, Facts};
use super::milestone::{MilestoneKind, MilestoneResult};
use super::pause::{InTouch, Pause};
use super::reason::ReasonCode;
use super::stage::Stage;
use crate::coded;

coded! {
    /// How an enquiry stands on a day, one of these (counting rule 7, in its order of strength).
    pub enum State {
        Approved = "approved", "Approved";
        Closed = "closed", "Closed";
        Paused = "paused", "Paused";
        InTouch = "in_touch", "Keeping in touch";
        Open = "open", "Open";
    }
}

/// What `enquiry_now` holds of one enquiry. Of repeats the earliest date; of results the latest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    pub day: Day,
    pub stage: Stage,
    /// The day on which it came into that stage.
    pub stage_since: Day,
    /// While Stage 1 runs beside Stage 2: since when.
    pub stage_1_since: Option<Day>,
    /// By kind, the earliest date; for `Closed` the closure that holds.
    dates: Vec<(MilestoneKind, Day)>,
    /// Whether it was ever reopened: then the closure of an earlier day is in the ledger only.
    pub reopened: bool,
    pub places: Option<i64>,
    pub panel_recommendation: Option<MilestoneResult>,
    pub decision: Option<MilestoneResult>,
    pub close_reason: Option<ReasonCode>,
    /// The latest; whether it holds depends on the day.
    pub pause: Option<Pause>,
    pub in_touch: Option<InTouch>,
    attributes: Vec<(AttributeName, String)>,
    pub officer_user: Option<UserId>,
    pub officer_from: Option<Day>,
    /// The date of the last thing that happened.
    pub last_on: Day,
}

impl Standing {
    /// None where neither the day received nor the day enquired is in force: the enquiry was withdrawn entirely.
    pub fn of(facts: &Facts) -> Option<Standing> {
        let day = facts.day_received()?;
        let stage = Stage::of(facts);
        let closure = facts.closure();
        let officer = facts.latest_attribute(AttributeName::Officer);
        let dates = MilestoneKind::ALL.iter().filter_map(|kind| {
            let on = match kind {
                MilestoneKind::Closed => closure.map(|closure| closure.on),
                kind => facts.first_on(*kind),
            };
            on.map(|on| (*kind, on))
        });
        let attributes =
            AttributeName::ALL.iter().filter_map(|name| facts.attribute(*name).map(|value| (*name, value.to_owned())));
        Some(Standing {
            day,
            stage,
            stage_since: board::since(facts, stage)?,
            stage_1_since: stage.runs_beside_stage_1(facts).then(|| board::since(facts, Stage::Stage1)).flatten(),
            dates: dates.collect(),
            reopened: facts.first(MilestoneKind::Reopened).is_some(),
            places: facts.first(MilestoneKind::Approved).and_then(|approval| approval.places),
            panel_recommendation: facts.last(MilestoneKind::PanelRecommendation).and_then(|it| it.result),
            decision: facts.last(MilestoneKind::DecisionMade).and_then(|it| it.result),
            close_reason: closure.and_then(|closure| closure.close_reason.clone()),
            pause: facts.pauses.last().cloned(),
            in_touch: facts.in_touch.last().cloned(),
            attributes: attributes.collect(),
            officer_user: officer.filter(|officer| officer.value.is_some()).and_then(|officer| officer.user),
            officer_from: officer.and_then(|officer| officer.from),
            last_on: facts.milestones.last().map_or(day, |milestone| milestone.on),
        })
    }

    pub fn on(&self, kind: MilestoneKind) -> Option<Day> {
        self.dates.iter().find(|(dated, _)| *dated == kind).map(|(_, on)| *on)
    }

    pub fn attribute(&self, name: AttributeName) -> Option<&str> {
        self.attributes.iter().find(|(named, _)| *named == name).map(|(_, value)| value.as_str())
    }

    /// Neither approved nor closed.
    pub fn live(&self) -> bool {
        self.on(MilestoneKind::Approved).is_none() && self.on(MilestoneKind::Closed).is_none()
    }

    /// Approved; else closed; else paused; else in touch; else open. If both, paused is shown.
    pub fn state_on(&self, day: Day) -> State {
        if self.on(MilestoneKind::Approved).is_some() {
            State::Approved
        } else if self.on(MilestoneKind::Closed).is_some() {
            State::Closed
        } else if self.pause.as_ref().is_some_and(|pause| pause.holds_on(day)) {
            State::Paused
        } else if self.in_touch.as_ref().is_some_and(|in_touch| in_touch.holds_on(day)) {
            State::InTouch
        } else {
            State::Open
        }
    }
}
