//! SQL of what stands on Today by itself; clocks, tasks and visits are asked of their own features. Each statement walks
//! a narrow index in the order of its list and stops when it has enough.

use sqlx::{SqliteConnection, SqliteExecutor};

use crate::domain::actor::Actor;
use crate::domain::day::Day;
use crate::domain::ids::{EnquiryId, UserId};
use crate::domain::instant::Instant;
use crate::domain::time_of_day::TimeOfDay;
use crate::domain::working_hours::WorkingHours;
use crate::features::access::Viewer;

/// Whose enquiries are asked for: one officer's, everybody's (neither), or those of nobody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Of {
    pub officer: Option<UserId>,
    pub nobody: bool,
}

/// Where a page begins: after this day and enquiry.
pub type Key = (Day, i64);

/// One enquiry that waits for something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    pub id: EnquiryId,
    pub reference: String,
    pub name: String,
    /// The day by which it stands in its list: received, or to be contacted again.
    pub day: Day,
    pub hub: Option<String>,
    pub source: Option<String>,
    pub officer: Option<String>,
    pub since: Option<Day>,
    pub logged_at: Instant,
    /// Calls without an answer.
    pub attempts: i64,
}

/// The planner, which has no statistics, is told its index.
macro_rules! waiting {
    ($index:literal, $day:literal, $since:literal, $where:literal, $today:expr, $of:expr, $after:expr, $viewer:expr, $limit:expr) => {{
        let (after, after_id) = $after.unwrap_or((Day(jiff::civil::Date::MIN), 0));
        let own = $viewer.own_only.then_some($viewer.user);
        sqlx::query_as!(
            Waiting,
            r#"select now.enquiry_id as "id!: EnquiryId", enquiry.reference as "reference!",
                now.display_name as "name!", picked.day as "day!: Day", now.hub as "hub?", now.source as "source?",
                now.officer as "officer?", "#
                + $since
                + r#" as "since?: Day",
                enquiry.created_at as "logged_at!: Instant",
                (select count(*)
                    from note
                    where note.enquiry_id = now.enquiry_id
                        and note.kind = 'no_answer'
                        and note.superseded_at is null) as "attempts!: i64"
            from (
                select enquiry_id, "#
                + $day
                + r#" as day
                from enquiry_now indexed by "#
                + $index
                + r#"
                where "#
                + $where
                + r#"
                    and ("#
                + $day
                + r#", enquiry_id) > (?2, ?3)
                    and (?4 is null or officer_user_id = ?4)
                    and (?5 = 0 or officer is null)
                    and (?6 is null or officer_user_id = ?6)
                    and ?1 is not null
                    and enquiry_id not in (
                        select id
                        from enquiry
                        where restricted = 1
                            and not exists (
                                select 1
                                from enquiry_access
                                where enquiry_access.enquiry_id = enquiry.id and user_id = ?7))
                order by "#
                + $day
                + r#", enquiry_id
                limit ?8) picked
            join enquiry_now now on now.enquiry_id = picked.enquiry_id
            join enquiry on enquiry.id = picked.enquiry_id
            order by picked.day, picked.enquiry_id"#,
            $today,
            after,
            after_id,
            $of.officer,
            $of.nobody,
            own,
            $viewer.user,
            $limit,
        )
    }};
}

/// Referred by a hub, and nobody has spoken with them yet: whoever waits longest first.
pub async fn list_not_yet_rung(
    db: impl SqliteExecutor<'_>,
    today: Day,
    of: Of,
    after: Option<Key>,
    viewer: Viewer,
    limit: i64,
) -> sqlx::Result<Vec<Waiting>> {
    waiting!(
        "enquiry_now_not_yet_rung",
        "day_on",
        "null",
        "live = 1 and stage = 'new' and hub is not null
            and not (coalesce(paused_from, '9999') <= ?1 and coalesce(paused_to, '9999') > ?1)
            and not (coalesce(in_touch_from, '9999') <= ?1 and coalesce(in_touch_to, '9999') > ?1)",
        today,
        of,
        after,
        viewer,
        limit
    )
    .fetch_all(db)
    .await
}

/// Kept in touch with, and their day has come.
pub async fn list_contact_again(
    db: impl SqliteExecutor<'_>,
    today: Day,
    of: Of,
    after: Option<Key>,
    viewer: Viewer,
    limit: i64,
) -> sqlx::Result<Vec<Waiting>> {
    waiting!(
        "enquiry_now_contact_again",
        "contact_again_on",
        "now.in_touch_from",
        "live = 1 and contact_again_on is not null and contact_again_on <= ?1
            and in_touch_from <= ?1 and coalesce(in_touch_to, '9999') > ?1
            and not (coalesce(paused_from, '9999') <= ?1 and coalesce(paused_to, '9999') > ?1)",
        today,
        of,
        after,
        viewer,
        limit
    )
    .fetch_all(db)
    .await
}

/// Nobody has them.
pub async fn list_unassigned(
    db: impl SqliteExecutor<'_>,
    today: Day,
    after: Option<Key>,
    viewer: Viewer,
    limit: i64,
) -> sqlx::Result<Vec<Waiting>> {
    let of = Of { officer: None, nobody: false };
    waiting!(
        "enquiry_now_unassigned",
        "day_on",
        "null",
        "live = 1 and officer is null",
        today,
        of,
        after,
        viewer,
        limit
    )
    .fetch_all(db)
    .await
}

/// Somebody who can no longer sign in and still has open enquiries.
pub struct Left {
    pub id: UserId,
    pub name: String,
}

pub async fn list_left(db: impl SqliteExecutor<'_>) -> sqlx::Result<Vec<Left>> {
    sqlx::query_as!(
        Left,
        r#"select id as "id!: UserId", name as "name!"
        from user
        where active = 0
            and exists (
                select 1
                from enquiry_now indexed by enquiry_now_live_by_officer
                where officer_user_id = user.id and live = 1)
        order by name, id"#
    )
    .fetch_all(db)
    .await
}

/// Every version of the working hours, the latest first.
pub struct HoursRow {
    pub id: i64,
    pub hours: WorkingHours,
    pub recorded_at: Instant,
    pub by: String,
}

pub async fn list_hours(db: impl SqliteExecutor<'_>) -> sqlx::Result<Vec<HoursRow>> {
    let rows = sqlx::query!(
        r#"select working_hours.id as "id!", working_hours.weekdays as "weekdays!",
            working_hours.opens_at as "opens!: TimeOfDay", working_hours.shuts_at as "shuts!: TimeOfDay",
            working_hours.recorded_at as "recorded_at!: Instant", user.name as "by!"
        from working_hours
        join user on user.id = working_hours.recorded_by
        order by working_hours.id desc
        limit 50"#
    )
    .fetch_all(db)
    .await?;
    Ok(rows
        .into_iter()
        .filter_map(|row| {
            let weekdays = WorkingHours::parse_weekdays(&row.weekdays)?;
            let hours = WorkingHours { weekdays, opens: row.opens, shuts: row.shuts };
            Some(HoursRow { id: row.id, hours, recorded_at: row.recorded_at, by: row.by })
        })
        .collect())
}

pub async fn insert_hours(connection: &mut SqliteConnection, actor: &Actor, hours: &WorkingHours) -> sqlx::Result<()> {
    let weekdays = hours.weekdays_text();
    sqlx::query!(
        "insert into working_hours (weekdays, opens_at, shuts_at, recorded_at, recorded_by) values (?1, ?2, ?3, ?4, ?5)",
        weekdays,
        hours.opens,
        hours.shuts,
        actor.at,
        actor.user,
    )
    .execute(connection)
    .await
    .map(drop)
}
