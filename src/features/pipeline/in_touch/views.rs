use askama::Template;

use crate::domain::ids::EntryId;
use crate::features::access::FormPage;
use crate::web::Page;

#[derive(Template)]
#[template(path = "pipeline/in_touch.html")]
pub struct InTouchPage {
    pub page: Page,
    pub head: FormPage,
    /// What is changed; None for a new one.
    pub entry: Option<EntryId>,
}

#[derive(Template)]
#[template(path = "pipeline/in_touch_ending.html")]
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
