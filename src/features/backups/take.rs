//! Taking a backup beside a running service: copied, proved, then named; and the old ones that are no longer kept.

use std::path::{Path, PathBuf};

use sqlx::Connection;

use super::BackupError;
use super::keep::Keep;
use crate::db::copy::{self, CopyError, Manifest};
use crate::db::{self, files};
use crate::domain::instant::Instant;
use crate::features::condition;

const NAME: &str = "hearth-%Y-%m-%dT%H%M%SZ.db";

#[derive(Debug)]
pub struct Taken {
    pub path: PathBuf,
    pub manifest: Manifest,
    /// Older ones that the rule no longer keeps.
    pub removed: Vec<PathBuf>,
}

/// Nothing in the folder has the name of a backup before it is proved to be one. Old ones go last.
pub async fn take(
    database: &Path,
    folder: &Path,
    now: Instant,
    keep: Keep,
    mut say: impl FnMut(&str),
) -> Result<Taken, BackupError> {
    make_folder(folder)?;
    // One at a time in a folder: what another one left unfinished can then be told from what it is writing.
    let _alone = db::hold(&folder.join("backups")).map_err(BackupError::Busy)?;
    remove_unfinished(folder)?;
    let path = folder.join(now.timestamp().strftime(NAME).to_string());
    if path.exists() {
        return Err(CopyError::There(path).into());
    }
    let temporary = files::beside(&path, ".part");
    say("Copying the database");
    copy::vacuum_into(database, &temporary).await?;
    let manifest = match prove_and_seal(&temporary, &path, now, &mut say).await {
        Ok(manifest) => manifest,
        Err(error) => {
            let _ = files::remove_if_there(&temporary);
            return Err(error);
        }
    };
    let removed = remove_old(folder, keep)?;
    Ok(Taken { path, manifest, removed })
}

/// The backup of the London day, where there is none yet.
pub async fn take_daily(database: &Path, folder: &Path, now: Instant) -> Result<Option<Taken>, BackupError> {
    make_folder(folder)?;
    let today = now.london_day();
    if backups_in(folder)?.iter().any(|(_, at)| at.london_day() == today) {
        return Ok(None);
    }
    take(database, folder, now, Keep::USUAL, |_| ()).await.map(Some)
}

async fn prove_and_seal(
    temporary: &Path,
    path: &Path,
    now: Instant,
    say: &mut impl FnMut(&str),
) -> Result<Manifest, BackupError> {
    let mut connection = copy::open_copy(temporary).await?;
    let examined = condition::examine(&mut connection, &mut *say).await;
    connection.close().await?;
    say("Fingerprinting it");
    // Reading it all again takes a while; a service's other work must not wait for it.
    let (temporary, path) = (temporary.to_owned(), path.to_owned());
    let sealing = tokio::task::spawn_blocking(move || {
        let taken_at = Some(now.to_string());
        let manifest = copy::describe(&temporary, &path, examined, taken_at, &condition::CHECKED)?;
        copy::seal(&temporary, &path, &manifest).map(|()| manifest)
    });
    match sealing.await {
        Ok(sealed) => Ok(sealed?),
        Err(panicked) => std::panic::resume_unwind(panicked.into_panic()),
    }
}

fn make_folder(folder: &Path) -> Result<(), BackupError> {
    let io = |error| BackupError::Io(folder.to_owned(), error);
    if folder.is_dir() {
        return Ok(());
    }
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder).map_err(io)?;
    files::sync_folder_of(folder).map_err(io)
}

/// What a backup that was killed has left.
fn remove_unfinished(folder: &Path) -> Result<(), BackupError> {
    for (path, name) in list(folder)? {
        let unfinished = name.strip_suffix(".part").or(name.strip_suffix(".part.json"));
        let journal = name.strip_suffix("-journal").and_then(|name| name.strip_suffix(".part"));
        if unfinished.or(journal).is_some_and(|name| taken_at(name).is_some()) {
            files::remove_if_there(&path).map_err(|error| BackupError::Io(path, error))?;
        }
    }
    Ok(())
}

/// Only files that have a backup's name and its manifest are ever removed.
fn remove_old(folder: &Path, keep: Keep) -> Result<Vec<PathBuf>, BackupError> {
    let backups = backups_in(folder)?;
    let kept = keep.kept(&backups.iter().map(|(_, at)| *at).collect::<Vec<_>>());
    let mut removed: Vec<PathBuf> =
        backups.into_iter().filter(|(_, at)| !kept.contains(at)).map(|(path, _)| path).collect();
    removed.sort();
    for path in &removed {
        // The copy first: one without its manifest could not be restored.
        files::remove_if_there(path)
            .and_then(|()| files::remove_if_there(&copy::manifest_of(path)))
            .map_err(|error| BackupError::Io(path.clone(), error))?;
    }
    Ok(removed)
}

/// What has a backup's name, and its manifest beside it.
fn backups_in(folder: &Path) -> Result<Vec<(PathBuf, Instant)>, BackupError> {
    Ok(list(folder)?
        .into_iter()
        .filter_map(|(path, name)| taken_at(&name).map(|at| (path, at)))
        .filter(|(path, _)| copy::manifest_of(path).exists())
        .collect())
}

fn list(folder: &Path) -> Result<Vec<(PathBuf, String)>, BackupError> {
    let io = |error| BackupError::Io(folder.to_owned(), error);
    std::fs::read_dir(folder)
        .map_err(io)?
        .map(|entry| entry.map(|entry| (entry.path(), entry.file_name().to_string_lossy().into_owned())).map_err(io))
        .collect()
}

/// When the backup of this name was taken; None for any other file.
fn taken_at(name: &str) -> Option<Instant> {
    let at = jiff::civil::DateTime::strptime(NAME, name).ok()?.to_zoned(jiff::tz::TimeZone::UTC).ok()?;
    Some(Instant::from(at.timestamp()))
}
