use serde::Serialize;
use sqlx::SqliteConnection;

use crate::db::Json;
use crate::domain::day::Day;
use crate::domain::ids::{EnquiryId, UserId};
use crate::domain::pause::{Pause, PauseReason};
use crate::domain::time_limit::{Clock, CourseName};

/// One clock of one enquiry, as it is stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Row {
    pub enquiry: EnquiryId,
    pub clock: Clock,
    pub start: Day,
    pub course: CourseName,
    pub due: Option<Day>,
    pub soon: Option<Day>,
    pub overdue: Option<Day>,
    pub end: Option<Day>,
    pub taken: Option<i64>,
    pub over: Option<i64>,
    pub left: Option<i64>,
    pub lapses: bool,
    pub officer: Option<UserId>,
    pub unassigned: bool,
}

pub async fn insert(connection: &mut SqliteConnection, rows: &[Row]) -> sqlx::Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let rows = Json(rows);
    sqlx::query!(
        "insert into limit_now (enquiry_id, clock, start_on, course, due_on, soon_on, overdue_on, end_on, days_taken,
            days_over, days_left, lapses, officer_user_id, unassigned)
        select value ->> 'enquiry', value ->> 'clock', value ->> 'start', value ->> 'course', value ->> 'due',
            value ->> 'soon', value ->> 'overdue', value ->> 'end', value ->> 'taken', value ->> 'over', value ->> 'left',
            value ->> 'lapses', value ->> 'officer', value ->> 'unassigned'
        from jsonb_each(?)",
        rows,
    )
    .execute(connection)
    .await
    .map(drop)
}

pub async fn delete(connection: &mut SqliteConnection, enquiries: &[EnquiryId]) -> sqlx::Result<()> {
    let enquiries = Json(enquiries);
    sqlx::query!("delete from limit_now where enquiry_id in (select value from json_each(?))", enquiries)
        .execute(connection)
        .await
        .map(drop)
}

/// Of some enquiries, all of them or those that have not come to their end.
pub async fn list(connection: &mut SqliteConnection, enquiries: &[EnquiryId], open: bool) -> sqlx::Result<Vec<Row>> {
    let enquiries = Json(enquiries);
    sqlx::query_as!(
        Row,
        r#"select enquiry_id as "enquiry: EnquiryId", clock as "clock: Clock", start_on as "start: Day",
            course as "course: CourseName", due_on as "due: Day", soon_on as "soon: Day", overdue_on as "overdue: Day",
            end_on as "end: Day",
            days_taken as taken, days_over as over, days_left as "left", lapses as "lapses: bool", officer_user_id as "officer: UserId",
            unassigned as "unassigned: bool"
        from limit_now
        where enquiry_id in (select value from json_each(?1))
            and (?2 = 0 or course = 'open')
        order by enquiry_id, clock"#,
        enquiries,
        open,
    )
    .fetch_all(connection)
    .await
}

/// The pauses in force of some enquiries, in order.
pub async fn list_pauses(
    connection: &mut SqliteConnection,
    enquiries: &[EnquiryId],
) -> sqlx::Result<Vec<(EnquiryId, Pause)>> {
    let enquiries = Json(enquiries);
    let rows = sqlx::query!(
        r#"select enquiry_id as "enquiry: EnquiryId", from_on as "from: Day", to_on as "to: Day",
            reason as "reason: PauseReason"
        from pause
        where enquiry_id in (select value from json_each(?)) and superseded_at is null
        order by enquiry_id, from_on, root_id"#,
        enquiries,
    )
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(|row| (row.enquiry, Pause { from: row.from, to: row.to, reason: row.reason })).collect())
}
