//! Every SQL statement of the audit.

use sqlx::{SqliteConnection, SqliteExecutor};

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

/// An entry as an administrator reads it.
pub struct Line {
    pub id: i64,
    pub at: Instant,
    pub who: String,
    pub action: String,
    /// It is about an enquiry or a household.
    pub of_case: bool,
    /// Somebody else than who did it.
    pub subject: Option<String>,
    pub address: String,
    pub detail: Option<String>,
}

macro_rules! lines {
    ($rest:literal, $($argument:expr),+) => {
        sqlx::query_as!(
            Line,
            r#"select audit.id as "id!", audit.at as "at!: Instant", user.name as "who!", audit.action as "action!",
                audit.enquiry_id is not null or audit.household_id is not null as "of_case!: bool",
                subject.name as "subject?", audit.address as "address!", audit.detail as "detail?"
            from audit
            join user on user.id = audit.user_id
            left join user as subject on subject.id = audit.subject_user_id and subject.id <> audit.user_id
            where "# + $rest,
            $($argument),+
        )
    };
}

/// The latest first.
pub async fn list_before(db: impl SqliteExecutor<'_>, before: i64, limit: i64) -> sqlx::Result<Vec<Line>> {
    lines!("audit.id < ?1 order by audit.id desc limit ?2", before, limit).fetch_all(db).await
}

/// What one person did.
pub async fn list_of_person_before(
    db: impl SqliteExecutor<'_>,
    person: UserId,
    before: i64,
    limit: i64,
) -> sqlx::Result<Vec<Line>> {
    lines!("audit.user_id = ?1 and audit.id < ?2 order by audit.id desc limit ?3", person, before, limit)
        .fetch_all(db)
        .await
}

/// Of the service's settings: those that name one thing in their detail, the latest first.
pub async fn list_of_setting(
    db: impl SqliteExecutor<'_>,
    added: &str,
    changed: &str,
    path: &str,
    value: &str,
) -> sqlx::Result<Vec<Line>> {
    lines!(
        "audit.action in (?1, ?2)
            and audit.enquiry_id is null
            and audit.household_id is null
            and json_extract(audit.detail, ?3) = ?4
        order by audit.id desc",
        added,
        changed,
        path,
        value
    )
    .fetch_all(db)
    .await
}

pub struct Name {
    pub id: UserId,
    pub name: String,
}

/// Whoever may have done something, programs too.
pub async fn list_names(db: impl SqliteExecutor<'_>) -> sqlx::Result<Vec<Name>> {
    sqlx::query_as!(
        Name,
        r#"select id as "id!: UserId", name as "name!" from user order by program, name collate nocase, id"#
    )
    .fetch_all(db)
    .await
}
