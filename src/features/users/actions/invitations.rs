//! One-time links: made, and used to set a password.

use serde_json::json;
use sqlx::SqliteConnection;

use super::super::hashing;
use super::super::queries::{self, InvitationRow};
use super::people::{self, PersonRefusal};
use crate::db::Db;
use crate::domain::actor::Actor;
use crate::domain::audit::{Action, Event};
use crate::domain::ids::UserId;
use crate::domain::invitation::InvitationPurpose;
use crate::domain::password::Password;
use crate::domain::person::Person;
use crate::features::audit;
use crate::web::{one_time, session, token};

/// A link that has just been made; the only moment at which it is known.
#[derive(Debug)]
pub struct Link {
    token: String,
    pub purpose: InvitationPurpose,
}

impl Link {
    /// `base` is where people find this service, without a slash at its end.
    pub fn url(&self, base: &str) -> String {
        format!("{base}/invitations/{}", self.token)
    }
}

/// What sending the form for a new person led to.
#[derive(Debug)]
pub enum Added {
    New(UserId, Link),
    /// The form was sent before and led there.
    Before(String),
}

#[derive(Debug, thiserror::Error)]
pub enum InvitationError {
    #[error("This link has been used, has expired, or a newer one has taken its place")]
    Gone,
    #[error("There is an administrator already")]
    NotFirst,
    #[error(transparent)]
    Refused(#[from] PersonRefusal),
    #[error(transparent)]
    Unexpected(#[from] anyhow::Error),
}

impl From<sqlx::Error> for InvitationError {
    fn from(error: sqlx::Error) -> InvitationError {
        InvitationError::Unexpected(error.into())
    }
}

/// Adds a person and makes their invitation.
pub async fn add_once(db: &Db, actor: &Actor, form_token: &str, person: &Person) -> Result<Added, PersonRefusal> {
    let mut write = db.write().await?;
    if let Some(location) = one_time::spent(&mut write, form_token, actor.user).await? {
        return Ok(Added::Before(location));
    }
    let id = people::add(&mut write, actor, person).await?;
    let link = link(&mut write, actor, id).await?;
    one_time::spend(&mut write, form_token, actor.user, actor.at, &format!("/people/{id}")).await?;
    write.commit().await?;
    Ok(Added::New(id, link))
}

/// For somebody who is there: an invitation until they have a password, a reset afterwards. Earlier links end.
pub async fn link(write: &mut SqliteConnection, actor: &Actor, id: UserId) -> Result<Link, PersonRefusal> {
    let person = queries::find_person(&mut *write, id, actor.at).await?.ok_or(PersonRefusal::NotFound)?;
    if !person.active {
        return Err(PersonRefusal::Inactive);
    }
    let purpose = if person.has_password { InvitationPurpose::Reset } else { InvitationPurpose::Invite };
    Ok(new_link(write, actor, purpose, Some(id)).await?)
}

/// None once there is an administrator who can sign in; others may be there before.
pub async fn first_administrator_link(write: &mut SqliteConnection, actor: &Actor) -> sqlx::Result<Option<Link>> {
    if queries::count_administrators(&mut *write, None).await? > 0 {
        return Ok(None);
    }
    new_link(write, actor, InvitationPurpose::FirstAdministrator, None).await.map(Some)
}

pub async fn has_administrator(db: &Db) -> sqlx::Result<bool> {
    Ok(queries::count_administrators(db.read(), None).await? > 0)
}

pub async fn new_link(
    write: &mut SqliteConnection,
    actor: &Actor,
    purpose: InvitationPurpose,
    user: Option<UserId>,
) -> sqlx::Result<Link> {
    let link = Link { token: token::random(), purpose };
    queries::delete_unused_invitations(write, user).await?;
    queries::insert_invitation(write, &token::hash(&link.token), purpose, user, actor.at).await?;
    let event = Event { subject: user, ..Event::new(Action::InvitationMade) };
    audit::record(write, actor, &event.with(json!({ "purpose": purpose }))).await?;
    Ok(link)
}

/// Sets the password of whom the link is for. Every session of theirs ends.
pub async fn accept(db: &Db, visitor: &Actor, token: &str, password: Password) -> Result<(), InvitationError> {
    let hash = hashing::hash(password).await?;
    let mut write = db.write().await?;
    let used = spend(&mut write, visitor, token).await?;
    let user = used.user_id.ok_or(InvitationError::Gone)?;
    // Whoever holds the link is taken for whom it is for.
    set_password(&mut write, &Actor { user, ..visitor.clone() }, user, &hash).await?;
    write.commit().await?;
    Ok(())
}

/// Makes the account of the first administrator, which is a manager's too until they hand that on.
pub async fn accept_as_first_administrator(
    db: &Db,
    visitor: &Actor,
    token: &str,
    person: &Person,
    password: Password,
) -> Result<(), InvitationError> {
    let hash = hashing::hash(password).await?;
    let mut write = db.write().await?;
    let used = spend(&mut write, visitor, token).await?;
    if used.purpose != InvitationPurpose::FirstAdministrator {
        return Err(InvitationError::Gone);
    }
    if queries::count_administrators(&mut *write, None).await? > 0 {
        return Err(InvitationError::NotFirst);
    }
    let user = people::add(&mut write, visitor, person).await?;
    set_password(&mut write, &Actor { user, ..visitor.clone() }, user, &hash).await?;
    write.commit().await?;
    Ok(())
}

/// `hash` is one of `hash_password`. Every session of theirs ends.
pub async fn set_password(write: &mut SqliteConnection, actor: &Actor, user: UserId, hash: &str) -> sqlx::Result<()> {
    queries::update_password(write, user, hash).await?;
    session::end_all(write, user).await?;
    audit::record(write, actor, &Event::of_user(Action::PasswordSet, user)).await
}

async fn spend(write: &mut SqliteConnection, visitor: &Actor, token: &str) -> Result<InvitationRow, InvitationError> {
    let hash = token::hash(token);
    let found = queries::find_invitation(&mut *write, &hash, visitor.at).await?.ok_or(InvitationError::Gone)?;
    queries::update_invitation_used(write, &hash, visitor.at).await?;
    Ok(found)
}
