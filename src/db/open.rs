//! Opening: one writing connection, a few reading ones, WAL, every commit on disk before it is acknowledged.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{Connection, SqliteConnection, SqlitePool};

use super::gate::{self, Gate, OpenError};
use super::lock::{self, HeldLock};
use super::write::Write;
use super::{MIGRATIONS, copy, files};

/// How long a command waits for somebody else's writing to end: a whole import may be under way.
const COMMAND_WAITS: Duration = Duration::from_secs(120);
/// Somebody sits in front of a page; after this they are told to try again.
const SERVICE_WAITS: Duration = Duration::from_secs(20);
const READERS: u32 = 4;

/// The open database. Cheap to clone.
#[derive(Clone)]
pub struct Db {
    path: PathBuf,
    readers: SqlitePool,
    writer: SqlitePool,
    /// Held for as long as anybody has the database open.
    _lock: Option<Arc<HeldLock>>,
}

impl Db {
    pub async fn open(path: &Path, gate: Gate) -> Result<Db, OpenError> {
        Db::open_by(path, gate).await.map_err(|error| OpenError::of(path, error))
    }

    async fn open_by(path: &Path, gate: Gate) -> Result<Db, OpenError> {
        // The lock comes first: what is looked at afterwards stays as it was seen.
        let lock = match gate {
            Gate::Alone => Some(lock::hold(path)?),
            Gate::Beside => None,
        };
        gate::file(path, gate)?;
        if !path.exists() {
            files::create_private(path).map_err(|error| OpenError::Io(path.display().to_string(), error))?;
        } else if gate == Gate::Alone {
            // Where it is not ours to change, `hearth doctor` says so.
            let _ = files::make_private(path);
        }
        let found = check(path, gate).await?;
        let writer = pool(1, gate).connect_with(options(path, gate)).await?;
        if gate == Gate::Alone {
            bring_up_to_date(&writer, path, found).await?;
        }
        let readers = pool(READERS, gate).connect_with(options(path, gate).pragma("query_only", "on")).await?;
        let lock = match lock {
            Some(mut lock) => {
                lock.mark()?;
                Some(Arc::new(lock))
            }
            None => None,
        };
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

/// Connections are kept for good: opening one again would cost its cache. But where SQLite itself has rolled back, as
/// it does when a disk is full, sqlx takes the transaction for open and would refuse every later one: such a
/// connection is replaced. (The ping before has waited for everything that was still to be done on it.)
fn pool(connections: u32, gate: Gate) -> SqlitePoolOptions {
    SqlitePoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(patience(gate))
        .idle_timeout(None)
        .max_lifetime(None)
        .test_before_acquire(true)
        .before_acquire(|connection, _| Box::pin(async move { Ok(!connection.is_in_transaction()) }))
}

fn options(path: &Path, gate: Gate) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(patience(gate))
        .pragma("cache_size", "-65536")
        .pragma("journal_size_limit", "67108864")
        .pragma("temp_store", "memory")
}

fn patience(gate: Gate) -> Duration {
    match gate {
        Gate::Alone => SERVICE_WAITS,
        Gate::Beside => COMMAND_WAITS,
    }
}

/// One look before anything is changed: the right SQLite, our file, a schema that this program knows, and, before a
/// service relies on it, whole. Returns the schema found.
async fn check(path: &Path, gate: Gate) -> Result<i64, OpenError> {
    let options = SqliteConnectOptions::new().filename(path).busy_timeout(patience(gate));
    let mut connection = SqliteConnection::connect_with(&options).await?;
    gate::sqlite_version(&mut connection).await?;
    let (found, known) = (gate::schema(&mut connection, path).await?, gate::known_schema());
    if gate == Gate::Alone && found > 0 {
        gate::pages(&mut connection, path).await?;
    }
    connection.close().await?;
    match gate {
        _ if found > known => Err(OpenError::Newer { found, known }),
        _ if found == 0 && lock::marked(path) => {
            Err(OpenError::Damaged(path.display().to_string(), "there are no tables in it".to_owned()))
        }
        Gate::Beside if found < known => Err(OpenError::Older { found, known }),
        _ => Ok(found),
    }
}

/// Forward only, each migration in a transaction, and a backup first where there is something to lose.
async fn bring_up_to_date(writer: &SqlitePool, path: &Path, found: i64) -> Result<(), OpenError> {
    let known = gate::known_schema();
    if 0 < found && found < known {
        let backup = copy::before_migration(path, known).await?;
        tracing::info!(backup = %backup.display(), "kept the database as it was before it is brought up to date");
    }
    sqlx::query("pragma application_id = 0x48727468").execute(writer).await?;
    MIGRATIONS.run(writer).await?;
    Ok(())
}
