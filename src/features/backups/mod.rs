//! Backups: taken beside a running service and proved before they count; restored without ever damaging anything.

mod keep;
mod restore;
mod take;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};

pub use keep::Keep;
pub use restore::{Restored, restore};
pub use take::{Taken, take, take_daily};

use crate::db::copy::CopyError;
use crate::db::{LockError, Trouble};

#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    #[error("another backup is being taken into this folder")]
    Busy(#[source] LockError),
    #[error(transparent)]
    Lock(#[from] LockError),
    #[error("another command has the database open. Wait until it has ended")]
    InUse,
    #[error("this is the database itself, not a backup of it")]
    Itself,
    #[error("{} is missing: nothing tells that the backup is what it was. `--without-manifest` restores it all the same", .0.display())]
    NoManifest(PathBuf),
    #[error("{} is not a backup's manifest", .0.display())]
    Manifest(PathBuf),
    #[error("{} is not what it was when it was taken: its SHA-256 is not the manifest's. Nothing was restored; try another backup", .0.display())]
    Changed(PathBuf),
    #[error("{} is not a Hearth database. Nothing was restored", .0.display())]
    NotOurs(PathBuf),
    #[error("{} is damaged. Nothing was restored; try another backup", .0.display())]
    Damaged(PathBuf),
    #[error("the backup was made by a newer Hearth (schema {found}, this program knows {known}). Install that one")]
    Newer { found: i64, known: i64 },
    #[error("{} is not sound. Nothing was restored: {}", .0.display(), .1.join("; "))]
    Unsound(PathBuf, Vec<String>),
    #[error(transparent)]
    Copy(#[from] CopyError),
    #[error("{}: {}", .0.display(), .1)]
    Io(PathBuf, #[source] std::io::Error),
    #[error("{}", Trouble::of(.0).map_or_else(|| .0.to_string(), |trouble| trouble.to_string()))]
    Sqlx(#[from] sqlx::Error),
}

impl BackupError {
    /// What SQLite says of a file that may be anything.
    fn of_backup(backup: &Path, error: sqlx::Error) -> BackupError {
        match Trouble::of(&error) {
            Some(Trouble::Damaged) => BackupError::Damaged(backup.to_owned()),
            _ => BackupError::Sqlx(error),
        }
    }
}
