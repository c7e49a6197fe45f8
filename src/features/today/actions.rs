//! What the rows of Today do that no other feature does in one step: a contact with what follows from it.

use super::forms::Contact;
use crate::domain::ids::EnquiryId;
use crate::domain::ledger::{Fact, Ledger, Milestone, Place};
use crate::domain::milestone::MilestoneKind;
use crate::domain::note::NoteKind;
use crate::domain::pause::InTouch;
use crate::features::pipeline::{self, Change};
use crate::features::tasks;
use crate::web::{AppError, AppState, Ctx, one_time};

/// What a contact changes: the note always; the first conversation is the first contact; a family that was only kept in
/// touch with comes back on another day, or goes on.
pub fn changes(ctx: &Ctx, ledger: &Ledger, contact: &Contact, in_touch: bool) -> Vec<Change> {
    let spoke = contact.note.kind != NoteKind::NoAnswer;
    let first = spoke && ledger.facts().first(MilestoneKind::FirstContact).is_none();
    let first = first.then(|| Milestone::new(MilestoneKind::FirstContact, contact.note.on));
    let kept = ledger.in_touch.iter().rfind(|entry| entry.in_force() && entry.fact.holds_on(ctx.today));
    let kept = kept.filter(|_| in_touch).map(|entry| {
        let fact = match contact.again {
            Some(again) => InTouch { contact_again_on: Some(again), ..entry.fact.clone() },
            None => InTouch { to: Some(ctx.today), ..entry.fact.clone() },
        };
        let why = if contact.again.is_some() { "Contacted; to be contacted again" } else { "Contacted: they go on" };
        Change::Correct { place: Place::InTouch(entry.id), fact: Fact::InTouch(fact), why: why.to_owned() }
    });
    let first = first.map(|first| Change::Record(Fact::Milestone(first)));
    first.into_iter().chain(kept).chain([Change::Note(contact.note.clone())]).collect()
}

/// Nobody answered: the attempt is put down, and a task comes back on the day chosen.
pub async fn no_answer(
    state: &AppState,
    ctx: &Ctx,
    enquiry: EnquiryId,
    token: String,
    contact: &Contact,
) -> Result<(), AppError> {
    let again = contact.again.unwrap_or(ctx.today);
    let saved = one_time::save(state, ctx.actor(), token, "/today".to_owned(), move |write, actor| {
        Box::pin(tasks::no_answer_of(write, actor, enquiry, again))
    })
    .await?;
    saved.map(drop).map_err(|stale| AppError::Conflict(stale.to_string()))
}

pub async fn ledger(state: &AppState, enquiry: EnquiryId) -> Result<Ledger, AppError> {
    Ok(pipeline::load(&mut *state.db.read().acquire().await?, enquiry).await?)
}
