//! People: added, changed, deactivated and let in again.

use serde_json::{Value, json};
use sqlx::SqliteConnection;

use super::super::queries::{self, PersonRow};
use crate::domain::actor::Actor;
use crate::domain::audit::{Action, Event};
use crate::domain::ids::UserId;
use crate::domain::ledger::AttributeName;
use crate::domain::person::{self, LastAdministrator, Person};
use crate::domain::role::Role;
use crate::features::{audit, enquiries, pipeline};
use crate::web::session;

#[derive(Debug, thiserror::Error)]
pub enum PersonRefusal {
    #[error("Somebody else signs in with this e-mail address")]
    EmailTaken,
    #[error(transparent)]
    LastAdministrator(#[from] LastAdministrator),
    /// Somebody else changed them first.
    #[error("Somebody else has changed this person since you opened the page")]
    Stale(Box<PersonRow>),
    #[error("There is no such person")]
    NotFound,
    #[error("They are deactivated. Activate them first")]
    Inactive,
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

/// They come in by a one-time link: see `link`.
pub async fn add(write: &mut SqliteConnection, actor: &Actor, person: &Person) -> Result<UserId, PersonRefusal> {
    if queries::find_id_by_email(&mut *write, &person.email).await?.is_some() {
        return Err(PersonRefusal::EmailTaken);
    }
    let id = queries::insert_person(write, person, actor.at).await?;
    audit::record(write, actor, &Event::of_user(Action::UserAdded, id).with(detail(person))).await?;
    Ok(id)
}

/// `version` is the one that the change began from. Under a new name they stay one officer: see
/// `pipeline::rename_officer`.
pub async fn change(
    write: &mut SqliteConnection,
    actor: &Actor,
    id: UserId,
    version: i64,
    person: &Person,
) -> Result<(), PersonRefusal> {
    let before = current(write, actor, id, version).await?;
    if queries::find_id_by_email(&mut *write, &person.email).await?.is_some_and(|other| other != id) {
        return Err(PersonRefusal::EmailTaken);
    }
    if before.person() == *person {
        return Ok(());
    }
    keep_an_administrator(write, &before, before.active, &person.roles).await?;
    queries::update_person(write, id, person).await?;
    let mut detail = json!({ "before": detail(&before.person()), "after": detail(person) });
    if before.name != person.name {
        detail["renamed_on"] = json!(pipeline::rename_officer(write, actor, id, &person.name).await?);
        enquiries::rename_in_views(write, AttributeName::Officer, &before.name, &person.name).await?;
    }
    audit::record(write, actor, &Event::of_user(Action::UserChanged, id).with(detail)).await?;
    Ok(())
}

/// Signed out everywhere at once, and no link of theirs works. What they did keeps their name.
pub async fn deactivate(
    write: &mut SqliteConnection,
    actor: &Actor,
    id: UserId,
    version: i64,
) -> Result<(), PersonRefusal> {
    let before = current(write, actor, id, version).await?;
    if !before.active {
        return Ok(());
    }
    keep_an_administrator(write, &before, false, &before.roles()).await?;
    queries::update_active(write, id, false).await?;
    queries::delete_unused_invitations(write, Some(id)).await?;
    session::end_all(write, id).await?;
    let detail = json!({ "before": { "active": true }, "after": { "active": false } });
    audit::record(write, actor, &Event::of_user(Action::UserChanged, id).with(detail)).await?;
    Ok(())
}

pub async fn activate(
    write: &mut SqliteConnection,
    actor: &Actor,
    id: UserId,
    version: i64,
) -> Result<(), PersonRefusal> {
    if current(write, actor, id, version).await?.active {
        return Ok(());
    }
    queries::update_active(write, id, true).await?;
    let detail = json!({ "before": { "active": false }, "after": { "active": true } });
    audit::record(write, actor, &Event::of_user(Action::UserChanged, id).with(detail)).await?;
    Ok(())
}

async fn current(
    write: &mut SqliteConnection,
    actor: &Actor,
    id: UserId,
    version: i64,
) -> Result<PersonRow, PersonRefusal> {
    let found = queries::find_person(&mut *write, id, actor.at).await?.ok_or(PersonRefusal::NotFound)?;
    if found.version == version { Ok(found) } else { Err(PersonRefusal::Stale(Box::new(found))) }
}

async fn keep_an_administrator(
    write: &mut SqliteConnection,
    before: &PersonRow,
    active: bool,
    roles: &[Role],
) -> Result<(), PersonRefusal> {
    // Whoever was none takes nothing away.
    if !before.active || !before.roles().contains(&Role::Admin) {
        return Ok(());
    }
    let others = queries::count_administrators(write, Some(before.id)).await?;
    Ok(person::keeps_an_administrator(others, active, roles)?)
}

fn detail(person: &Person) -> Value {
    json!({ "name": person.name, "email": person.email, "roles": person.roles, "hub": person.hub })
}
