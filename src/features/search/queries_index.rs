//! SQL of the index itself.

use futures::stream::BoxStream;
use serde::Serialize;
use sqlx::SqliteConnection;

use crate::db::Json;
use crate::domain::ids::{EnquiryId, HouseholdId};

/// One household's terms, with spaces between.
#[derive(Serialize)]
pub struct Line {
    pub id: HouseholdId,
    pub words: String,
}

pub async fn insert(connection: &mut SqliteConnection, lines: &[Line]) -> sqlx::Result<()> {
    let lines = Json(lines);
    sqlx::query!(
        "insert into household_words (rowid, words)
        select value ->> 'id', value ->> 'words'
        from jsonb_each(?)",
        lines,
    )
    .execute(connection)
    .await?;
    Ok(())
}

pub async fn delete(connection: &mut SqliteConnection, households: &[HouseholdId]) -> sqlx::Result<()> {
    let households = Json(households);
    sqlx::query!("delete from household_words where rowid in (select value from json_each(?))", households)
        .execute(connection)
        .await?;
    Ok(())
}

pub async fn delete_all(connection: &mut SqliteConnection) -> sqlx::Result<()> {
    sqlx::query!("insert into household_words (household_words) values ('delete-all')").execute(connection).await?;
    Ok(())
}

/// The newest household that the index knows. (What sqlx asks of a column of a full-text table it cannot answer; of what
/// is computed it does not ask.)
pub async fn find_last(connection: &mut SqliteConnection) -> sqlx::Result<Option<HouseholdId>> {
    sqlx::query_scalar!(r#"select rowid + 0 as "id!: HouseholdId" from household_words order by rowid desc limit 1"#)
        .fetch_optional(connection)
        .await
}

pub async fn list_households_of(
    connection: &mut SqliteConnection,
    enquiries: &[EnquiryId],
) -> sqlx::Result<Vec<HouseholdId>> {
    let enquiries = Json(enquiries);
    sqlx::query_scalar!(
        r#"select distinct household_id as "id!: HouseholdId"
        from enquiry
        where id in (select value from json_each(?))"#,
        enquiries,
    )
    .fetch_all(connection)
    .await
}

pub async fn list_households_after(
    connection: &mut SqliteConnection,
    after: HouseholdId,
    limit: i64,
) -> sqlx::Result<Vec<HouseholdId>> {
    sqlx::query_scalar!(
        r#"select id as "id: HouseholdId"
        from household
        where id > ?
        order by id
        limit ?"#,
        after,
        limit,
    )
    .fetch_all(connection)
    .await
}

/// By what the third sum mixes the households' numbers; the statement says it too.
pub const MIXED_BY: i64 = 1_009;

/// Of one term: how many households have it, and two sums of their numbers.
pub struct Held {
    pub term: String,
    pub households: i64,
    pub numbers: i64,
    pub mixed: i64,
}

/// Every term of the index, in its order.
pub fn held(connection: &mut SqliteConnection) -> BoxStream<'_, sqlx::Result<Held>> {
    sqlx::query_as!(
        Held,
        r#"select term || '' as "term!: String", count(*) as "households!: i64", sum(doc) as "numbers!: i64",
            sum(doc * (doc % 1009)) as "mixed!: i64"
        from household_words_held
        group by term"#,
    )
    .fetch(connection)
}
