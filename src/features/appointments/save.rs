//! What is done to a visit, in one transaction and once only.

use super::actions::{ActionError, Deed, apply};
use super::clashes::{self, Asked};
use crate::web::{AppError, AppState, Ctx, one_time};

/// Returns where to go on.
pub async fn save(
    state: &AppState,
    ctx: &Ctx,
    token: String,
    location: String,
    deed: Deed,
) -> Result<Result<String, ActionError>, AppError> {
    one_time::save(state, ctx.actor(), token, location, move |write, actor| Box::pin(apply(write, actor, deed))).await
}

/// The same of a visit that takes up a time.
pub async fn save_time(
    state: &AppState,
    ctx: &Ctx,
    token: String,
    location: String,
    deed: Deed,
    asked: Asked,
) -> Result<Result<String, ActionError>, AppError> {
    one_time::save(state, ctx.actor(), token, location, move |write, actor| {
        Box::pin(async move {
            clashes::none_untold(write, &deed, &asked).await?;
            apply(write, actor, deed).await
        })
    })
    .await
}
