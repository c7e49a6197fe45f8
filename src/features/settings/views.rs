//! The page of settings.

use askama::Template;
use askama_web::WebTemplate;

use crate::features::access::Conflict;
use crate::web::{Ctx, Form, Page};

#[derive(Template, WebTemplate)]
#[template(path = "settings/settings.html")]
pub struct SettingsPage {
    page: Page,
    form: Form,
    conflict: Option<Conflict>,
}

impl SettingsPage {
    pub fn new(ctx: &Ctx, form: Form, conflict: Option<Conflict>) -> SettingsPage {
        let page = Page::new(ctx, "Settings").with_errors_of(&form).with_conflict(conflict.is_some());
        SettingsPage { page, form, conflict }
    }
}
