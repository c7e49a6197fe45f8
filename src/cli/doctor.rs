//! `hearth doctor`: everything that can be checked about a database, and what can be mended.

use std::collections::BTreeMap;
use std::path::Path;

use clap::{Args, ValueEnum};
use serde::Serialize;

use super::progress::Progress;
use crate::clock::Clock;
use crate::config::Config;
use crate::db::{Db, Gate, files};
use crate::features::condition;

/// Check the whole database, beside a running service.
///
/// Looks at every page and reference, at who may read the files, compares every enquiry with its ledgers and every
/// household with what it is recognised and found by, and follows the audit's chain. Exit 1 when anything is wrong.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  hearth doctor --database /var/lib/hearth/hearth.db")]
pub struct Doctor {
    /// First make anew what is derived: how enquiries stand, and what households are recognised and found by.
    #[arg(long)]
    rebuild: bool,

    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Table,
    Json,
}

#[derive(Debug, Serialize)]
struct Report {
    database: String,
    bytes: u64,
    sqlite: String,
    schema: i64,
    rows: BTreeMap<String, i64>,
    checked: Vec<&'static str>,
    problems: Vec<String>,
}

impl Doctor {
    pub async fn run(self, config: Config, _clock: Clock) -> anyhow::Result<()> {
        let path = &config.database;
        let db = Db::open(path, Gate::Beside).await?;
        let report = {
            let progress = Progress::start();
            if self.rebuild {
                progress.say("Making anew what is derived");
                let mut write = db.write().await?;
                condition::rebuild(&mut write).await?;
                write.commit().await?;
            }
            look(path, &db, &progress).await?
        };
        db.close().await;
        super::print(&match self.format {
            Format::Json => serde_json::to_string_pretty(&report)? + "\n",
            Format::Table => report.table(),
        })?;
        match &report.problems[..] {
            [] => Ok(()),
            [one] => anyhow::bail!("{one}"),
            many => anyhow::bail!("{} problems\n  {}", many.len(), many.join("\n  ")),
        }
    }
}

async fn look(path: &Path, db: &Db, progress: &Progress) -> anyhow::Result<Report> {
    // One transaction: a service that writes meanwhile is seen at one instant.
    let mut read = db.read().begin().await?;
    let examined = condition::examine(&mut read, |what| progress.say(what)).await;
    read.rollback().await?;
    let mut problems = examined.problems;
    for suffix in ["", files::LOG, files::SHARED_MEMORY, ".lock"] {
        let file = files::beside(path, suffix);
        if let Some(mode) = files::open_to_others(&file)? {
            problems.push(format!("{} can be used by others (mode {mode:04o}): chmod 600 it", file.display()));
        }
    }
    Ok(Report {
        database: path.display().to_string(),
        bytes: std::fs::metadata(path)?.len(),
        sqlite: examined.sqlite,
        schema: examined.schema,
        rows: examined.rows,
        checked: condition::CHECKED.into_iter().chain(["who may read the files"]).collect(),
        problems,
    })
}

impl Report {
    fn table(&self) -> String {
        let rows = |table: &str| self.rows.get(table).copied().unwrap_or(0);
        let nothing = if self.problems.is_empty() { "  nothing is wrong\n" } else { "" };
        format!(
            "{} ({} bytes, schema {}, SQLite {})\n  {} enquiries of {} households, {} milestones, {} entries in the audit\n  \
             checked: {}\n{nothing}",
            self.database,
            self.bytes,
            self.schema,
            self.sqlite,
            rows("enquiry"),
            rows("household"),
            rows("milestone"),
            rows("audit"),
            self.checked.join(", "),
        )
    }
}
