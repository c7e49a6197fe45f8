//! What playing the stories has to look up.

use sqlx::{SqliteConnection, SqliteExecutor};

use crate::domain::day::Day;
use crate::domain::ids::{EnquiryId, HouseholdId, UserId};
use crate::domain::stage::Stage;

/// Households that look alike, of which one was closed as a duplicate: the older first, then the newer.
pub async fn list_noticed(connection: &mut SqliteConnection) -> sqlx::Result<Vec<(HouseholdId, HouseholdId)>> {
    let rows = sqlx::query!(
        r#"select pair.low_id as "low!: HouseholdId", pair.high_id as "high!: HouseholdId"
        from household_pair pair
        where exists (
            select 1
            from enquiry
            join enquiry_now now on now.enquiry_id = enquiry.id
            where enquiry.household_id = pair.high_id and now.close_reason = 'duplicate')
        order by pair.high_id, pair.low_id"#
    )
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(|row| (row.low, row.high)).collect())
}

/// A household whose one enquiry is under way and who look like nobody else.
pub struct Alone {
    pub enquiry: EnquiryId,
    pub household: HouseholdId,
    pub stage: Stage,
    pub officer: Option<UserId>,
    pub people: i64,
    /// The second of them can be rung.
    pub second_has_phone: bool,
    /// A separation is recorded of it.
    pub is_separated: bool,
}

/// Those whose enquiry began before a day, the latest first.
pub async fn list_alone(connection: &mut SqliteConnection, before: Day) -> sqlx::Result<Vec<Alone>> {
    sqlx::query_as!(
        Alone,
        r#"select enquiry.id as "enquiry!: EnquiryId", enquiry.household_id as "household!: HouseholdId",
            now.stage as "stage!: Stage", now.officer_user_id as "officer?: UserId",
            (select count(*) from member where household_id = enquiry.household_id) as "people!: i64",
            exists (
                select 1
                from member
                where household_id = enquiry.household_id and position = 2 and phone is not null
            ) as "second_has_phone!: bool",
            exists (
                select 1
                from household_separation
                where from_id = enquiry.household_id or new_id = enquiry.household_id
            ) as "is_separated!: bool"
        from enquiry_now now
        join enquiry on enquiry.id = now.enquiry_id
        where now.live = 1
            and now.stage in ('in_contact', 'visited', 'application', 'stage_1')
            and now.day_on < ?
            and (select count(*) from enquiry other where other.household_id = enquiry.household_id) = 1
            and not exists (
                select 1
                from household_pair
                where low_id = enquiry.household_id or high_id = enquiry.household_id)
        order by now.day_on desc, enquiry.id desc
        limit 500"#,
        before,
    )
    .fetch_all(connection)
    .await
}

/// The latest enquiries at the beginning of the pipeline, with their officer and home.
pub async fn list_waiting(
    connection: &mut SqliteConnection,
) -> sqlx::Result<Vec<(EnquiryId, Stage, Option<UserId>, Option<String>)>> {
    let rows = sqlx::query!(
        r#"select now.enquiry_id as "id!: EnquiryId", now.stage as "stage!: Stage",
            now.officer_user_id as "officer?: UserId", household.postcode as "home?"
        from enquiry_now now
        join enquiry on enquiry.id = now.enquiry_id
        join household on household.id = enquiry.household_id
        where now.live = 1
            and now.stage in ('new', 'in_contact', 'visited')
            and now.paused_from is null
            and now.in_touch_from is null
        order by now.day_on desc, now.enquiry_id desc
        limit 40"#
    )
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.stage, row.officer, row.home)).collect())
}

pub async fn find_user(db: impl SqliteExecutor<'_>, email: &str) -> sqlx::Result<UserId> {
    sqlx::query_scalar!(r#"select id as "id!: UserId" from user where email = ?"#, email).fetch_one(db).await
}
