//! What is due, and whose it is: for the page of the day.

use sqlx::SqliteConnection;

use super::{queries, queries_due};
use crate::domain::day::Day;
use crate::domain::ids::{EnquiryId, UserId};
use crate::domain::stage::Stage;
use crate::domain::time_limit::{Clock, Rules, State, Timing};

/// Whose clocks are asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Whose {
    Everybody,
    /// One person's.
    Officer(UserId),
    /// Enquiries that nobody has.
    Unassigned,
}

/// The three lists of a day; no clock is in two of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Due {
    Overdue,
    TodayOrTomorrow,
    /// Due soon, after tomorrow.
    Soon,
}

/// Who is asked for, when, and by whom: a restricted record is shown to named people only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    pub whose: Whose,
    pub due: Due,
    pub today: Day,
    pub reader: UserId,
}

/// Where a page begins: after the clock with this key. In the order of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct DueKey {
    pub due: Day,
    pub enquiry: EnquiryId,
    pub clock: Clock,
}

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

impl Asked {
    /// The first and the last due day, the day by which it must be due soon, and whether it must be overdue.
    pub(super) fn days(&self) -> (Day, Day, Day, bool) {
        const LONG: i32 = 366 * 100;
        // What was due on Friday is due until Monday; no holiday is longer.
        const WEEKEND: i32 = 7;
        let (today, ever) = (self.today, self.today.plus_days(LONG));
        match self.due {
            Due::Overdue => (today.plus_days(-LONG), today, ever, true),
            Due::TodayOrTomorrow => (today.plus_days(-WEEKEND), today.plus_days(1), ever, false),
            Due::Soon => (today.plus_days(2), ever, today, false),
        }
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
