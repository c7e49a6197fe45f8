//! One enquiry as one row of a file: the canonical columns that import reads and export writes.

use std::sync::LazyLock;

use super::day::Day;
use super::fostering::FosteringType;
use super::household::Applicant;
use super::ledger::{Attribute, AttributeName, Facts, Milestone};
use super::milestone::MilestoneKind;
use super::order::{self, Dated, Refusal};
use super::pause::{InTouch, Pause};
use super::reason::ReasonCode;
use crate::coded;

coded! {
    /// The canonical columns, in the order of the header row. Names are promises: extend, rename nothing.
    pub enum Column {
        Reference = "reference", "Reference";
        Hub = "hub", "Hub";
        HubReference = "hub_reference", "Hub reference";
        Source = "source", "Source";
        Campaign = "campaign", "Campaign";
        FosteringType = "fostering_type", "Kind of fostering";
        EnquiredOn = "enquired_on", "Enquired at the hub";
        ReceivedOn = "received_on", "Enquiry received";
        Applicant1Name = "applicant_1_name", "First applicant’s name";
        Applicant1Email = "applicant_1_email", "First applicant’s e-mail";
        Applicant1Phone = "applicant_1_phone", "First applicant’s telephone";
        Applicant2Name = "applicant_2_name", "Second applicant’s name";
        Applicant2Email = "applicant_2_email", "Second applicant’s e-mail";
        Applicant2Phone = "applicant_2_phone", "Second applicant’s telephone";
        Address = "address", "Address";
        Postcode = "postcode", "Postcode";
        Officer = "officer", "Officer";
        PausedFrom = "paused_from", "Paused from";
        PausedTo = "paused_to", "Paused to";
        PauseReason = "pause_reason", "Reason for the pause";
        InTouch = "in_touch", "Keeping in touch";
        InTouchFrom = "in_touch_from", "Keeping in touch from";
        ContactAgainOn = "contact_again_on", "Contact again on";
        FirstContactOn = "first_contact_on", "First contact";
        InformationSessionOn = "information_session_on", "Information session";
        InitialVisitOn = "initial_visit_on", "Initial visit";
        InvitedToApplyOn = "invited_to_apply_on", "Invited to apply";
        ApplicationReceivedOn = "application_received_on", "Application received";
        AssessmentStartedOn = "assessment_started_on", "Assessment started";
        Stage1InformationCompleteOn = "stage_1_information_complete_on", "Stage 1 information complete";
        Stage1OutcomeOn = "stage_1_outcome_on", "Stage 1 outcome notified";
        Stage2StartedOn = "stage_2_started_on", "Stage 2 started";
        PreparationTrainingCompletedOn = "preparation_training_completed_on", "Preparation training completed";
        ReportCompletedOn = "report_completed_on", "Report completed";
        ReportSharedOn = "report_shared_on", "Report shared with applicants";
        ObservationsOn = "observations_on", "Applicants’ observations received";
        PapersSentOn = "papers_sent_on", "Papers sent to panel";
        PanelOn = "panel_on", "Panel recommendation";
        PanelRecommendation = "panel_recommendation", "What panel recommended";
        PanelMinutesFinalOn = "panel_minutes_final_on", "Panel minutes final";
        DecisionOn = "decision_on", "Decision made";
        Decision = "decision", "What was decided";
        DecisionToldOn = "decision_told_on", "Decision told";
        DecisionWrittenOn = "decision_written_on", "Decision in writing";
        RepresentationsOn = "representations_on", "Representations received";
        IrmAppliedOn = "irm_applied_on", "IRM applied for";
        IrmRecommendationOn = "irm_recommendation_on", "IRM recommendation";
        ApprovedOn = "approved_on", "Approved";
        ApprovedPlaces = "approved_places", "Approved places";
        ClosedOn = "closed_on", "Closed";
        CloseReason = "close_reason", "Reason for closing";
        Notes = "notes", "Notes";
    }
}

impl Column {
    /// The milestone whose date it holds.
    pub fn milestone(self) -> Option<MilestoneKind> {
        // Asked of each cell of a file.
        static KINDS: LazyLock<Vec<Option<MilestoneKind>>> = LazyLock::new(|| {
            let of =
                |column: &Column| MilestoneKind::ALL.iter().copied().find(|kind| kind.column() == Some(column.code()));
            Column::ALL.iter().map(of).collect()
        });
        KINDS.get(self as usize).copied().flatten()
    }

    pub fn of(kind: MilestoneKind) -> Option<Column> {
        kind.column().and_then(|code| code.parse().ok())
    }

    /// Where a refused date stands.
    pub fn dated(what: Dated) -> Option<Column> {
        match what {
            Dated::Milestone(kind) => Column::of(kind),
            Dated::PausedFrom => Some(Column::PausedFrom),
            Dated::PausedTo => Some(Column::PausedTo),
            Dated::InTouchFrom | Dated::InTouchTo => Some(Column::InTouchFrom),
            Dated::ContactAgain => Some(Column::ContactAgainOn),
        }
    }
}

/// How many applicants a row can hold.
pub const APPLICANTS: usize = 2;

/// As many characters as a spreadsheet's cell can hold.
pub const LONGEST_CELL: usize = 32_767;

/// What a file says of one enquiry.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EnquiryRow {
    pub reference: Option<String>,
    pub hub: Option<String>,
    pub hub_reference: Option<String>,
    pub source: Option<String>,
    pub campaign: Option<String>,
    pub fostering_type: Option<FosteringType>,
    pub applicants: Vec<Applicant>,
    pub address: Option<String>,
    pub postcode: Option<String>,
    pub officer: Option<String>,
    pub pause: Option<Pause>,
    pub in_touch: Option<InTouch>,
    /// In order of date; the enquiry itself is among them.
    pub milestones: Vec<Milestone>,
    pub notes: Option<String>,
}

impl EnquiryRow {
    pub fn first(&self, kind: MilestoneKind) -> Option<&Milestone> {
        self.milestones.iter().find(|milestone| milestone.kind == kind)
    }

    pub fn last(&self, kind: MilestoneKind) -> Option<&Milestone> {
        self.milestones.iter().rfind(|milestone| milestone.kind == kind)
    }

    pub fn on(&self, kind: MilestoneKind) -> Option<Day> {
        self.first(kind).map(|milestone| milestone.on)
    }

    /// The day received, or the day enquired where that is not known (counting rule 1).
    pub fn day(&self) -> Option<Day> {
        self.on(MilestoneKind::EnquiryReceived).or_else(|| self.on(MilestoneKind::Enquired))
    }

    /// The ledger that the row makes. An officer is assigned on the day received.
    pub fn facts(&self) -> Facts {
        let whole = |name: AttributeName, value: Option<&str>| {
            value.map(|value| Attribute { name, value: Some(value.to_owned()), user: None, from: None })
        };
        let officer = self.officer.clone().zip(self.day()).map(|(officer, day)| Attribute {
            name: AttributeName::Officer,
            value: Some(officer),
            user: None,
            from: Some(day),
        });
        let attributes = [
            whole(AttributeName::Source, self.source.as_deref()),
            whole(AttributeName::Campaign, self.campaign.as_deref()),
            whole(AttributeName::FosteringType, self.fostering_type.map(FosteringType::code)),
            whole(AttributeName::Hub, self.hub.as_deref()),
            whole(AttributeName::HubReference, self.hub_reference.as_deref()),
            officer,
        ];
        Facts {
            milestones: self.milestones.clone(),
            attributes: attributes.into_iter().flatten().collect(),
            pauses: self.pause.iter().cloned().collect(),
            in_touch: self.in_touch.iter().cloned().collect(),
        }
    }

    /// What cannot be of its dates; of two in the wrong order the later column is named.
    pub fn refusals(&self, today: Day) -> Vec<Refusal> {
        order::refusals(&self.facts(), today)
    }

    /// What stands in a column of the canonical file.
    pub fn cell(&self, column: Column) -> String {
        if let Some(kind) = column.milestone() {
            // Of closures the one that holds, of anything else the earliest.
            let found = if kind == MilestoneKind::Closed { self.last(kind) } else { self.first(kind) };
            return found.map(|milestone| milestone.on.to_string()).unwrap_or_default();
        }
        let result = |kind| self.last(kind).and_then(|it| it.result).map(|result| result.code().to_owned());
        let cell = match column {
            Column::Reference => self.reference.clone(),
            Column::Hub => self.hub.clone(),
            Column::HubReference => self.hub_reference.clone(),
            Column::Source => self.source.clone(),
            Column::Campaign => self.campaign.clone(),
            Column::FosteringType => self.fostering_type.map(|kind| kind.code().to_owned()),
            Column::Applicant1Name => self.applicants.first().map(|it| it.name.clone()),
            Column::Applicant1Email => self.applicants.first().and_then(|it| it.email.clone()),
            Column::Applicant1Phone => self.applicants.first().and_then(|it| it.phone.clone()),
            Column::Applicant2Name => self.applicants.get(1).map(|it| it.name.clone()),
            Column::Applicant2Email => self.applicants.get(1).and_then(|it| it.email.clone()),
            Column::Applicant2Phone => self.applicants.get(1).and_then(|it| it.phone.clone()),
            Column::Address => self.address.clone(),
            Column::Postcode => self.postcode.clone(),
            Column::Officer => self.officer.clone(),
            Column::PausedFrom => self.pause.as_ref().map(|pause| pause.from.to_string()),
            Column::PausedTo => self.pause.as_ref().and_then(|pause| pause.to).map(|to| to.to_string()),
            Column::PauseReason => self.pause.as_ref().map(|pause| pause.reason.code().to_owned()),
            Column::InTouch => self.in_touch.as_ref().map(|_| "yes".to_owned()),
            Column::InTouchFrom => self.in_touch.as_ref().map(|in_touch| in_touch.from.to_string()),
            Column::ContactAgainOn => {
                self.in_touch.as_ref().and_then(|it| it.contact_again_on).map(|again| again.to_string())
            }
            Column::PanelRecommendation => result(MilestoneKind::PanelRecommendation),
            Column::Decision => result(MilestoneKind::DecisionMade),
            Column::ApprovedPlaces => {
                self.first(MilestoneKind::Approved).and_then(|it| it.places).map(|places| places.to_string())
            }
            Column::CloseReason => self
                .last(MilestoneKind::Closed)
                .and_then(|it| it.close_reason.as_ref())
                .map(|ReasonCode(code)| code.clone()),
            Column::Notes => self.notes.clone(),
            _ => None,
        };
        cell.unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_date_column_belongs_to_a_milestone_and_the_other_way_round() {
        for kind in MilestoneKind::ALL {
            if kind.column().is_some() {
                assert_eq!(Column::of(*kind).and_then(Column::milestone), Some(*kind));
            }
        }
        let other_dates = ["paused_from", "paused_to", "in_touch_from", "contact_again_on", "panel_recommendation"];
        let named_on = Column::ALL.iter().filter(|it| it.code().ends_with("_on") && !other_dates.contains(&it.code()));
        assert!(named_on.clone().count() > 20);
        assert!(named_on.into_iter().all(|column| column.milestone().is_some()));
    }

    #[test]
    fn an_officer_is_assigned_on_the_day_received() {
        let day = |text: &str| text.parse::<Day>().unwrap();
        let row = EnquiryRow {
            officer: Some("Jan Teal".to_owned()),
            milestones: vec![
                Milestone::new(MilestoneKind::Enquired, day("2025-03-01")),
                Milestone::new(MilestoneKind::EnquiryReceived, day("2025-03-03")),
            ],
            ..EnquiryRow::default()
        };
        let facts = row.facts();
        let officer = facts.latest_attribute(AttributeName::Officer).unwrap();
        assert_eq!((officer.value.as_deref(), officer.from), (Some("Jan Teal"), Some(day("2025-03-03"))));
        assert!(row.refusals(day("2025-10-14")).is_empty());
        assert_eq!(row.cell(Column::EnquiredOn), "2025-03-01");
    }
}
