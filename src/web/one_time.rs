//! One-time form tokens: a double click makes one thing, and the second answer is the first one again. The token goes
//! with what the form says (see `Form::one_time_token`).
//!
//! `save` is the whole of it for a form that changes one thing. Where more hangs on the answer, in the action's
//! transaction: `if let Some(location) = one_time::spent(…)` answer with that; else do the thing and
//! `one_time::spend(…)`. Writers take turns, so nobody comes between the two.

use futures::future::BoxFuture;
use sqlx::SqliteConnection;

use super::error::AppError;
use super::state::AppState;
use super::{finish, queries};
use crate::domain::actor::Actor;
use crate::domain::ids::UserId;
use crate::domain::instant::Instant;

/// No form stays open for longer.
const KEPT: i64 = 7 * 24 * 60 * 60 * 1000;

/// Where the first sending of this form led, if it is not the first.
pub async fn spent(write: &mut SqliteConnection, token: &str, user: UserId) -> sqlx::Result<Option<String>> {
    queries::find_spent_token(write, token, user).await
}

/// Whether the form with this token of its own was sent, whatever it said.
pub async fn is_used(write: &mut SqliteConnection, own_token: &str, user: UserId) -> sqlx::Result<bool> {
    queries::has_spent_token(write, own_token, user).await
}

/// The form is used up; sent again, it leads to `location`.
pub async fn spend(
    write: &mut SqliteConnection,
    token: &str,
    user: UserId,
    now: Instant,
    location: &str,
) -> sqlx::Result<()> {
    queries::delete_old_tokens(write, now.plus_milliseconds(-KEPT)).await?;
    queries::insert_spent_token(write, token, user, now, location).await
}

/// What a feature refuses, told apart from a database that fails.
pub trait OrFailure: Send + Sized + 'static {
    /// The refusal itself, or the failure that it carries.
    fn or_failure(self) -> Result<Self, sqlx::Error>;
}

/// What a form asks for, in one transaction with its audit and the form's token, run to its end even when the browser
/// goes away. Returns where to go on: with a form that was sent twice, where its first sending led.
pub async fn save<R, W>(
    state: &AppState,
    actor: Actor,
    token: String,
    location: String,
    work: W,
) -> Result<Result<String, R>, AppError>
where
    R: OrFailure,
    W: for<'c> FnOnce(&'c mut SqliteConnection, &'c Actor) -> BoxFuture<'c, Result<(), R>> + Send + 'static,
{
    save_and_go(state, actor, token, move |write, actor| {
        Box::pin(async move {
            work(write, actor).await?;
            Ok(location)
        })
    })
    .await
}

/// The same of a form that makes something: only the work knows where it leads.
pub async fn save_and_go<R, W>(
    state: &AppState,
    actor: Actor,
    token: String,
    work: W,
) -> Result<Result<String, R>, AppError>
where
    R: OrFailure,
    W: for<'c> FnOnce(&'c mut SqliteConnection, &'c Actor) -> BoxFuture<'c, Result<String, R>> + Send + 'static,
{
    let db = state.db.clone();
    finish(async move {
        let mut write = db.write().await?;
        if let Some(location) = spent(&mut write, &token, actor.user).await? {
            return Ok(Ok(location));
        }
        let location = match work(&mut write, &actor).await {
            Ok(location) => location,
            Err(refused) => return Ok(Err(refused.or_failure()?)),
        };
        spend(&mut write, &token, actor.user, actor.at, &location).await?;
        write.commit().await?;
        Ok(Ok(location))
    })
    .await
}
