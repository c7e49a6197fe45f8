//! Every SQL statement of the glossary.

use sqlx::{SqliteConnection, SqliteExecutor};

use crate::domain::actor::Actor;
use crate::domain::instant::Instant;

pub struct Word {
    pub term: String,
    pub word: String,
}

/// Of the terms that have a word of the service's own.
pub async fn list(db: impl SqliteExecutor<'_>) -> sqlx::Result<Vec<Word>> {
    sqlx::query_as!(
        Word,
        r#"select term as "term!", word as "word!"
        from glossary_word
        where id in (select max(id) from glossary_word group by term)
            and word is not null"#,
    )
    .fetch_all(db)
    .await
}

pub struct Version {
    pub id: i64,
    /// None: the standard word again.
    pub word: Option<String>,
    pub by: String,
    pub recorded_at: Instant,
}

/// The latest first.
pub async fn list_versions(db: impl SqliteExecutor<'_>, term: &str) -> sqlx::Result<Vec<Version>> {
    sqlx::query_as!(
        Version,
        r#"select glossary_word.id as "id!", word as "word?", user.name as "by!",
            recorded_at as "recorded_at!: Instant"
        from glossary_word
        join user on user.id = glossary_word.recorded_by
        where term = ?
        order by glossary_word.id desc"#,
        term,
    )
    .fetch_all(db)
    .await
}

pub async fn insert(write: &mut SqliteConnection, actor: &Actor, term: &str, word: Option<&str>) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into glossary_word (term, word, recorded_at, recorded_by) values (?, ?, ?, ?)",
        term,
        word,
        actor.at,
        actor.user,
    )
    .execute(write)
    .await
    .map(drop)
}
