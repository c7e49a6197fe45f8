//! A colleague and a councillor who want to foster: records that only named people may open.

use super::queries;
use super::staff::{MANAGER, SUCCESSOR};
use super::{diary, twice::HOUR};
use crate::db::Db;
use crate::domain::actor::Actor;
use crate::domain::ids::UserId;
use crate::domain::instant::Instant;
use crate::features::enquiries;

/// Each is open to the manager and to its officer: Kerry Blyth and Janet Teal, the latest that they have.
pub async fn lay_out(db: &Db, accounts: &[UserId], now: Instant) -> anyhow::Result<()> {
    let last = diary::last_full_day(now);
    let at = Instant::start_of(last).plus_milliseconds(9 * HOUR);
    let manager = Actor { user: accounts[MANAGER.0], at, address: "192.0.2.14".to_owned() };
    let mut write = db.write().await?;
    let list = queries::list_to_restrict(&mut write, last.plus_days(-5)).await?;
    for officer in [accounts[0], accounts[SUCCESSOR.0]] {
        if let Some((enquiry, _)) = list.iter().find(|(_, theirs)| *theirs == officer) {
            enquiries::restrict(&mut write, &manager, *enquiry, &[officer]).await?;
        }
    }
    write.commit().await?;
    Ok(())
}
