//! What every form about an enquiry has in common: whose it is, what was typed, and what somebody else did meanwhile.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};

use super::queries::Subject;
use crate::domain::day::Day;
use crate::domain::ids::{EntryId, UserId};
use crate::domain::instant::Instant;
use crate::domain::ledger::Entry;
use crate::web::{AppError, Ctx, Form, Page};

pub struct FormPage {
    pub page: Page,
    pub subject: Subject,
    pub form: Form,
    pub heading: String,
    pub action: String,
    pub button: &'static str,
    pub token: String,
    pub conflict: Option<Conflict>,
}

impl FormPage {
    /// `action` is below the enquiry: `/milestones`.
    pub fn new(
        ctx: &Ctx,
        subject: &Subject,
        form: Form,
        heading: &str,
        action: &str,
        button: &'static str,
    ) -> FormPage {
        let title = format!("{heading} - {}", subject.name);
        FormPage {
            page: Page::new(ctx, title).with_errors_of(&form),
            action: format!("/enquiries/{}{action}", subject.id),
            subject: subject.clone(),
            token: form.kept_token(ctx),
            form,
            heading: heading.to_owned(),
            button,
            conflict: None,
        }
    }

    #[must_use]
    pub fn with_conflict(mut self, conflict: Option<Conflict>) -> FormPage {
        self.page = self.page.with_conflict(conflict.is_some());
        self.conflict = conflict;
        self
    }

    pub fn status(&self) -> StatusCode {
        match (&self.conflict, self.form.is_valid()) {
            (Some(_), _) => StatusCode::CONFLICT,
            (None, false) => StatusCode::UNPROCESSABLE_ENTITY,
            (None, true) => StatusCode::OK,
        }
    }
}

/// Says of the dates that are filled in already what they mean.
pub fn understood(mut form: Form, dates: &[&str], today: Day) -> Form {
    for date in dates {
        form.day(date, today);
    }
    form
}

pub fn show(status: StatusCode, page: &impl Template) -> Result<Response, AppError> {
    Ok((status, Html(page.render()?)).into_response())
}

/// Somebody else changed the same thing since it was opened. Nothing that was typed is lost.
pub struct Conflict {
    /// Who did what, when and why.
    pub sentence: String,
    pub rows: Vec<Versions>,
}

impl Conflict {
    /// The fields in which both agree.
    pub fn same(&self) -> Option<String> {
        let same: Vec<_> = self.rows.iter().filter(|row| !row.differ()).map(|row| row.label.to_lowercase()).collect();
        (!same.is_empty()).then(|| same.join(", "))
    }
}

/// One field in both versions.
pub struct Versions {
    pub label: &'static str,
    pub now: String,
    pub yours: String,
}

impl Versions {
    pub fn of(label: &'static str, now: impl Into<String>, yours: impl Into<String>) -> Versions {
        let or_nothing = |text: String| if text.trim().is_empty() { "Nothing".to_owned() } else { text };
        Versions { label, now: or_nothing(now.into()), yours: or_nothing(yours.into()) }
    }

    pub fn differ(&self) -> bool {
        self.now != self.yours
    }
}

/// What became of one version of a fact.
pub struct Overtaken<'a, F> {
    /// The version in force now; None where it was withdrawn.
    pub now: Option<&'a Entry<F>>,
    pub at: Instant,
    pub by: UserId,
    pub why: &'a str,
}

/// None while that version is in force, or where there never was one.
pub fn overtaken<F>(entries: &[Entry<F>], id: EntryId) -> Option<Overtaken<'_, F>> {
    let root = entries.iter().find(|entry| entry.id == id && !entry.in_force())?.root;
    let versions = || entries.iter().filter(|entry| entry.root == root);
    let last = versions().filter_map(|entry| entry.superseded.as_ref()).next_back()?;
    let now = versions().find(|entry| entry.in_force());
    Some(Overtaken { now, at: last.at, by: last.by, why: &last.why })
}

pub fn in_force<F>(entries: &[Entry<F>], id: EntryId) -> Option<&Entry<F>> {
    entries.iter().find(|entry| entry.id == id && entry.in_force())
}

/// `Priya Nair corrected this on 14 October 2025, 10:12: “Diary was a day out.”`
pub fn who_was_first<F>(overtaken: &Overtaken<'_, F>, name: &str) -> String {
    let did = if overtaken.now.is_some() { "changed" } else { "withdrew" };
    format!("{name} {did} this on {}: “{}”", overtaken.at.london_text(), overtaken.why)
}
