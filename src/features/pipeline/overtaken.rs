//! What to do with a version of a fact that somebody else has corrected or withdrawn meanwhile.

use axum::response::Response;

use super::queries;
use crate::domain::ids::{EnquiryId, EntryId};
use crate::domain::ledger::Entry;
use crate::features::access::{self, overtaken};
use crate::web::{AppError, AppState, Ctx};

/// An older version's address leads to today's version, or back to the record where there is none any more.
pub fn moved_on<F>(
    ctx: &Ctx,
    id: EnquiryId,
    entries: &[Entry<F>],
    entry: EntryId,
    to: impl Fn(EntryId) -> String,
    gone: &str,
) -> Result<Response, AppError> {
    let overtaken = overtaken(entries, entry).ok_or(AppError::NotFound)?;
    Ok(match overtaken.now {
        Some(now) => ctx.go(&to(now.id)),
        None => ctx.redirect(&format!("/enquiries/{id}"), gone),
    })
}

/// The version in force now, if there is one, and a sentence about who did what, when and why.
pub async fn who_was_first<'a, F>(
    state: &AppState,
    entries: &'a [Entry<F>],
    entry: EntryId,
) -> Result<(Option<&'a Entry<F>>, String), AppError> {
    let overtaken = overtaken(entries, entry).ok_or(AppError::NotFound)?;
    let by = queries::find_user_name(state.db.read(), overtaken.by).await?;
    let sentence = access::who_was_first(&overtaken, &by);
    Ok((overtaken.now, sentence))
}
