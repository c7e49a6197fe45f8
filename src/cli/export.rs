//! `hearth export`: enquiries as files.

use std::path::PathBuf;

use anyhow::Context;
use clap::{Args, Subcommand};

use super::files;
use super::progress::Progress;
use crate::clock::Clock;
use crate::config::Config;
use crate::domain::actor::Actor;
use crate::features::exports::{self, Left};

/// Write enquiries as files.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  hearth export enquiries --out enquiries.csv\n\n`hearth export enquiries --help` says more."
)]
pub struct Export {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    Enquiries(Enquiries),
}

/// Write every enquiry as one row of the canonical columns, as CSV or XLSX: what `hearth import enquiries` reads.
///
/// Importing the file into an empty database and exporting again gives the same file. What one row cannot hold is
/// left out and counted: a third applicant, a second visit, panel or decision, a reopening, a temporary approval, a
/// second pause, an ended time of keeping in touch, officers before the present one, and what was corrected. Several
/// notes stand in one cell, without their own dates; the earliest are left out where it is full.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  hearth export enquiries --out enquiries.xlsx")]
struct Enquiries {
    /// The file to write; .csv or .xlsx. One that is there is replaced.
    #[arg(long, value_name = "FILE.csv|FILE.xlsx")]
    out: PathBuf,
}

impl Export {
    pub async fn run(self, config: Config, clock: Clock) -> anyhow::Result<()> {
        match self.what {
            What::Enquiries(command) => command.run(config, clock).await,
        }
    }
}

impl Enquiries {
    async fn run(self, config: Config, clock: Clock) -> anyhow::Result<()> {
        files::keep_apart("--out", &self.out, &[], &config.database);
        let db = super::open_beside(&config).await?;
        let actor = Actor::command_line(clock.now());
        let written = {
            let progress = Progress::start();
            exports::export(&db, &actor, &self.out, |rows| progress.say(&format!("writing, {rows} enquiries"))).await
        };
        db.close().await;
        let written = written.with_context(|| self.out.display().to_string())?;
        super::print(&format!("{}: {} enquiries\n", self.out.display(), written.rows))?;
        for (count, what) in left_out(written.left).into_iter().filter(|(count, _)| *count > 0) {
            eprintln!("  one row cannot hold: {count} {what}");
        }
        Ok(())
    }
}

fn left_out(left: Left) -> [(usize, &'static str); 8] {
    [
        (left.applicants, "applicants after the second"),
        (left.milestones, "repeated milestones, reopenings and temporary approvals"),
        (left.pauses, "pauses before the latest"),
        (left.times_in_touch, "ended times of keeping in touch"),
        (left.officers, "officers before the present one"),
        (left.notes, "notes as notes of their own (they share a cell)"),
        (left.long_notes, "notes for which their cell has no room beside later ones"),
        (left.corrections, "facts that were corrected or withdrawn"),
    ]
}
