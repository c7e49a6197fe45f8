//! `hearth restore`: a backup in the database's place, or everything as it was.

use std::path::PathBuf;

use clap::Args;

use super::files::check_readable;
use super::progress::Progress;
use crate::clock::Clock;
use crate::config::Config;
use crate::db::known_schema;
use crate::domain::actor::Actor;
use crate::domain::instant::Instant;
use crate::features::backups::{self, Restored};

/// Put a backup in the place of the database.
///
/// The service must be stopped. The backup is proved on a copy before the database is touched; the database that was
/// there is kept beside it under a dated name. If anything fails, nothing has changed.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  hearth restore /var/backups/hearth/hearth-2026-11-22T011500Z.db --database /var/lib/hearth/hearth.db"
)]
pub struct Restore {
    /// The backup, with its manifest (.json) beside it.
    #[arg(value_name = "FILE")]
    backup: PathBuf,

    /// Restore it although nothing tells that it is what it was when it was taken.
    #[arg(long)]
    without_manifest: bool,
}

impl Restore {
    pub async fn run(self, config: Config, clock: Clock) -> anyhow::Result<()> {
        check_readable(&self.backup)?;
        let actor = Actor::command_line(clock.now());
        let restored = {
            let progress = Progress::start();
            let say = |what: &str| progress.say(what);
            backups::restore(&config.database, &self.backup, &actor, self.without_manifest, say).await?
        };
        self.tell(&config, &restored);
        Ok(())
    }

    fn tell(&self, config: &Config, restored: &Restored) {
        println!("{} is now {}", config.database.display(), self.backup.display());
        let taken = restored.manifest.as_ref().and_then(|manifest| manifest.taken_at.as_deref());
        if let Some(taken) = taken.and_then(|taken| Instant::parse(taken).ok()) {
            println!("  as it was on {}, with {} enquiries", taken.london_text(), restored.enquiries);
        }
        println!("  people, their roles and passwords are as they were then; everybody signs in again");
        if restored.schema < known_schema() {
            println!("  its schema is older: `hearth migrate` or `hearth serve` brings it up to date");
        }
        if let Some(kept) = &restored.kept {
            println!("what was there before is {}", kept.display());
        }
    }
}
