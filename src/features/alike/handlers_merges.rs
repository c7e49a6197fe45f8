//! Merges that are done: the list, one of them, and undoing it.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum_extra::extract::Query;

use super::handlers::Asked;
use super::undo::{self, UndoError};
use super::views::{MergePage, MergesPage, cards};
use super::{given, queries, queries_merges};
use crate::domain::ids::MergeId;
use crate::features::households;
use crate::web::error::Result;
use crate::web::one_time::{self, OrFailure};
use crate::web::paging::{Slice, key};
use crate::web::{AppError, AppState, Ctx, Form, Path};

const PAGE: usize = 50;

pub async fn index(State(state): State<AppState>, ctx: Ctx, Query(asked): Query<Asked>) -> Result<MergesPage> {
    let before = key(&asked.after).unwrap_or(MergeId(i64::MAX));
    let rows = queries_merges::list_before(state.db.read(), before, ctx.user.id, i64::try_from(PAGE + 1)?).await?;
    let slice = Slice::new(rows, PAGE, |row| row.id);
    let households: Vec<_> = slice.rows.iter().flat_map(|row| [row.kept, row.goes]).collect();
    let people = queries::list_people(state.db.read(), &households).await?;
    Ok(MergesPage::new(&ctx, slice.rows, slice.next, &cards(&people, Vec::new())))
}

pub async fn show(State(state): State<AppState>, ctx: Ctx, Path(id): Path<MergeId>) -> Result<MergePage> {
    page(&state, &ctx, id).await
}

/// The two as they are now, for whoever may open every enquiry of them.
async fn page(state: &AppState, ctx: &Ctx, id: MergeId) -> Result<MergePage> {
    let mut connection = state.db.read().acquire().await?;
    let merged = queries_merges::find(&mut *connection, id).await?.ok_or(AppError::NotFound)?;
    let standing = households::find_standing(&mut connection, merged.kept).await?;
    let of_both = [merged.kept, merged.goes, standing];
    let enquiries = queries::list_enquiries(&mut *connection, &of_both, ctx.user.id).await?;
    if enquiries.iter().any(|row| row.restricted && !row.named) {
        return Err(AppError::NotFound);
    }
    let why_not = match undo::check(&mut connection, &merged, ctx.now).await {
        Ok(_) => None,
        Err(UndoError::Database(error)) => return Err(error.into()),
        Err(refused) => Some(format!("{refused}.")),
    };
    let people = queries::list_people(&mut *connection, &of_both).await?;
    let moved = queries_merges::list_moved(&mut *connection, id).await?;
    let stands_again = undo::stands_again(&mut connection, &merged, &moved).await?;
    let given = given::list(&mut connection, &merged, &moved).await?;
    Ok(MergePage::new(ctx, merged, &cards(&people, enquiries), (moved, given), why_not).saying(stands_again))
}

pub async fn undo(State(state): State<AppState>, ctx: Ctx, Path(id): Path<MergeId>, form: Form) -> Result<Response> {
    // Also finds out whether this person may open the two.
    page(&state, &ctx, id).await?;
    let (token, location) = (form.one_time_token()?, format!("/households/merges/{id}"));
    let done = one_time::save(&state, ctx.actor(), token, location, move |write, actor| {
        Box::pin(async move { undo::undo(write, actor, id).await })
    });
    match done.await? {
        Ok(location) => Ok(ctx.redirect(&location, "The merge is undone: they are two households again")),
        Err(refused) => {
            let page = page(&state, &ctx, id).await?;
            let why_not = Some(format!("{refused}."));
            Ok((StatusCode::CONFLICT, MergePage { why_not, refused: true, ..page }).into_response())
        }
    }
}

impl OrFailure for UndoError {
    fn or_failure(self) -> std::result::Result<UndoError, sqlx::Error> {
        match self {
            UndoError::Database(error) => Err(error),
            refused => Ok(refused),
        }
    }
}
