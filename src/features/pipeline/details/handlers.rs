use axum::extract::State;
use axum::response::Response;

use super::forms::{self, NAMES};
use super::views::DetailsPage;
use crate::domain::fostering::FosteringType;
use crate::domain::ids::EnquiryId;
use crate::domain::ledger::Ledger;
use crate::domain::milestone::MilestoneKind;
use crate::domain::role::Permission;
use crate::domain::source::List;
use crate::features::access::{self, Subject};
use crate::features::access::{Conflict, FormPage, Versions, show};
use crate::features::pipeline::action_error::ActionError;
use crate::features::pipeline::save::{Seen, save};
use crate::features::pipeline::{queries, read};
use crate::web::form::Choice;
use crate::web::{AppError, AppState, Ctx, Form, Path};

pub async fn edit(State(state): State<AppState>, ctx: Ctx, Path(id): Path<EnquiryId>) -> Result<Response, AppError> {
    let subject = access::open(&state, &ctx, id, Permission::WriteEnquiries).await?;
    let ledger = read(&state, id).await?;
    let form = forms::of(&ledger.facts(), &Seen::of(&ledger, NAMES));
    page(&state, &ctx, &subject, &ledger, form, None).await
}

pub async fn change(
    State(state): State<AppState>,
    ctx: Ctx,
    Path(id): Path<EnquiryId>,
    mut form: Form,
) -> Result<Response, AppError> {
    let subject = access::open(&state, &ctx, id, Permission::WriteEnquiries).await?;
    let token = form.one_time_token()?;
    forms::spell(&mut form, &offered(&state).await?);
    if let Some(change) = forms::details(&mut form) {
        match save(&state, &ctx, id, token, vec![change]).await? {
            Ok(location) => return Ok(ctx.redirect(&location, "The details are saved")),
            Err(ActionError::Stale) => return stale(&state, &ctx, &subject, form).await,
            Err(ActionError::ReferenceTaken) => form.fail("hub_reference", ActionError::ReferenceTaken.to_string()),
            Err(refused) => form.fail("", refused.to_string()),
        }
    }
    let ledger = read(&state, id).await?;
    page(&state, &ctx, &subject, &ledger, form, None).await
}

async fn stale(state: &AppState, ctx: &Ctx, subject: &Subject, mut form: Form) -> Result<Response, AppError> {
    let ledger = read(state, subject.id).await?;
    let facts = ledger.facts();
    form.keep_what_was_typed(&forms::of(&facts, &Seen::of(&ledger, NAMES)));
    let last = ledger.attributes.iter().filter(|entry| NAMES.contains(&entry.fact.name)).max_by_key(|it| it.id);
    let sentence = match last {
        Some(last) => {
            let by = queries::find_user_name(state.db.read(), last.recorded.by).await?;
            format!("{by} changed the details on {}.", last.recorded.at.london_text())
        }
        None => "Somebody else changed the details.".to_owned(),
    };
    let rows = NAMES.iter().map(|name| {
        let now = facts.attribute(*name).unwrap_or_default();
        Versions::of(name.label(), forms::shown(*name, now), forms::shown(*name, form.value(name.code())))
    });
    let conflict = Conflict { sentence, rows: rows.collect() };
    page(state, ctx, subject, &ledger, form, Some(conflict)).await
}

async fn page(
    state: &AppState,
    ctx: &Ctx,
    subject: &Subject,
    ledger: &Ledger,
    form: Form,
    conflict: Option<Conflict>,
) -> Result<Response, AppError> {
    let [(_, sources), (_, campaigns)] = offered(state).await?;
    let head = FormPage::new(ctx, subject, form, "Change the details", "/details", "Save the details");
    let began = |entry: &&crate::domain::ledger::Entry<crate::domain::ledger::Milestone>| {
        entry.in_force() && matches!(entry.fact.kind, MilestoneKind::Enquired | MilestoneKind::EnquiryReceived)
    };
    let dates = ledger.milestones.iter().filter(began);
    let head = head.with_conflict(conflict);
    let page = DetailsPage {
        page: head.page.clone(),
        head,
        kinds: FosteringType::ALL.iter().map(|kind| Choice::of(kind.code(), kind.label())).collect(),
        sources,
        campaigns,
        hubs: queries::list_hubs(state.db.read()).await?,
        dates: dates.map(|it| (it.fact.kind.label(), it.fact.on.long(), it.id)).collect(),
    };
    show(page.head.status(), &page)
}

async fn offered(state: &AppState) -> Result<[(List, Vec<String>); 2], AppError> {
    let sources = queries::list_offered(state.db.read(), List::Source).await?;
    let campaigns = queries::list_offered(state.db.read(), List::Campaign).await?;
    Ok([(List::Source, sources), (List::Campaign, campaigns)])
}
