use axum::extract::State;
use axum::response::Response;

use super::forms;
use super::views::AssignmentPage;
use crate::domain::ids::EnquiryId;
use crate::domain::ledger::{AttributeName, Entry, Ledger};
use crate::domain::role::Permission;
use crate::features::access::{self, Subject};
use crate::features::access::{Conflict, FormPage, Versions, show};
use crate::features::pipeline::actions::ActionError;
use crate::features::pipeline::queries::Assignable;
use crate::features::pipeline::save::{Change, Seen, save};
use crate::features::pipeline::{queries, read};
use crate::web::{AppError, AppState, Ctx, Form, Path};

const OFFICER: &[AttributeName] = &[AttributeName::Officer];

pub async fn new(State(state): State<AppState>, ctx: Ctx, Path(id): Path<EnquiryId>) -> Result<Response, AppError> {
    let subject = access::open(&state, &ctx, id, Permission::AssignEnquiries).await?;
    let ledger = read(&state, id).await?;
    let people = queries::list_assignable(state.db.read()).await?;
    let form = forms::of(&ledger.facts(), ctx.today, &Seen::of(&ledger, OFFICER));
    page(&ctx, &subject, &ledger, &people, form, None)
}

pub async fn create(
    State(state): State<AppState>,
    ctx: Ctx,
    Path(id): Path<EnquiryId>,
    mut form: Form,
) -> Result<Response, AppError> {
    let subject = access::open(&state, &ctx, id, Permission::AssignEnquiries).await?;
    let token = form.one_time_token()?;
    let people = queries::list_assignable(state.db.read()).await?;
    if let Some(change) = forms::assignment(&mut form, ctx.today, &people) {
        let to = name_of(&change);
        match save(&state, &ctx, id, token, vec![change]).await? {
            Ok(location) => return Ok(ctx.redirect(&location, &format!("{to} from now on"))),
            Err(ActionError::Stale) => return stale(&state, &ctx, &subject, &people, form).await,
            Err(refused) => form.fail("from", refused.to_string()),
        }
    }
    let ledger = read(&state, id).await?;
    page(&ctx, &subject, &ledger, &people, form, None)
}

async fn stale(
    state: &AppState,
    ctx: &Ctx,
    subject: &Subject,
    people: &[Assignable],
    mut form: Form,
) -> Result<Response, AppError> {
    let ledger = read(state, subject.id).await?;
    form.keep_what_was_typed(&forms::of(&ledger.facts(), ctx.today, &Seen::of(&ledger, OFFICER)));
    let to = forms::assignment(&mut form, ctx.today, people).map(|change| name_of(&change)).unwrap_or_default();
    let last = ledger.attributes.iter().filter(|entry| entry.in_force() && entry.fact.name == AttributeName::Officer);
    let last: Option<&Entry<_>> = last.max_by_key(|entry| entry.id);
    let sentence = match last {
        Some(last) => {
            let by = queries::find_user_name(state.db.read(), last.recorded.by).await?;
            let on = last.recorded.at.london_text();
            match &last.fact.value {
                Some(officer) => format!("{by} gave this enquiry to {officer} on {on}; you chose {to}."),
                None => format!("{by} left this enquiry unassigned on {on}; you chose {to}."),
            }
        }
        None => "Somebody withdrew the officer who was recorded.".to_owned(),
    };
    let rows = vec![Versions::of("Officer", forms::name(last.map(|last| &last.fact)), to)];
    page(ctx, subject, &ledger, people, form, Some(Conflict { sentence, rows }))
}

fn name_of(change: &Change) -> String {
    match change {
        Change::Assign { officer: Some((name, _)), .. } => name.clone(),
        _ => "Unassigned".to_owned(),
    }
}

fn page(
    ctx: &Ctx,
    subject: &Subject,
    ledger: &Ledger,
    people: &[Assignable],
    form: Form,
    conflict: Option<Conflict>,
) -> Result<Response, AppError> {
    let facts = ledger.facts();
    let officer = facts.latest_attribute(AttributeName::Officer);
    let since = officer.and_then(|officer| officer.from).map(|from| format!(", since {}", from.long()));
    let now = forms::name(officer) + &since.unwrap_or_default();
    let head = FormPage::new(ctx, subject, form, "Give to an officer", "/assignments", "Save");
    let head = head.with_conflict(conflict);
    show(head.status(), &AssignmentPage { page: head.page.clone(), head, now, people: forms::choices(people) })
}
