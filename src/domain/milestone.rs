//! Milestones: something happened to an enquiry on a date. Stages, funnels and clocks are derived from them.

use crate::coded;

coded! {
    /// In the order of the pipeline (Fostering Services (England) Regulations 2011, as amended by SI 2013/984).
    pub enum MilestoneKind {
        /// At the hub or wherever the family first asked; may be earlier than the day the service received it.
        Enquired = "enquired", "Enquired at the hub";
        EnquiryReceived = "enquiry_received", "Enquiry received";
        FirstContact = "first_contact", "First contact";
        InformationSession = "information_session", "Information session";
        InitialVisit = "initial_visit", "Initial visit";
        InvitedToApply = "invited_to_apply", "Invited to apply";
        ApplicationReceived = "application_received", "Application received";
        /// The service decides to assess: reg 26(1). Stage 1 begins.
        AssessmentStarted = "assessment_started", "Assessment started";
        /// The last check is in.
        Stage1InformationComplete = "stage_1_information_complete", "Stage 1 information complete";
        Stage1OutcomeNotified = "stage_1_outcome_notified", "Stage 1 outcome notified";
        Stage2Started = "stage_2_started", "Stage 2 started";
        PreparationTrainingCompleted = "preparation_training_completed", "Preparation training completed";
        ReportCompleted = "report_completed", "Report completed";
        ReportSharedWithApplicants = "report_shared_with_applicants", "Report shared with applicants";
        ApplicantsObservations = "applicants_observations", "Applicants’ observations received";
        PapersSentToPanel = "papers_sent_to_panel", "Papers sent to panel";
        PanelRecommendation = "panel_recommendation", "Panel recommendation";
        PanelMinutesFinal = "panel_minutes_final", "Panel minutes final";
        DecisionMade = "decision_made", "Decision made";
        DecisionTold = "decision_told", "Decision told";
        DecisionWritten = "decision_written", "Decision in writing";
        RepresentationsReceived = "representations_received", "Representations received";
        IrmApplied = "irm_applied", "IRM applied for";
        IrmRecommendation = "irm_recommendation", "IRM recommendation";
        /// Care Planning Regulations 2010, reg 24. Not an approval and no funnel step.
        TemporaryApproval = "temporary_approval", "Temporary approval";
        /// Care Planning Regulations 2010, reg 25.
        TemporaryApprovalExtended = "temporary_approval_extended", "Temporary approval extended";
        Approved = "approved", "Approved";
        Closed = "closed", "Closed";
        Reopened = "reopened", "Reopened";
    }
}

impl MilestoneKind {
    /// The column of the canonical file, where there is one.
    pub fn column(self) -> Option<&'static str> {
        use MilestoneKind as K;
        Some(match self {
            K::Enquired => "enquired_on",
            K::EnquiryReceived => "received_on",
            K::FirstContact => "first_contact_on",
            K::InformationSession => "information_session_on",
            K::InitialVisit => "initial_visit_on",
            K::InvitedToApply => "invited_to_apply_on",
            K::ApplicationReceived => "application_received_on",
            K::AssessmentStarted => "assessment_started_on",
            K::Stage1InformationComplete => "stage_1_information_complete_on",
            K::Stage1OutcomeNotified => "stage_1_outcome_on",
            K::Stage2Started => "stage_2_started_on",
            K::PreparationTrainingCompleted => "preparation_training_completed_on",
            K::ReportCompleted => "report_completed_on",
            K::ReportSharedWithApplicants => "report_shared_on",
            K::ApplicantsObservations => "observations_on",
            K::PapersSentToPanel => "papers_sent_on",
            K::PanelRecommendation => "panel_on",
            K::PanelMinutesFinal => "panel_minutes_final_on",
            K::DecisionMade => "decision_on",
            K::DecisionTold => "decision_told_on",
            K::DecisionWritten => "decision_written_on",
            K::RepresentationsReceived => "representations_on",
            K::IrmApplied => "irm_applied_on",
            K::IrmRecommendation => "irm_recommendation_on",
            K::Approved => "approved_on",
            K::Closed => "closed_on",
            K::TemporaryApproval | K::TemporaryApprovalExtended | K::Reopened => return None,
        })
    }

    /// Whether a second one is a second fact rather than a correction of the first.
    pub fn may_repeat(self) -> bool {
        use MilestoneKind as K;
        matches!(
            self,
            K::InitialVisit | K::PanelRecommendation | K::PanelMinutesFinal | K::DecisionMade | K::Closed | K::Reopened
        )
    }

    /// What may be recorded as its result.
    pub fn results(self) -> &'static [MilestoneResult] {
        use MilestoneResult as R;
        match self {
            MilestoneKind::PanelRecommendation => &[R::Approve, R::DoNotApprove, R::Defer],
            MilestoneKind::DecisionMade | MilestoneKind::IrmRecommendation => &[R::Approve, R::DoNotApprove],
            MilestoneKind::Stage1OutcomeNotified => &[R::GoOn, R::DoNotGoOn],
            _ => &[],
        }
    }
}

coded! {
    /// What was recommended, decided or notified. May be unknown.
    pub enum MilestoneResult {
        Approve = "approve", "Approve";
        DoNotApprove = "do_not_approve", "Do not approve";
        Defer = "defer", "Defer";
        GoOn = "go_on", "Go on to Stage 2";
        DoNotGoOn = "do_not_go_on", "Do not go on";
    }
}
