use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;

use super::actions::ActionError;
use super::forms;
use super::queries::{self, Task};
use super::queries_to_do::{self, Of};
use super::save::{Deed, save};
use super::views::{ListPage, NewPage, TaskPage, name_of, versions};
use crate::domain::day::Day;
use crate::domain::ids::{EnquiryId, TaskId, UserId};
use crate::domain::role::{Permission, Reach};
use crate::features::access::{self, Conflict, Subject, Versions, Viewer, show};
use crate::web::paging::{Slice, key};
use crate::web::{AppError, AppState, Ctx, Form, Page, Path};

/// How many one page lists.
const PAGE: usize = 50;

#[derive(Deserialize)]
pub struct Asked {
    #[serde(default)]
    whose: String,
    after: Option<String>,
}

/// Everything that is to do, whatever the day.
pub async fn index(State(state): State<AppState>, ctx: Ctx, Query(asked): Query<Asked>) -> Result<Response, AppError> {
    let viewer = Viewer::of(&ctx);
    let of = match asked.whose.as_str() {
        "everybody" => Of::Everybody,
        "unassigned" => Of::Nobody,
        text => text.parse().map_or_else(
            |_| Of::Person(ctx.user.id, ctx.user.roles.clone()),
            |colleague: UserId| Of::Person(colleague, Vec::new()),
        ),
    };
    let after = asked.after.as_deref().and_then(key);
    let last = Day(jiff::civil::Date::MAX);
    let rows = queries_to_do::list_to_do(state.db.read(), &of, last, after, viewer, PAGE as i64 + 1).await?;
    let slice = Slice::new(rows, PAGE, |row| (row.due, row.id.0));
    let switch = [("Mine", ""), ("Everybody’s", "everybody"), ("Unassigned", "unassigned")];
    let switch = switch.iter().filter(|(_, whose)| whose.is_empty() || !viewer.own_only);
    let page = ListPage {
        page: Page::new(&ctx, "Tasks"),
        rows: slice.rows,
        today: ctx.today,
        switch: switch
            .map(|(label, whose)| ((*label).to_owned(), format!("/tasks?whose={whose}"), *whose == asked.whose))
            .collect(),
        next: slice.next.map(|next| format!("/tasks?whose={}&after={next}", asked.whose)),
    };
    show(StatusCode::OK, &page)
}

pub async fn new(State(state): State<AppState>, ctx: Ctx) -> Result<Response, AppError> {
    new_page(&state, &ctx, None, forms::empty(ctx.user.id)).await
}

pub async fn create(State(state): State<AppState>, ctx: Ctx, form: Form) -> Result<Response, AppError> {
    made(&state, &ctx, None, form).await
}

pub async fn new_of(State(state): State<AppState>, ctx: Ctx, Path(id): Path<EnquiryId>) -> Result<Response, AppError> {
    let subject = access::open(&state, &ctx, id, Permission::WriteEnquiries).await?;
    access::opened(&state, &ctx, &subject);
    new_page(&state, &ctx, Some(&subject), forms::empty(ctx.user.id)).await
}

pub async fn create_of(
    State(state): State<AppState>,
    ctx: Ctx,
    Path(id): Path<EnquiryId>,
    form: Form,
) -> Result<Response, AppError> {
    let subject = access::open(&state, &ctx, id, Permission::WriteEnquiries).await?;
    made(&state, &ctx, Some(&subject), form).await
}

async fn made(state: &AppState, ctx: &Ctx, subject: Option<&Subject>, mut form: Form) -> Result<Response, AppError> {
    let colleagues = queries::list_colleagues(state.db.read()).await?;
    if let Some(wanted) = forms::wanted(&mut form, ctx.today, &colleagues, subject.is_some(), None) {
        let token = form.one_time_token()?;
        let deed = Deed::Make { enquiry: subject.map(|subject| subject.id), wanted };
        if let Ok(location) = save(state, ctx, token, back(subject.map(|subject| subject.id)), deed).await? {
            return Ok(ctx.redirect(&location, "The task is on the list"));
        }
    }
    new_page(state, ctx, subject, form).await
}

async fn new_page(state: &AppState, ctx: &Ctx, subject: Option<&Subject>, form: Form) -> Result<Response, AppError> {
    let colleagues = queries::list_colleagues(state.db.read()).await?;
    let status = if form.is_valid() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = NewPage {
        page: Page::new(ctx, "Add a task").with_errors_of(&form),
        token: form.kept_token(ctx),
        action: subject.map_or_else(|| "/tasks".to_owned(), |subject| format!("/enquiries/{}/tasks", subject.id)),
        whose: forms::choices(&colleagues, subject.is_some()),
        subject: subject.cloned(),
        form,
    };
    show(status, &page)
}

pub async fn task(State(state): State<AppState>, ctx: Ctx, Path(id): Path<TaskId>) -> Result<Response, AppError> {
    let (task, subject) = open(&state, &ctx, id).await?;
    if let Some(subject) = &subject {
        access::opened(&state, &ctx, subject);
    }
    let form = forms::of(&task);
    task_page(&state, &ctx, task, subject, form, None).await
}

pub async fn complete(
    State(state): State<AppState>,
    ctx: Ctx,
    Path(id): Path<TaskId>,
    mut form: Form,
) -> Result<Response, AppError> {
    let deed = forms::outcome(&mut form).map(|outcome| Deed::Complete { seen: id, outcome });
    changed(&state, &ctx, id, form, deed, "Done").await
}

pub async fn no_answer(
    State(state): State<AppState>,
    ctx: Ctx,
    Path(id): Path<TaskId>,
    mut form: Form,
) -> Result<Response, AppError> {
    let again = forms::again(&mut form, ctx.today);
    let said = again.map(|again| format!("No answer is recorded. It is due again on {}", again.long()));
    let deed = again.map(|again| Deed::NoAnswer { seen: id, again });
    changed(&state, &ctx, id, form, deed, &said.unwrap_or_default()).await
}

pub async fn withdraw(
    State(state): State<AppState>,
    ctx: Ctx,
    Path(id): Path<TaskId>,
    mut form: Form,
) -> Result<Response, AppError> {
    let deed = forms::why(&mut form).map(|why| Deed::Withdraw { seen: id, why });
    changed(&state, &ctx, id, form, deed, "The task is off the list").await
}

pub async fn reopen(
    State(state): State<AppState>,
    ctx: Ctx,
    Path(id): Path<TaskId>,
    form: Form,
) -> Result<Response, AppError> {
    changed(&state, &ctx, id, form, Some(Deed::Reopen { seen: id }), "The task is on the list again").await
}

pub async fn change(
    State(state): State<AppState>,
    ctx: Ctx,
    Path(id): Path<TaskId>,
    mut form: Form,
) -> Result<Response, AppError> {
    let (task, _) = open(&state, &ctx, id).await?;
    let colleagues = queries::list_colleagues(state.db.read()).await?;
    let wanted = forms::wanted(&mut form, ctx.today, &colleagues, task.enquiry.is_some(), Some(&task));
    let deed = wanted.map(|wanted| Deed::Change { seen: id, wanted });
    changed(&state, &ctx, id, form, deed, "The task is changed").await
}

/// Does it, or shows the task again with what is wrong, or with what somebody else did first.
async fn changed(
    state: &AppState,
    ctx: &Ctx,
    id: TaskId,
    mut form: Form,
    deed: Option<Deed>,
    said: &str,
) -> Result<Response, AppError> {
    let (task, subject) = open(state, ctx, id).await?;
    let token = form.one_time_token()?;
    let Some(deed) = deed else { return task_page(state, ctx, task, subject, form, None).await };
    match save(state, ctx, token, back(task.enquiry), deed.clone()).await? {
        Ok(location) => Ok(ctx.redirect(&location, said)),
        Err(ActionError::Stale | ActionError::Database(_)) => {
            let (now, subject) = open(state, ctx, id).await?;
            let deed = over(state, ctx, &now, &mut form, deed).await?;
            let conflict = conflict(state, &now, &deed).await?;
            task_page(state, ctx, now, subject, form, Some(conflict)).await
        }
    }
}

/// A change as it would be over the task as it stands now: what was not touched is as somebody else left it.
async fn over(state: &AppState, ctx: &Ctx, now: &Task, form: &mut Form, deed: Deed) -> Result<Deed, AppError> {
    let Deed::Change { wanted, .. } = deed else { return Ok(deed) };
    form.keep_what_was_typed(&forms::of(now));
    let colleagues = queries::list_colleagues(state.db.read()).await?;
    let merged = forms::wanted(form, ctx.today, &colleagues, now.enquiry.is_some(), Some(now));
    Ok(Deed::Change { seen: now.id, wanted: merged.unwrap_or(wanted) })
}

async fn conflict(state: &AppState, now: &Task, deed: &Deed) -> Result<Conflict, AppError> {
    let sentence = format!("{} changed this task on {}.", now.by, now.recorded_at.london_text());
    let colleagues = queries::list_colleagues(state.db.read()).await?;
    let rows = match deed {
        Deed::Change { wanted, .. } => {
            let code = wanted.whose.code();
            let choices = forms::choices(&colleagues, now.enquiry.is_some());
            let chosen = choices.iter().find(|choice| choice.value == code).map(|choice| choice.label.clone());
            let chosen = chosen.or_else(|| name_of(&colleagues, &code).map(str::to_owned)).unwrap_or_default();
            vec![
                Versions::of("What", now.what.clone(), wanted.what.clone()),
                Versions::of("Due", now.due.long(), wanted.due.long()),
                Versions::of("Whose", now.whose_in_words(), chosen),
            ]
        }
        Deed::Complete { outcome, .. } => vec![Versions::of("How it stands", now.ending(), format!("Done: {outcome}"))],
        Deed::NoAnswer { again, .. } => vec![Versions::of("Due", now.due.long(), again.long())],
        Deed::Withdraw { why, .. } => vec![Versions::of("How it stands", now.ending(), format!("Not needed: {why}"))],
        Deed::Make { .. } | Deed::Reopen { .. } => Vec::new(),
    };
    Ok(Conflict { sentence, rows })
}

async fn task_page(
    state: &AppState,
    ctx: &Ctx,
    task: Task,
    subject: Option<Subject>,
    form: Form,
    conflict: Option<Conflict>,
) -> Result<Response, AppError> {
    let colleagues = queries::list_colleagues(state.db.read()).await?;
    let all = queries::list_versions(state.db.read(), task.root).await?;
    let status = match (&conflict, form.is_valid()) {
        (Some(_), _) => StatusCode::CONFLICT,
        (None, false) => StatusCode::UNPROCESSABLE_ENTITY,
        (None, true) => StatusCode::OK,
    };
    let page = Page::new(ctx, task.what.clone()).with_errors_of(&form).with_conflict(conflict.is_some());
    let mut filled = forms::of(&task);
    filled.take_over(&form);
    let page = TaskPage {
        page,
        token: form.kept_token(ctx),
        whose: forms::choices(&colleagues, task.enquiry.is_some()),
        versions: versions(&all),
        form: forms::with_tomorrow(filled, ctx.today),
        subject,
        task,
        conflict,
        today: ctx.today,
    };
    show(status, &page)
}

/// The task as it stands, and whose enquiry it is about; for those who may see that.
async fn open(state: &AppState, ctx: &Ctx, id: TaskId) -> Result<(Task, Option<Subject>), AppError> {
    let task = queries::find_current(state.db.read(), id).await?.ok_or(AppError::NotFound)?;
    match task.enquiry {
        Some(enquiry) => {
            let subject = access::open(state, ctx, enquiry, Permission::WriteEnquiries).await?;
            Ok((task, Some(subject)))
        }
        None if ctx.reach(Permission::WriteEnquiries) < Reach::All && task.user != Some(ctx.user.id) => {
            Err(AppError::Forbidden)
        }
        None => Ok((task, None)),
    }
}

/// Where the other tasks are.
fn back(enquiry: Option<EnquiryId>) -> String {
    enquiry.map_or_else(|| "/tasks".to_owned(), |enquiry| format!("/enquiries/{enquiry}/tasks"))
}
