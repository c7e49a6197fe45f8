//! Restoring a backup: everything is proved on a copy beside the database before the database is touched, the
//! database that was there is kept, and the change from one to the other is a single rename.

use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::json;
use sha2::{Digest, Sha256};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{Connection, SqliteConnection};

use super::BackupError;
use crate::db::copy::{self, Manifest};
use crate::db::{self, Trouble, files};
use crate::domain::actor::Actor;
use crate::domain::audit::{Action, Event};
use crate::features::{audit, condition, users};
use crate::web::session;

#[derive(Debug)]
pub struct Restored {
    /// None where it was restored without one.
    pub manifest: Option<Manifest>,
    pub schema: i64,
    pub enquiries: i64,
    /// Where the database is that was there before.
    pub kept: Option<PathBuf>,
}

/// Puts a backup in the database's place. Whatever fails, and at whatever point it is killed, there is a whole
/// database: the old one until the last rename, the new one after it.
pub async fn restore(
    database: &Path,
    backup: &Path,
    actor: &Actor,
    without_manifest: bool,
    mut say: impl FnMut(&str),
) -> Result<Restored, BackupError> {
    let mut lock = db::hold(database)?;
    if is_same(database, backup) {
        return Err(BackupError::Itself);
    }
    let manifest = read_manifest(backup, without_manifest)?;
    let new = files::beside(database, ".restoring");
    remove_with_sides(&new)?;
    let prepared = prepare(backup, &new, manifest.as_ref(), actor, &mut say).await;
    let kept = files::beside(database, &actor.at.timestamp().strftime(".replaced-%Y-%m-%dT%H%M%SZ").to_string());
    let replaced = match prepared {
        Ok((schema, enquiries)) => {
            say("Putting it in place");
            put_in_place(database, &new, &kept).await.map(|kept| Restored { manifest, schema, enquiries, kept })
        }
        Err(error) => Err(error),
    };
    if replaced.is_err() {
        let _ = remove_with_sides(&new);
    } else {
        lock.mark()?;
    }
    replaced
}

fn read_manifest(backup: &Path, without: bool) -> Result<Option<Manifest>, BackupError> {
    let path = copy::manifest_of(backup);
    match std::fs::read(&path) {
        Ok(text) => serde_json::from_slice(&text).map(Some).map_err(|_| BackupError::Manifest(path)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound && without => Ok(None),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            if backup.exists() {
                Err(BackupError::NoManifest(path))
            } else {
                Err(BackupError::Io(backup.to_owned(), error))
            }
        }
        Err(error) => Err(BackupError::Io(path, error)),
    }
}

/// A copy of the backup beside the database, on disk, proved and ready to serve. Returns its schema and how many
/// enquiries it holds.
async fn prepare(
    backup: &Path,
    new: &Path,
    manifest: Option<&Manifest>,
    actor: &Actor,
    say: &mut impl FnMut(&str),
) -> Result<(i64, i64), BackupError> {
    say("Copying the backup");
    let sha256 = copy_bytes(backup, new)?;
    if manifest.is_some_and(|manifest| manifest.sha256 != sha256) {
        return Err(BackupError::Changed(backup.to_owned()));
    }
    let not_ours = |error| BackupError::of_backup(backup, error);
    let mut connection = copy::open_copy(new).await.map_err(not_ours)?;
    let schema = schema_of(&mut connection, backup).await?;
    let examined = if schema == db::known_schema() {
        condition::examine(&mut connection, &mut *say).await
    } else {
        // Of an older schema today's queries know nothing; it is examined again once it is up to date.
        say("Checking every page and reference");
        copy::examine(&mut connection).await.map_err(not_ours)?
    };
    connection.close().await?;
    if !examined.problems.is_empty() {
        return Err(BackupError::Unsound(backup.to_owned(), examined.problems));
    }
    make_ready(new, schema, actor, backup, &sha256).await?;
    Ok((schema, examined.rows.get("enquiry").copied().unwrap_or(0)))
}

/// Hashed as it is read: what is proved is what is put in place.
fn copy_bytes(from: &Path, to: &Path) -> Result<String, BackupError> {
    let at = |path: &Path| {
        let path = path.to_owned();
        move |error| BackupError::Io(path, error)
    };
    let mut source = std::fs::File::open(from).map_err(at(from))?;
    let mut copy = files::create_private(to).map_err(at(to))?;
    let (mut hash, mut buffer) = (Sha256::new(), vec![0; 1 << 20]);
    loop {
        match source.read(&mut buffer).map_err(at(from))? {
            0 => break,
            read => {
                hash.update(&buffer[..read]);
                copy.write_all(&buffer[..read]).map_err(at(to))?;
            }
        }
    }
    copy.sync_all().map_err(at(to))?;
    Ok(hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}

async fn schema_of(connection: &mut SqliteConnection, backup: &Path) -> Result<i64, BackupError> {
    let of_backup = |error| BackupError::of_backup(backup, error);
    let id: i64 = sqlx::query_scalar("pragma application_id").fetch_one(&mut *connection).await.map_err(of_backup)?;
    if id != db::APPLICATION_ID {
        return Err(BackupError::NotOurs(backup.to_owned()));
    }
    let found: i64 = sqlx::query_scalar("select coalesce(max(version), 0) from _sqlx_migrations where success")
        .fetch_one(connection)
        .await
        .map_err(of_backup)?;
    let known = db::known_schema();
    if found > known { Err(BackupError::Newer { found, known }) } else { Ok(found) }
}

/// In WAL mode again (a copy is not), with nobody signed in, and the restoring itself in its audit.
async fn make_ready(new: &Path, schema: i64, actor: &Actor, backup: &Path, sha256: &str) -> Result<(), BackupError> {
    let options = SqliteConnectOptions::new().filename(new).foreign_keys(true);
    let mut connection = SqliteConnection::connect_with(&options).await?;
    if schema == db::known_schema() {
        let mut write = connection.begin_with("begin immediate").await?;
        // A session or link that was ended after the backup was taken must not come back to life with it.
        session::end_everyones(&mut write).await?;
        users::end_every_link(&mut write).await?;
        let file = backup.file_name().unwrap_or_default().to_string_lossy();
        let detail = json!({ "file": file, "sha256": sha256 });
        audit::record(&mut write, actor, &Event::new(Action::BackupRestored).with(detail)).await?;
        write.commit().await?;
    }
    sqlx::query("pragma journal_mode = wal").execute(&mut connection).await?;
    connection.close().await?;
    let synced = std::fs::File::open(new).and_then(|file| file.sync_all());
    synced.map_err(|error| BackupError::Io(new.to_owned(), error))
}

/// Keeps what is there under another name and renames the new file over it. Returns where the old one is.
async fn put_in_place(database: &Path, new: &Path, kept: &Path) -> Result<Option<PathBuf>, BackupError> {
    let at = |path: &Path| {
        let path = path.to_owned();
        move |error| BackupError::Io(path, error)
    };
    files::give_to_owner_of(database, new).map_err(at(new))?;
    let there = database.exists();
    let had_log = fold_or_keep_log(database, kept).await?;
    if there {
        link_or_rename(database, kept).map_err(at(kept))?;
    }
    let (log, kept_log) = (files::beside(database, files::LOG), files::beside(kept, files::LOG));
    let renamed = (|| {
        files::remove_if_there(&log)?;
        files::remove_if_there(&files::beside(database, files::SHARED_MEMORY))?;
        files::remove_if_there(&files::beside(database, "-journal"))?;
        files::sync_folder_of(database)?;
        std::fs::rename(new, database)?;
        files::sync_folder_of(database)
    })();
    if let Err(error) = renamed {
        if new.exists() {
            if had_log && !log.exists() {
                let _ = std::fs::rename(&kept_log, &log);
            } else {
                let _ = files::remove_if_there(&kept_log);
            }
            if there && !database.exists() {
                let _ = std::fs::rename(kept, database);
            } else if there {
                let _ = files::remove_if_there(kept);
            }
        }
        return Err(BackupError::Io(database.to_owned(), error));
    }
    Ok((there || had_log).then(|| kept.to_owned()))
}

/// Whether a log is kept, as only beside a database that is damaged, or gone, there still is one. It stays with what it
/// belongs to: beside another file it would be applied to that one. It gets its second name before SQLite opens the
/// file, which deletes a log that it can make nothing of when it closes it.
async fn fold_or_keep_log(database: &Path, kept: &Path) -> Result<bool, BackupError> {
    let (log, kept_log) = (files::beside(database, files::LOG), files::beside(kept, files::LOG));
    let had_log = log.exists();
    if had_log {
        link_or_copy(&log, &kept_log).map_err(|error| BackupError::Io(kept_log.clone(), error))?;
    }
    let folded = if database.exists() { fold_log(database).await } else { Ok(false) };
    if !matches!(folded, Ok(false)) {
        files::remove_if_there(&kept_log).map_err(|error| BackupError::Io(kept_log, error))?;
    }
    folded.map(|folded| had_log && !folded)
}

/// Folds the log into the old database, so that one file holds all of it; and proves that no other command has it
/// open, whose next write would be lost. False of a damaged one, which is kept as it is.
async fn fold_log(database: &Path) -> Result<bool, BackupError> {
    let folded = async {
        let options = SqliteConnectOptions::new().filename(database).busy_timeout(Duration::from_secs(5));
        let mut connection = SqliteConnection::connect_with(&options).await?;
        sqlx::query("select count(*) from sqlite_schema").execute(&mut connection).await?;
        sqlx::query("pragma journal_mode = delete").execute(&mut connection).await?;
        connection.close().await
    };
    match folded.await {
        Ok(()) => Ok(true),
        Err(error) => match Trouble::of(&error) {
            Some(Trouble::Busy) => Err(BackupError::InUse),
            Some(Trouble::Damaged | Trouble::Disk) => Ok(false),
            _ => Err(error.into()),
        },
    }
}

/// A second name for the same file, so that the first is never missing; a plain rename where a disk cannot do that.
fn link_or_rename(from: &Path, to: &Path) -> std::io::Result<()> {
    match std::fs::hard_link(from, to) {
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => std::fs::rename(from, to),
        done => done,
    }
}

fn link_or_copy(from: &Path, to: &Path) -> std::io::Result<()> {
    match std::fs::hard_link(from, to) {
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => std::fs::copy(from, to).map(drop),
        done => done,
    }
}

fn remove_with_sides(path: &Path) -> Result<(), BackupError> {
    for suffix in ["", files::LOG, files::SHARED_MEMORY, "-journal"] {
        let file = files::beside(path, suffix);
        files::remove_if_there(&file).map_err(|error| BackupError::Io(file, error))?;
    }
    Ok(())
}

fn is_same(a: &Path, b: &Path) -> bool {
    matches!((a.canonicalize(), b.canonicalize()), (Ok(a), Ok(b)) if a == b)
}
