//! What stands in the way of a change to a ledger.

use crate::domain::instant::Instant;
use crate::domain::order::Refusal;
use crate::web::one_time::OrFailure;

#[derive(Debug, thiserror::Error)]
pub enum ActionError {
    /// The facts cannot be so. Each refusal is a sentence.
    #[error("{}", sentences(.0))]
    Refused(Vec<Refusal>),
    #[error("An enquiry needs the day it was received or the day they enquired. Correct the date instead")]
    NoDayLeft,
    /// Somebody else corrected or withdrew that version first.
    #[error("Somebody else has changed this since you opened it")]
    Stale,
    #[error("There is no such enquiry")]
    NotFound,
    /// A second person records the same step of the same day.
    #[error("{by} recorded it already, on {}. If that is wrong, correct that date", .at.london_text())]
    RecordedAlready { by: String, at: Instant },
    #[error("Another enquiry has this reference of that hub. Check it, or open that enquiry")]
    ReferenceTaken,
    #[error(transparent)]
    Database(sqlx::Error),
}

impl OrFailure for ActionError {
    fn or_failure(self) -> Result<ActionError, sqlx::Error> {
        match self {
            ActionError::Database(error) => Err(error),
            refused => Ok(refused),
        }
    }
}

/// The only thing about an enquiry that must be its own is the hub's reference.
impl From<sqlx::Error> for ActionError {
    fn from(error: sqlx::Error) -> ActionError {
        match error.as_database_error() {
            Some(database) if database.is_unique_violation() => ActionError::ReferenceTaken,
            _ => ActionError::Database(error),
        }
    }
}

fn sentences(refusals: &[Refusal]) -> String {
    refusals.iter().map(ToString::to_string).collect::<Vec<_>>().join(". ")
}
