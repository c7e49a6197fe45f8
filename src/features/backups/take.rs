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
    /// Those of other databases in the same folder, which are left alone.
    pub others: usize,
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
    let InFolder { own, others } = backups_in(folder, manifest.database.as_deref()).await?;
    let removed = remove_old(own, keep)?;
    Ok(Taken { path, manifest, removed, others })
}

/// The backup of the London day, where there is none yet.
pub async fn take_daily(database: &Path, folder: &Path, now: Instant) -> Result<Option<Taken>, BackupError> {
    make_folder(folder)?;
    let today = now.london_day();
    let made = copy::made_of(database).await?;
    if backups_in(folder, made.as_deref()).await?.own.iter().any(|(_, at)| at.london_day() == today) {
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

/// Only files that have a backup's name and its manifest, and are of this database, are ever removed.
fn remove_old(backups: Vec<(PathBuf, Instant)>, keep: Keep) -> Result<Vec<PathBuf>, BackupError> {
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
struct InFolder {
    own: Vec<(PathBuf, Instant)>,
    /// How many are of other databases.
    others: usize,
}

/// Those of the database that was made then, and how many are of others.
async fn backups_in(folder: &Path, made: Option<&str>) -> Result<InFolder, BackupError> {
    let mut found = InFolder { own: Vec::new(), others: 0 };
    for (path, name) in list(folder)? {
        let Some(at) = taken_at(&name).filter(|_| copy::manifest_of(&path).exists()) else { continue };
        if made.is_some() && of_which(&path).await.as_deref() == made {
            found.own.push((path, at));
        } else {
            found.others += 1;
        }
    }
    Ok(found)
}

/// What the manifest says, else the backup itself; of one that cannot be read nothing is known, so that it stays.
async fn of_which(backup: &Path) -> Option<String> {
    let manifest = std::fs::read(copy::manifest_of(backup)).ok()?;
    match serde_json::from_slice::<Manifest>(&manifest).ok()?.database {
        Some(database) => Some(database),
        None => copy::made_of(backup).await.ok()?,
    }
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
