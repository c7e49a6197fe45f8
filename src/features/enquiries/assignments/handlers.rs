use axum::extract::State;
use axum::response::Response;

use super::actions::{Giving, GivingRefusal, give};
use super::forms;
use super::views::{AssignmentPage, NamingPage};
use crate::domain::ids::EnquiryId;
use crate::domain::ledger::{AttributeName, Entry, Ledger};
use crate::domain::role::Permission;
use crate::features::access::{self, Conflict, FormPage, Subject, Versions, show};
use crate::features::enquiries::restriction;
use crate::features::pipeline::{self, ActionError, Assignable, Seen};
use crate::web::{AppError, AppState, Ctx, Form, Path};

const OFFICER: &[AttributeName] = &[AttributeName::Officer];

pub async fn new(State(state): State<AppState>, ctx: Ctx, Path(id): Path<EnquiryId>) -> Result<Response, AppError> {
    let subject = access::open(&state, &ctx, id, Permission::AssignEnquiries).await?;
    let ledger = pipeline::read(&state, id).await?;
    let people = pipeline::list_assignable(state.db.read()).await?;
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
    let people = pipeline::list_assignable(state.db.read()).await?;
    if let Some(giving) = forms::assignment(&mut form, ctx.today, &people) {
        if giving.naming.is_some() {
            access::open(&state, &ctx, id, Permission::RestrictEnquiries).await?;
        }
        match give(&state, &ctx, id, token, giving.clone()).await? {
            Ok(location) => return Ok(ctx.redirect(&location, &said(&giving))),
            Err(GivingRefusal::NotNamed { .. }) => return ask(&state, &ctx, &subject, form, &giving).await,
            Err(GivingRefusal::Refused(ActionError::Stale)) => {
                return stale(&state, &ctx, &subject, &people, form).await;
            }
            Err(refused) => form.fail("from", refused.to_string()),
        }
    }
    let ledger = pipeline::read(&state, id).await?;
    page(&ctx, &subject, &ledger, &people, form, None)
}

/// Whether they shall be named as well: nobody is given a record that they cannot open.
async fn ask(
    state: &AppState,
    ctx: &Ctx,
    subject: &Subject,
    form: Form,
    giving: &Giving,
) -> Result<Response, AppError> {
    let open_to = restriction::sentence(&mut *state.db.read().acquire().await?, subject.id).await?;
    let heading = format!("Name {} as well?", name_of(giving));
    let head = FormPage::new(ctx, subject, form, &heading, "/assignments", "Name them as well");
    let page = NamingPage::new(head, giving, open_to).ok_or(AppError::NotFound)?;
    show(page.head.status(), &page)
}

async fn stale(
    state: &AppState,
    ctx: &Ctx,
    subject: &Subject,
    people: &[Assignable],
    mut form: Form,
) -> Result<Response, AppError> {
    let ledger = pipeline::read(state, subject.id).await?;
    form.keep_what_was_typed(&forms::of(&ledger.facts(), ctx.today, &Seen::of(&ledger, OFFICER)));
    let to = forms::assignment(&mut form, ctx.today, people).map(|giving| name_of(&giving)).unwrap_or_default();
    let last = ledger.attributes.iter().filter(|entry| entry.in_force() && entry.fact.name == AttributeName::Officer);
    let last: Option<&Entry<_>> = last.max_by_key(|entry| entry.id);
    let sentence = match last {
        Some(last) => {
            let by = pipeline::find_user_name(state.db.read(), last.recorded.by).await?;
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

fn name_of(giving: &Giving) -> String {
    giving.officer.as_ref().map_or_else(|| "Unassigned".to_owned(), |(name, _)| name.clone())
}

fn said(giving: &Giving) -> String {
    let (name, named) = (name_of(giving), giving.naming.is_some());
    if named { format!("{name} may open it and has it from now on") } else { format!("{name} from now on") }
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
