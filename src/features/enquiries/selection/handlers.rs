use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use sqlx::SqliteConnection;

use super::actions::{self, Deed, Hindered};
use super::forms::{self, Which};
use super::queries;
use super::rows::{MOST, Rows, counted};
use super::views::{CheckPage, Kind, NewPage};
use crate::domain::ids::EnquiryId;
use crate::domain::role::{Permission, Reach};
use crate::domain::task::Whose;
use crate::features::access::{Viewer, show};
use crate::features::enquiries::list::{self, Asking};
use crate::features::tasks::Span;
use crate::features::{pipeline, tasks};
use crate::web::error::Result;
use crate::web::form::Choice;
use crate::web::{AppError, AppState, Ctx, Form, Path, finish, one_time};

pub async fn new_assignments(State(state): State<AppState>, ctx: Ctx, RawQuery(query): RawQuery) -> Result<Response> {
    new(&state, &ctx, list::form_of(&query.unwrap_or_default()), Kind::Assignments).await
}

pub async fn new_tasks(State(state): State<AppState>, ctx: Ctx, RawQuery(query): RawQuery) -> Result<Response> {
    let mut form = list::form_of(&query.unwrap_or_default());
    form.set("whose", Whose::Officer.code());
    new(&state, &ctx, form, Kind::Tasks).await
}

pub async fn check_assignments(State(state): State<AppState>, ctx: Ctx, form: Form) -> Result<Response> {
    check(&state, &ctx, form, Kind::Assignments).await
}

pub async fn check_tasks(State(state): State<AppState>, ctx: Ctx, form: Form) -> Result<Response> {
    check(&state, &ctx, form, Kind::Tasks).await
}

pub async fn assign(State(state): State<AppState>, ctx: Ctx, form: Form) -> Result<Response> {
    apply(&state, &ctx, form, Kind::Assignments).await
}

pub async fn make_tasks(State(state): State<AppState>, ctx: Ctx, form: Form) -> Result<Response> {
    apply(&state, &ctx, form, Kind::Tasks).await
}

/// What and to whom, for the rows that were chosen in the list.
async fn new(state: &AppState, ctx: &Ctx, mut form: Form, kind: Kind) -> Result<Response> {
    let mut db = state.db.read().acquire().await?;
    let ids = match forms::which(&mut form) {
        Some(Which::These(ids)) => Some(ids),
        Some(Which::Matching) => {
            let asking = Asking::read(&mut db, ctx, form.value("query")).await?;
            if asking.form.is_valid() {
                let ids = list::matching(&mut db, &asking, ctx.today, MOST).await?;
                forms::within_bounds(&mut form, ids)
            } else {
                form.fail("", "The list in the address is not known. Go back to the list and choose again");
                None
            }
        }
        None => None,
    };
    let rows = rows_of(&mut db, ctx, kind, &ids.unwrap_or_default()).await?;
    drop(db);
    new_page(state, ctx, form, kind, rows).await
}

/// The confirmation: how many, to whom, and what stays as it is.
async fn check(state: &AppState, ctx: &Ctx, mut form: Form, kind: Kind) -> Result<Response> {
    let seen = forms::seen(&mut form).unwrap_or_default();
    let deed = deed(state, ctx, &mut form, kind).await?;
    let ids: Vec<_> = seen.iter().map(|(id, _)| *id).collect();
    let mut db = state.db.read().acquire().await?;
    let rows = rows_of(&mut db, ctx, kind, &ids).await?;
    match deed {
        Some(deed) if form.is_valid() => {
            let rows = deed.leaving(&mut db, rows).await?;
            drop(db);
            check_page(state, ctx, form, (kind, &deed), rows, false).await
        }
        _ => {
            drop(db);
            new_page(state, ctx, form, kind, rows).await
        }
    }
}

/// All of it, or the confirmation again with what stands in the way.
async fn apply(state: &AppState, ctx: &Ctx, mut form: Form, kind: Kind) -> Result<Response> {
    let seen = forms::seen(&mut form).unwrap_or_default();
    let deed = deed(state, ctx, &mut form, kind).await?.filter(|_| form.is_valid());
    let Some(deed) = deed else {
        let ids: Vec<_> = seen.iter().map(|(id, _)| *id).collect();
        let rows = rows_of(&mut *state.db.read().acquire().await?, ctx, kind, &ids).await?;
        return new_page(state, ctx, form, kind, rows).await;
    };
    let (token, location) = (form.one_time_token()?, back(&form));
    let (viewer, count, done) = (viewer(ctx, kind), seen.len(), deed.clone());
    let applied = one_time::save_and_go(state, ctx.actor(), token, move |write, actor| {
        Box::pin(async move {
            let made = actions::apply(write, actor, viewer, &seen, &deed).await?;
            // Behind the address, so that a second click knows them too.
            Ok(made.map_or_else(|| location.clone(), |span| format!("{location}#{span}")))
        })
    })
    .await?;
    match applied {
        Ok(location) => {
            let (location, made) = location.split_once('#').unwrap_or((&location, ""));
            Ok(match made.parse::<Span>() {
                Ok(span) => ctx.redirect_with_undo(location, &said(&done, count), undo_address(&form, span)),
                Err(_) => ctx.redirect(location, &said(&done, count)),
            })
        }
        Err(Hindered::Rows(rows)) => check_page(state, ctx, form, (kind, &done), rows, true).await,
        Err(Hindered::Database(error)) => Err(error.into()),
    }
}

fn undo_address(form: &Form, span: Span) -> String {
    let query = form_urlencoded::Serializer::new(String::new()).append_pair("query", form.value("query")).finish();
    format!("/enquiries/tasks/{span}/undoings?{query}")
}

/// Takes back the tasks that somebody has just added to many.
pub async fn take_back(
    State(state): State<AppState>,
    ctx: Ctx,
    Path(span): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response> {
    let span: Span = span.parse().map_err(|_| AppError::NotFound)?;
    let back = back(&list::form_of(&query.unwrap_or_default()));
    let (db, actor, viewer) = (state.db.clone(), ctx.actor(), viewer(&ctx, Kind::Tasks));
    let taken = finish(async move {
        let mut write = db.write().await?;
        let taken = match tasks::take_back(&mut write, &actor, viewer, span).await {
            Ok(taken) => taken,
            Err(stale) => return Err(AppError::Internal(stale.into())),
        };
        write.commit().await?;
        Ok(taken)
    });
    Ok(ctx.redirect(&back, &taken.await?.sentence()))
}

fn said(deed: &Deed, count: usize) -> String {
    let (enquiries, are) = (counted(count), if count == 1 { "is" } else { "are" });
    match deed {
        Deed::Assign(Some((name, _))) => format!("{enquiries} {are} with {name} from today"),
        Deed::Assign(None) => format!("{enquiries} {are} unassigned from today"),
        Deed::Task(_) => format!("The task is added to {enquiries}"),
    }
}

/// None leaves its sentences in the form.
async fn deed(state: &AppState, ctx: &Ctx, form: &mut Form, kind: Kind) -> Result<Option<Deed>> {
    Ok(match kind {
        Kind::Assignments => {
            let people = pipeline::list_assignable(state.db.read()).await?;
            forms::officer(form, &people).map(Deed::Assign)
        }
        Kind::Tasks => {
            let colleagues = tasks::list_colleagues(state.db.read()).await?;
            tasks::wanted(form, ctx.today, &colleagues, true, None).map(Deed::Task)
        }
    })
}

async fn choices(state: &AppState, kind: Kind) -> Result<Vec<Choice>> {
    Ok(match kind {
        Kind::Assignments => forms::officer_choices(&pipeline::list_assignable(state.db.read()).await?),
        Kind::Tasks => tasks::whose_choices(&tasks::list_colleagues(state.db.read()).await?, true),
    })
}

/// Who may change only what is assigned to them chooses among that only.
fn viewer(ctx: &Ctx, kind: Kind) -> Viewer {
    let permission = match kind {
        Kind::Assignments => Permission::AssignEnquiries,
        Kind::Tasks => Permission::WriteEnquiries,
    };
    Viewer { user: ctx.user.id, own_only: ctx.reach(permission) < Reach::All }
}

async fn rows_of(db: &mut SqliteConnection, ctx: &Ctx, kind: Kind, ids: &[EnquiryId]) -> Result<Rows> {
    Ok(Rows::of(queries::list_chosen(db, ids, viewer(ctx, kind)).await?))
}

async fn new_page(state: &AppState, ctx: &Ctx, form: Form, kind: Kind, rows: Rows) -> Result<Response> {
    let status = if form.is_valid() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    show(status, &NewPage::new(ctx, back(&form), form, kind, rows, choices(state, kind).await?))
}

async fn check_page(
    state: &AppState,
    ctx: &Ctx,
    form: Form,
    (kind, deed): (Kind, &Deed),
    rows: Rows,
    hindered: bool,
) -> Result<Response> {
    let status = if hindered { StatusCode::CONFLICT } else { StatusCode::OK };
    let choices = choices(state, kind).await?;
    show(status, &CheckPage::new(ctx, back(&form), &form, (kind, deed), rows, &choices, hindered))
}

/// The list from which they came. Written anew, so that nothing but an address of the list comes of it.
fn back(form: &Form) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(form_urlencoded::parse(form.value("query").as_bytes()));
    let query = query.finish();
    if query.is_empty() { "/enquiries".to_owned() } else { format!("/enquiries?{query}") }
}
