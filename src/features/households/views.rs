use askama::Template;

use crate::features::access::FormPage;
use crate::web::Page;
use crate::web::form::Choice;

#[derive(Template)]
#[template(path = "households/household.html")]
pub struct HouseholdPage {
    pub page: Page,
    pub head: FormPage,
    pub rows: Vec<Row>,
    pub answers: Vec<Choice>,
}

/// The names of one person's fields.
pub struct Row {
    pub number: usize,
    pub name: String,
    pub phone: String,
    pub email: String,
}

impl Row {
    pub fn of(number: usize) -> Row {
        let field = |name: &str| format!("{name}_{number}");
        Row { number, name: field("name"), phone: field("phone"), email: field("email") }
    }
}
