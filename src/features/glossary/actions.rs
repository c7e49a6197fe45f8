//! Giving a term another word, and having the program say it.

use serde_json::json;
use sqlx::SqliteConnection;

use super::queries::{self, Version};
use crate::db::Db;
use crate::domain::actor::Actor;
use crate::domain::audit::{Action, Event};
use crate::domain::glossary::{self, Term};
use crate::features::audit;

#[derive(Debug, thiserror::Error)]
pub enum WordRefusal {
    #[error("“{0}” is said for something else already. Two things by one word cannot be told apart")]
    Taken(String),
    /// Somebody else changed it first.
    #[error("Somebody else has changed this word since you opened the page")]
    Stale,
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

/// What the service says from now on. Call it when the program starts and after a change is committed.
pub async fn load(db: &Db) -> sqlx::Result<()> {
    let words = queries::list(db.read()).await?;
    glossary::say(words.iter().map(|it| (it.term.as_str(), it.word.as_str())));
    Ok(())
}

/// `seen` is the version that the change began from; None as the word: the standard one again.
pub async fn change(
    write: &mut SqliteConnection,
    actor: &Actor,
    term: &Term,
    seen: Option<i64>,
    word: Option<&str>,
) -> Result<(), WordRefusal> {
    let now = queries::list_versions(&mut *write, &term.key).await?.into_iter().next();
    let before = now.as_ref().and_then(|version| version.word.as_deref());
    if word == before {
        return Ok(());
    }
    if now.as_ref().map(|version: &Version| version.id) != seen {
        return Err(WordRefusal::Stale);
    }
    if word.is_some_and(|word| glossary::taken(&glossary::terms(), term, word).is_some()) {
        return Err(WordRefusal::Taken(word.unwrap_or_default().to_owned()));
    }
    queries::insert(write, actor, &term.key, word).await?;
    let said = |word: Option<&str>| word.unwrap_or(term.standard).to_owned();
    let detail = json!({ "term": term.key, "before": { "word": said(before) }, "after": { "word": said(word) } });
    Ok(audit::record(write, actor, &Event::new(Action::WordChanged).with(detail)).await?)
}
