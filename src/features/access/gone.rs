//! A record that was there and was taken back, by undoing its import or the separation that made it: the page says why,
//! and shows whoever asks what they had begun to write on it.

use askama::Template;
use axum::extract::{Request, State};
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Response};

use super::queries;
use crate::domain::ids::EnquiryId;
use crate::domain::instant::Instant;
use crate::domain::note::NoteKind;
use crate::domain::role::{Permission, Reach};
use crate::features::notes::{self, Draft};
use crate::web::{AppError, AppState, Page, User, Visit};

pub struct Gone {
    pub sentence: String,
    /// The record that its people are part of again.
    pub goes_on: Option<GoesOn>,
}

pub struct GoesOn {
    pub id: EnquiryId,
    pub reference: String,
    pub name: String,
}

/// None where nothing was taken back. Whoever might not have opened it is not told that there was anything.
pub async fn find(
    state: &AppState,
    user: &User,
    enquiry: EnquiryId,
    permission: Permission,
) -> sqlx::Result<Option<Gone>> {
    if user.reach(permission) < Reach::All {
        return Ok(None);
    }
    if let Some(undone) = queries::find_undone(state.db.read(), enquiry, user.id).await? {
        let sentence = format!(
            "{} came with the file “{}”. {} undid that import on {}, so the record counts nowhere and cannot be opened. \
             Brought in again, the file makes it anew.",
            was_called(&undone.reference, enquiry),
            undone.file_name,
            undone.by,
            undone.at.london_text()
        );
        return Ok(Some(Gone { sentence, goes_on: None }));
    }
    let Some(withdrawn) = queries::find_withdrawn(state.db.read(), enquiry, user.id).await? else { return Ok(None) };
    let sentence = format!(
        "{} was the enquiry of those who had left {}. {} undid that separation on {}: they are one household again, and \
         this record counts nowhere and cannot be opened.",
        was_called(&withdrawn.reference, enquiry),
        withdrawn.from_reference,
        withdrawn.by,
        withdrawn.at.london_text()
    );
    let goes_on = GoesOn { id: withdrawn.from, reference: withdrawn.from_reference, name: withdrawn.from_name };
    Ok(Some(Gone { sentence, goes_on: Some(goes_on) }))
}

/// The reference of an enquiry that was withdrawn, as it was: withdrawing frees it and marks what is kept.
pub fn was_called(reference: &str, enquiry: EnquiryId) -> &str {
    reference.strip_suffix(&format!(" (undone {enquiry})")).unwrap_or(reference)
}

#[derive(Template)]
#[template(path = "enquiries/gone.html")]
struct GonePage {
    page: Page,
    gone: Gone,
    /// Whoever asks may write on the record that goes on.
    may_write: bool,
    drafts: Vec<Begun>,
}

/// A note that whoever asks has not saved.
struct Begun {
    /// `Telephone call, 14 Oct 2025`
    about: String,
    body: String,
    kept_at: Instant,
}

impl Begun {
    fn of(draft: Draft) -> Begun {
        let kind = draft.kind.parse::<NoteKind>().map_or("Note", NoteKind::label);
        let change = if draft.of_note().is_some() { "Change of a note" } else { "" };
        let about = [change, kind, draft.on.trim()].into_iter().filter(|part| !part.is_empty());
        Begun { about: about.collect::<Vec<_>>().join(", "), body: draft.body, kept_at: draft.kept_at }
    }
}

/// The layer that answers with this page, whichever page of the record is asked for. A form that was sent keeps its
/// error: with that goes what was typed into it.
pub async fn explain_gone(State(state): State<AppState>, visit: Visit, request: Request, next: Next) -> Response {
    let asked = asked_for(&request);
    let answer = next.run(request).await;
    if answer.status() != StatusCode::GONE || visit.htmx {
        return answer;
    }
    let (Some(user), Some(enquiry)) = (&visit.user, asked) else { return answer };
    match page(&state, &visit, user, enquiry).await {
        Ok(Some(page)) => page,
        Ok(None) => answer,
        Err(error) => error.into_response(),
    }
}

/// The enquiry whose page this is.
fn asked_for(request: &Request) -> Option<EnquiryId> {
    if request.method() != Method::GET {
        return None;
    }
    request.uri().path().strip_prefix("/enquiries/")?.split('/').next()?.parse().ok()
}

async fn page(state: &AppState, visit: &Visit, user: &User, enquiry: EnquiryId) -> Result<Option<Response>, AppError> {
    let Some(gone) = find(state, user, enquiry, Permission::ReadEnquiries).await? else { return Ok(None) };
    let drafts = notes::list_drafts(state.db.read(), user.id, enquiry).await?;
    let page = GonePage {
        page: Page::new(visit, "This record is no longer there"),
        gone,
        may_write: user.reach(Permission::WriteEnquiries) == Reach::All,
        drafts: drafts.into_iter().map(Begun::of).collect(),
    };
    Ok(Some((StatusCode::GONE, Html(page.render()?)).into_response()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_withdrawn_has_the_reference_that_it_had() {
        assert_eq!(was_called("E-000944 (undone 944)", EnquiryId(944)), "E-000944");
        assert_eq!(was_called("E-000944", EnquiryId(944)), "E-000944");
        assert_eq!(was_called("Ours (undone 7)", EnquiryId(944)), "Ours (undone 7)");
    }
}
