use askama::Template;

use crate::features::access::FormPage;
use crate::web::Page;

#[derive(Template)]
#[template(path = "pipeline/withdrawal.html")]
pub struct WithdrawalPage {
    pub page: Page,
    pub head: FormPage,
    pub what: String,
}
