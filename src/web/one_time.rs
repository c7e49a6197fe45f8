//! One-time form tokens: a double click makes one thing, and the second answer is the first one again.
//!
//! In the action's transaction: `if let Some(location) = one_time::spent(…)` answer with that; else do the thing and
//! `one_time::spend(…)`. Writers take turns, so nobody comes between the two.

use sqlx::SqliteConnection;

use super::queries;
use crate::domain::ids::UserId;
use crate::domain::instant::Instant;

/// No form stays open for longer.
const KEPT: i64 = 7 * 24 * 60 * 60 * 1000;

/// Where the first sending of this form led, if it is not the first.
pub async fn spent(write: &mut SqliteConnection, token: &str, user: UserId) -> sqlx::Result<Option<String>> {
    queries::find_spent_token(write, token, user).await
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
