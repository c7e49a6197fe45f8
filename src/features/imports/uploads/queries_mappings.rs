//! SQL of mappings that somebody saved by name.

use sqlx::{SqliteConnection, SqliteExecutor};

use crate::db::Json;
use crate::domain::actor::Actor;
use crate::domain::ids::MappingId;
use crate::domain::instant::Instant;

/// What the columns and words of some file mean, by name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavedMapping {
    pub id: MappingId,
    pub name: String,
    pub saved_at: Instant,
    pub by: String,
}

pub async fn list_mappings(db: impl SqliteExecutor<'_>) -> sqlx::Result<Vec<SavedMapping>> {
    sqlx::query_as!(
        SavedMapping,
        r#"select mapping.id as "id!: MappingId", mapping.name as "name!", saved_at as "saved_at!: Instant",
            user.name as "by!"
        from mapping
        join user on user.id = mapping.saved_by
        order by mapping.name collate nocase"#
    )
    .fetch_all(db)
    .await
}

pub struct MappingText {
    pub name: String,
    pub text: String,
}

pub async fn find_mapping(db: impl SqliteExecutor<'_>, id: MappingId) -> sqlx::Result<Option<MappingText>> {
    sqlx::query_as!(MappingText, "select name, text from mapping where id = ?", id).fetch_optional(db).await
}

/// The latest that was saved for a file with these headers.
pub async fn find_mapping_for(db: impl SqliteExecutor<'_>, headers_hash: &str) -> sqlx::Result<Option<MappingText>> {
    sqlx::query_as!(
        MappingText,
        "select name, text
        from mapping
        where headers_hash = ?
        order by saved_at desc
        limit 1",
        headers_hash,
    )
    .fetch_optional(db)
    .await
}

/// Under a name that is taken, the mapping is replaced.
pub async fn upsert_mapping(
    connection: &mut SqliteConnection,
    actor: &Actor,
    name: &str,
    text: &str,
    headers_hash: &str,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into mapping (name, text, headers_hash, saved_at, saved_by)
        values (?, ?, ?, ?, ?)
        on conflict (name) do update set text = excluded.text, headers_hash = excluded.headers_hash,
            saved_at = excluded.saved_at, saved_by = excluded.saved_by",
        name,
        text,
        headers_hash,
        actor.at,
        actor.user,
    )
    .execute(connection)
    .await?;
    Ok(())
}

pub async fn list_texts(db: impl SqliteExecutor<'_>) -> sqlx::Result<Vec<(MappingId, String)>> {
    let rows = sqlx::query!(r#"select id as "id!: MappingId", text from mapping"#).fetch_all(db).await?;
    Ok(rows.into_iter().map(|row| (row.id, row.text)).collect())
}

pub async fn update_texts(connection: &mut SqliteConnection, texts: &[(MappingId, String)]) -> sqlx::Result<()> {
    let texts = Json(texts);
    sqlx::query!(
        "update mapping
        set text = changed.value ->> 1
        from json_each(?1) changed
        where mapping.id = changed.value ->> 0",
        texts,
    )
    .execute(connection)
    .await
    .map(drop)
}

pub async fn delete_mapping(connection: &mut SqliteConnection, id: MappingId) -> sqlx::Result<()> {
    sqlx::query!("delete from mapping where id = ?", id).execute(connection).await?;
    Ok(())
}
