//! `hearth migrate`: the database up to date, then stop.

use clap::Args;

use crate::clock::Clock;
use crate::config::Config;
use crate::db::{Db, Gate};
use crate::features::search;

/// Make the database, or bring it up to date, then stop.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  hearth migrate --database /var/lib/hearth/hearth.db")]
pub struct Migrate {}

impl Migrate {
    pub async fn run(self, config: Config, _clock: Clock) -> anyhow::Result<()> {
        let db = Db::open(&config.database, Gate::Alone).await?;
        search::complete(&db).await?;
        db.close().await;
        println!("{} is up to date", config.database.display());
        Ok(())
    }
}
