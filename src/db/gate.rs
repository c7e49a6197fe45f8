//! What keeps a program from a database that it must not touch.

use std::path::Path;

use sqlx::SqliteConnection;

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
    #[error("cannot bring the database up to date: {0}")]
    Migrate(#[from] sqlx::migrate::MigrateError),
    #[error("cannot open the database: {0}")]
    Sqlx(#[from] sqlx::Error),
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

/// Before opening: a file that vanished must not be replaced by an empty one.
pub fn file(path: &Path, gate: Gate) -> Result<(), OpenError> {
    let name = path.display().to_string();
    match std::fs::metadata(path) {
        Ok(found) if found.is_dir() => Err(OpenError::NotOurs(name)),
        Ok(_) => Ok(()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            if lock::path_of(path).exists() {
                Err(OpenError::Missing(name))
            } else if gate == Gate::Alone {
                Ok(())
            } else {
                Err(OpenError::NotYet(name))
            }
        }
        Err(error) => Err(OpenError::Io(name, error)),
    }
}

/// The latest migration that the database has had; 0 for an empty file.
pub async fn schema(connection: &mut SqliteConnection, path: &Path) -> Result<i64, OpenError> {
    let name = path.display().to_string();
    let damaged = |error: sqlx::Error| match &error {
        sqlx::Error::Database(inner) if matches!(inner.code().as_deref(), Some("26" | "11")) => {
            OpenError::Damaged(name.clone(), inner.message().to_owned())
        }
        _ => OpenError::Sqlx(error),
    };
    let tables: i64 = sqlx::query_scalar("select count(*) from sqlite_schema where type = 'table'")
        .fetch_one(&mut *connection)
        .await
        .map_err(damaged)?;
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

/// The schema this program knows.
pub fn known_schema() -> i64 {
    MIGRATIONS.iter().map(|migration| migration.version).max().unwrap_or(0)
}
