//! The lists of sources and campaigns, as the council's administrator has kept them.

use anyhow::Context;
use sqlx::SqliteConnection;

use super::staff::ADMINISTRATOR;
use super::{approach, diary};
use crate::db::Db;
use crate::domain::actor::Actor;
use crate::domain::day::Day;
use crate::domain::ids::UserId;
use crate::domain::instant::Instant;
use crate::domain::source::{List, Listed};
use crate::features::sources::{self, Place};

const HOUR: i64 = 60 * 60 * 1000;

/// The ways by which its families come, beside those that every service begins with.
pub async fn begin(write: &mut SqliteConnection, actor: &Actor) -> anyhow::Result<()> {
    let mut known: Vec<_> = sources::list_in_force(&mut *write).await?.into_iter().map(|row| row.listed.name).collect();
    for name in approach::sources() {
        if !known.iter().any(|known| known == name) {
            sources::add(write, actor, &Listed::new(List::Source, name), Place::Stays).await?;
            known.push(name.to_owned());
        }
    }
    Ok(())
}

/// Each campaign a month before it ran; and lately the contract with the bus company ended, and leaflets became posters
/// too.
pub async fn keep(db: &Db, accounts: &[UserId], begins: Instant, now: Instant) -> anyhow::Result<()> {
    let on = |day: Day| Actor {
        user: accounts[ADMINISTRATOR.0],
        at: Instant::start_of(diary::last_open_day(day)).plus_milliseconds(14 * HOUR),
        address: "192.0.2.20".to_owned(),
    };
    let mut write = db.write().await?;
    for campaign in approach::campaigns(begins.london_day(), now.london_day()) {
        let actor = on(campaign.runs_from.context("a campaign has its days")?.plus_days(-30));
        sources::add(&mut write, &actor, &campaign, Place::Stays).await?;
    }
    let last = diary::last_full_day(now);
    change(&mut write, &on(last.plus_days(-40)), "Bus advert", |it| it.in_use = false).await?;
    change(&mut write, &on(last), "Leaflet", |it| it.name = "Leaflet or poster".to_owned()).await?;
    write.commit().await?;
    Ok(())
}

async fn change(
    write: &mut SqliteConnection,
    actor: &Actor,
    name: &str,
    becomes: impl FnOnce(&mut Listed),
) -> anyhow::Result<()> {
    let rows = sources::list_in_force(&mut *write).await?;
    let row = rows.into_iter().find(|row| row.listed.name == name).with_context(|| format!("{name} is listed"))?;
    let mut after = row.listed;
    becomes(&mut after);
    Ok(sources::change(write, actor, row.id, &after, Place::Stays).await?)
}
