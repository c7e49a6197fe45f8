//! The pages of the reasons.

use askama::Template;
use askama_web::WebTemplate;

use super::forms;
use super::queries::Reason;
use crate::domain::reason::EndedBy;
use crate::features::access::Conflict;
use crate::features::audit::Change;
use crate::web::form::Choice;
use crate::web::{Ctx, Form, Page};

#[derive(Template, WebTemplate)]
#[template(path = "settings/reasons.html")]
pub struct ReasonsPage {
    page: Page,
    groups: Vec<(EndedBy, Vec<Reason>)>,
}

impl ReasonsPage {
    pub fn new(ctx: &Ctx, reasons: Vec<Reason>) -> ReasonsPage {
        let of = |by: EndedBy| reasons.iter().filter(|reason| reason.ended_by == by).cloned().collect();
        let groups = EndedBy::ALL.iter().map(|by| (*by, of(*by))).collect();
        ReasonsPage { page: Page::new(ctx, "Why enquiries end"), groups }
    }
}

#[derive(Template, WebTemplate)]
#[template(path = "settings/reason_new.html")]
pub struct NewReasonPage {
    page: Page,
    form: Form,
    ended_by: Vec<Choice>,
    applies: Vec<Choice>,
}

impl NewReasonPage {
    pub fn new(ctx: &Ctx, form: Form) -> NewReasonPage {
        let page = Page::new(ctx, "Add a reason").with_errors_of(&form);
        NewReasonPage { page, form, ended_by: forms::ended_by_choices(), applies: forms::applies_choices() }
    }
}

#[derive(Template, WebTemplate)]
#[template(path = "settings/reason.html")]
pub struct ReasonPage {
    page: Page,
    form: Form,
    /// What the change begins from.
    reason: Reason,
    conflict: Option<Conflict>,
    history: Vec<Change>,
}

impl ReasonPage {
    pub fn new(ctx: &Ctx, form: Form, reason: Reason, conflict: Option<Conflict>) -> ReasonPage {
        let page = Page::new(ctx, format!("{} - Why enquiries end", reason.label)).with_errors_of(&form);
        let page = page.with_conflict(conflict.is_some());
        ReasonPage { page, form, reason, conflict, history: Vec::new() }
    }

    #[must_use]
    pub fn with_history(self, history: Vec<Change>) -> ReasonPage {
        ReasonPage { history, ..self }
    }
}
