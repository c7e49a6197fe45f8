//! SQL of the limits, the special days and the rebuilding that a change of them asks for.

use sqlx::{SqliteConnection, SqliteExecutor};

use crate::domain::actor::Actor;
use crate::domain::day::Day;
use crate::domain::ids::{EnquiryId, SpecialDayId, TimeLimitId};
use crate::domain::instant::Instant;
use crate::domain::time_limit::{Clock, Rules, TimeLimit, Unit};
use crate::domain::working_days::{Origin, SpecialDay, WorkingDays};

/// Everything in force now.
pub async fn rules(connection: &mut SqliteConnection) -> sqlx::Result<Rules> {
    let limits = sqlx::query_as!(
        TimeLimit,
        r#"select id as "id!: TimeLimitId", clock as "clock: Clock", effective_from as "from: Day", amount,
            second_amount as second, unit as "unit: Unit", statutory as "statutory: bool", in_use as "in_use: bool",
            source
        from time_limit
        where superseded_at is null"#
    )
    .fetch_all(&mut *connection)
    .await?;
    let special = sqlx::query_as!(
        SpecialDay,
        r#"select on_day as "on: Day", holiday as "holiday: bool", name
        from special_day
        where superseded_at is null"#
    )
    .fetch_all(connection)
    .await?;
    Ok(Rules::new(limits, WorkingDays::new(special)))
}

/// What was in force at an instant: a row counts when it was recorded by then and not superseded by then, so that what
/// was known once is measured in the same way for ever (counting rule 2). From which day a row holds is its own date.
pub async fn rules_known_at(connection: &mut SqliteConnection, known_at: Instant) -> sqlx::Result<Rules> {
    let limits = sqlx::query_as!(
        TimeLimit,
        r#"select id as "id!: TimeLimitId", clock as "clock: Clock", effective_from as "from: Day", amount,
            second_amount as second, unit as "unit: Unit", statutory as "statutory: bool", in_use as "in_use: bool",
            source
        from time_limit
        where recorded_at <= ?1 and (superseded_at is null or superseded_at > ?1)"#,
        known_at,
    )
    .fetch_all(&mut *connection)
    .await?;
    let special = sqlx::query_as!(
        SpecialDay,
        r#"select on_day as "on: Day", holiday as "holiday: bool", name
        from special_day
        where recorded_at <= ?1 and (superseded_at is null or superseded_at > ?1)"#,
        known_at,
    )
    .fetch_all(connection)
    .await?;
    Ok(Rules::new(limits, WorkingDays::new(special)))
}

/// One row of the history of limits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LimitRow {
    pub id: TimeLimitId,
    pub clock: Clock,
    pub from: Day,
    pub amount: i64,
    pub second: Option<i64>,
    pub unit: Unit,
    pub statutory: bool,
    pub in_use: bool,
    pub source: String,
    pub recorded_at: Instant,
    pub recorded_by: String,
    pub superseded_at: Option<Instant>,
    pub superseded_by: Option<String>,
}

impl LimitRow {
    pub fn limit(&self) -> TimeLimit {
        TimeLimit {
            id: self.id,
            clock: self.clock,
            from: self.from,
            amount: self.amount,
            second: self.second,
            unit: self.unit,
            statutory: self.statutory,
            in_use: self.in_use,
            source: self.source.clone(),
        }
    }
}

/// Every version, by clock, the one that holds last in time first.
pub async fn list_limit_rows(db: impl SqliteExecutor<'_>) -> sqlx::Result<Vec<LimitRow>> {
    sqlx::query_as!(
        LimitRow,
        r#"select time_limit.id as "id!: TimeLimitId", clock as "clock!: Clock", effective_from as "from!: Day",
            amount as "amount!", second_amount as "second?", unit as "unit!: Unit", statutory as "statutory!: bool",
            in_use as "in_use!: bool", source as "source!", recorded_at as "recorded_at!: Instant",
            recorder.name as "recorded_by!", superseded_at as "superseded_at?: Instant",
            superseder.name as "superseded_by?"
        from time_limit
        join user recorder on recorder.id = recorded_by
        left join user superseder on superseder.id = superseded_by
        order by clock, effective_from desc, time_limit.id desc"#
    )
    .fetch_all(db)
    .await
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpecialDayRow {
    pub id: SpecialDayId,
    pub on: Day,
    pub holiday: bool,
    pub name: String,
    pub origin: Origin,
    pub recorded_at: Instant,
    pub recorded_by: String,
    pub superseded_at: Option<Instant>,
    pub superseded_by: Option<String>,
}

/// Every version, the latest day first.
pub async fn list_special_day_rows(db: impl SqliteExecutor<'_>) -> sqlx::Result<Vec<SpecialDayRow>> {
    sqlx::query_as!(
        SpecialDayRow,
        r#"select special_day.id as "id!: SpecialDayId", on_day as "on!: Day", holiday as "holiday!: bool",
            special_day.name as "name!", origin as "origin!: Origin", recorded_at as "recorded_at!: Instant",
            recorder.name as "recorded_by!", superseded_at as "superseded_at?: Instant",
            superseder.name as "superseded_by?"
        from special_day
        join user recorder on recorder.id = recorded_by
        left join user superseder on superseder.id = superseded_by
        order by on_day desc, special_day.id desc"#
    )
    .fetch_all(db)
    .await
}

pub async fn insert_limit(connection: &mut SqliteConnection, actor: &Actor, limit: &TimeLimit) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into time_limit (clock, effective_from, amount, second_amount, unit, statutory, in_use, source,
            recorded_at, recorded_by)
        values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        limit.clock,
        limit.from,
        limit.amount,
        limit.second,
        limit.unit,
        limit.statutory,
        limit.in_use,
        limit.source,
        actor.at,
        actor.user,
    )
    .execute(connection)
    .await
    .map(drop)
}

/// Ends the row of that clock and day that is in force, where there is one.
pub async fn supersede_limit(
    connection: &mut SqliteConnection,
    actor: &Actor,
    clock: Clock,
    from: Day,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update time_limit
        set superseded_at = max(?3, recorded_at), superseded_by = ?4
        where clock = ?1 and effective_from = ?2 and superseded_at is null",
        clock,
        from,
        actor.at,
        actor.user,
    )
    .execute(connection)
    .await
    .map(drop)
}

pub async fn insert_special_day(
    connection: &mut SqliteConnection,
    actor: &Actor,
    day: &SpecialDay,
    origin: Origin,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into special_day (on_day, holiday, name, origin, recorded_at, recorded_by)
        values (?1, ?2, ?3, ?4, ?5, ?6)",
        day.on,
        day.holiday,
        day.name,
        origin,
        actor.at,
        actor.user,
    )
    .execute(connection)
    .await
    .map(drop)
}

/// False when somebody else ended it first.
pub async fn supersede_special_day(
    connection: &mut SqliteConnection,
    actor: &Actor,
    id: SpecialDayId,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update special_day
        set superseded_at = max(?2, recorded_at), superseded_by = ?3
        where id = ?1 and superseded_at is null",
        id,
        actor.at,
        actor.user,
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// How far the making anew of every clock has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rebuild {
    pub after: EnquiryId,
    pub done: i64,
    pub total: i64,
}

/// None when every clock is up to date.
pub async fn find_rebuild(connection: &mut SqliteConnection) -> sqlx::Result<Option<Rebuild>> {
    sqlx::query_as!(
        Rebuild,
        r#"select after_enquiry as "after: EnquiryId", done, total
        from limit_rebuild"#
    )
    .fetch_optional(connection)
    .await
}

/// From the first enquiry again, whether or not one was on its way.
pub async fn start_rebuild(connection: &mut SqliteConnection, at: Instant) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into limit_rebuild (id, after_enquiry, done, total, started_at)
        select 1, 0, 0, count(*), ?1
        from enquiry
        where true
        on conflict do update set after_enquiry = 0, done = 0, total = excluded.total, started_at = excluded.started_at",
        at,
    )
    .execute(connection)
    .await
    .map(drop)
}

/// None: it is finished.
pub async fn move_rebuild(connection: &mut SqliteConnection, to: Option<(EnquiryId, i64)>) -> sqlx::Result<()> {
    match to {
        Some((after, more)) => {
            sqlx::query!("update limit_rebuild set after_enquiry = ?1, done = done + ?2", after, more)
                .execute(connection)
                .await
        }
        None => sqlx::query!("delete from limit_rebuild").execute(connection).await,
    }
    .map(drop)
}
