//! People: the list, one of them, and what an administrator does to one.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use super::super::actions::{self, Added, Link, PersonRefusal};
use super::super::forms;
use super::super::queries::{self, PersonRow};
use super::super::views::{Leaves, LinkPage, NewPersonPage, PeoplePage, PersonPage, versions};
use crate::db::Write;
use crate::domain::ids::UserId;
use crate::features::access::{Conflict, Versions};
use crate::features::enquiries;
use crate::web::error::Result;
use crate::web::page::invalid;
use crate::web::{AppError, AppState, Ctx, Form, Path, finish};

pub async fn index(State(state): State<AppState>, ctx: Ctx) -> Result<PeoplePage> {
    let people = queries::list_people(state.db.read(), ctx.now).await?;
    Ok(PeoplePage::new(&ctx, people))
}

pub async fn new(ctx: Ctx) -> NewPersonPage {
    let token = ctx.form_token();
    NewPersonPage::new(&ctx, Form::of([("form_token", token)]))
}

pub async fn create(State(state): State<AppState>, ctx: Ctx, mut form: Form) -> Result<Response> {
    let Some(person) = forms::person(&mut form) else { return invalid(NewPersonPage::new(&ctx, form)) };
    let form_token = form.one_time_token()?;
    finish(async move {
        match actions::add_once(&state.db, &ctx.actor(), &form_token, &person).await {
            Ok(Added::New(id, link)) => Ok(link_page(&state, &ctx, id, &person.name, &link)),
            Ok(Added::Before(location)) => Ok(ctx.go(&location)),
            Err(refusal @ PersonRefusal::EmailTaken) => {
                form.fail("email", refusal.to_string());
                invalid(NewPersonPage::new(&ctx, form))
            }
            Err(refusal) => Err(refusal.into()),
        }
    })
    .await
}

pub async fn show(State(state): State<AppState>, ctx: Ctx, Path(id): Path<String>) -> Result<PersonPage> {
    let person = find(&state, &ctx, &id).await?;
    let form = forms::of_person(&person.person(), person.version);
    page(&state, &ctx, form, person, None).await
}

pub async fn update(
    State(state): State<AppState>,
    ctx: Ctx,
    Path(id): Path<String>,
    mut form: Form,
) -> Result<Response> {
    let before = find(&state, &ctx, &id).await?;
    let Some(person) = forms::person(&mut form) else {
        return refused(&state, &ctx, form, before).await;
    };
    finish(async move {
        let mut write = state.db.write().await?;
        let version = forms::version(&form);
        match actions::change(&mut write, &ctx.actor(), before.id, version, &person).await {
            Ok(()) => {
                write.commit().await?;
                Ok(ctx.redirect("/people", &format!("The changes to {} are saved.", person.name)))
            }
            Err(PersonRefusal::Stale(now)) => {
                drop(write);
                form.keep_what_was_typed(&forms::of_person(&now.person(), now.version));
                let rows = versions(&now, &form);
                conflict(&state, &ctx, form, *now, rows).await
            }
            Err(refusal) => {
                drop(write);
                let field = match refusal {
                    PersonRefusal::EmailTaken => "email",
                    PersonRefusal::LastAdministrator(_) => "role",
                    other => return Err(other.into()),
                };
                form.fail(field, refusal.to_string());
                refused(&state, &ctx, form, before).await
            }
        }
    })
    .await
}

pub async fn link(State(state): State<AppState>, ctx: Ctx, Path(id): Path<String>) -> Result<Response> {
    let person = find(&state, &ctx, &id).await?;
    finish(async move {
        let mut write = state.db.write().await?;
        match actions::link(&mut write, &ctx.actor(), person.id).await {
            Ok(link) => {
                write.commit().await?;
                Ok(link_page(&state, &ctx, person.id, &person.name, &link))
            }
            Err(refusal @ PersonRefusal::Inactive) => Err(AppError::Conflict(refusal.to_string())),
            Err(refusal) => Err(refusal.into()),
        }
    })
    .await
}

pub async fn deactivate(
    State(state): State<AppState>,
    ctx: Ctx,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response> {
    let before = find(&state, &ctx, &id).await?;
    finish(async move {
        let mut write = state.db.write().await?;
        let done = actions::deactivate(&mut write, &ctx.actor(), before.id, forms::version(&form)).await;
        let message = format!("{} is signed out and can no longer sign in.", before.name);
        settle(&state, &ctx, write, before, done, &message).await
    })
    .await
}

pub async fn activate(State(state): State<AppState>, ctx: Ctx, Path(id): Path<String>, form: Form) -> Result<Response> {
    let before = find(&state, &ctx, &id).await?;
    finish(async move {
        let mut write = state.db.write().await?;
        let done = actions::activate(&mut write, &ctx.actor(), before.id, forms::version(&form)).await;
        let message = format!("{} can sign in again.", before.name);
        settle(&state, &ctx, write, before, done, &message).await
    })
    .await
}

/// Commits what was done, or shows the person with what stands in the way.
async fn settle(
    state: &AppState,
    ctx: &Ctx,
    write: Write,
    before: PersonRow,
    done: std::result::Result<(), PersonRefusal>,
    message: &str,
) -> Result<Response> {
    match done {
        Ok(()) => {
            write.commit().await?;
            Ok(ctx.redirect("/people", message))
        }
        Err(PersonRefusal::Stale(now)) => {
            drop(write);
            let form = forms::of_person(&now.person(), now.version);
            conflict(state, ctx, form, *now, Vec::new()).await
        }
        Err(refusal @ PersonRefusal::LastAdministrator(_)) => {
            drop(write);
            let mut form = forms::of_person(&before.person(), before.version);
            form.fail("", refusal.to_string());
            refused(state, ctx, form, before).await
        }
        Err(refusal) => Err(refusal.into()),
    }
}

async fn find(state: &AppState, ctx: &Ctx, id: &str) -> Result<PersonRow> {
    let id = forms::id(id).ok_or(AppError::NotFound)?;
    queries::find_person(state.db.read(), id, ctx.now).await?.ok_or(AppError::NotFound)
}

/// Both versions; saving once more is then a decision.
async fn conflict(state: &AppState, ctx: &Ctx, form: Form, now: PersonRow, rows: Vec<Versions>) -> Result<Response> {
    let sentence = format!("Somebody else has changed {} since you opened this page.", now.name);
    let page = page(state, ctx, form, now, Some(Conflict { sentence, rows })).await?;
    Ok((StatusCode::CONFLICT, page).into_response())
}

async fn refused(state: &AppState, ctx: &Ctx, form: Form, person: PersonRow) -> Result<Response> {
    invalid(page(state, ctx, form, person, None).await?)
}

async fn page(
    state: &AppState,
    ctx: &Ctx,
    form: Form,
    person: PersonRow,
    conflict: Option<Conflict>,
) -> Result<PersonPage> {
    let live = queries::count_live_enquiries(state.db.read(), person.id).await?;
    let stranded = enquiries::count_stranded_without(state.db.read(), person.id).await?;
    Ok(PersonPage::new(ctx, form, person, conflict, Leaves { live, stranded }))
}

fn link_page(state: &AppState, ctx: &Ctx, id: UserId, name: &str, link: &Link) -> Response {
    LinkPage::new(ctx, id, name, link.url(&state.config.base_url()), link.purpose).into_response()
}
