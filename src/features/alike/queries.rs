//! SQL of households that look alike: the list of them, what agrees, and what people have said.

use serde::Serialize;
use sqlx::{SqliteConnection, SqliteExecutor};

use crate::db::Json;
use crate::domain::actor::Actor;
use crate::domain::day::Day;
use crate::domain::ids::{EnquiryId, HouseholdId, UserId};
use crate::domain::instant::Instant;
use crate::domain::stage::Stage;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Pair {
    pub low: HouseholdId,
    pub high: HouseholdId,
    pub strength: i64,
}

/// Those that nobody has told apart and that this person may open, what agrees most first, then the newest, after one
/// of them. Both must have an enquiry that stands and is not closed as a duplicate, where all is said, or have left one
/// when they separated.
pub async fn list_to_look_at(
    db: impl SqliteExecutor<'_>,
    after: (i64, i64, i64),
    viewer: UserId,
    limit: i64,
) -> sqlx::Result<Vec<Pair>> {
    let (strength, high, low) = after;
    sqlx::query_as!(
        Pair,
        r#"select pair.low_id as "low!: HouseholdId", pair.high_id as "high!: HouseholdId",
            pair.strength as "strength!"
        from household_pair pair
        where pair.told_apart = 0
            and (pair.strength, pair.high_id, pair.low_id) < (?1, ?2, ?3)
            and not exists (
                select 1
                from household
                where household.id in (pair.low_id, pair.high_id)
                    and not exists (
                        select 1
                        from enquiry
                        join enquiry_now on enquiry_now.enquiry_id = enquiry.id
                        where enquiry.household_id = household.id and enquiry_now.ended_by is not 'duplicate')
                    and not exists (
                        select 1
                        from household_separation separation
                        where separation.new_id = household.id
                            and separation.undone_at is null
                            and not exists (
                                select 1
                                from enquiry
                                join enquiry_now on enquiry_now.enquiry_id = enquiry.id
                                where enquiry.household_id = household.id)))
            and not exists (
                select 1
                from enquiry
                where enquiry.household_id in (pair.low_id, pair.high_id)
                    and enquiry.restricted = 1
                    and not exists (
                        select 1 from enquiry_access where enquiry_id = enquiry.id and user_id = ?4))
            and not exists (
                select 1
                from household_separation separation
                join household_separation_enquiry shared on shared.separation_id = separation.id
                join enquiry on enquiry.id = shared.enquiry_id
                where separation.new_id in (pair.low_id, pair.high_id)
                    and separation.undone_at is null
                    and enquiry.restricted = 1
                    and not exists (
                        select 1 from enquiry_access where enquiry_id = enquiry.id and user_id = ?4))
        order by pair.strength desc, pair.high_id desc, pair.low_id desc
        limit ?5"#,
        strength,
        high,
        low,
        viewer,
        limit,
    )
    .fetch_all(db)
    .await
}

/// Two households that somebody has said are two.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToldApart {
    pub id: i64,
    pub low: HouseholdId,
    pub high: HouseholdId,
    pub at: Instant,
    pub by: String,
}

macro_rules! told_apart {
    ($where:literal, $($argument:expr),+) => {
        sqlx::query_as!(
            ToldApart,
            r#"select told.id as "id!", told.low_id as "low!: HouseholdId", told.high_id as "high!: HouseholdId",
                told.told_at as "at!: Instant", user.name as "by!"
            from household_told_apart told
            join user on user.id = told.told_by
            where told.taken_back_at is null and "# + $where,
            $($argument),+
        )
    };
}

/// The latest first, before one.
pub async fn list_told_apart(
    db: impl SqliteExecutor<'_>,
    before: i64,
    viewer: UserId,
    limit: i64,
) -> sqlx::Result<Vec<ToldApart>> {
    told_apart!(
        "told.id < ?1
            and not exists (
                select 1
                from enquiry
                where enquiry.household_id in (told.low_id, told.high_id)
                    and enquiry.restricted = 1
                    and not exists (
                        select 1 from enquiry_access where enquiry_id = enquiry.id and user_id = ?2))
        order by told.id desc
        limit ?3",
        before,
        viewer,
        limit
    )
    .fetch_all(db)
    .await
}

pub async fn find_told_apart(
    db: impl SqliteExecutor<'_>,
    low: HouseholdId,
    high: HouseholdId,
) -> sqlx::Result<Option<ToldApart>> {
    told_apart!("told.low_id = ?1 and told.high_id = ?2", low, high).fetch_optional(db).await
}

/// What was said before stays: by whom and when.
pub async fn insert_told_apart(
    connection: &mut SqliteConnection,
    actor: &Actor,
    low: HouseholdId,
    high: HouseholdId,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "insert or ignore into household_told_apart (low_id, high_id, told_at, told_by) values (?, ?, ?, ?)",
        low,
        high,
        actor.at,
        actor.user,
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

pub async fn update_taken_back(
    connection: &mut SqliteConnection,
    actor: &Actor,
    low: HouseholdId,
    high: HouseholdId,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update household_told_apart
        set taken_back_at = ?3, taken_back_by = ?4
        where low_id = ?1 and high_id = ?2 and taken_back_at is null",
        low,
        high,
        actor.at,
        actor.user,
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Somebody of a household, with its home; a household without people has one row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    pub household: HouseholdId,
    pub address: Option<String>,
    pub postcode: Option<String>,
    pub name: Option<String>,
    pub phone: Option<String>,
    pub email: Option<String>,
}

pub async fn list_people(db: impl SqliteExecutor<'_>, households: &[HouseholdId]) -> sqlx::Result<Vec<Person>> {
    let households = Json(households);
    sqlx::query_as!(
        Person,
        r#"select household.id as "household!: HouseholdId", household.address as "address?",
            household.postcode as "postcode?", member.name as "name?", member.phone as "phone?",
            member.email as "email?"
        from household
        left join member on member.household_id = household.id
        where household.id in (select value from json_each(?))
        order by household.id, member.position"#,
        households,
    )
    .fetch_all(db)
    .await
}

/// An enquiry of a household, as a list shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    pub household: HouseholdId,
    pub id: EnquiryId,
    pub reference: String,
    pub restricted: bool,
    /// Of a restricted one: whoever asks is named.
    pub named: bool,
    pub day: Day,
    pub stage: Stage,
    pub closed: Option<Day>,
    pub reason: Option<String>,
    pub officer: Option<String>,
}

impl Row {
    /// `E-000123, received 3 Mar 2025, Visited`.
    pub fn in_words(&self) -> String {
        format!("{}, received {}, {}", self.reference, self.day.short(), self.standing())
    }

    /// `Visited`; `closed 3 Mar 2025: No reply after attempts`.
    pub fn standing(&self) -> String {
        match (&self.closed, &self.reason) {
            (Some(on), Some(reason)) => format!("closed {}: {reason}", on.short()),
            (Some(on), None) => format!("closed {}", on.short()),
            (None, _) => self.stage.label().to_owned(),
        }
    }
}

/// Those that stand, the newest first.
pub async fn list_enquiries(
    db: impl SqliteExecutor<'_>,
    households: &[HouseholdId],
    viewer: UserId,
) -> sqlx::Result<Vec<Row>> {
    let households = Json(households);
    sqlx::query_as!(
        Row,
        r#"select enquiry.household_id as "household!: HouseholdId", enquiry.id as "id!: EnquiryId",
            enquiry.reference as "reference!", enquiry.restricted as "restricted!: bool",
            exists (select 1 from enquiry_access where enquiry_id = enquiry.id and user_id = ?2) as "named!: bool",
            now.day_on as "day!: Day", now.stage as "stage!: Stage", now.closed_on as "closed?: Day",
            close_reason.label as "reason?", now.officer as "officer?"
        from enquiry
        join enquiry_now now on now.enquiry_id = enquiry.id
        left join close_reason on close_reason.code = now.close_reason
        where enquiry.household_id in (select value from json_each(?1))
        order by now.day_on desc, enquiry.id desc"#,
        households,
        viewer,
    )
    .fetch_all(db)
    .await
}

/// Who may open a restricted record.
pub async fn list_named(db: impl SqliteExecutor<'_>, enquiry: EnquiryId) -> sqlx::Result<Vec<UserId>> {
    sqlx::query_scalar!(r#"select user_id as "id!: UserId" from enquiry_access where enquiry_id = ?"#, enquiry)
        .fetch_all(db)
        .await
}

/// What agrees in two households: kinds of key, and `sound`.
pub struct Agreement {
    pub low: HouseholdId,
    pub high: HouseholdId,
    pub kind: String,
}

pub async fn list_agreements(db: impl SqliteExecutor<'_>, pairs: &[Pair]) -> sqlx::Result<Vec<Agreement>> {
    let pairs = Json(pairs);
    sqlx::query_as!(
        Agreement,
        r#"with pair (low_id, high_id) as materialized (
            select value ->> 'low', value ->> 'high' from json_each(?1))
        select pair.low_id as "low!: HouseholdId", pair.high_id as "high!: HouseholdId", one.kind as "kind!: String"
        from pair
        join household_key one on one.household_id = pair.low_id
        join household_key other on other.kind = one.kind and other.value = one.value
            and other.household_id = pair.high_id
        union
        select pair.low_id, pair.high_id, 'sound'
        from pair
        join household_sound one on one.household_id = pair.low_id
        join household_sound other on other.value = one.value and other.household_id = pair.high_id"#,
        pairs,
    )
    .fetch_all(db)
    .await
}

/// The last thing that anybody wrote about some enquiries.
pub struct LastWrite {
    pub id: i64,
    pub at: Instant,
    pub by: String,
}

pub async fn find_last_write(db: impl SqliteExecutor<'_>, enquiries: &[EnquiryId]) -> sqlx::Result<Option<LastWrite>> {
    let enquiries = Json(enquiries);
    sqlx::query_as!(
        LastWrite,
        r#"select audit.id as "id!", audit.at as "at!: Instant", user.name as "by!"
        from audit
        join user on user.id = audit.user_id
        where audit.id = (
            select max(written.id)
            from json_each(?1) asked
            join audit written on written.enquiry_id = asked.value
            where written.action <> 'enquiry_opened')"#,
        enquiries,
    )
    .fetch_optional(db)
    .await
}
