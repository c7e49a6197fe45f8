//! SQL of imports that are done, and of what has been built on one.

use sqlx::{SqliteConnection, SqliteExecutor};

use crate::domain::actor::Actor;
use crate::domain::audit::Action;
use crate::domain::day::Day;
use crate::domain::ids::{EnquiryId, ImportId, UserId};
use crate::domain::instant::Instant;

/// An import, as it was counted when it was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Import {
    pub id: ImportId,
    pub file_name: String,
    pub started_at: Instant,
    pub user: UserId,
    pub who: String,
    pub created: i64,
    pub changed: i64,
    pub already_known: i64,
    pub refused: i64,
    /// The entry of the audit that tells of it.
    pub audit: i64,
    pub undone_at: Option<Instant>,
    pub undone_by: Option<String>,
}

pub async fn find(db: impl SqliteExecutor<'_>, id: ImportId) -> sqlx::Result<Option<Import>> {
    sqlx::query_as!(
        Import,
        r#"select import.id as "id!: ImportId", file_name as "file_name!", started_at as "started_at!: Instant",
            import.user_id as "user!: UserId", user.name as "who!", created as "created!", changed as "changed!",
            already_known as "already_known!", refused as "refused!", coalesce(audit_id, 0) as "audit!: i64",
            undone_at as "undone_at?: Instant", undoer.name as "undone_by?"
        from import
        join user on user.id = import.user_id
        left join user as undoer on undoer.id = import.undone_by
        where import.id = ?"#,
        id,
    )
    .fetch_optional(db)
    .await
}

/// The latest first.
pub async fn list_before(db: impl SqliteExecutor<'_>, before: ImportId, limit: i64) -> sqlx::Result<Vec<Import>> {
    sqlx::query_as!(
        Import,
        r#"select import.id as "id!: ImportId", file_name as "file_name!", started_at as "started_at!: Instant",
            import.user_id as "user!: UserId", user.name as "who!", created as "created!", changed as "changed!",
            already_known as "already_known!", refused as "refused!", coalesce(audit_id, 0) as "audit!: i64",
            undone_at as "undone_at?: Instant", undoer.name as "undone_by?"
        from import
        join user on user.id = import.user_id
        left join user as undoer on undoer.id = import.undone_by
        where import.id < ?1
        order by import.id desc
        limit ?2"#,
        before,
        limit,
    )
    .fetch_all(db)
    .await
}

/// An earlier import of the very same bytes that stands, to tell the person who brings them again.
pub async fn find_latest_of(db: impl SqliteExecutor<'_>, sha256: &str) -> sqlx::Result<Option<(ImportId, Instant)>> {
    let found = sqlx::query!(
        r#"select id as "id!: ImportId", started_at as "started_at!: Instant"
        from import
        where sha256 = ? and undone_at is null
        order by id desc
        limit 1"#,
        sha256,
    )
    .fetch_optional(db)
    .await?;
    Ok(found.map(|row| (row.id, row.started_at)))
}

pub async fn list_made(connection: &mut SqliteConnection, id: ImportId) -> sqlx::Result<Vec<EnquiryId>> {
    sqlx::query_scalar!(r#"select id as "id!: EnquiryId" from enquiry where import_id = ? order by id"#, id)
        .fetch_all(connection)
        .await
}

/// An enquiry that an import made.
pub struct Made {
    pub enquiry: EnquiryId,
    pub reference: String,
    /// None of a restricted record that this person may not open.
    pub name: Option<String>,
    pub day: Day,
}

/// Those that stand, in the order of the file.
pub async fn list_made_after(
    db: impl SqliteExecutor<'_>,
    id: ImportId,
    after: EnquiryId,
    viewer: UserId,
    limit: i64,
) -> sqlx::Result<Vec<Made>> {
    sqlx::query_as!(
        Made,
        r#"select enquiry.id as "enquiry!: EnquiryId", enquiry.reference as "reference!",
            case when enquiry.restricted = 0 or enquiry_access.user_id is not null then enquiry_now.display_name end
                as "name?: String",
            enquiry_now.day_on as "day!: Day"
        from enquiry
        join enquiry_now on enquiry_now.enquiry_id = enquiry.id
        left join enquiry_access on enquiry_access.enquiry_id = enquiry.id and enquiry_access.user_id = ?3
        where enquiry.import_id = ?1 and enquiry.id > ?2
        order by enquiry.id
        limit ?4"#,
        id,
        after,
        viewer,
        limit,
    )
    .fetch_all(db)
    .await
}

/// A known enquiry that took newer facts.
pub struct Change {
    pub enquiry: EnquiryId,
    pub household_before: Option<String>,
}

pub async fn list_changes(connection: &mut SqliteConnection, id: ImportId) -> sqlx::Result<Vec<Change>> {
    sqlx::query_as!(
        Change,
        r#"select enquiry_id as "enquiry!: EnquiryId", household_before
        from import_change
        where import_id = ?
        order by enquiry_id"#,
        id,
    )
    .fetch_all(connection)
    .await
}

/// Something that somebody did with an enquiry of an import after it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BuiltOn {
    pub enquiry: EnquiryId,
    pub reference: String,
    pub name: Option<String>,
    pub restricted: bool,
    /// An audited action's code.
    pub action: String,
    pub at: Instant,
    pub who: String,
}

/// The latest write on each of its enquiries, whatever it was: every write is in the audit. A later enquiry of a
/// household that the import made is one too.
pub async fn list_built_on(
    connection: &mut SqliteConnection,
    import: &Import,
    limit: i64,
) -> sqlx::Result<Vec<BuiltOn>> {
    sqlx::query_as!(
        BuiltOn,
        r#"with touched as (
            select id as enquiry_id, household_id, 1 as made
            from enquiry
            where import_id = ?1
            union all
            select enquiry_id, household_id, 0
            from import_change
            join enquiry on enquiry.id = import_change.enquiry_id
            where import_change.import_id = ?1
        ),
        later as (
            select touched.enquiry_id, max(audit.id) as audit_id
            from touched
            join audit on audit.enquiry_id = touched.enquiry_id
            where audit.id > ?2 and audit.action <> ?3
            group by touched.enquiry_id
            union
            select other.id, max(audit.id)
            from touched
            cross join enquiry other on other.household_id = touched.household_id
            cross join enquiry_now on enquiry_now.enquiry_id = other.id
            cross join audit on audit.enquiry_id = other.id
            where touched.made = 1 and other.import_id is not ?1 and audit.id > ?2
            group by other.id
        )
        select later.enquiry_id as "enquiry!: EnquiryId", enquiry.reference as "reference!",
            enquiry_now.display_name as "name?", enquiry.restricted as "restricted!: bool", audit.action as "action!",
            audit.at as "at!: Instant", user.name as "who!"
        from later
        join audit on audit.id = later.audit_id
        join user on user.id = audit.user_id
        join enquiry on enquiry.id = later.enquiry_id
        left join enquiry_now on enquiry_now.enquiry_id = later.enquiry_id
        order by later.audit_id desc
        limit ?4"#,
        import.id,
        import.audit,
        Action::EnquiryOpened.code(),
        limit,
    )
    .fetch_all(connection)
    .await
}

pub async fn update_undone(connection: &mut SqliteConnection, actor: &Actor, id: ImportId) -> sqlx::Result<()> {
    sqlx::query!("update import set undone_at = ?, undone_by = ? where id = ?", actor.at, actor.user, id)
        .execute(&mut *connection)
        .await?;
    sqlx::query!("update import_change set household_before = null where import_id = ?", id)
        .execute(connection)
        .await?;
    Ok(())
}
