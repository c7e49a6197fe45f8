//! SQL of files on their way to being imported.

use sqlx::{SqliteConnection, SqliteExecutor};

use crate::domain::ids::{ImportId, UploadId, UserId};
use crate::domain::instant::Instant;
use crate::domain::upload::UploadState;

/// A file that somebody has uploaded, and how far it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upload {
    pub id: UploadId,
    pub token: String,
    pub user: UserId,
    pub file_name: String,
    pub sha256: String,
    pub bytes: i64,
    pub uploaded_at: Instant,
    pub state: UploadState,
    /// A sentence.
    pub problem: Option<String>,
    pub layout: Option<String>,
    pub mapping: Option<String>,
    pub newer: String,
    pub preview_hash: Option<String>,
    pub import: Option<ImportId>,
    pub version: i64,
}

/// Uploaded files are kept no longer: they are people's data.
const KEPT: i64 = 24 * 60 * 60 * 1000;

impl Upload {
    pub fn expires_at(&self) -> Instant {
        self.uploaded_at.plus_milliseconds(KEPT)
    }

    /// Nothing of it is kept but why.
    pub fn is_refused(&self) -> bool {
        self.state == UploadState::Refused
    }
}

/// Uploads from before this are to be deleted.
pub fn expired_before(now: Instant) -> Instant {
    now.plus_milliseconds(-KEPT)
}

pub async fn find(db: impl SqliteExecutor<'_>, id: UploadId, user: UserId) -> sqlx::Result<Option<Upload>> {
    sqlx::query_as!(
        Upload,
        r#"select id as "id!: UploadId", token, user_id as "user!: UserId", file_name, sha256, bytes,
            uploaded_at as "uploaded_at!: Instant", state as "state!: UploadState", problem, layout, mapping, newer,
            preview_hash, import_id as "import?: ImportId", version
        from upload
        where id = ?1 and user_id = ?2"#,
        id,
        user,
    )
    .fetch_optional(db)
    .await
}

/// Whoever imported can fetch the refused rows for a while.
pub async fn find_of_import(
    db: impl SqliteExecutor<'_>,
    import: ImportId,
    user: UserId,
) -> sqlx::Result<Option<Upload>> {
    sqlx::query_as!(
        Upload,
        r#"select id as "id!: UploadId", token, user_id as "user!: UserId", file_name, sha256, bytes,
            uploaded_at as "uploaded_at!: Instant", state as "state!: UploadState", problem, layout, mapping, newer,
            preview_hash, import_id as "import?: ImportId", version
        from upload
        where user_id = ?2 and import_id = ?1"#,
        import,
        user,
    )
    .fetch_optional(db)
    .await
}

/// Somebody's files that are not taken in yet, the latest first.
pub async fn list_of(db: impl SqliteExecutor<'_>, user: UserId) -> sqlx::Result<Vec<Upload>> {
    sqlx::query_as!(
        Upload,
        r#"select id as "id!: UploadId", token, user_id as "user!: UserId", file_name, sha256, bytes,
            uploaded_at as "uploaded_at!: Instant", state as "state!: UploadState", problem, layout, mapping, newer,
            preview_hash, import_id as "import?: ImportId", version
        from upload
        where user_id = ? and import_id is null
        order by id desc
        limit 20"#,
        user,
    )
    .fetch_all(db)
    .await
}

pub struct NewUpload<'a> {
    pub token: &'a str,
    pub user: UserId,
    pub file_name: &'a str,
    pub sha256: &'a str,
    pub bytes: i64,
    pub at: Instant,
}

pub async fn insert(connection: &mut SqliteConnection, new: &NewUpload<'_>) -> sqlx::Result<UploadId> {
    let state = UploadState::Reading;
    sqlx::query_scalar!(
        r#"insert into upload (token, user_id, file_name, sha256, bytes, uploaded_at, state, newer)
        values (?, ?, ?, ?, ?, ?, ?, 'none')
        returning id as "id!: UploadId""#,
        new.token,
        new.user,
        new.file_name,
        new.sha256,
        new.bytes,
        new.at,
        state,
    )
    .fetch_one(connection)
    .await
}

/// Over the version that was read and no other; false where somebody was first.
pub async fn update(connection: &mut SqliteConnection, upload: &Upload) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update upload
        set state = ?3, problem = ?4, layout = ?5, mapping = ?6, newer = ?7, preview_hash = ?8, import_id = ?9,
            version = version + 1
        where id = ?1 and version = ?2",
        upload.id,
        upload.version,
        upload.state,
        upload.problem,
        upload.layout,
        upload.mapping,
        upload.newer,
        upload.preview_hash,
        upload.import,
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

pub async fn delete(connection: &mut SqliteConnection, id: UploadId) -> sqlx::Result<()> {
    sqlx::query!("delete from upload where id = ?", id).execute(connection).await?;
    Ok(())
}

pub async fn list_tokens(db: impl SqliteExecutor<'_>) -> sqlx::Result<Vec<String>> {
    sqlx::query_scalar!("select token from upload").fetch_all(db).await
}

pub struct Expired {
    pub id: UploadId,
    pub token: String,
    pub file_name: String,
}

pub async fn list_expired(db: impl SqliteExecutor<'_>, before: Instant) -> sqlx::Result<Vec<Expired>> {
    sqlx::query_as!(
        Expired,
        r#"select id as "id!: UploadId", token, file_name from upload where uploaded_at < ?"#,
        before
    )
    .fetch_all(db)
    .await
}

/// Of files that are taken in: all but the refused rows is to be gone.
pub async fn list_imported_tokens(db: impl SqliteExecutor<'_>) -> sqlx::Result<Vec<String>> {
    sqlx::query_scalar!("select token from upload where import_id is not null").fetch_all(db).await
}
