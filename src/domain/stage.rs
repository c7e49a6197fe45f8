//! The stage shown: derived from the milestones, never set.

use super::ledger::Facts;
use super::milestone::{MilestoneKind, MilestoneResult};
use crate::coded;

coded! {
    pub enum Stage {
        New = "new", "New";
        InContact = "in_contact", "In contact";
        Visited = "visited", "Visited";
        Application = "application", "Application";
        Stage1 = "stage_1", "Stage 1";
        Stage2 = "stage_2", "Stage 2";
        Panel = "panel", "Panel";
        Decision = "decision", "Decision";
        Approved = "approved", "Approved";
    }
}

impl Stage {
    /// The furthest in the order of the pipeline, whatever the dates. A closure is shown beside it.
    pub fn of(facts: &Facts) -> Stage {
        let deferred = facts
            .last(MilestoneKind::PanelRecommendation)
            .is_some_and(|recommendation| recommendation.result == Some(MilestoneResult::Defer));
        facts
            .milestones
            .iter()
            .filter_map(|milestone| match milestone.kind {
                // The minutes of a deferral leave the stage at Panel.
                MilestoneKind::PanelMinutesFinal if deferred => Some(Stage::Panel),
                kind => Stage::after(kind),
            })
            .max()
            .unwrap_or(Stage::New)
    }

    /// The stage shown after a milestone; None where it changes nothing.
    pub fn after(kind: MilestoneKind) -> Option<Stage> {
        use MilestoneKind as K;
        Some(match kind {
            K::Enquired | K::EnquiryReceived => Stage::New,
            K::FirstContact | K::InformationSession => Stage::InContact,
            K::InitialVisit | K::InvitedToApply => Stage::Visited,
            K::ApplicationReceived => Stage::Application,
            K::AssessmentStarted | K::Stage1InformationComplete | K::Stage1OutcomeNotified => Stage::Stage1,
            K::Stage2Started
            | K::ReportCompleted
            | K::ReportSharedWithApplicants
            | K::ApplicantsObservations
            | K::PapersSentToPanel => Stage::Stage2,
            K::PanelRecommendation => Stage::Panel,
            K::PanelMinutesFinal
            | K::DecisionMade
            | K::DecisionTold
            | K::DecisionWritten
            | K::RepresentationsReceived
            | K::IrmApplied
            | K::IrmRecommendation => Stage::Decision,
            K::Approved => Stage::Approved,
            K::PreparationTrainingCompleted
            | K::TemporaryApproval
            | K::TemporaryApprovalExtended
            | K::Closed
            | K::Reopened => return None,
        })
    }

    /// Stage 1 and Stage 2 may run at the same time (reg 26 as amended by SI 2013/984): while Stage 1 has no outcome
    /// and Stage 2 has begun, both are shown.
    pub fn runs_beside_stage_1(self, facts: &Facts) -> bool {
        self == Stage::Stage2 && facts.first(MilestoneKind::Stage1OutcomeNotified).is_none()
    }
}

/// An application, or anything that only follows one: a missing earlier milestone is implied by a later one. Whoever has
/// applied ends with Ofsted's reasons (counting rule 17), whether people or a file say so. What leaves the stage as it
/// is, such as preparation training, implies nothing.
pub fn has_applied(kinds: impl IntoIterator<Item = MilestoneKind>) -> bool {
    kinds.into_iter().filter_map(Stage::after).any(|stage| stage >= Stage::Application)
}

impl Facts {
    /// Also where the application itself is missing and something is recorded that only follows one.
    pub fn has_applied(&self) -> bool {
        has_applied(self.milestones.iter().map(|milestone| milestone.kind))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use MilestoneKind as K;

    #[test]
    fn an_application_is_implied_by_what_only_follows_one() {
        for (kinds, applied) in [
            (&[][..], false),
            (&[K::Enquired, K::EnquiryReceived], false),
            (&[K::EnquiryReceived, K::FirstContact, K::InformationSession, K::InitialVisit], false),
            (&[K::EnquiryReceived, K::InvitedToApply], false),
            (&[K::EnquiryReceived, K::PreparationTrainingCompleted], false),
            (&[K::EnquiryReceived, K::TemporaryApproval, K::TemporaryApprovalExtended], false),
            (&[K::EnquiryReceived, K::Closed, K::Reopened], false),
            (&[K::EnquiryReceived, K::ApplicationReceived], true),
            (&[K::EnquiryReceived, K::AssessmentStarted], true),
            (&[K::EnquiryReceived, K::Stage1InformationComplete], true),
            (&[K::EnquiryReceived, K::Stage1OutcomeNotified], true),
            (&[K::EnquiryReceived, K::InitialVisit, K::Stage2Started], true),
            (&[K::EnquiryReceived, K::PapersSentToPanel], true),
            (&[K::EnquiryReceived, K::PanelRecommendation], true),
            (&[K::EnquiryReceived, K::DecisionMade, K::Closed], true),
            (&[K::EnquiryReceived, K::Approved], true),
        ] {
            assert_eq!(has_applied(kinds.iter().copied()), applied, "{kinds:?}");
        }
    }
}
