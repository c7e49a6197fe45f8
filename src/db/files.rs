//! Files of personal data: nobody but the service's own account reads them, and a new name is on disk before it is
//! relied on.

use std::ffi::OsString;
use std::fs::{File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

/// What SQLite keeps beside a database.
pub const LOG: &str = "-wal";
pub const SHARED_MEMORY: &str = "-shm";

/// The path with something after it: `hearth.db` and `-wal` is `hearth.db-wal`.
pub fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name: OsString = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

/// Makes a file that was not there. SQLite gives the files beside it the same mode.
pub fn create_private(path: &Path) -> io::Result<File> {
    private(OpenOptions::new().write(true).create_new(true)).open(path)
}

/// The options, for a file that others can neither read nor write.
pub fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    options
}

/// Takes away what others may do with a file and with what SQLite keeps beside it.
pub fn make_private(path: &Path) -> io::Result<()> {
    for file in [path.to_owned(), beside(path, LOG), beside(path, SHARED_MEMORY)] {
        if open_to_others(&file)?.is_some() {
            #[cfg(unix)]
            std::fs::set_permissions(&file, std::os::unix::fs::PermissionsExt::from_mode(0o600))?;
        }
    }
    Ok(())
}

/// The mode of a file that others may read or write; None where it is private or not there.
pub fn open_to_others(path: &Path) -> io::Result<Option<u32>> {
    match std::fs::metadata(path) {
        #[cfg(unix)]
        Ok(found) => {
            let mode = std::os::unix::fs::PermissionsExt::mode(&found.permissions()) & 0o777;
            Ok((mode & 0o077 != 0).then_some(mode))
        }
        #[cfg(not(unix))]
        Ok(_) => Ok(None),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Gives a file to whom the other belongs, or its folder where that is not there: what root puts in the place of a
/// service's file, the service must be able to open. Only root can give files away; for anybody else nothing changes.
pub fn give_to_owner_of(like: &Path, file: &Path) -> io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::{MetadataExt, chown};
        let wanted = match std::fs::metadata(like) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => std::fs::metadata(folder_of(like))?,
            found => found?,
        };
        let has = std::fs::metadata(file)?;
        if (has.uid(), has.gid()) != (wanted.uid(), wanted.gid()) {
            match chown(file, Some(wanted.uid()), Some(wanted.gid())) {
                Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {}
                done => done?,
            }
        }
    }
    Ok(())
}

/// The one that it stands in.
pub fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// A new or changed name survives a power cut only when its folder is on disk.
pub fn sync_folder_of(path: &Path) -> io::Result<()> {
    match File::open(folder_of(path))?.sync_all() {
        // Some network shares cannot; they promise nothing either way.
        Err(error) if matches!(error.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported) => Ok(()),
        done => done,
    }
}

pub fn remove_if_there(path: &Path) -> io::Result<()> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        done => done,
    }
}

/// A file that gets its name once it is whole: until then one that was there stays. Private from the start.
pub struct Output {
    path: PathBuf,
    unfinished: NamedTempFile,
}

impl Output {
    /// Begun before the work, so that a file that cannot be written is known before anything is done.
    pub fn begin(path: &Path) -> io::Result<Output> {
        if path.is_dir() {
            return Err(io::ErrorKind::IsADirectory.into());
        }
        let unfinished = tempfile::Builder::new().prefix(".").suffix(".unfinished").tempfile_in(folder_of(path))?;
        Ok(Output { path: path.to_owned(), unfinished })
    }

    pub fn open(&self) -> io::Result<File> {
        self.unfinished.reopen()
    }

    /// Where it is written.
    pub fn unfinished(&self) -> &Path {
        self.unfinished.path()
    }

    pub fn finish(self) -> io::Result<()> {
        self.unfinished.persist(&self.path)?;
        Ok(())
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn a_file_open_to_others_is_found_and_closed_to_them() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.db");
        drop(create_private(&path).unwrap());
        assert_eq!(open_to_others(&path).unwrap(), None);
        let log = beside(&path, LOG);
        std::fs::write(&log, "").unwrap();
        for file in [&path, &log] {
            std::fs::set_permissions(file, PermissionsExt::from_mode(0o644)).unwrap();
            assert_eq!(open_to_others(file).unwrap(), Some(0o644));
        }
        make_private(&path).unwrap();
        assert_eq!((open_to_others(&path).unwrap(), open_to_others(&log).unwrap()), (None, None));
    }

    #[test]
    fn a_file_is_given_to_whom_the_one_in_its_place_belongs_as_far_as_one_may() {
        use std::os::unix::fs::{MetadataExt, chown};
        let folder = tempfile::tempdir().unwrap();
        let [old, new] = ["old.db", "new.db"].map(|name| folder.path().join(name));
        std::fs::write(&old, "").unwrap();
        std::fs::write(&new, "").unwrap();
        let owner = |path: &Path| std::fs::metadata(path).map(|it| (it.uid(), it.gid())).unwrap();
        // Only root can make somebody else's file.
        let is_given = chown(&old, Some(65_534), Some(65_533)).is_ok();
        give_to_owner_of(&old, &new).unwrap();
        assert_eq!(owner(&new), owner(&old));
        std::fs::remove_file(&old).unwrap();
        give_to_owner_of(&old, &new).unwrap();
        assert_eq!(owner(&new), owner(folder.path()), "given away before: {is_given}");
    }

    #[test]
    fn a_file_that_is_there_is_never_made_anew() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.db");
        std::fs::write(&path, "something").unwrap();
        assert_eq!(create_private(&path).unwrap_err().kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(std::fs::read(&path).unwrap(), b"something");
    }
}
