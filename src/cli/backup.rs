//! `hearth backup`: a proved copy of the database, beside a running service.

use std::path::PathBuf;

use clap::Args;

use super::progress::Progress;
use crate::clock::Clock;
use crate::config::Config;
use crate::db::{Db, Gate};
use crate::features::backups::{self, Keep};

/// Copy the database into a folder, prove the copy, and remove old copies by rule.
///
/// Runs beside a running service. The copy gets its name only once it is proved: every page and reference, every
/// enquiry against its ledgers, the chain of the audit. Beside it is a manifest with its SHA-256 and counts, which
/// `hearth restore` checks. Copy both elsewhere: a backup on the same disk goes with the disk.
#[derive(Debug, Args)]
#[command(
    after_help = "Example, every night from cron:\n  15 1 * * *  hearth backup /var/backups/hearth --database /var/lib/hearth/hearth.db"
)]
pub struct Backup {
    /// The folder; made if it is not there.
    #[arg(value_name = "DIR")]
    folder: PathBuf,

    /// Keep the last backup of each of so many days.
    #[arg(long, value_name = "DAYS", default_value_t = Keep::USUAL.daily)]
    keep_daily: usize,

    /// And of each of so many weeks.
    #[arg(long, value_name = "WEEKS", default_value_t = Keep::USUAL.weekly)]
    keep_weekly: usize,

    /// And of each of so many months. The newest backup of all is always kept.
    #[arg(long, value_name = "MONTHS", default_value_t = Keep::USUAL.monthly)]
    keep_monthly: usize,
}

impl Backup {
    pub async fn run(self, config: Config, clock: Clock) -> anyhow::Result<()> {
        // Refuses what is not a database of today's schema before anything is written.
        Db::open(&config.database, Gate::Beside).await?.close().await;
        let keep = Keep { daily: self.keep_daily, weekly: self.keep_weekly, monthly: self.keep_monthly };
        let taken = {
            let progress = Progress::start();
            backups::take(&config.database, &self.folder, clock.now(), keep, |what| progress.say(what)).await?
        };
        let manifest = &taken.manifest;
        println!("{}", taken.path.display());
        println!("  {} enquiries, {} bytes", manifest.rows.get("enquiry").unwrap_or(&0), manifest.bytes);
        println!("  SHA-256 {}", manifest.sha256);
        println!("  proved: {}", manifest.checked.join(", "));
        for old in taken.removed {
            println!("removed {}", old.display());
        }
        if taken.others > 0 {
            println!("left alone: {} of another database in this folder", backups_in_words(taken.others));
        }
        Ok(())
    }
}

fn backups_in_words(count: usize) -> String {
    if count == 1 { "1 backup".to_owned() } else { format!("{count} backups") }
}
