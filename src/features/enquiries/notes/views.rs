use askama::Template;

use crate::domain::ids::NoteId;
use crate::domain::instant::Instant;
use crate::features::access::FormPage;
use crate::web::Page;
use crate::web::form::Choice;

/// What is said beside the text while somebody writes, with the instant by which the page knows its own draft.
#[derive(Template)]
#[template(path = "enquiries/record/draft_said.html")]
pub struct DraftSaid {
    pub kept_at: Instant,
}

#[derive(Template)]
#[template(path = "enquiries/record/note_form.html")]
pub struct NotePage {
    pub page: Page,
    pub head: FormPage,
    pub kinds: Vec<Choice>,
    /// Nobody has been in contact yet: this may be the first.
    pub no_contact_yet: bool,
    /// The version that is being changed.
    pub note: Option<NoteId>,
    /// What was typed earlier stands in the form: when it was kept.
    pub draft: Option<Instant>,
}
