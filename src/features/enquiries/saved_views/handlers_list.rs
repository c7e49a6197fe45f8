//! What is saved from the list itself: over its view, the columns, and the view with which it opens.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;

use super::actions::{self, ViewError};
use super::forms;
use super::handlers::{changeable, find};
use super::queries::SavedView;
use super::views::{ColumnsPage, OverPage};
use crate::domain::ids::SavedViewId;
use crate::features::access::show;
use crate::features::enquiries::list::{self, Base, Filters};
use crate::web::error::Result;
use crate::web::{AppError, AppState, Ctx, Form, Path, finish, one_time};

/// What the list shows, over what the view had.
pub async fn save(
    State(state): State<AppState>,
    ctx: Ctx,
    Path(id): Path<SavedViewId>,
    form: Form,
) -> Result<Response> {
    let view = changeable(&state, &ctx, id).await?;
    let (token, seen, name) = (form.one_time_token()?, forms::seen(&form), view.name.clone());
    let (filters, columns) = forms::shown(&form, ctx.today);
    let changed = SavedView { query: filters.content(), columns, ..view };
    let location = format!("/enquiries?view={id}");
    let saved = one_time::save(&state, ctx.actor(), token, location, move |write, actor| {
        Box::pin(async move { actions::change(write, actor, &changed, seen).await })
    })
    .await?;
    match saved {
        Ok(location) => Ok(ctx.redirect(&location, &format!("“{name}” is saved"))),
        Err(ViewError::Database(error)) => Err(error.into()),
        Err(_) => {
            let now = changeable(&state, &ctx, id).await?;
            show(StatusCode::CONFLICT, &OverPage::new(&ctx, &form, now))
        }
    }
}

/// For their own list from now on; over a view they are a change of that view, to be saved with it.
pub async fn choose_columns(State(state): State<AppState>, ctx: Ctx, mut form: Form) -> Result<Response> {
    let chosen = list::columns_of(form.values("columns"));
    let usual = form.is_chosen("usual", "yes");
    if chosen.is_none() && !usual {
        form.fail("columns", "Choose at least one column besides who it is");
        return show(StatusCode::UNPROCESSABLE_ENTITY, &ColumnsPage::new(&ctx, form));
    }
    let columns = if usual { None } else { chosen };
    let shown = Filters::parse(&mut list::form_of(form.value("query")), ctx.today);
    if matches!(shown.base, Some(Base::Saved(_))) {
        let columns = columns.unwrap_or_else(|| list::USUAL.to_vec());
        return Ok(ctx.go(&Filters { columns: Some(columns), ..shown }.href()));
    }
    let actor = ctx.actor();
    finish(async move {
        let mut write = state.db.write().await?;
        actions::choose_columns(&mut write, &actor, columns).await?;
        write.commit().await?;
        Ok::<_, AppError>(())
    })
    .await?;
    Ok(ctx.go(&Filters { columns: None, ..shown }.href()))
}

/// With a view, or with what is in progress where none is named.
pub async fn open_with(State(state): State<AppState>, ctx: Ctx, form: Form) -> Result<Response> {
    let id: Option<SavedViewId> = form.value("view").parse().ok();
    let view = match id {
        Some(id) => Some(find(&state, &ctx, id).await?.ok_or(AppError::NotFound)?),
        None => None,
    };
    let said = match &view {
        Some(view) => format!("Your list opens with “{}”", view.name),
        None => "Your list opens with what is in progress".to_owned(),
    };
    let actor = ctx.actor();
    finish(async move {
        let mut write = state.db.write().await?;
        actions::open_with(&mut write, &actor, view.map(|view| view.id)).await?;
        write.commit().await?;
        Ok::<_, AppError>(())
    })
    .await?;
    Ok(ctx.redirect("/enquiries/views", &said))
}
