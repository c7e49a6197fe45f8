//! A whole copy of a database at one instant, taken beside whoever writes, examined before it gets its name, and
//! described by a manifest beside it.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, Connection, SqliteConnection};

use super::files;

#[derive(Debug, thiserror::Error)]
pub enum CopyError {
    #[error("{}: {}", .0.display(), .1)]
    Io(PathBuf, #[source] std::io::Error),
    #[error("cannot copy the database: {}", sentence(.0))]
    Sqlx(#[from] sqlx::Error),
    #[error("the copy is not sound, so it was not kept: {}", .0.join("; "))]
    Unsound(Vec<String>),
    #[error("{} is there already", .0.display())]
    There(PathBuf),
}

fn sentence(error: &sqlx::Error) -> String {
    super::Trouble::of(error).map_or_else(|| error.to_string(), |trouble| trouble.to_string())
}

/// What a copy holds, in a JSON file beside it: proof later that it is still the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    pub file: String,
    pub bytes: u64,
    pub sha256: String,
    /// RFC 3339; none for the copy taken before a migration.
    pub taken_at: Option<String>,
    pub hearth: String,
    pub schema: i64,
    /// Rows in each table.
    pub rows: BTreeMap<String, i64>,
    /// What was proved of it.
    pub checked: Vec<String>,
    /// Of which database: a folder may hold the backups of several. None in a manifest of an earlier Hearth.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub database: Option<String>,
}

/// Rows in each table, and every problem that SQLite itself finds.
#[derive(Debug, Clone, Default)]
pub struct Examined {
    /// The version of SQLite that looked.
    pub sqlite: String,
    pub schema: i64,
    pub rows: BTreeMap<String, i64>,
    pub problems: Vec<String>,
    /// Of which database it is a copy.
    pub database: Option<String>,
}

pub const EXAMINED: [&str; 2] = ["integrity", "foreign keys"];

/// Opens a database that nothing else uses, for reading only.
pub async fn open_copy(path: &Path) -> sqlx::Result<SqliteConnection> {
    SqliteConnection::connect_with(&SqliteConnectOptions::new().filename(path).read_only(true)).await
}

/// Writes a copy to a new private file and forces it to disk. What exists is not overwritten, and what fails leaves
/// nothing.
pub async fn vacuum_into(from: &Path, to: &Path) -> Result<(), CopyError> {
    // SQLite fills an empty file and keeps its mode; one that it makes itself everybody could read.
    drop(files::create_private(to).map_err(|error| CopyError::Io(to.to_owned(), error))?);
    let copied = vacuum(from, to).await;
    if copied.is_err() {
        let _ = files::remove_if_there(to);
    }
    copied
}

async fn vacuum(from: &Path, to: &Path) -> Result<(), CopyError> {
    let io = |error| CopyError::Io(to.to_owned(), error);
    let name = to.to_str().ok_or_else(|| io(std::io::Error::other("this name is not UTF-8")))?;
    let options = SqliteConnectOptions::new().filename(from).busy_timeout(Duration::from_secs(120));
    let mut connection = SqliteConnection::connect_with(&options).await?;
    sqlx::query("vacuum into ?").bind(name).execute(&mut connection).await?;
    connection.close().await?;
    // On an in-memory database `vacuum into` reports success and writes nothing.
    let file = File::open(to).map_err(io)?;
    if file.metadata().map_err(io)?.len() == 0 {
        return Err(io(std::io::Error::other("SQLite wrote nothing")));
    }
    file.sync_all().map_err(io)
}

/// Everything that SQLite can check, and how much there is. Dynamic SQL: the tables are those that the file has,
/// which may be of an older schema.
pub async fn examine(connection: &mut SqliteConnection) -> sqlx::Result<Examined> {
    let found: Vec<String> = sqlx::query_scalar("pragma integrity_check").fetch_all(&mut *connection).await?;
    let mut problems: Vec<String> = found.into_iter().filter(|line| line != "ok").collect();
    let orphans: Vec<(String, Option<i64>, String)> =
        sqlx::query_as(r#"select "table", rowid, parent from pragma_foreign_key_check"#)
            .fetch_all(&mut *connection)
            .await?;
    problems.extend(orphans.into_iter().map(|(table, row, parent)| match row {
        Some(row) => format!("{table} {row} refers to a {parent} that is not there"),
        None => format!("a row of {table} refers to a {parent} that is not there"),
    }));
    let tables: Vec<String> = sqlx::query_scalar(
        // An index that is a table of its own (full text) has no rows that anybody would count.
        "select name from sqlite_schema
        where type = 'table'
            and name not like 'sqlite\\_%' escape '\\'
            and name in (select name from pragma_table_list where schema = 'main' and type = 'table')
        order by name",
    )
    .fetch_all(&mut *connection)
    .await?;
    let mut rows = BTreeMap::new();
    for table in tables {
        let count = AssertSqlSafe(format!(r#"select count(*) from "{}""#, table.replace('"', "\"\"")));
        rows.insert(table, sqlx::query_scalar(count).fetch_one(&mut *connection).await?);
    }
    let schema = sqlx::query_scalar("select coalesce(max(version), 0) from _sqlx_migrations where success")
        .fetch_one(&mut *connection)
        .await?;
    let database = made(connection).await?;
    let sqlite = sqlx::query_scalar("select sqlite_version()").fetch_one(connection).await?;
    Ok(Examined { sqlite, schema, rows, problems, database })
}

/// When the database was first made, to the nanoseconds that it took: no other has that, and every copy keeps it.
async fn made(connection: &mut SqliteConnection) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar("select installed_on || ' ' || execution_time from _sqlx_migrations order by version limit 1")
        .fetch_optional(connection)
        .await
}

/// The same of a file.
pub async fn made_of(path: &Path) -> sqlx::Result<Option<String>> {
    let mut connection = open_copy(path).await?;
    let made = made(&mut connection).await?;
    connection.close().await?;
    Ok(made)
}

/// Gives an examined copy its name, and its manifest first: a copy without one is never seen.
pub fn seal(copy: &Path, to: &Path, manifest: &Manifest) -> Result<(), CopyError> {
    let io = |path: &Path| {
        let path = path.to_owned();
        move |error| CopyError::Io(path, error)
    };
    let named = manifest_of(to);
    if let Some(there) = [to, &named].into_iter().find(|path| path.exists()) {
        return Err(CopyError::There(there.to_owned()));
    }
    let written = manifest_of(copy);
    let text = serde_json::to_string_pretty(manifest).map_err(std::io::Error::other).map_err(io(&written))?;
    let sealed = (|| {
        let mut file = files::create_private(&written).map_err(io(&written))?;
        file.write_all(text.as_bytes()).and_then(|()| file.write_all(b"\n")).map_err(io(&written))?;
        file.sync_all().map_err(io(&written))?;
        std::fs::rename(&written, &named).map_err(io(&named))?;
        std::fs::rename(copy, to).map_err(io(to))?;
        files::sync_folder_of(to).map_err(io(to))
    })();
    if sealed.is_err() {
        let _ = files::remove_if_there(&written);
        if !to.exists() {
            let _ = files::remove_if_there(&named);
        }
    }
    sealed
}

/// `hearth-….db` and its `hearth-….db.json`.
pub fn manifest_of(copy: &Path) -> PathBuf {
    files::beside(copy, ".json")
}

/// Length and SHA-256 in hexadecimal.
pub fn fingerprint(path: &Path) -> std::io::Result<(u64, String)> {
    let (mut file, mut hash, mut bytes) = (File::open(path)?, Sha256::new(), 0);
    let mut buffer = vec![0; 1 << 20];
    loop {
        match file.read(&mut buffer)? {
            0 => break,
            read => {
                hash.update(&buffer[..read]);
                bytes += read as u64;
            }
        }
    }
    Ok((bytes, hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()))
}

/// Before a migration, so that one that goes wrong can be gone back from. Returns where it is.
pub async fn before_migration(database: &Path, to_schema: i64) -> Result<PathBuf, CopyError> {
    let free = |number: u32| {
        let suffix = if number == 1 { String::new() } else { format!("-{number}") };
        files::beside(database, &format!(".before-schema-{to_schema}{suffix}"))
    };
    // An earlier one is from an attempt that did not end; what has been written since is only in a new one.
    let to = (1..).map(free).find(|path| !path.exists()).unwrap_or_else(|| free(0));
    let temporary = files::beside(&to, ".part");
    for left in [temporary.clone(), manifest_of(&temporary), manifest_of(&to)] {
        files::remove_if_there(&left).map_err(|error| CopyError::Io(left, error))?;
    }
    vacuum_into(database, &temporary).await?;
    let sealed = async {
        let mut connection = open_copy(&temporary).await?;
        let examined = examine(&mut connection).await?;
        connection.close().await?;
        describe(&temporary, &to, examined, None, &EXAMINED)
    }
    .await
    .and_then(|manifest| seal(&temporary, &to, &manifest));
    if let Err(error) = sealed {
        let _ = files::remove_if_there(&temporary);
        return Err(error);
    }
    Ok(to)
}

/// The manifest of a sound copy that will be called `to`.
pub fn describe(
    copy: &Path,
    to: &Path,
    examined: Examined,
    taken_at: Option<String>,
    checked: &[&str],
) -> Result<Manifest, CopyError> {
    if !examined.problems.is_empty() {
        return Err(CopyError::Unsound(examined.problems));
    }
    let (bytes, sha256) = fingerprint(copy).map_err(|error| CopyError::Io(copy.to_owned(), error))?;
    Ok(Manifest {
        file: to.file_name().unwrap_or_default().to_string_lossy().into_owned(),
        bytes,
        sha256,
        taken_at,
        hearth: env!("CARGO_PKG_VERSION").to_owned(),
        schema: examined.schema,
        rows: examined.rows,
        checked: checked.iter().map(|&check| check.to_owned()).collect(),
        database: examined.database,
    })
}
