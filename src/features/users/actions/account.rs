//! One's own account: password and sessions.

use serde_json::json;

use super::super::hashing::{self, Verdict};
use super::super::queries;
use super::super::slowing::{Client, Slowing, Wait};
use crate::db::Db;
use crate::domain::audit::{Action, Event};
use crate::domain::password::{Password, PasswordProblem};
use crate::features::audit;
use crate::web::{Ctx, session};

#[derive(Debug, thiserror::Error)]
pub enum PasswordRefusal {
    #[error("This is not your password now")]
    WrongCurrent,
    #[error(transparent)]
    New(#[from] PasswordProblem),
    #[error("Too many tries")]
    Wait(Wait),
    #[error(transparent)]
    Unexpected(#[from] anyhow::Error),
}

/// Every other session ends: whoever may have known the old password is out.
pub async fn change_password(
    db: &Db,
    slowing: &Slowing,
    ctx: &Ctx,
    current: &str,
    new: &str,
) -> Result<(), PasswordRefusal> {
    let unexpected = |error: sqlx::Error| PasswordRefusal::Unexpected(error.into());
    let own = queries::find_own_credentials(db.read(), ctx.user.id).await.map_err(unexpected)?;
    let own = own.ok_or(PasswordRefusal::WrongCurrent)?;
    let new = Password::parse(new, &[&own.name, &own.email, &ctx.service_name])?;

    // Somebody at an unlocked screen guesses too.
    let session = ctx.session_hash().unwrap_or_default();
    let tried = slowing.ask(&own.email, Client::KnownBrowser(&session), ctx.now).map_err(PasswordRefusal::Wait)?;
    if hashing::verify(current, own.password_hash.clone()).await? == Verdict::Wrong {
        return Err(PasswordRefusal::WrongCurrent);
    }
    slowing.succeeded(tried);

    let hash = hashing::hash(new).await?;
    let changed = async {
        let mut write = db.write().await?;
        // Changed elsewhere in the meantime: what was typed as current is so no more.
        let now = queries::find_own_credentials(&mut *write, ctx.user.id).await?;
        if now.is_none_or(|now| now.password_hash != own.password_hash) {
            return Ok(false);
        }
        queries::update_password(&mut write, ctx.user.id, &hash).await?;
        session::end_others(&mut write, ctx.user.id, &session).await?;
        let event = Event::of_user(Action::PasswordSet, ctx.user.id).with(json!({ "by": "account page" }));
        audit::record(&mut write, &ctx.actor(), &event).await?;
        write.commit().await?;
        Ok(true)
    };
    if changed.await.map_err(unexpected)? { Ok(()) } else { Err(PasswordRefusal::WrongCurrent) }
}

/// One of one's own; whether there was one.
pub async fn end_session(db: &Db, ctx: &Ctx, hash: &[u8]) -> sqlx::Result<bool> {
    let mut write = db.write().await?;
    let ended = session::end(&mut write, ctx.user.id, hash).await?;
    if ended {
        record_ended(&mut write, ctx, 1).await?;
    }
    write.commit().await?;
    Ok(ended)
}

/// How many there were.
pub async fn end_other_sessions(db: &Db, ctx: &Ctx) -> sqlx::Result<u64> {
    let mut write = db.write().await?;
    let ended = session::end_others(&mut write, ctx.user.id, &ctx.session_hash().unwrap_or_default()).await?;
    if ended > 0 {
        record_ended(&mut write, ctx, ended).await?;
    }
    write.commit().await?;
    Ok(ended)
}

pub async fn sign_out(db: &Db, ctx: &Ctx) -> sqlx::Result<()> {
    let mut write = db.write().await?;
    session::end(&mut write, ctx.user.id, &ctx.session_hash().unwrap_or_default()).await?;
    audit::record(&mut write, &ctx.actor(), &Event::of_user(Action::SignedOut, ctx.user.id)).await?;
    write.commit().await
}

async fn record_ended(write: &mut sqlx::SqliteConnection, ctx: &Ctx, sessions: u64) -> sqlx::Result<()> {
    let event = Event::of_user(Action::SessionEnded, ctx.user.id).with(json!({ "sessions": sessions }));
    audit::record(write, &ctx.actor(), &event).await
}
