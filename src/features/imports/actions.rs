//! Taking a file in: one pass to read and check it, one transaction to write it. The command line and the pages use the
//! same two steps.

use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::sync::Arc;

use sha2::{Digest, Sha256};
use sqlx::SqliteConnection;
use tokio::task::spawn_blocking;

use super::batches;
use super::examine::{Examined, Examining, KnownSoFar, load_known};
use super::file::Table;
use super::import_error::ImportError;
use super::progress::{Step, Tell};
use super::queries::{self, Mark};
use super::read_rows::ReadRow;
use super::report::{Report, report};
use super::request::Request;
use super::taking::{Brought, Newer, Taken, Taking};
use crate::db::Db;
use crate::domain::actor::Actor;

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Options {
    pub newer: Newer,
    /// Nothing is written.
    pub dry_run: bool,
}

/// A file is read again where enquiries were added meanwhile.
pub(super) const ATTEMPTS: usize = 3;

/// Reads the file, and unless it is a dry run takes it in: all of it or nothing.
pub async fn import(
    db: &Db,
    actor: &Actor,
    request: Arc<Request>,
    path: &Path,
    options: Options,
    tell: Tell,
) -> Result<Report, ImportError> {
    let file_name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    for _ in 0..ATTEMPTS {
        let looked = look(db, &request, request.open(path)?, &tell, |_| {}).await?;
        if options.dry_run && !options.newer.any() {
            return Ok(Report { dry_run: true, ..looked.report });
        }
        let sha256 = sha256_of(path).await?;
        let mut write = db.write().await?;
        if !queries::is_unchanged_since(&mut write, looked.mark).await? {
            continue;
        }
        let mut made = looked.report.clone();
        let brought = Brought { file_name: &file_name, sha256: &sha256 };
        let taken = take(&mut write, actor, &request, brought, looked, &options.newer, &tell).await?;
        (made.updated, made.not_updated) = (taken.updated, taken.not_updated);
        made.dry_run = options.dry_run;
        // Whether newer facts can be taken is known by taking them.
        match options.dry_run {
            true => write.rollback().await?,
            false => write.commit().await?,
        }
        return Ok(made);
    }
    Err(ImportError::Overtaken)
}

/// A file as it was read and checked against what was known at a mark.
pub struct Looked {
    table: Table,
    pub examined: Examined,
    pub mark: Mark,
    pub report: Report,
}

/// Reads and checks the file, outside any transaction. `each` sees every row that may be taken, in order.
pub async fn look(
    db: &Db,
    request: &Arc<Request>,
    table: Table,
    tell: &Tell,
    mut each: impl FnMut(&ReadRow) + Send + 'static,
) -> Result<Looked, ImportError> {
    let KnownSoFar { index, mark } = {
        let mut connection = db.read().acquire().await?;
        load_known(&mut connection).await?
    };
    let (reader, mut batches) = batches::read(request, table);
    let tell = Arc::clone(tell);
    // What is known is told from what is new while the rows after it are read.
    let examining = spawn_blocking(move || {
        let (mut examining, mut rows) = (Examining::of(index), 0);
        while let Some(batch) = batches.blocking_recv() {
            for row in &batch {
                examining.row(row);
                each(row);
            }
            rows += batch.len();
            tell(Step::Reading { rows });
        }
        examining
    });
    let (table, reading) = reader.end().await?;
    let examined = examining.await?.end(reading?);
    let mut connection = db.read().acquire().await?;
    let report = report(&mut connection, &examined, request.mapping.date_order.code(), request.today).await?;
    Ok(Looked { table, examined, mark, report })
}

/// Writes what was decided. The caller has made sure that the mark still holds, and commits.
pub async fn take(
    write: &mut SqliteConnection,
    actor: &Actor,
    request: &Arc<Request>,
    brought: Brought<'_>,
    looked: Looked,
    newer: &Newer,
    tell: &Tell,
) -> Result<Taken, ImportError> {
    let Looked { table, examined, report, .. } = looked;
    let mut taking = Taking::begin(write, actor, brought, examined, newer).await?;
    taking.rows(request, table, &report, tell).await?;
    taking.finish().await
}

pub async fn sha256_of(path: &Path) -> Result<String, ImportError> {
    let path = path.to_owned();
    Ok(spawn_blocking(move || sha256(&path)).await??)
}

fn sha256(path: &Path) -> std::io::Result<String> {
    let (mut file, mut hash, mut chunk) = (File::open(path)?, Sha256::new(), vec![0; 64 * 1024]);
    loop {
        match file.read(&mut chunk)? {
            0 => return Ok(hex(&hash.finalize())),
            read => hash.update(chunk.get(..read).unwrap_or_default()),
        }
    }
}

pub(super) fn hex(hash: &[u8]) -> String {
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}
