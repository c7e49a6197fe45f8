//! Who is ticked. Each person is a field of their own, so that of two who change it at once both are heard.

use std::collections::BTreeSet;

use super::now::Now;
use crate::domain::ids::{EnquiryId, UserId};
use crate::domain::restriction::OpenTo;
use crate::web::Form;

pub const EVERYBODY: &str = "everybody";
pub const NAMED: &str = "named";

/// The field of one person's box.
pub fn field(user: UserId) -> String {
    format!("named_{user}")
}

/// Whoever asks has no box: they stay. On a record that is open to everybody its officer is ticked to begin with.
pub fn of(now: &Now, me: UserId) -> Form {
    let (who, ticked) = match &now.open_to {
        OpenTo::Everybody => (EVERYBODY, now.officer().map(|officer| officer.id).into_iter().collect()),
        OpenTo::Named(named) => (NAMED, named.clone()),
    };
    let boxes = ticked.into_iter().filter(|user| *user != me).map(|user| (field(user), "yes".to_owned()));
    let fields = [("who".to_owned(), who.to_owned()), ("seen".to_owned(), now.open_to.code())];
    Form::of(fields.into_iter().chain(boxes)).opened()
}

pub fn parse(form: &mut Form, now: &Now, me: UserId) -> Option<OpenTo> {
    match form.value("who") {
        NAMED => return Some(ticked(form, now, me)),
        EVERYBODY if form.was("who") == EVERYBODY && touched(form, now) => {
            form.fail("who", "Choose “Only these people” as well, or leave the boxes as they were");
        }
        EVERYBODY => return Some(OpenTo::Everybody),
        _ => form.fail("who", "Choose who may open it"),
    }
    None
}

/// As it would be if the form were saved.
pub fn chosen(form: &Form, now: &Now, me: UserId) -> OpenTo {
    if form.value("who") == EVERYBODY { OpenTo::Everybody } else { ticked(form, now, me) }
}

fn ticked(form: &Form, now: &Now, me: UserId) -> OpenTo {
    let ids = now.colleagues.iter().map(|colleague| colleague.id);
    OpenTo::Named(ids.filter(|id| form.is_chosen(&field(*id), "yes")).collect::<BTreeSet<_>>()).with(me)
}

/// Somebody ticked a box or took a tick away: they mean to restrict it.
fn touched(form: &Form, now: &Now) -> bool {
    now.colleagues.iter().map(|it| field(it.id)).any(|field| form.value(&field) != form.was(&field))
}

/// Of a record that nobody may open: which, and who may from now on.
pub fn stranded(form: &mut Form, people: &[UserId]) -> Option<(EnquiryId, UserId)> {
    let enquiry = form.required_choice("enquiry", "Choose a record");
    let person = form.required_choice("person", "Choose who may open it");
    if person.is_some_and(|person| !people.contains(&person)) {
        form.fail("person", "Choose one of the people in the list");
    }
    if form.is_valid() { enquiry.zip(person) } else { None }
}
