//! What is written down of every write and every opening of a person's record.

use super::ids::{EnquiryId, HouseholdId, UserId};
use super::instant::Instant;
use crate::coded;

coded! {
    pub enum Action {
        EnquiryCreated = "enquiry_created", "Logged the enquiry";
        EnquiryOpened = "enquiry_opened", "Opened the record";
        EnquiryDetailsChanged = "enquiry_details_changed", "Changed the details";
        RestrictionChanged = "restriction_changed", "Changed who may open the record";
        HouseholdChanged = "household_changed", "Changed the household";
        HouseholdsMerged = "households_merged", "Merged two households";
        MergeUndone = "merge_undone", "Undid a merge of households";
        HouseholdSeparated = "household_separated", "Recorded that they have separated";
        SeparationUndone = "separation_undone", "Undid a separation";
        HouseholdsToldApart = "households_told_apart", "Said that two households are not the same";
        HouseholdsMayBeSame = "households_may_be_same", "Took back that two households are not the same";
        MilestoneRecorded = "milestone_recorded", "Recorded a milestone";
        MilestoneCorrected = "milestone_corrected", "Corrected a milestone";
        MilestoneWithdrawn = "milestone_withdrawn", "Withdrew a milestone";
        Assigned = "assigned", "Gave it to an officer";
        Paused = "paused", "Paused";
        PauseChanged = "pause_changed", "Changed a pause";
        KeptInTouch = "kept_in_touch", "Kept in touch for later";
        InTouchChanged = "in_touch_changed", "Changed keeping in touch";
        NoteAdded = "note_added", "Added a note or contact";
        NoteChanged = "note_changed", "Changed a note or contact";
        TaskMade = "task_made", "Made a task";
        TaskChanged = "task_changed", "Changed a task";
        TaskDone = "task_done", "Did a task";
        TaskWithdrawn = "task_withdrawn", "Withdrew a task";
        TaskRuleChanged = "task_rule_changed", "Changed a rule for tasks";
        AppointmentMade = "appointment_made", "Planned a visit";
        AppointmentChanged = "appointment_changed", "Moved or changed a planned visit";
        AppointmentCancelled = "appointment_cancelled", "Cancelled a planned visit";
        AppointmentKept = "appointment_kept", "Recorded that a planned visit took place";
        EnquiriesImported = "enquiries_imported", "Imported enquiries";
        ImportFileUploaded = "import_file_uploaded", "Uploaded a file to import";
        ImportFileChanged = "import_file_changed", "Said how an uploaded file is to be read";
        ImportFileDeleted = "import_file_deleted", "Deleted an uploaded file";
        ImportUndone = "import_undone", "Undid an import";
        MappingSaved = "mapping_saved", "Saved a mapping of columns";
        MappingDeleted = "mapping_deleted", "Deleted a mapping of columns";
        EnquiriesExported = "enquiries_exported", "Exported enquiries";
        ViewSaved = "view_saved", "Saved a view of the list";
        ViewChanged = "view_changed", "Changed a view of the list";
        ViewDeleted = "view_deleted", "Deleted a view of the list";
        ListChosen = "list_chosen", "Chose how their list is shown";
        ReportHouseholdsOpened = "report_households_opened", "Opened the households behind a figure";
        UserAdded = "user_added", "Added a person";
        UserChanged = "user_changed", "Changed a person";
        InvitationMade = "invitation_made", "Made a one-time link";
        PasswordSet = "password_set", "Set a password";
        SignedIn = "signed_in", "Signed in";
        SignInFailed = "sign_in_failed", "Could not sign in";
        SignedOut = "signed_out", "Signed out";
        SessionEnded = "session_ended", "Ended a session";
        BackupRestored = "backup_restored", "Restored a backup";
        SettingChanged = "setting_changed", "Changed a setting";
        ReasonAdded = "reason_added", "Added a reason";
        ReasonChanged = "reason_changed", "Changed a reason";
        WordChanged = "word_changed", "Changed a word";
        SourceListed = "source_listed", "Added a source or campaign";
        SourceListChanged = "source_list_changed", "Changed a source or campaign";
        SourcesMerged = "sources_merged", "Made one source or campaign of two";
        SourceCorrected = "source_corrected", "Corrected a source or campaign as recorded";
        TimeLimitChanged = "time_limit_changed", "Changed a time limit";
        SpecialDaysChanged = "special_days_changed", "Changed the bank holidays";
    }
}

/// Who did something, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Done {
    pub by: String,
    pub at: Instant,
}

/// One entry of the audit. `detail` never holds the content of notes.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    pub action: Action,
    pub enquiry: Option<EnquiryId>,
    pub household: Option<HouseholdId>,
    pub subject: Option<UserId>,
    pub detail: serde_json::Value,
}

impl Event {
    pub fn new(action: Action) -> Event {
        Event { action, enquiry: None, household: None, subject: None, detail: serde_json::Value::Null }
    }

    pub fn of_enquiry(action: Action, enquiry: EnquiryId) -> Event {
        Event { enquiry: Some(enquiry), ..Event::new(action) }
    }

    pub fn of_user(action: Action, subject: UserId) -> Event {
        Event { subject: Some(subject), ..Event::new(action) }
    }

    #[must_use]
    pub fn with(self, detail: serde_json::Value) -> Event {
        Event { detail, ..self }
    }
}
