//! Keeping a draft, by a button or while somebody types, and throwing it away.

use askama::Template;
use axum::extract::State;
use axum::response::{Html, IntoResponse, Response};

use super::forms;
use super::views::DraftSaid;
use crate::domain::ids::{EnquiryId, NoteId};
use crate::domain::role::Permission;
use crate::features::{access, notes};
use crate::web::{AppError, AppState, Ctx, Form, Path, finish, one_time};

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kept {
    Draft,
    Nothing,
    SavedAlready,
}

pub async fn keep(
    State(state): State<AppState>,
    ctx: Ctx,
    Path(id): Path<EnquiryId>,
    form: Form,
) -> Result<Response, AppError> {
    access::open(&state, &ctx, id, Permission::WriteEnquiries).await?;
    let token = form.own_token()?.to_owned();
    let note = edited(&state, id, &form).await?;
    let typed = forms::typed(&form);
    let (db, actor) = (state.db.clone(), ctx.actor());
    let kept = finish(async move {
        let mut write = db.write().await?;
        // What was typed last arrives after the note itself now and then: it is saved already.
        if one_time::is_used(&mut write, &token, actor.user).await? {
            return Ok::<_, AppError>(Kept::SavedAlready);
        }
        let kept = notes::keep_draft(&mut write, actor.user, id, note, &typed, actor.at).await?;
        write.commit().await?;
        Ok(if kept { Kept::Draft } else { Kept::Nothing })
    })
    .await?;
    if ctx.htmx {
        let said = if kept == Kept::Draft { DraftSaid { kept_at: ctx.now }.render()? } else { String::new() };
        return Ok(Html(said).into_response());
    }
    let said = match kept {
        Kept::Draft => format!("Your draft is kept for {} days. Nobody else sees it", notes::DRAFT_DAYS),
        Kept::Nothing => "Nothing was written, so there is no draft".to_owned(),
        Kept::SavedAlready => "This note is saved already, so there is no draft".to_owned(),
    };
    Ok(ctx.redirect(&format!("/enquiries/{id}/notes"), &said))
}

pub async fn throw_away(
    State(state): State<AppState>,
    ctx: Ctx,
    Path(id): Path<EnquiryId>,
    form: Form,
) -> Result<Response, AppError> {
    access::open(&state, &ctx, id, Permission::WriteEnquiries).await?;
    let root = edited(&state, id, &form).await?.map(|(root, _)| root);
    let (db, user) = (state.db.clone(), ctx.user.id);
    finish(async move {
        let mut write = db.write().await?;
        notes::drop_draft(&mut write, user, id, root).await?;
        write.commit().await?;
        Ok::<_, AppError>(())
    })
    .await?;
    Ok(ctx.redirect(&format!("/enquiries/{id}/notes"), "The draft is thrown away"))
}

/// The note that is being changed, as its root and the version that was opened; none for a new one.
async fn edited(state: &AppState, id: EnquiryId, form: &Form) -> Result<Option<(NoteId, NoteId)>, AppError> {
    let Ok(version) = form.value("note").parse::<NoteId>() else { return Ok(None) };
    let current = notes::find_current(state.db.read(), id, version).await?.ok_or(AppError::NotFound)?;
    Ok(Some((current.root, version)))
}
