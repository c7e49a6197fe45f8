//! `serve`, `migrate` and `restore` hold the database for themselves against each other, by a lock on a file beside
//! it. The lock goes with the process, also when it is killed.

use std::ffi::OsString;
use std::fs::{File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};

#[derive(Debug, thiserror::Error)]
pub enum LockError {
    #[error("another Hearth is using {0}. Stop it first; two services on one database are refused")]
    Held(String),
    #[error("cannot lock {0}: {1}")]
    Io(String, #[source] std::io::Error),
}

/// Released when dropped.
pub struct HeldLock(#[expect(dead_code, reason = "held, never read")] File);

/// Takes the lock of a database or says who stands in the way.
pub fn hold(database: &Path) -> Result<HeldLock, LockError> {
    let path = path_of(database);
    let name = || database.display().to_string();
    let file = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(&path)
        .map_err(|error| LockError::Io(name(), error))?;
    match file.try_lock() {
        Ok(()) => Ok(HeldLock(file)),
        Err(TryLockError::WouldBlock) => Err(LockError::Held(name())),
        Err(TryLockError::Error(error)) => Err(LockError::Io(name(), error)),
    }
}

/// The lock file stays for good: it also tells that a database has been here before.
pub fn path_of(database: &Path) -> PathBuf {
    let mut name: OsString = database.as_os_str().to_owned();
    name.push(".lock");
    name.into()
}
