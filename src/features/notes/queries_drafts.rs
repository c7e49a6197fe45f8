//! SQL of drafts. Each statement that reads one names whose it is: nobody reads another's.

use sqlx::{SqliteConnection, SqliteExecutor};

use crate::domain::ids::{EnquiryId, NoteId, UserId};
use crate::domain::instant::Instant;

/// A form's fields as they were typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Typed {
    pub kind: String,
    pub on: String,
    pub first_contact: String,
    pub body: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// The version that is being changed; 0 where the note is new.
    pub note: NoteId,
    pub kind: String,
    pub on: String,
    pub first_contact: String,
    pub body: String,
    pub kept_at: Instant,
}

impl Draft {
    pub fn of_note(&self) -> Option<NoteId> {
        (self.note.0 != 0).then_some(self.note)
    }
}

pub async fn find(
    db: impl SqliteExecutor<'_>,
    user: UserId,
    enquiry: EnquiryId,
    root: Option<NoteId>,
) -> sqlx::Result<Option<Draft>> {
    let root = root.unwrap_or(NoteId(0));
    sqlx::query_as!(
        Draft,
        r#"select note_id as "note!: NoteId", kind as "kind!", happened_on as "on!", first_contact as "first_contact!",
            body as "body!", kept_at as "kept_at!: Instant"
        from note_draft
        where user_id = ? and enquiry_id = ? and root_id = ?"#,
        user,
        enquiry,
        root,
    )
    .fetch_optional(db)
    .await
}

/// Somebody's own of one enquiry, the latest first.
pub async fn list(db: impl SqliteExecutor<'_>, user: UserId, enquiry: EnquiryId) -> sqlx::Result<Vec<Draft>> {
    sqlx::query_as!(
        Draft,
        r#"select note_id as "note!: NoteId", kind as "kind!", happened_on as "on!", first_contact as "first_contact!",
            body as "body!", kept_at as "kept_at!: Instant"
        from note_draft
        where user_id = ? and enquiry_id = ?
        order by kept_at desc"#,
        user,
        enquiry,
    )
    .fetch_all(db)
    .await
}

/// Somebody who has begun to write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Writer {
    pub user: UserId,
    pub name: String,
}

/// Who has begun to write on an enquiry; never what.
pub async fn list_writers(db: impl SqliteExecutor<'_>, enquiry: EnquiryId) -> sqlx::Result<Vec<Writer>> {
    sqlx::query_as!(
        Writer,
        r#"select distinct user.id as "user!: UserId", user.name as "name!"
        from note_draft draft
        join user on user.id = draft.user_id
        where draft.enquiry_id = ?
        order by user.name, user.id"#,
        enquiry,
    )
    .fetch_all(db)
    .await
}

pub async fn upsert(
    connection: &mut SqliteConnection,
    user: UserId,
    enquiry: EnquiryId,
    root: NoteId,
    version: NoteId,
    typed: &Typed,
    now: Instant,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into note_draft (user_id, enquiry_id, root_id, note_id, kind, happened_on, first_contact, body, kept_at)
        values (?, ?, ?, ?, ?, ?, ?, ?, ?)
        on conflict (user_id, enquiry_id, root_id) do update
        set note_id = excluded.note_id,
            kind = excluded.kind,
            happened_on = excluded.happened_on,
            first_contact = excluded.first_contact,
            body = excluded.body,
            kept_at = excluded.kept_at",
        user,
        enquiry,
        root,
        version,
        typed.kind,
        typed.on,
        typed.first_contact,
        typed.body,
        now,
    )
    .execute(connection)
    .await?;
    Ok(())
}

pub async fn delete(
    connection: &mut SqliteConnection,
    user: UserId,
    enquiry: EnquiryId,
    root: NoteId,
) -> sqlx::Result<()> {
    sqlx::query!(
        "delete from note_draft
        where user_id = ? and enquiry_id = ? and root_id = ?",
        user,
        enquiry,
        root,
    )
    .execute(connection)
    .await?;
    Ok(())
}

pub async fn delete_before(connection: &mut SqliteConnection, before: Instant) -> sqlx::Result<u64> {
    let deleted = sqlx::query!("delete from note_draft where kept_at < ?", before).execute(connection).await?;
    Ok(deleted.rows_affected())
}
