//! Couples who have separated: of one both go on, of one only who stayed, and of one it was a misunderstanding.

use anyhow::Context;

use super::queries;
use super::staff::{MANAGER, PEOPLE};
use super::{diary, twice::HOUR};
use crate::db::Db;
use crate::domain::actor::Actor;
use crate::domain::ids::UserId;
use crate::domain::instant::Instant;
use crate::domain::separation::Home;
use crate::features::pipeline;
use crate::features::separations::{self, NextEnquiry, Separation};

/// The latest couples who have been in contact for a while.
pub async fn lay_out(db: &Db, accounts: &[UserId], now: Instant) -> anyhow::Result<()> {
    let last = diary::last_full_day(now);
    let mut write = db.write().await?;
    let mut couples = queries::list_alone(&mut write, last.plus_days(-60)).await?;
    couples.retain(|it| it.people == 2);
    // Where the second can be rung, there is something that they take along.
    couples.sort_by_key(|it| !it.second_has_phone);
    for (nth, queries::Alone { enquiry, household, .. }) in (0..3).zip(couples) {
        let at = Instant::start_of(last.plus_days(2 * nth - 8)).plus_milliseconds(14 * HOUR);
        let actor = Actor { user: accounts[MANAGER.0], at, address: "192.0.2.14".to_owned() };
        let together = separations::together(&mut write, household, actor.user).await?;
        let together = together.context("what was looked up is there")?;
        let officer = (PEOPLE[0].name.to_owned(), accounts[0]);
        let on = last.plus_days(2 * nth - 11);
        let before = NextEnquiry::continuing(&pipeline::load(&mut write, enquiry).await?.facts());
        let own = |officer| NextEnquiry { officer, first_contact: Some(on), ..before.clone() };
        let (next, home, note) = match nth {
            0 => (Some(own(Some(officer))), Home::Stays, Some("Each rang by themselves.")),
            1 => (None, Home::Stays, Some("May ring again once there is a home of their own.")),
            _ => (Some(own(None)), Home::Both, None),
        };
        let wanted = Separation {
            enquiry,
            household,
            version: together.household.version,
            on,
            stays: vec![0],
            home,
            next,
            note: note.map(str::to_owned),
        };
        let id = separations::separate(&mut write, &actor, &wanted).await?;
        if nth == 2 {
            let later = Actor { at: at.plus_milliseconds(2 * HOUR), ..actor };
            separations::undo(&mut write, &later, id).await?;
        }
    }
    write.commit().await?;
    Ok(())
}
