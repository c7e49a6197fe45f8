//! What keeps a program from a database that it must not touch.

use std::path::Path;

use sqlx::SqliteConnection;

use super::copy::CopyError;
use super::trouble::Trouble;
use super::{LockError, MIGRATIONS, lock};

/// Older ones can lose writes in WAL mode when two connections checkpoint at once.
const OLDEST_SQLITE: (u32, u32, u32) = (3, 51, 3);

/// `Hrth`, in the file's header: what marks a file as ours. Set when it is opened to be written alone.
pub const APPLICATION_ID: i64 = 0x4872_7468;

#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error("this program was built with SQLite {0}, which can lose writes; it needs 3.51.3 or newer")]
    OldSqlite(String),
    #[error(
        "there is no database at {0}, but there was one before. Put it back (hearth restore), or remove {0}.lock to start afresh"
    )]
    Missing(String),
    #[error("there is no database at {0} yet. Run `hearth migrate` or `hearth serve` first")]
    NotYet(String),
    #[error("{0} is not a Hearth database")]
    NotOurs(String),
    #[error("{0} is damaged: {1}. Restore a backup (hearth restore)")]
    Damaged(String, String),
    #[error(
        "the database was written by a newer Hearth (schema {found}, this program knows {known}). Install that one"
    )]
    Newer { found: i64, known: i64 },
    #[error("the database has an older schema ({found}, this program needs {known}). Run `hearth migrate` first")]
    Older { found: i64, known: i64 },
    #[error(transparent)]
    Lock(#[from] LockError),
    #[error("cannot open {0}: {1}")]
    Io(String, #[source] std::io::Error),
    #[error("the database was not brought up to date, because no backup could be taken first: {0}")]
    NoBackup(#[from] CopyError),
    #[error("cannot bring the database up to date: {0}")]
    Migrate(#[from] sqlx::migrate::MigrateError),
    #[error("cannot open the database: {0}")]
    Sqlx(#[from] sqlx::Error),
}

impl OpenError {
    /// Tells a damaged file from any other failure, whichever statement met it.
    pub fn of(path: &Path, error: OpenError) -> OpenError {
        match &error {
            OpenError::Sqlx(sqlx::Error::Database(inner)) if Trouble::behind(&error) == Some(Trouble::Damaged) => {
                OpenError::Damaged(path.display().to_string(), inner.message().to_owned())
            }
            _ => error,
        }
    }
}

/// How a command comes to a database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gate {
    /// `serve` and `migrate`: alone; makes the file where there never was one, and brings the schema up to date.
    Alone,
    /// Everything else: beside a running service; the file must be there and its schema today's.
    Beside,
}

pub async fn sqlite_version(connection: &mut SqliteConnection) -> Result<(), OpenError> {
    let version: String = sqlx::query_scalar("select sqlite_version()").fetch_one(connection).await?;
    let mut parts = version.split('.').map(|part| part.parse().unwrap_or(0));
    let mut next = || parts.next().unwrap_or(0);
    if (next(), next(), next()) < OLDEST_SQLITE { Err(OpenError::OldSqlite(version)) } else { Ok(()) }
}

/// Before opening: a file that vanished or was emptied must not be replaced by a new one.
pub fn file(path: &Path, gate: Gate) -> Result<(), OpenError> {
    let name = path.display().to_string();
    match std::fs::metadata(path) {
        Ok(found) if found.is_dir() => Err(OpenError::NotOurs(name)),
        Ok(found) if found.len() == 0 && lock::marked(path) => Err(OpenError::Damaged(name, "it is empty".to_owned())),
        Ok(_) => Ok(()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => match gate {
            _ if lock::marked(path) => Err(OpenError::Missing(name)),
            Gate::Alone => Ok(()),
            Gate::Beside => Err(OpenError::NotYet(name)),
        },
        Err(error) => Err(OpenError::Io(name, error)),
    }
}

/// The latest migration that the database has had; 0 for an empty file.
pub async fn schema(connection: &mut SqliteConnection, path: &Path) -> Result<i64, OpenError> {
    let tables: i64 = sqlx::query_scalar("select count(*) from sqlite_schema where type = 'table'")
        .fetch_one(&mut *connection)
        .await?;
    if tables == 0 {
        return Ok(0);
    }
    let id: i64 = sqlx::query_scalar("pragma application_id").fetch_one(&mut *connection).await?;
    if id != APPLICATION_ID {
        return Err(OpenError::NotOurs(path.display().to_string()));
    }
    Ok(sqlx::query_scalar("select coalesce(max(version), 0) from _sqlx_migrations where success")
        .fetch_one(connection)
        .await?)
}

/// Whether every page holds together. Before the service writes to a file that a disk, a copy or a log left behind
/// by another file has damaged.
pub async fn pages(connection: &mut SqliteConnection, path: &Path) -> Result<(), OpenError> {
    let first: String = sqlx::query_scalar("pragma quick_check(1)").fetch_one(connection).await?;
    if first == "ok" { Ok(()) } else { Err(OpenError::Damaged(path.display().to_string(), first)) }
}

/// The schema this program knows.
pub fn known_schema() -> i64 {
    MIGRATIONS.iter().map(|migration| migration.version).max().unwrap_or(0)
}
