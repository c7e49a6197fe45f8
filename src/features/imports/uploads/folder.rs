//! Where an uploaded file lies until it is taken in: a folder of its own beside the database, for the service alone.

use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::db::files::{beside, create_private, remove_if_there};

/// The folder of one upload. Its name is made here; nothing that a browser sends is ever part of a path.
#[derive(Debug, Clone)]
pub struct Folder(PathBuf);

/// The folder of all uploads.
pub fn root(database: &Path) -> PathBuf {
    beside(database, "-uploads")
}

impl Folder {
    pub fn of(database: &Path, token: &str) -> Folder {
        let name: String = token.chars().filter(char::is_ascii_alphanumeric).collect();
        Folder(root(database).join(name))
    }

    pub fn create(&self) -> io::Result<()> {
        let mut builder = fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(&self.0)
    }

    /// The file as it was sent.
    pub fn file(&self) -> PathBuf {
        self.0.join("file")
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    pub fn write<T: Serialize>(&self, name: &str, value: &T) -> io::Result<()> {
        self.replace(name, |file| Ok(serde_json::to_writer(file, value)?))
    }

    pub fn read<T: DeserializeOwned>(&self, name: &str) -> io::Result<T> {
        Ok(serde_json::from_reader(BufReader::new(File::open(self.path(name))?))?)
    }

    /// A list, one line an entry, so that a page of it is read without the rest.
    pub fn write_lines(&self, name: &str, lines: &[String]) -> io::Result<()> {
        self.replace(name, |file| lines.iter().try_for_each(|line| writeln!(file, "{line}")))
    }

    /// At most so many entries after the first `skip`.
    pub fn read_lines<T: DeserializeOwned>(&self, name: &str, skip: usize, most: usize) -> io::Result<Vec<T>> {
        let lines = BufReader::new(File::open(self.path(name))?).lines();
        lines.skip(skip).take(most).map(|line| Ok(serde_json::from_str(&line?)?)).collect()
    }

    /// A file that is there is whole.
    fn replace(&self, name: &str, write: impl FnOnce(&mut BufWriter<File>) -> io::Result<()>) -> io::Result<()> {
        let unfinished = self.path(&format!("{name}.unfinished"));
        remove_if_there(&unfinished)?;
        let mut file = BufWriter::new(create_private(&unfinished)?);
        write(&mut file)?;
        file.flush()?;
        fs::rename(unfinished, self.path(name))
    }

    /// Everything of it.
    pub fn delete(&self) -> io::Result<()> {
        match fs::remove_dir_all(&self.0) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            done => done,
        }
    }

    /// Everything but the refused rows, which are fetched afterwards.
    pub fn delete_all_but(&self, kept: &str) -> io::Result<()> {
        for entry in fs::read_dir(&self.0)? {
            let entry = entry?;
            if entry.file_name() != kept {
                remove_if_there(&entry.path())?;
            }
        }
        Ok(())
    }
}

/// The names of the folders that are there.
pub fn list(database: &Path) -> io::Result<Vec<String>> {
    match fs::read_dir(root(database)) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        entries => Ok(entries?.flatten().filter_map(|entry| entry.file_name().into_string().ok()).collect()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_beside_the_database_and_nowhere_else() {
        let database = Path::new("data/hearth.db");
        assert_eq!(Folder::of(database, "../../a/b.c").file(), Path::new("data/hearth.db-uploads/abc/file"));
    }

    #[test]
    fn what_is_written_is_for_its_owner_and_read_again() {
        let folder = tempfile::tempdir().unwrap();
        let database = folder.path().join("hearth.db");
        let upload = Folder::of(&database, "abc");
        upload.create().unwrap();
        upload.write("survey", &vec![1, 2]).unwrap();
        upload.write("survey", &vec![3]).unwrap();
        assert_eq!(upload.read::<Vec<i32>>("survey").unwrap(), [3]);
        upload.write_lines("list", &["1".to_owned(), "2".to_owned(), "3".to_owned()]).unwrap();
        assert_eq!(upload.read_lines::<i32>("list", 1, 1).unwrap(), [2]);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
            assert_eq!((mode(&root(&database)), mode(&upload.path("list"))), (0o700, 0o600));
        }
        assert_eq!(list(&database).unwrap(), ["abc"]);
        upload.delete_all_but("list").unwrap();
        assert!(upload.path("list").exists() && !upload.path("survey").exists());
        upload.delete().unwrap();
        upload.delete().unwrap();
        assert!(list(&database).unwrap().is_empty());
    }
}
