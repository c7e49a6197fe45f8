//! SQL that tells how much there is of something before it is read.

use sqlx::SqliteConnection;

use super::search::Range;
use crate::db::Json;

/// How many enquiries a search looks through.
pub const MOST_FOUND: i64 = 5_000;

/// How many enquiries have one of these values, counted no further than a limit; from the value's own index.
pub async fn count_having(db: &mut SqliteConnection, ranges: &[Range], limit: i64) -> sqlx::Result<i64> {
    let ranges = Json(ranges);
    sqlx::query_scalar!(
        r#"select count(*) as "count!: i64"
        from (
            select enquiry_id
            from json_each(?1) range
            join enquiry_now on officer = range.value ->> 'from'
            where range.value ->> 'kind' = 'officer'
            union all
            select enquiry_id
            from json_each(?1) range
            join enquiry_now on source = range.value ->> 'from'
            where range.value ->> 'kind' = 'source'
            union all
            select enquiry_id
            from json_each(?1) range
            join enquiry_now on hub = range.value ->> 'from'
            where range.value ->> 'kind' = 'hub'
            union all
            select enquiry_id
            from json_each(?1) range
            join enquiry_now on fostering_type = range.value ->> 'from'
            where range.value ->> 'kind' = 'fostering_type'
            limit ?2)"#,
        ranges,
        limit,
    )
    .fetch_one(db)
    .await
}

/// How many enquiries what was typed is found in, counted no further than one more than are looked through.
pub async fn count_found(db: &mut SqliteConnection, ranges: &[Range]) -> sqlx::Result<i64> {
    let ranges = Json(ranges);
    sqlx::query_scalar!(
        r#"select count(*) as "count!: i64"
        from (
            select household_id
            from json_each(?1) range
            join household_key key on key.kind = range.value ->> 'kind'
                and key.value >= range.value ->> 'from' and key.value < range.value ->> 'to'
            union all
            select household_id
            from json_each(?1) range
            join member on member.sort_name >= range.value ->> 'from' and member.sort_name < range.value ->> 'to'
            where range.value ->> 'kind' = 'name'
            limit 5001)"#,
        ranges,
    )
    .fetch_one(db)
    .await
}
