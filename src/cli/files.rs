//! Files that a command reads, said which cannot be; and files that it writes, never in the place of one that it reads.

use std::path::{Path, PathBuf};
use std::{fs, io};

use clap::error::ErrorKind;

use crate::db::files::{LOG, SHARED_MEMORY, beside, folder_of};

/// Says which file cannot be read, and what to check.
pub fn check_readable(path: &Path) -> anyhow::Result<()> {
    let shown = path.display();
    match fs::File::open(path).and_then(|file| file.metadata()) {
        Ok(found) if found.is_dir() => anyhow::bail!("{shown} is a folder. Name a file in it"),
        Ok(_) => Ok(()),
        Err(error) => anyhow::bail!(match error.kind() {
            io::ErrorKind::NotFound => {
                let here = std::env::current_dir().map(|here| format!(" ({})", here.display())).unwrap_or_default();
                format!("there is no file {shown}. Check its name, and the folder in which you are{here}")
            }
            io::ErrorKind::PermissionDenied => {
                format!("{shown} may not be read by the user who runs this. Check whose it is")
            }
            _ => format!("{shown} cannot be read: {error}"),
        }),
    }
}

/// Refuses, as wrong usage, to write over the database or over a file that is read. `option` is the one that names `out`.
pub fn keep_apart(option: &str, out: &Path, read: &[&Path], database: &Path) {
    let of_database = ["", LOG, SHARED_MEMORY, ".lock"].map(|suffix| beside(database, suffix));
    if of_database.iter().any(|file| is_same(out, file)) {
        refuse(&format!("{option} {}: that is the database. Name another file", out.display()));
    }
    if read.iter().any(|file| is_same(out, file)) {
        refuse(&format!("{option} {}: that file is read, and would be lost. Name another file", out.display()));
    }
}

fn refuse(sentence: &str) {
    clap::Error::raw(ErrorKind::ArgumentConflict, format!("{sentence}\n")).exit()
}

/// Also by another way to it.
fn is_same(one: &Path, other: &Path) -> bool {
    one == other || whole(one).zip(whole(other)).is_some_and(|(one, other)| one == other)
}

/// From the root on, without links; of what is not there yet, its folder so.
fn whole(path: &Path) -> Option<PathBuf> {
    let there = fs::canonicalize(path).ok();
    there.or_else(|| Some(fs::canonicalize(folder_of(path)).ok()?.join(path.file_name()?)))
}
