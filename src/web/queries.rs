//! The kit's own SQL: sessions, one-time form tokens, and the name of the service.

use sqlx::{SqliteConnection, SqliteExecutor};

use crate::domain::ids::UserId;
use crate::domain::instant::Instant;

pub struct SessionRow {
    pub user_id: UserId,
    pub name: String,
    pub hub: Option<String>,
    /// Codes, separated by commas.
    pub roles: Option<String>,
    pub created_at: Instant,
    pub last_seen_at: Instant,
}

pub async fn find_session(
    db: impl SqliteExecutor<'_>,
    token_hash: &[u8],
    seen_after: Instant,
    created_after: Instant,
) -> sqlx::Result<Option<SessionRow>> {
    sqlx::query_as!(
        SessionRow,
        r#"select user.id as "user_id!: UserId",
               user.name as "name!",
               user.hub as "hub?",
               (select group_concat(role) from user_role where user_id = user.id) as "roles?: String",
               session.created_at as "created_at!: Instant",
               session.last_seen_at as "last_seen_at!: Instant"
           from session
           join user on user.id = session.user_id
           where session.token_hash = ?1
               and session.last_seen_at > ?2
               and session.created_at > ?3
               and user.active = 1"#,
        token_hash,
        seen_after,
        created_after,
    )
    .fetch_optional(db)
    .await
}

pub async fn insert_session(
    write: &mut SqliteConnection,
    token_hash: &[u8],
    user: UserId,
    now: Instant,
    address: &str,
    browser: &str,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into session (token_hash, user_id, created_at, last_seen_at, address, browser)
         values (?1, ?2, ?3, ?3, ?4, ?5)",
        token_hash,
        user,
        now,
        address,
        browser,
    )
    .execute(write)
    .await
    .map(drop)
}

pub async fn update_session_seen(write: &mut SqliteConnection, token_hash: &[u8], now: Instant) -> sqlx::Result<()> {
    sqlx::query!("update session set last_seen_at = ?2 where token_hash = ?1 and last_seen_at < ?2", token_hash, now)
        .execute(write)
        .await
        .map(drop)
}

/// When a session began and was last seen.
pub async fn find_session_times(
    db: impl SqliteExecutor<'_>,
    token_hash: &[u8],
) -> sqlx::Result<Option<(Instant, Instant)>> {
    let row = sqlx::query!(
        r#"select created_at as "created_at!: Instant", last_seen_at as "last_seen_at!: Instant"
           from session
           where token_hash = ?1"#,
        token_hash,
    )
    .fetch_optional(db)
    .await?;
    Ok(row.map(|row| (row.created_at, row.last_seen_at)))
}

pub struct OpenSession {
    pub token_hash: Vec<u8>,
    pub created_at: Instant,
    pub last_seen_at: Instant,
    pub address: String,
    pub browser: String,
}

pub async fn list_sessions(
    db: impl SqliteExecutor<'_>,
    user: UserId,
    seen_after: Instant,
    created_after: Instant,
) -> sqlx::Result<Vec<OpenSession>> {
    sqlx::query_as!(
        OpenSession,
        r#"select token_hash as "token_hash!",
               created_at as "created_at!: Instant",
               last_seen_at as "last_seen_at!: Instant",
               address as "address!",
               browser as "browser!"
           from session
           where user_id = ?1
               and last_seen_at > ?2
               and created_at > ?3
           order by last_seen_at desc"#,
        user,
        seen_after,
        created_after,
    )
    .fetch_all(db)
    .await
}

pub async fn delete_session(write: &mut SqliteConnection, user: UserId, token_hash: &[u8]) -> sqlx::Result<u64> {
    sqlx::query!("delete from session where token_hash = ?1 and user_id = ?2", token_hash, user)
        .execute(write)
        .await
        .map(|done| done.rows_affected())
}

/// All of a person's but one; all of them when that one is empty.
pub async fn delete_other_sessions(write: &mut SqliteConnection, user: UserId, kept: &[u8]) -> sqlx::Result<u64> {
    sqlx::query!("delete from session where user_id = ?1 and token_hash <> ?2", user, kept)
        .execute(write)
        .await
        .map(|done| done.rows_affected())
}

pub async fn delete_every_session(write: &mut SqliteConnection) -> sqlx::Result<()> {
    sqlx::query!("delete from session").execute(write).await.map(drop)
}

pub async fn delete_ended_sessions(
    write: &mut SqliteConnection,
    seen_until: Instant,
    created_until: Instant,
) -> sqlx::Result<()> {
    sqlx::query!("delete from session where last_seen_at <= ?1 or created_at <= ?2", seen_until, created_until)
        .execute(write)
        .await
        .map(drop)
}

pub async fn find_spent_token(write: &mut SqliteConnection, token: &str, user: UserId) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar!("select location from form_token where token = ?1 and user_id = ?2", token, user)
        .fetch_optional(write)
        .await
}

/// Tokens are kept as `{form's own}.{digest of what it said}`, and `/` comes after `.`.
pub async fn has_spent_token(write: &mut SqliteConnection, own_token: &str, user: UserId) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"select exists(
            select 1 from form_token where token between ?1 || '.' and ?1 || '/' and user_id = ?2
        ) as "used!: bool""#,
        own_token,
        user,
    )
    .fetch_one(write)
    .await
}

pub async fn insert_spent_token(
    write: &mut SqliteConnection,
    token: &str,
    user: UserId,
    now: Instant,
    location: &str,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into form_token (token, user_id, used_at, location) values (?1, ?2, ?3, ?4)",
        token,
        user,
        now,
        location,
    )
    .execute(write)
    .await
    .map(drop)
}

pub async fn delete_old_tokens(write: &mut SqliteConnection, used_before: Instant) -> sqlx::Result<()> {
    sqlx::query!("delete from form_token where used_at < ?1", used_before).execute(write).await.map(drop)
}

pub async fn find_service_name(db: impl SqliteExecutor<'_>) -> sqlx::Result<String> {
    let name = sqlx::query_scalar!("select value from setting where name = 'service_name'").fetch_optional(db).await?;
    Ok(name.unwrap_or_default())
}

/// Whether the database answers.
pub async fn find_one(db: impl SqliteExecutor<'_>) -> sqlx::Result<i64> {
    sqlx::query_scalar!(r#"select 1 as "one!: i64""#).fetch_one(db).await
}
