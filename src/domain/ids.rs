//! Numbers that name rows, one type for each kind of thing so that they cannot be mixed up.

macro_rules! ids {
    ($($(#[$meta:meta])* $name:ident)+) => {$(
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub i64);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = std::num::ParseIntError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map($name)
            }
        }
    )+};
}

ids! {
    /// Somebody who signs in, or a program that acts under its own name.
    UserId
    HouseholdId
    MemberId
    EnquiryId
    ImportId
    /// A file on its way to being imported.
    UploadId
    /// A mapping that somebody saved by name.
    MappingId
    NoteId
    /// One version of a task.
    TaskId
    /// One version of a rule that makes tasks.
    TaskRuleId
    /// One version of a source or a campaign on its list.
    ListedSourceId
    /// One version of an appointment.
    AppointmentId
    /// One version of a fact in a ledger.
    EntryId
    /// A fact in a ledger, whatever its version: the id of its first version.
    RootId
    /// A view of the list of enquiries that somebody saved by name.
    SavedViewId
    /// How long a clock may run, from a day on.
    TimeLimitId
    SpecialDayId
    /// One household gone into another.
    MergeId
    /// One household become two.
    SeparationId
}

impl UserId {
    /// What the command line does is recorded as done by it.
    pub const COMMAND_LINE: UserId = UserId(1);
    /// What somebody does before they have signed in, such as failing to.
    pub const VISITOR: UserId = UserId(2);
}
