//! What somebody has begun to write: kept while they type, theirs alone, gone once it is saved.

use sqlx::SqliteConnection;

use super::queries_drafts as queries;
use crate::db::Db;
use crate::domain::ids::{EnquiryId, NoteId, UserId};
use crate::domain::instant::Instant;

pub use super::queries_drafts::{Draft, Typed, find as find_draft, list as list_drafts};

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
