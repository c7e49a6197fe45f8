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
#[template(path = "pipeline/pause_ending.html")]
pub struct EndingPage {
    pub page: Page,
    pub head: FormPage,
    pub since: String,
    pub entry: EntryId,
}

#[derive(Template)]
#[template(path = "pipeline/withdrawal.html")]
pub struct WithdrawalPage {
    pub page: Page,
    pub head: FormPage,
    pub what: String,
}
