use super::rows::{self, MOST};
use crate::domain::ids::{EnquiryId, UserId};
use crate::features::pipeline::Assignable;
use crate::web::Form;
use crate::web::form::Choice;

const UNASSIGNED: &str = "unassigned";

/// Which rows of the list are meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Which {
    These(Vec<EnquiryId>),
    /// All that the list's address finds.
    Matching,
}

/// None leaves a sentence in the form.
pub fn which(form: &mut Form) -> Option<Which> {
    let dotted = |text: &str| text.split('.').filter_map(|id| id.parse().ok()).collect::<Vec<_>>();
    let ids = match form.value("which") {
        "matching" => return Some(Which::Matching),
        "page" => dotted(form.value("on_page")),
        "ticked" | "" => form.values("id").filter_map(|id| id.parse().ok()).collect(),
        other => {
            let sentence = format!("“{other}” is not known: choose those ticked, all on the page or all that match");
            form.fail("", sentence);
            return None;
        }
    };
    if ids.is_empty() {
        form.fail("", "No row is ticked. Tick some, or choose all on the page or all that match");
        return None;
    }
    within_bounds(form, ids).map(Which::These)
}

pub fn within_bounds(form: &mut Form, ids: Vec<EnquiryId>) -> Option<Vec<EnquiryId>> {
    if ids.len() > MOST {
        form.fail(
            "",
            "More than 1,000 enquiries are chosen, and at most 1,000 can be changed at once. Choose fewer with the \
             filters, or do them a page at a time",
        );
        return None;
    }
    Some(ids)
}

/// What the page before said of each row.
pub fn seen(form: &mut Form) -> Option<Vec<(EnquiryId, String)>> {
    let seen = rows::read(form.value("rows")).filter(|rows| !rows.is_empty());
    if seen.is_none() {
        form.fail("", "No enquiries are chosen. Go back to the list and tick some");
    }
    let seen = seen?;
    within_bounds(form, seen.iter().map(|(id, _)| *id).collect())?;
    Some(seen)
}

/// To whom: a person, or nobody.
pub type Officer = Option<(String, UserId)>;

pub fn officer(form: &mut Form, people: &[Assignable]) -> Option<Officer> {
    let chosen = form.required("officer", "Choose who has them from now on")?;
    if chosen == UNASSIGNED {
        return Some(None);
    }
    let person = chosen.parse().ok().and_then(|id: UserId| people.iter().find(|person| person.id == id));
    if person.is_none() {
        form.fail("officer", "Choose one of the people in the list");
    }
    person.map(|person| Some((person.name.clone(), person.id)))
}

pub fn officer_choices(people: &[Assignable]) -> Vec<Choice> {
    let people = people.iter().map(|person| Choice::of(person.id.to_string(), person.name.clone()));
    people.chain([Choice::of(UNASSIGNED, "Unassigned")]).collect()
}
