//! What is due, and whose it is: for the page of the day.

use sqlx::SqliteConnection;

use super::queries;
use super::queries_due::{self, Asked, DueKey};
use crate::domain::ids::EnquiryId;
use crate::domain::stage::Stage;
use crate::domain::time_limit::{Rules, State, Timing};

/// One clock that is due, and the enquiry it is of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueRow {
    pub enquiry: EnquiryId,
    pub reference: String,
    /// "Priya Nair and Tom Reed".
    pub name: String,
    pub stage: Stage,
    pub officer: Option<String>,
    pub timing: Timing,
    pub state: State,
}

impl DueRow {
    /// None of a clock without a due day, which is never listed.
    pub fn key(&self) -> Option<DueKey> {
        Some(DueKey { due: self.timing.due?, enquiry: self.enquiry, clock: self.timing.clock })
    }
}

/// One page, the first due first; the next begins after the last row's key. Families that are only kept in touch with
/// are left out: they come back on their own day. Overdue clocks that an approval has overtaken are left out too.
pub async fn list_due(
    connection: &mut SqliteConnection,
    asked: &Asked,
    rules: &Rules,
    after: Option<DueKey>,
    limit: i64,
) -> sqlx::Result<Vec<DueRow>> {
    let found = queries_due::list(connection, asked, after, limit).await?;
    let enquiries: Vec<_> = found.iter().map(|row| row.stored.enquiry).collect();
    let pauses = queries::list_pauses(connection, &enquiries).await?;
    let rows = found.into_iter().filter_map(|row| {
        let own: Vec<_> =
            pauses.iter().filter(|(of, _)| *of == row.stored.enquiry).map(|(_, pause)| pause.clone()).collect();
        let timing = row.stored.timing(rules)?;
        let state = timing.state_on(asked.today, &own, &rules.days);
        let queries_due::Found { stored, reference, name, stage, officer } = row;
        Some(DueRow { enquiry: stored.enquiry, reference, name, stage, officer, timing, state })
    });
    Ok(rows.collect())
}
