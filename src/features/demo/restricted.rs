//! A colleague and a councillor who want to foster: records that only named people may open.

use super::queries;
use super::staff::{MANAGER, SUCCESSOR};
use super::{diary, twice::HOUR};
use crate::db::Db;
use crate::domain::actor::Actor;
use crate::domain::ids::UserId;
use crate::domain::instant::Instant;
use crate::domain::stage::Stage;
use crate::features::enquiries;

/// Each is open to the manager and to its officer: Kerry Blyth and Janet Teal, the latest that they have.
pub async fn lay_out(db: &Db, accounts: &[UserId], now: Instant) -> anyhow::Result<()> {
    let last = diary::last_full_day(now);
    let at = Instant::start_of(last).plus_milliseconds(9 * HOUR);
    let manager = Actor { user: accounts[MANAGER.0], at, address: "192.0.2.14".to_owned() };
    let mut write = db.write().await?;
    let mut list = queries::list_alone(&mut write, last.plus_days(-5)).await?;
    list.retain(|it| !it.is_separated && matches!(it.stage, Stage::InContact | Stage::Visited));
    for officer in [accounts[0], accounts[SUCCESSOR.0]] {
        if let Some(latest) = list.iter().find(|it| it.officer == Some(officer)) {
            enquiries::restrict(&mut write, &manager, latest.enquiry, &[officer]).await?;
        }
    }
    write.commit().await?;
    Ok(())
}
