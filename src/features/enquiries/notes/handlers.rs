use axum::extract::{Query, State};
use axum::response::Response;
use serde::Deserialize;

use super::forms;
use super::views::NotePage;
use crate::domain::ids::{EnquiryId, NoteId};
use crate::domain::ledger::{Fact, Milestone};
use crate::domain::milestone::MilestoneKind;
use crate::domain::note::NoteKind;
use crate::domain::role::Permission;
use crate::features::access::{self, Conflict, FormPage, Subject, Versions, show};
use crate::features::notes::{self, ActionError, Draft, NewNote, Saved};
use crate::features::pipeline::{self, Change, save};
use crate::web::{AppError, AppState, Ctx, Form, Path, one_time};

#[derive(Deserialize)]
pub struct Asked {
    kind: Option<NoteKind>,
}

pub async fn new(
    State(state): State<AppState>,
    ctx: Ctx,
    Path(id): Path<EnquiryId>,
    Query(asked): Query<Asked>,
) -> Result<Response, AppError> {
    let subject = access::open(&state, &ctx, id, Permission::WriteEnquiries).await?;
    let no_contact_yet = no_contact_yet(&state, id).await?;
    let draft = notes::find_draft(state.db.read(), ctx.user.id, id, None).await?;
    let form = match &draft {
        Some(draft) => forms::of_draft(draft, ctx.today),
        None => forms::empty(asked.kind.unwrap_or(NoteKind::Note), ctx.today, no_contact_yet),
    };
    new_page(&ctx, &subject, form, no_contact_yet, draft.as_ref())
}

pub async fn create(
    State(state): State<AppState>,
    ctx: Ctx,
    Path(id): Path<EnquiryId>,
    mut form: Form,
) -> Result<Response, AppError> {
    let subject = access::open(&state, &ctx, id, Permission::WriteEnquiries).await?;
    let token = form.one_time_token()?;
    if let Some(note) = forms::note(&mut form, ctx.today) {
        let first = forms::is_first_contact(&form, &note);
        let contact = Fact::Milestone(Milestone::new(MilestoneKind::FirstContact, note.on));
        let contact = first.then_some(Change::Record(contact));
        let recorded = format!("{} is recorded", MilestoneKind::FirstContact.label());
        let said = if first { &recorded } else { "The note is saved" };
        let saved = forms::saved(&form, &note);
        let changes = contact.into_iter().chain([Change::Note(note), Change::DropDraft(saved)]).collect();
        match save(&state, &ctx, id, token, changes).await? {
            Ok(location) => return Ok(ctx.redirect(&location, said)),
            Err(refused) => form.fail("on", refused.to_string()),
        }
    }
    let no_contact_yet = no_contact_yet(&state, id).await?;
    new_page(&ctx, &subject, form, no_contact_yet, None)
}

async fn no_contact_yet(state: &AppState, id: EnquiryId) -> Result<bool, AppError> {
    let ledger = pipeline::load(&mut *state.db.read().acquire().await?, id).await?;
    Ok(ledger.facts().first(MilestoneKind::FirstContact).is_none())
}

fn new_page(
    ctx: &Ctx,
    subject: &Subject,
    form: Form,
    no_contact_yet: bool,
    draft: Option<&Draft>,
) -> Result<Response, AppError> {
    let is_note = matches!(form.value("kind"), "" | "note");
    let heading = if is_note { "Add a note" } else { "Record contact" };
    let head = FormPage::new(ctx, subject, form, heading, "/notes", "Save");
    let page = NotePage {
        page: head.page.clone(),
        head,
        kinds: forms::kinds(),
        no_contact_yet,
        note: None,
        draft: draft.map(|draft| draft.kept_at),
    };
    show(page.head.status(), &page)
}

pub async fn edit(
    State(state): State<AppState>,
    ctx: Ctx,
    Path((id, note)): Path<(EnquiryId, NoteId)>,
) -> Result<Response, AppError> {
    let subject = access::open(&state, &ctx, id, Permission::WriteEnquiries).await?;
    access::opened(&state, &ctx, &subject);
    let current = notes::find_current(state.db.read(), id, note).await?.ok_or(AppError::NotFound)?;
    // A draft is saved over the version that it was made from, or not at all: see `Conflict`.
    match notes::find_draft(state.db.read(), ctx.user.id, id, Some(current.root)).await? {
        Some(draft) => {
            let versions = notes::list_with_versions(state.db.read(), id).await?;
            let form = forms::of_draft(&draft, ctx.today);
            let form = match versions.iter().find(|version| version.id == draft.note) {
                Some(version) => form.opened_over(&forms::of(version)),
                None => form,
            };
            edit_page(&ctx, &subject, draft.note, form, None, Some(&draft))
        }
        None => edit_page(&ctx, &subject, current.id, forms::of(&current), None, None),
    }
}

pub async fn change(
    State(state): State<AppState>,
    ctx: Ctx,
    Path((id, note)): Path<(EnquiryId, NoteId)>,
    mut form: Form,
) -> Result<Response, AppError> {
    let subject = access::open(&state, &ctx, id, Permission::WriteEnquiries).await?;
    let token = form.one_time_token()?;
    let current = notes::find_current(state.db.read(), id, note).await?.ok_or(AppError::NotFound)?;
    let Some(typed) = forms::note(&mut form, ctx.today) else {
        return edit_page(&ctx, &subject, note, form, None, None);
    };
    let saved = forms::saved(&form, &typed);
    match save_change(&state, &ctx, id, note, token, typed.clone(), (current.root, saved)).await? {
        Ok(location) => Ok(ctx.redirect(&location, "The note is changed. Its earlier version is kept")),
        Err(_) => {
            let now = notes::find_current(state.db.read(), id, note).await?.unwrap_or(current);
            form.keep_what_was_typed(&forms::of(&now));
            let typed = forms::note(&mut form, ctx.today).unwrap_or(typed);
            let sentence = format!("{} changed this note on {}.", now.by, now.recorded_at.london_text());
            let rows = vec![
                Versions::of("Kind", now.kind.label(), typed.kind.label()),
                Versions::of("Date", now.on.long(), typed.on.long()),
                Versions::of("Text", now.body, typed.body),
            ];
            edit_page(&ctx, &subject, now.id, form, Some(Conflict { sentence, rows }), None)
        }
    }
}

/// Where to go on, or that somebody else was first.
async fn save_change(
    state: &AppState,
    ctx: &Ctx,
    id: EnquiryId,
    edited: NoteId,
    token: String,
    note: NewNote,
    (root, saved): (NoteId, Saved),
) -> Result<Result<String, ActionError>, AppError> {
    let location = format!("/enquiries/{id}/notes");
    one_time::save(state, ctx.actor(), token, location, move |write, actor| {
        Box::pin(async move {
            notes::change(write, actor, id, edited, &note).await?;
            Ok(notes::drop_saved_draft(write, actor.user, id, Some(root), &saved).await?)
        })
    })
    .await
}

fn edit_page(
    ctx: &Ctx,
    subject: &Subject,
    note: NoteId,
    form: Form,
    conflict: Option<Conflict>,
    draft: Option<&Draft>,
) -> Result<Response, AppError> {
    let action = format!("/notes/{note}/corrections");
    let head = FormPage::new(ctx, subject, form, "Edit the note", &action, "Save the note").with_conflict(conflict);
    let page = NotePage {
        page: head.page.clone(),
        head,
        kinds: forms::kinds(),
        no_contact_yet: false,
        note: Some(note),
        draft: draft.map(|draft| draft.kept_at),
    };
    show(page.head.status(), &page)
}
