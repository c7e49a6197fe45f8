//! Every SQL statement of the audit.

use sqlx::SqliteConnection;

use crate::domain::ids::{EnquiryId, HouseholdId, UserId};
use crate::domain::instant::Instant;

pub struct Row {
    pub id: i64,
    pub at: Instant,
    pub user_id: UserId,
    pub action: String,
    pub enquiry_id: Option<EnquiryId>,
    pub household_id: Option<HouseholdId>,
    pub subject_user_id: Option<UserId>,
    pub address: String,
    pub detail: Option<String>,
    pub salt: Option<Vec<u8>>,
    pub detail_hash: Vec<u8>,
    pub chain: Vec<u8>,
}

pub async fn find_last(connection: &mut SqliteConnection) -> sqlx::Result<Option<(i64, Vec<u8>)>> {
    let row = sqlx::query!("select id, chain from audit order by id desc limit 1").fetch_optional(connection).await?;
    Ok(row.map(|row| (row.id, row.chain)))
}

pub async fn insert(connection: &mut SqliteConnection, row: &Row) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into audit (id, at, user_id, action, enquiry_id, household_id, subject_user_id, address, detail, salt,
            detail_hash, chain)
        values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        row.id,
        row.at,
        row.user_id,
        row.action,
        row.enquiry_id,
        row.household_id,
        row.subject_user_id,
        row.address,
        row.detail,
        row.salt,
        row.detail_hash,
        row.chain,
    )
    .execute(connection)
    .await?;
    Ok(())
}

pub async fn list_after(connection: &mut SqliteConnection, after: i64, limit: i64) -> sqlx::Result<Vec<Row>> {
    sqlx::query_as!(
        Row,
        r#"select id, at as "at: Instant", user_id as "user_id: UserId", action,
            enquiry_id as "enquiry_id: EnquiryId", household_id as "household_id: HouseholdId",
            subject_user_id as "subject_user_id: UserId", address, detail, salt, detail_hash, chain
        from audit
        where id > ?
        order by id
        limit ?"#,
        after,
        limit,
    )
    .fetch_all(connection)
    .await
}
