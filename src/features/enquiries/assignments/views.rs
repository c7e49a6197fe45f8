use askama::Template;

use super::actions::Giving;
use crate::features::access::FormPage;
use crate::web::Page;
use crate::web::form::Choice;

#[derive(Template)]
#[template(path = "enquiries/assignment.html")]
pub struct AssignmentPage {
    pub page: Page,
    pub head: FormPage,
    /// "Priya Nair, since Tue 4 Mar 2025".
    pub now: String,
    pub people: Vec<Choice>,
}

/// Asks before somebody is given a restricted record that they could not open.
#[derive(Template)]
#[template(path = "enquiries/assignment_naming.html")]
pub struct NamingPage {
    pub page: Page,
    pub head: FormPage,
    pub name: String,
    pub from: String,
    /// "Jan Teal and Priya Nair may open it".
    pub open_to: String,
    /// What was typed, to be sent again, with who is to be named.
    pub sent: Vec<(&'static str, String)>,
}

impl NamingPage {
    /// None where it goes to nobody.
    pub fn new(head: FormPage, giving: &Giving, open_to: String) -> Option<NamingPage> {
        let (name, user) = giving.officer.clone()?;
        let as_typed = ["officer", "from", "seen"].map(|field| (field, head.form.value(field).to_owned()));
        Some(NamingPage {
            page: head.page.clone(),
            sent: as_typed.into_iter().chain([("naming", user.to_string())]).collect(),
            from: giving.from.long(),
            head,
            name,
            open_to,
        })
    }
}
