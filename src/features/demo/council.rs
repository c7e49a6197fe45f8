//! The council as it is found by whoever signs in: its name, its people, and everything that was written down.

use anyhow::Context;
use sqlx::SqliteConnection;

use super::apart;
use super::desk;
use super::diary;
use super::lists;
use super::plan::{Plan, stories};
use super::restricted;
use super::staff::{MANAGER, PEOPLE, SERVICE};
use super::telling::{Played, play};
use super::twice;
use crate::db::Db;
use crate::domain::actor::Actor;
use crate::domain::ids::UserId;
use crate::domain::instant::Instant;
use crate::domain::password::Password;
use crate::domain::person::{Person, PersonInput};
use crate::features::settings::{self, Settings};
use crate::features::{enquiries, users};

/// Fills an empty database. Everybody signs in with the same password.
pub async fn build(db: &Db, plan: &Plan, password: Password, progress: impl FnMut(Played)) -> anyhow::Result<()> {
    let hash = users::hash_password(password).await?;
    let begins = Instant::start_of(plan.now.london_day().plus_months(-12 * plan.years));
    let actor = Actor::command_line(begins);
    let mut write = db.write().await?;
    let before = settings::load(&mut write).await?;
    let after = Settings { service_name: SERVICE.to_owned(), ..before.clone() };
    settings::save(&mut write, &actor, &before, &after).await?;
    lists::begin(&mut write, &actor).await?;
    let accounts = open_accounts(&mut write, &actor, &hash).await?;
    write.commit().await?;
    play(db, &stories(plan), &accounts, plan.now, progress).await?;
    desk::lay_out(db, &accounts, plan.now).await?;
    twice::lay_out(db, &accounts, plan.now).await?;
    apart::lay_out(db, &accounts, plan.now).await?;
    restricted::lay_out(db, &accounts, plan.now).await?;
    lists::keep(db, &accounts, begins, plan.now).await?;
    share_views(db, &accounts, plan.now).await
}

/// What the manager made for everybody once the first filters were set for the third time.
const VIEWS: [(&str, &str); 2] = [
    (
        "To ring",
        "stage=new&stage=in_contact&state=open&order=asc&columns=stage,limit,officer,telephone,received,last_contact,next_task",
    ),
    (
        "Waiting for panel",
        "stage=stage_2&stage=panel&sort=officer&columns=stage,limit,officer,kind,application,stage_2,panel",
    ),
];

async fn share_views(db: &Db, accounts: &[UserId], now: Instant) -> anyhow::Result<()> {
    let at = Instant::start_of(diary::last_full_day(now)).plus_milliseconds(11 * 60 * 60 * 1000);
    let actor = Actor { user: accounts[MANAGER.0], at, address: "192.0.2.14".to_owned() };
    let mut write = db.write().await?;
    enquiries::share_views(&mut write, &actor, &VIEWS).await?;
    write.commit().await?;
    Ok(())
}

async fn open_accounts(write: &mut SqliteConnection, actor: &Actor, hash: &str) -> anyhow::Result<Vec<UserId>> {
    let mut accounts = Vec::with_capacity(PEOPLE.len());
    for person in PEOPLE {
        let input = PersonInput {
            name: person.name.to_owned(),
            email: person.email.to_owned(),
            roles: person.roles.to_vec(),
            hub: person.hub.unwrap_or_default().to_owned(),
        };
        let parsed = Person::parse(&input).ok().with_context(|| format!("{} is not complete", person.name))?;
        let id = users::add(write, actor, &parsed).await?;
        users::set_password(write, actor, id, hash).await?;
        accounts.push(id);
    }
    Ok(accounts)
}
