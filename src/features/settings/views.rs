//! The page of settings.

use askama::Template;
use askama_web::WebTemplate;

use super::actions::Settings;
use crate::web::{Ctx, Form, Page};

#[derive(Template, WebTemplate)]
#[template(path = "settings/settings.html")]
pub struct SettingsPage {
    page: Page,
    form: Form,
    /// What the change begins from.
    before: Settings,
    /// What somebody else has saved in the meantime.
    conflict: Option<Settings>,
}

impl SettingsPage {
    pub fn new(ctx: &Ctx, form: Form, before: &Settings, conflict: Option<Settings>) -> SettingsPage {
        let page = Page::new(ctx, "Settings").with_errors_of(&form);
        SettingsPage { page, form, before: before.clone(), conflict }
    }
}
