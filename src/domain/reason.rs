//! Why enquiries end. The list is data that a service extends; these are the codes that rules depend on.

use crate::coded;

coded! {
    pub enum EndedBy {
        Applicant = "applicant", "The applicant";
        Service = "service", "The service";
        Transferred = "transferred", "Transferred";
        Duplicate = "duplicate", "Duplicate";
    }
}

coded! {
    /// To which closures a reason applies. An applicant's reasons have Ofsted's codes once they have applied.
    pub enum Applies {
        BeforeApplying = "before_applying", "Before applying";
        AfterApplying = "after_applying", "After applying";
        Any = "any", "At any time";
    }
}

/// The code of a reason in the list, for example `no_spare_room` or `AW3`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct ReasonCode(pub String);

impl ReasonCode {
    pub const DUPLICATE: &'static str = "duplicate";
    pub const TRANSFERRED: &'static str = "transferred";
    pub const SERVICE_OTHER: &'static str = "service_other";

    /// What a closure without a reason is recorded as: `not_recorded` before applying, Ofsted's AW0 after.
    pub fn unknown(has_applied: bool) -> ReasonCode {
        ReasonCode(if has_applied { "AW0" } else { "not_recorded" }.to_owned())
    }
}

/// One reason of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CloseReason {
    pub code: ReasonCode,
    pub label: String,
    pub ended_by: EndedBy,
    pub applies: Applies,
}
