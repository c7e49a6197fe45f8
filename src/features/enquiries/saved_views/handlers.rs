//! The page of the views, and the forms behind it.

use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use super::actions::{self, ViewError};
use super::forms;
use super::queries::{self, SavedView};
use super::views::{DeletionPage, IndexPage, NewPage, ViewPage};
use crate::domain::ids::SavedViewId;
use crate::domain::role::{Permission, Reach};
use crate::features::access::show;
use crate::features::enquiries::list;
use crate::web::error::Result;
use crate::web::{AppError, AppState, Ctx, Form, Path, one_time};

const VIEWS: &str = "/enquiries/views";

pub async fn index(State(state): State<AppState>, ctx: Ctx) -> Result<Response> {
    let views = queries::list_visible(state.db.read(), ctx.user.id).await?;
    let choice = queries::find_choice(state.db.read(), ctx.user.id).await?;
    show(StatusCode::OK, &IndexPage::new(&ctx, views, choice.opens_with))
}

pub async fn new(ctx: Ctx, RawQuery(query): RawQuery) -> Result<Response> {
    let form = list::form_of(&query.unwrap_or_default());
    show(StatusCode::OK, &NewPage::new(&ctx, form, may_share(&ctx)))
}

pub async fn create(State(state): State<AppState>, ctx: Ctx, mut form: Form) -> Result<Response> {
    let Some(view) = forms::new(&mut form, ctx.today, may_share(&ctx)) else {
        return show(StatusCode::UNPROCESSABLE_ENTITY, &NewPage::new(&ctx, form, may_share(&ctx)));
    };
    let token = form.one_time_token()?;
    let (name, opens) = (view.name.clone(), form.is_chosen("opens", "yes"));
    let made = one_time::save_and_go(&state, ctx.actor(), token, move |write, actor| {
        Box::pin(async move {
            let id = actions::create(write, actor, &view).await?;
            if opens {
                actions::open_with(write, actor, Some(id)).await?;
            }
            Ok::<_, ViewError>(format!("/enquiries?view={id}"))
        })
    })
    .await?;
    match made {
        Ok(location) => Ok(ctx.redirect(&location, &format!("“{name}” is saved"))),
        Err(refused) => {
            form.fail("name", said(&ctx, refused));
            show(StatusCode::UNPROCESSABLE_ENTITY, &NewPage::new(&ctx, form, may_share(&ctx)))
        }
    }
}

pub async fn edit(State(state): State<AppState>, ctx: Ctx, Path(id): Path<SavedViewId>) -> Result<Response> {
    let view = changeable(&state, &ctx, id).await?;
    show(StatusCode::OK, &ViewPage::new(&ctx, forms::of(&view), view, may_share(&ctx), false))
}

pub async fn change(
    State(state): State<AppState>,
    ctx: Ctx,
    Path(id): Path<SavedViewId>,
    mut form: Form,
) -> Result<Response> {
    let view = changeable(&state, &ctx, id).await?;
    let Some(changed) = forms::changed(&mut form, &view, may_share(&ctx)) else {
        return show(StatusCode::UNPROCESSABLE_ENTITY, &ViewPage::new(&ctx, form, view, may_share(&ctx), false));
    };
    let (token, seen, name) = (form.one_time_token()?, forms::seen(&form), changed.name.clone());
    let saved = one_time::save(&state, ctx.actor(), token, VIEWS.to_owned(), move |write, actor| {
        Box::pin(async move { actions::change(write, actor, &changed, seen).await })
    })
    .await?;
    match saved {
        Ok(location) => Ok(ctx.redirect(&location, &format!("“{name}” is saved"))),
        Err(ViewError::Stale) => {
            let now = changeable(&state, &ctx, id).await?;
            show(StatusCode::CONFLICT, &ViewPage::new(&ctx, form, now, may_share(&ctx), true))
        }
        Err(refused) => {
            form.fail("name", said(&ctx, refused));
            show(StatusCode::UNPROCESSABLE_ENTITY, &ViewPage::new(&ctx, form, view, may_share(&ctx), false))
        }
    }
}

pub async fn deletion(State(state): State<AppState>, ctx: Ctx, Path(id): Path<SavedViewId>) -> Result<Response> {
    let view = changeable(&state, &ctx, id).await?;
    let opening = queries::count_opening(state.db.read(), id).await?;
    show(StatusCode::OK, &DeletionPage::new(&ctx, &Form::default(), view, opening, false))
}

pub async fn delete(
    State(state): State<AppState>,
    ctx: Ctx,
    Path(id): Path<SavedViewId>,
    form: Form,
) -> Result<Response> {
    // Deleted already, by whoever: it is what they want.
    let Some(view) = find(&state, &ctx, id).await? else {
        return Ok(if form.own_token().is_ok() {
            ctx.go(VIEWS).into_response()
        } else {
            AppError::NotFound.into_response()
        });
    };
    if !view.may_be_changed_by(&ctx) {
        return Err(AppError::Forbidden);
    }
    let (token, seen, name) = (form.one_time_token()?, forms::seen(&form), view.name.clone());
    let deleted = one_time::save(&state, ctx.actor(), token, VIEWS.to_owned(), move |write, actor| {
        Box::pin(async move { actions::delete(write, actor, id, seen).await })
    })
    .await?;
    match deleted {
        Ok(location) => Ok(ctx.redirect(&location, &format!("“{name}” is deleted"))),
        Err(_) => {
            let opening = queries::count_opening(state.db.read(), id).await?;
            show(StatusCode::CONFLICT, &DeletionPage::new(&ctx, &form, view, opening, true))
        }
    }
}

/// Whoever may share a view may save over one that is shared.
fn said(ctx: &Ctx, refused: ViewError) -> String {
    match refused {
        ViewError::NameShared if may_share(ctx) => ViewError::NameTaken.to_string(),
        refused => refused.to_string(),
    }
}

pub(super) fn may_share(ctx: &Ctx) -> bool {
    ctx.reach(Permission::ShareViews) == Reach::All
}

/// None for what is not there and for somebody else's own: that there is one would already say something.
pub(super) async fn find(state: &AppState, ctx: &Ctx, id: SavedViewId) -> Result<Option<SavedView>> {
    Ok(queries::find_visible(state.db.read(), id, ctx.user.id).await?)
}

pub(super) async fn changeable(state: &AppState, ctx: &Ctx, id: SavedViewId) -> Result<SavedView> {
    let view = find(state, ctx, id).await?.ok_or(AppError::NotFound)?;
    if view.may_be_changed_by(ctx) { Ok(view) } else { Err(AppError::Forbidden) }
}
