//! SQL that tells how much there is of something before it is read.

use serde::Serialize;
use sqlx::SqliteConnection;

use crate::db::Json;

/// A value of a filter, by the column that has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Having {
    pub column: &'static str,
    pub value: String,
}

/// How many enquiries have one of these values, counted no further than a limit; from the value's own index.
pub async fn count_having(db: &mut SqliteConnection, having: &[Having], limit: i64) -> sqlx::Result<i64> {
    let having = Json(having);
    sqlx::query_scalar!(
        r#"select count(*) as "count!: i64"
        from (
            select enquiry_id
            from json_each(?1) asked
            join enquiry_now on officer = asked.value ->> 'value'
            where asked.value ->> 'column' = 'officer'
            union all
            select enquiry_id
            from json_each(?1) asked
            join enquiry_now on stage = asked.value ->> 'value'
            where asked.value ->> 'column' = 'stage'
            union all
            select enquiry_id
            from json_each(?1) asked
            join enquiry_now on source = asked.value ->> 'value'
            where asked.value ->> 'column' = 'source'
            union all
            select enquiry_id
            from json_each(?1) asked
            join enquiry_now on hub = asked.value ->> 'value'
            where asked.value ->> 'column' = 'hub'
            union all
            select enquiry_id
            from json_each(?1) asked
            join enquiry_now on fostering_type = asked.value ->> 'value'
            where asked.value ->> 'column' = 'fostering_type'
            limit ?2)"#,
        having,
        limit,
    )
    .fetch_one(db)
    .await
}
