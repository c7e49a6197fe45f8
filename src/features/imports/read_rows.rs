//! Rows as they were read, each with its place in the file: an enquiry, refused, skipped, or taken with a warning.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::rows::Skip;
use crate::coded;
use crate::domain::enquiry_row::EnquiryRow;

/// A row of a file, as the person who brought it finds it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Place {
    /// None in a CSV.
    pub sheet: Option<Arc<str>>,
    pub row: u32,
}

/// An enquiry that may be taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadRow {
    pub place: Place,
    pub enquiry: EnquiryRow,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RefusedRow {
    #[serde(flatten)]
    pub place: Place,
    /// The file's own header.
    pub column: Option<String>,
    pub problem: String,
}

coded! {
    pub enum WarningKind {
        WeekOnly = "week_only", "Only the week is known";
        YearAssumed = "year_assumed", "The year is assumed";
        YesWithoutDate = "yes_without_date", "It happened, the date is not known";
        Postcode = "postcode", "The postcode is kept as typed";
        Name = "name", "The name may be read wrongly";
        CloseDateAssumed = "close_date_assumed", "The date of closing is assumed";
        ContactDateAssumed = "contact_date_assumed", "The date of the next contact is assumed";
        CloseReason = "close_reason", "The reason does not fit";
        BeforeTheEnquiry = "before_the_enquiry", "It begins before the enquiry";
        NothingToKnowItBy = "nothing_to_know_it_by", "There is nothing to know it by";
    }
}

/// Taken, but look.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Warning {
    #[serde(flatten)]
    pub place: Place,
    pub column: String,
    pub kind: WarningKind,
    pub text: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SkippedRow {
    pub sheet: Option<Arc<str>>,
    pub row: Option<u32>,
    pub why: Skip,
}
