//! `serve`, `migrate` and `restore` hold the database for themselves against each other, by a lock on a file beside
//! it. The lock goes with the process, also when it is killed.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::Write;
use std::path::{Path, PathBuf};

use super::files;

const MARK: &str = "Hearth's lock. Keep it: it tells that there has been a database beside it.\n";

#[derive(Debug, thiserror::Error)]
pub enum LockError {
    #[error("another Hearth is using {0}. Stop it first; two services on one database are refused")]
    Held(String),
    #[error("cannot lock {0}: {1}")]
    Io(String, #[source] std::io::Error),
}

/// Released when dropped.
#[derive(Debug)]
pub struct HeldLock {
    database: PathBuf,
    file: File,
}

/// Takes the lock of a database or says who stands in the way.
pub fn hold(database: &Path) -> Result<HeldLock, LockError> {
    let io = |error| LockError::Io(database.display().to_string(), error);
    let path = files::beside(database, ".lock");
    let file = files::private(OpenOptions::new().create(true).truncate(false).write(true)).open(&path).map_err(io)?;
    // As root made it, whoever the database belongs to could not lock it again.
    files::give_to_owner_of(database, &path).map_err(io)?;
    match file.try_lock() {
        Ok(()) => Ok(HeldLock { database: database.to_owned(), file }),
        Err(TryLockError::WouldBlock) => Err(LockError::Held(database.display().to_string())),
        Err(TryLockError::Error(error)) => Err(io(error)),
    }
}

impl HeldLock {
    /// From now on a missing or empty database is one that was lost. Not before it is whole: a first start that is
    /// killed half-way can simply be tried again.
    pub fn mark(&mut self) -> Result<(), LockError> {
        if marked(&self.database) {
            return Ok(());
        }
        self.file
            .write_all(MARK.as_bytes())
            .and_then(|()| self.file.sync_all())
            .and_then(|()| files::sync_folder_of(&self.database))
            .map_err(|error| LockError::Io(self.database.display().to_string(), error))
    }
}

/// Whether there has been a database here before.
pub fn marked(database: &Path) -> bool {
    std::fs::metadata(files::beside(database, ".lock")).is_ok_and(|lock| lock.len() > 0)
}
