//! Pauses and keeping in touch: ledgers with dates beside the stage. Neither is an ending.

use super::day::Day;
use crate::coded;

coded! {
    pub enum PauseReason {
        AdoptionAssessment = "adoption_assessment", "Adoption assessment";
        Illness = "illness", "Illness";
        PregnancyOrNewBaby = "pregnancy_or_new_baby", "Pregnancy or new baby";
        HouseMoveOrBuildingWork = "house_move_or_building_work", "House move or building work";
        Work = "work", "Work";
        Other = "other", "Other";
        NotRecorded = "not_recorded", "Not recorded";
    }
}

/// A family that cannot go on just now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pause {
    pub from: Day,
    /// The first day on which it is over.
    pub to: Option<Day>,
    pub reason: PauseReason,
}

/// A family that is not ready now and wants to hear from us again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InTouch {
    pub from: Day,
    /// The first day on which it is over.
    pub to: Option<Day>,
    pub contact_again_on: Option<Day>,
}

impl Pause {
    pub fn holds_on(&self, day: Day) -> bool {
        holds(self.from, self.to, day)
    }
}

impl InTouch {
    pub fn holds_on(&self, day: Day) -> bool {
        holds(self.from, self.to, day)
    }
}

/// From ≤ day, and no end or end > day.
pub fn holds(from: Day, to: Option<Day>, day: Day) -> bool {
    from <= day && to.is_none_or(|to| to > day)
}
