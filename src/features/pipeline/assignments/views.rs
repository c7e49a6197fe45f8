use askama::Template;

use crate::features::access::FormPage;
use crate::web::Page;
use crate::web::form::Choice;

#[derive(Template)]
#[template(path = "pipeline/assignment.html")]
pub struct AssignmentPage {
    pub page: Page,
    pub head: FormPage,
    /// "Priya Nair, since Tue 4 Mar 2025".
    pub now: String,
    pub people: Vec<Choice>,
}
