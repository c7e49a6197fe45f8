//! Signing in. Whatever is wrong, the same is done and the same is said: nobody learns which names exist.

use sqlx::SqliteConnection;

use super::super::hashing::{self, Verdict};
use super::super::queries::{self, Credentials};
use super::super::slowing::{Client, Slowing, Wait};
use crate::db::Db;
use crate::domain::actor::Actor;
use crate::domain::audit::{Action, Event};
use crate::domain::ids::UserId;
use crate::domain::password;
use crate::features::audit;
use crate::web::session::{self, Started};
use crate::web::{Visit, token};

/// A browser that was not used for so long is a new one. Milliseconds.
const BROWSER_KNOWN: i64 = 400 * 24 * 60 * 60 * 1000;

pub struct SignIn {
    pub session: Started,
    /// By which this browser is known from now on.
    pub browser: String,
}

#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    #[error("The e-mail address or the password is wrong")]
    Wrong,
    #[error("Too many tries")]
    Wait(Wait),
    #[error(transparent)]
    Unexpected(#[from] anyhow::Error),
}

impl From<sqlx::Error> for Refusal {
    fn from(error: sqlx::Error) -> Refusal {
        Refusal::Unexpected(error.into())
    }
}

pub async fn sign_in(db: &Db, slowing: &Slowing, visit: &Visit, email: &str, typed: &str) -> Result<SignIn, Refusal> {
    let email: String = email.trim().to_lowercase().chars().take(password::LONGEST).collect();
    let found = queries::find_credentials(db.read(), &email).await?;
    let known = known_browser(db, visit, found.as_ref()).await?;
    let client = known.as_deref().map_or(Client::Address(&visit.address), Client::KnownBrowser);
    let tried = slowing.ask(&email, client, visit.now).map_err(Refusal::Wait)?;

    // Letters may be typed in several parts each.
    let typed: String = typed.chars().take(password::LONGEST * 4).collect();
    let hash = found.as_ref().and_then(|found| found.password_hash.clone());
    let verdict = hashing::verify(&typed, hash).await?;
    let Some(person) = found.filter(|_| verdict != Verdict::Wrong) else {
        fail(db, visit, &email).await?;
        return Err(Refusal::Wrong);
    };
    let stronger = match verdict {
        Verdict::RightButWeak => Some(hashing::hash_again(&typed).await?),
        _ => None,
    };
    let begun = begin(db, visit, &person, stronger).await?.ok_or(Refusal::Wrong)?;
    slowing.succeeded(tried);
    Ok(begun)
}

/// The hash of the browser's token, when this very person has signed in with it before.
async fn known_browser(db: &Db, visit: &Visit, person: Option<&Credentials>) -> sqlx::Result<Option<Vec<u8>>> {
    let Some(hash) = visit.browser_token.as_deref().map(token::hash) else { return Ok(None) };
    // Asked for nobody too, so that it takes as long.
    let id = person.map_or(UserId::VISITOR, |person| person.id);
    let used_at = queries::find_known_browser(db.read(), &hash, id).await?;
    let recent = used_at.is_some_and(|at| at.plus_milliseconds(BROWSER_KNOWN) > visit.now);
    Ok(recent.then_some(hash))
}

/// None when they were deactivated or got another password while this one was being checked.
async fn begin(db: &Db, visit: &Visit, person: &Credentials, stronger: Option<String>) -> sqlx::Result<Option<SignIn>> {
    let mut write = db.write().await?;
    let now = queries::find_own_credentials(&mut *write, person.id).await?;
    if now.is_none_or(|now| now.password_hash != person.password_hash) {
        return Ok(None);
    }
    if let Some(hash) = stronger {
        queries::update_password(&mut write, person.id, &hash).await?;
    }
    // Whoever was signed in at this browser is so no more.
    if let (Some(before), Some(hash)) = (&visit.user, visit.session_hash()) {
        session::end(&mut write, before.id, &hash).await?;
    }
    let session = session::start(&mut write, person.id, visit.now, &visit.address, &visit.browser).await?;
    let browser = visit.browser_token.clone().unwrap_or_else(token::random);
    queries::delete_old_known_browsers(&mut write, visit.now.plus_milliseconds(-BROWSER_KNOWN)).await?;
    queries::upsert_known_browser(&mut write, &token::hash(&browser), person.id, visit.now).await?;
    record(&mut write, visit, person.id, Event::of_user(Action::SignedIn, person.id)).await?;
    write.commit().await?;
    Ok(Some(SignIn { session, browser }))
}

/// What was typed as a name is not written down: it may be a password.
async fn fail(db: &Db, visit: &Visit, email: &str) -> sqlx::Result<()> {
    let mut write = db.write().await?;
    let subject = queries::find_id_by_email(&mut *write, email).await?;
    record(&mut write, visit, UserId::VISITOR, Event { subject, ..Event::new(Action::SignInFailed) }).await?;
    write.commit().await
}

async fn record(write: &mut SqliteConnection, visit: &Visit, user: UserId, event: Event) -> sqlx::Result<()> {
    let actor = Actor { user, at: visit.now, address: visit.address.clone() };
    audit::record(write, &actor, &event).await
}
