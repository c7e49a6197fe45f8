//! Opening: one writing connection, a few reading ones, WAL, every commit on disk before it is acknowledged.

use std::path::{Path, PathBuf};
use std::time::Duration;

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{Connection, SqliteConnection, SqlitePool};

use super::MIGRATIONS;
use super::gate::{self, Gate, OpenError};
use super::lock::{self, HeldLock};
use super::write::Write;

/// How long a command waits for somebody else's writing to end: a whole import may be under way.
const BUSY: Duration = Duration::from_secs(120);
const READERS: u32 = 4;

/// The open database. Cheap to clone.
#[derive(Clone)]
pub struct Db {
    path: PathBuf,
    readers: SqlitePool,
    writer: SqlitePool,
    /// Held for as long as anybody has the database open.
    _lock: Option<std::sync::Arc<HeldLock>>,
}

impl Db {
    pub async fn open(path: &Path, gate: Gate) -> Result<Db, OpenError> {
        gate::file(path, gate)?;
        let lock = match gate {
            Gate::Alone => Some(std::sync::Arc::new(lock::hold(path)?)),
            Gate::Beside => None,
        };
        let fresh = !path.exists();
        if fresh {
            create_private(path)?;
        }
        check(path, gate).await?;
        let writer = SqlitePoolOptions::new()
            .max_connections(1)
            .idle_timeout(None)
            .max_lifetime(None)
            .connect_with(options(path))
            .await?;
        if gate == Gate::Alone {
            sqlx::query("pragma application_id = 0x48727468").execute(&writer).await?;
            MIGRATIONS.run(&writer).await?;
        }
        let readers = SqlitePoolOptions::new()
            .max_connections(READERS)
            .idle_timeout(None)
            .max_lifetime(None)
            .connect_with(options(path).pragma("query_only", "on"))
            .await?;
        Ok(Db { path: path.to_owned(), readers, writer, _lock: lock })
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// For reading only: a write on it fails.
    pub fn read(&self) -> &SqlitePool {
        &self.readers
    }

    /// Waits its turn, then holds the only writing transaction.
    pub async fn write(&self) -> sqlx::Result<Write> {
        Ok(Write(self.writer.begin_with("begin immediate").await?))
    }

    /// The writing connection outside a transaction, for what SQLite does not allow in one (`vacuum into`).
    pub fn writer(&self) -> &SqlitePool {
        &self.writer
    }

    /// Folds the log into the file and closes every connection.
    pub async fn close(self) {
        self.readers.close().await;
        self.writer.close().await;
    }
}

fn options(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(BUSY)
        .pragma("cache_size", "-65536")
        .pragma("journal_size_limit", "67108864")
        .pragma("temp_store", "memory")
}

/// One look before anything is changed: the right SQLite, our file, a schema that this program knows.
async fn check(path: &Path, gate: Gate) -> Result<(), OpenError> {
    let mut connection = SqliteConnection::connect_with(&SqliteConnectOptions::new().filename(path)).await?;
    gate::sqlite_version(&mut connection).await?;
    let (found, known) = (gate::schema(&mut connection, path).await?, gate::known_schema());
    connection.close().await?;
    match gate {
        _ if found > known => Err(OpenError::Newer { found, known }),
        Gate::Beside if found < known => Err(OpenError::Older { found, known }),
        _ => Ok(()),
    }
}

/// Personal data: nobody but the service's own account reads the file.
fn create_private(path: &Path) -> Result<(), OpenError> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop).map_err(|error| OpenError::Io(path.display().to_string(), error))
}
