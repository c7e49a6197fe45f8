//! Every SQL statement of the settings.

use sqlx::{SqliteConnection, SqliteExecutor};

pub async fn find(db: impl SqliteExecutor<'_>, name: &str) -> sqlx::Result<String> {
    let value = sqlx::query_scalar!("select value from setting where name = ?1", name).fetch_optional(db).await?;
    Ok(value.unwrap_or_default())
}

pub async fn upsert(write: &mut SqliteConnection, name: &str, value: &str) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into setting (name, value)
         values (?1, ?2)
         on conflict do update set value = excluded.value",
        name,
        value,
    )
    .execute(write)
    .await
    .map(drop)
}
