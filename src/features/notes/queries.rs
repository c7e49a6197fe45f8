//! Every SQL statement of notes and contacts.

use serde::Serialize;
use sqlx::{SqliteConnection, SqliteExecutor};

use crate::db::Json;
use crate::domain::actor::Actor;
use crate::domain::day::Day;
use crate::domain::ids::{EnquiryId, NoteId};
use crate::domain::instant::Instant;
use crate::domain::ledger::Stamp;
use crate::domain::note::NoteKind;

/// One version of a note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    pub id: NoteId,
    /// The first version's: all versions of a note share it.
    pub root: NoteId,
    pub kind: NoteKind,
    pub on: Day,
    pub body: String,
    pub recorded_at: Instant,
    /// The name of who wrote this version.
    pub by: String,
    pub superseded_at: Option<Instant>,
}

#[derive(Serialize)]
pub struct NewRow<'a> {
    pub enquiry: EnquiryId,
    pub root: Option<NoteId>,
    pub kind: NoteKind,
    pub on: Day,
    pub body: &'a str,
}

/// As they stand, the latest first.
pub async fn list(db: impl SqliteExecutor<'_>, enquiry: EnquiryId) -> sqlx::Result<Vec<Note>> {
    sqlx::query_as!(
        Note,
        r#"select note.id as "id!: NoteId", note.root_id as "root!: NoteId", note.kind as "kind!: NoteKind",
            note.happened_on as "on!: Day", note.body as "body!", note.recorded_at as "recorded_at!: Instant",
            user.name as "by!", note.superseded_at as "superseded_at?: Instant"
        from note
        join user on user.id = note.recorded_by
        where note.enquiry_id = ? and note.superseded_at is null
        order by note.happened_on desc, note.root_id desc"#,
        enquiry,
    )
    .fetch_all(db)
    .await
}

/// Every version of every note, the first version of each first.
pub async fn list_with_versions(db: impl SqliteExecutor<'_>, enquiry: EnquiryId) -> sqlx::Result<Vec<Note>> {
    sqlx::query_as!(
        Note,
        r#"select note.id as "id!: NoteId", note.root_id as "root!: NoteId", note.kind as "kind!: NoteKind",
            note.happened_on as "on!: Day", note.body as "body!", note.recorded_at as "recorded_at!: Instant",
            user.name as "by!", note.superseded_at as "superseded_at?: Instant"
        from note
        join user on user.id = note.recorded_by
        where note.enquiry_id = ?
        order by note.root_id, note.id"#,
        enquiry,
    )
    .fetch_all(db)
    .await
}

/// The version in force of the note that `id` is or was a version of.
pub async fn find_current(db: impl SqliteExecutor<'_>, enquiry: EnquiryId, id: NoteId) -> sqlx::Result<Option<Note>> {
    sqlx::query_as!(
        Note,
        r#"select note.id as "id!: NoteId", note.root_id as "root!: NoteId", note.kind as "kind!: NoteKind",
            note.happened_on as "on!: Day", note.body as "body!", note.recorded_at as "recorded_at!: Instant",
            user.name as "by!", note.superseded_at as "superseded_at?: Instant"
        from note edited
        join note on note.root_id = edited.root_id and note.superseded_at is null
        join user on user.id = note.recorded_by
        where edited.id = ?2 and edited.enquiry_id = ?1 and note.enquiry_id = ?1"#,
        enquiry,
        id,
    )
    .fetch_optional(db)
    .await
}

pub async fn insert(connection: &mut SqliteConnection, actor: &Actor, rows: &[NewRow<'_>]) -> sqlx::Result<()> {
    let rows = Json(rows);
    sqlx::query!(
        "insert into note (id, root_id, enquiry_id, kind, happened_on, body, recorded_at, recorded_by)
        select last.id + new.key + 1, coalesce(new.value ->> 'root', last.id + new.key + 1), new.value ->> 'enquiry',
            new.value ->> 'kind', new.value ->> 'on', new.value ->> 'body', ?2, ?3
        from jsonb_each(?1) new, (select coalesce(max(id), 0) as id from note) last",
        rows,
        actor.at,
        actor.user,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Ends a version that is in force and returns its root. None when somebody else did it first.
pub async fn supersede(
    connection: &mut SqliteConnection,
    actor: &Actor,
    enquiry: EnquiryId,
    id: NoteId,
) -> sqlx::Result<Option<NoteId>> {
    sqlx::query_scalar!(
        r#"update note
        set superseded_at = ?3, superseded_by = ?4
        where id = ?2 and enquiry_id = ?1 and superseded_at is null
        returning root_id as "root!: NoteId""#,
        enquiry,
        id,
        actor.at,
        actor.user,
    )
    .fetch_optional(connection)
    .await
}

pub async fn supersede_all(
    connection: &mut SqliteConnection,
    actor: &Actor,
    enquiries: &[EnquiryId],
) -> sqlx::Result<()> {
    let enquiries = Json(enquiries);
    sqlx::query!(
        "update note
        set superseded_at = ?2, superseded_by = ?3
        where enquiry_id in (select value from json_each(?1)) and superseded_at is null",
        enquiries,
        actor.at,
        actor.user,
    )
    .execute(connection)
    .await?;
    Ok(())
}

pub async fn supersede_recorded(
    connection: &mut SqliteConnection,
    actor: &Actor,
    enquiry: EnquiryId,
    recorded: Stamp,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update note
        set superseded_at = ?2, superseded_by = ?3
        where enquiry_id = ?1 and recorded_at = ?4 and recorded_by = ?5 and superseded_at is null",
        enquiry,
        actor.at,
        actor.user,
        recorded.at,
        recorded.by,
    )
    .execute(connection)
    .await?;
    Ok(())
}
