//! Families who are here twice: of some, somebody has noticed and merged the two records, once by mistake; of others,
//! nobody has yet.

use anyhow::Context;

use super::diary;
use super::queries;
use super::staff::MANAGER;
use crate::db::Db;
use crate::domain::actor::Actor;
use crate::domain::ids::UserId;
use crate::domain::instant::Instant;
use crate::features::alike;

pub const HOUR: i64 = 60 * 60 * 1000;

/// The oldest that were noticed are merged, the second of them undone; those that are still open wait to be looked at.
pub async fn lay_out(db: &Db, accounts: &[UserId], now: Instant) -> anyhow::Result<()> {
    let begins = Instant::start_of(diary::last_full_day(now).plus_days(-9)).plus_milliseconds(10 * HOUR);
    let mut write = db.write().await?;
    let mut noticed = queries::list_noticed(&mut write).await?;
    noticed.truncate(3);
    for (nth, (kept, goes)) in noticed.into_iter().enumerate() {
        let at = begins.plus_milliseconds(i64::try_from(nth)? * 26 * HOUR);
        let actor = Actor { user: accounts[MANAGER.0], at, address: "192.0.2.14".to_owned() };
        let Some(two) = alike::two(&mut write, kept, goes, actor.user).await? else { continue };
        let mut form = alike::offered(&two, at.london_day());
        let merge = alike::parse(&mut form, &two, at.london_day()).context("what is offered can be taken")?;
        let merged = alike::merge(&mut write, &actor, &merge).await?;
        if nth == 1 {
            let later = Actor { at: at.plus_milliseconds(2 * HOUR), ..actor };
            alike::undo(&mut write, &later, merged).await?;
        }
    }
    write.commit().await?;
    Ok(())
}
