//! What somebody has begun to write: kept while they type, theirs alone, gone once it is saved.

use sqlx::SqliteConnection;

use super::queries_drafts as queries;
use crate::db::Db;
use crate::domain::ids::{EnquiryId, NoteId, UserId};
use crate::domain::instant::Instant;
use crate::domain::text::tidy_lines;

pub use super::queries_drafts::{Draft, Typed, Writer, find as find_draft, list as list_drafts, list_writers};

/// Nobody comes back to it later, and it must not lie about for ever. The pages say so.
pub const DRAFT_DAYS: i64 = 30;
const DAY: i64 = 24 * 60 * 60 * 1000;

/// In place of an earlier draft of the same note. One that says nothing is none: whether there is one now.
pub async fn keep_draft(
    connection: &mut SqliteConnection,
    user: UserId,
    enquiry: EnquiryId,
    note: Option<(NoteId, NoteId)>,
    typed: &Typed,
    now: Instant,
) -> sqlx::Result<bool> {
    let (root, version) = note.unwrap_or((NoteId(0), NoteId(0)));
    if typed.body.trim().is_empty() {
        queries::delete(connection, user, enquiry, root).await?;
        return Ok(false);
    }
    queries::upsert(connection, user, enquiry, root, version, typed, now).await?;
    Ok(true)
}

/// What a form saves, by which it is told whether the draft that is kept is its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Saved {
    pub body: String,
    /// When the page last had its draft kept, as `Instant` is written; empty where it never had.
    pub kept: String,
}

impl Saved {
    /// A draft is kept some seconds behind what is typed, so it is mostly a beginning of what is saved. One that says
    /// something else is this page's own as well if nobody has kept another since.
    fn holds(&self, draft: &Draft) -> bool {
        draft.kept_at.to_string() == self.kept || self.body.starts_with(&tidy_lines(&draft.body))
    }
}

/// Once the note is saved. The same note may be open in another tab with other words: that draft stays.
pub async fn drop_saved_draft(
    connection: &mut SqliteConnection,
    user: UserId,
    enquiry: EnquiryId,
    root: Option<NoteId>,
    saved: &Saved,
) -> sqlx::Result<()> {
    let draft = queries::find(&mut *connection, user, enquiry, root).await?;
    if draft.is_some_and(|draft| saved.holds(&draft)) {
        drop_draft(connection, user, enquiry, root).await?;
    }
    Ok(())
}

/// `root`: of the note that was being changed; none for a new one.
pub async fn drop_draft(
    connection: &mut SqliteConnection,
    user: UserId,
    enquiry: EnquiryId,
    root: Option<NoteId>,
) -> sqlx::Result<()> {
    queries::delete(connection, user, enquiry, root.unwrap_or(NoteId(0))).await
}

/// How many were forgotten.
pub async fn forget_drafts(db: &Db, now: Instant) -> sqlx::Result<u64> {
    let mut write = db.write().await?;
    let forgotten = queries::delete_before(&mut write, now.plus_milliseconds(-DRAFT_DAYS * DAY)).await?;
    write.commit().await?;
    Ok(forgotten)
}
