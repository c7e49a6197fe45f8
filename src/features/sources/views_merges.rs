//! The pages of two entries that are the same: which two and what would happen, and what became of the one that went.

use askama::Template;
use axum::http::StatusCode;

use super::forms;
use super::queries::{Entry, Gone, Row};
use super::views_history::{Step, What, history};
use crate::domain::source::List;
use crate::features::access::Conflict;
use crate::web::form::Choice;
use crate::web::{Ctx, Form, Page};

#[derive(Template)]
#[template(path = "settings/source_merge.html")]
pub struct MergePage {
    page: Page,
    form: Form,
    token: String,
    goes: Row,
    /// The one that stays, once it is chosen.
    kept: Option<Row>,
    others: Vec<Choice>,
    conflict: Option<Conflict>,
}

impl MergePage {
    pub fn new(
        ctx: &Ctx,
        form: Form,
        goes: Row,
        kept: Option<Row>,
        rows: &[Row],
        conflict: Option<Conflict>,
    ) -> MergePage {
        let page = Page::new(ctx, format!("The same as another - {}", goes.listed.name));
        MergePage {
            page: page.with_errors_of(&form).with_conflict(conflict.is_some()),
            token: form.kept_token(ctx),
            form,
            others: forms::others(&goes, rows),
            goes,
            kept,
            conflict,
        }
    }

    pub fn status(&self) -> StatusCode {
        match (&self.conflict, self.form.is_valid()) {
            (Some(_), _) => StatusCode::CONFLICT,
            (None, false) => StatusCode::UNPROCESSABLE_ENTITY,
            (None, true) => StatusCode::OK,
        }
    }
}

/// Of an entry that went into another: nothing about it can be changed any more.
#[derive(Template)]
#[template(path = "settings/source_gone.html")]
pub struct GonePage {
    page: Page,
    now: Row,
    gone: Gone,
    history: Vec<Step>,
    conflict: Option<Conflict>,
}

impl GonePage {
    /// None of an entry that is on the list.
    pub fn of(ctx: &Ctx, entry: &Entry, conflict: Option<Conflict>) -> Option<GonePage> {
        let now = entry.now.clone();
        let gone = now.gone.clone()?;
        let page = Page::new(ctx, format!("{} - Sources and campaigns", now.listed.name));
        Some(GonePage { page: page.with_conflict(conflict.is_some()), now, gone, history: history(entry), conflict })
    }
}
