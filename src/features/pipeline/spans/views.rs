use askama::Template;

use crate::domain::ids::EntryId;
use crate::features::access::FormPage;
use crate::web::Page;
use crate::web::form::Choice;

#[derive(Template)]
#[template(path = "pipeline/pause.html")]
pub struct PausePage {
    pub page: Page,
    pub head: FormPage,
    pub reasons: Vec<Choice>,
    /// The pause that is corrected; None for a new one.
    pub entry: Option<EntryId>,
}

#[derive(Template)]
#[template(path = "pipeline/in_touch.html")]
pub struct InTouchPage {
    pub page: Page,
    pub head: FormPage,
    /// What is changed; None for a new one.
    pub entry: Option<EntryId>,
}

#[derive(Template)]
#[template(path = "pipeline/span_ending.html")]
pub struct EndingPage {
    pub page: Page,
    pub head: FormPage,
    /// "Paused from 3 March".
    pub since: String,
    pub hint: &'static str,
    /// The page on which something else of it is corrected, and what the link says.
    pub correction: String,
    pub instead: &'static str,
}
