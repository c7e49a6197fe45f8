//! What an administrator types of a source or a campaign.

use super::actions::{Meaning, Place};
use super::queries::Row;
use crate::domain::day::Day;
use crate::domain::ids::ListedSourceId;
use crate::domain::source::{List, Listed};
use crate::domain::text::fold::fold;
use crate::domain::text::tidy;
use crate::web::Form;
use crate::web::form::Choice;

/// In characters: it stands in tables and menus.
const LONGEST: usize = 80;
const FIRST: &str = "first";
const NEW: &str = "new";
pub const CHOOSE_SAME: &str = "Choose what it is the same as";

/// Of which list a form is; its address or a hidden field says so.
pub fn list(form: &Form) -> List {
    form.value("list").parse().unwrap_or(List::Source)
}

/// A new entry, behind all others.
pub fn new(list: List, rows: &[Row]) -> Form {
    Form::of([("list", list.code()), ("in_use", "yes"), ("place", &place_of(list, None, rows))])
}

pub fn of(row: &Row, rows: &[Row]) -> Form {
    let listed = &row.listed;
    let day = |day: Option<Day>| day.map(Day::words).unwrap_or_default();
    Form::of([
        ("list", listed.list.code().to_owned()),
        ("name", listed.name.clone()),
        ("runs_from", day(listed.runs_from)),
        ("runs_to", day(listed.runs_to)),
        ("in_use", if listed.in_use { "yes" } else { "" }.to_owned()),
        ("place", place_of(listed.list, Some(row.root), rows)),
    ])
    .opened()
}

/// Behind whom it stands, or would as a new one.
fn place_of(list: List, root: Option<ListedSourceId>, rows: &[Row]) -> String {
    let before = rows.iter().filter(|row| row.listed.list == list).take_while(|row| Some(row.root) != root);
    before.last().map_or_else(|| FIRST.to_owned(), |row| row.root.to_string())
}

/// Behind which others it can stand.
pub fn places(root: Option<ListedSourceId>, rows: &[Row]) -> Vec<Choice> {
    let others = rows.iter().filter(|row| row.listed.list == List::Source && Some(row.root) != root);
    let others = others.map(|row| Choice::of(row.root.to_string(), format!("After {}", row.listed.name)));
    std::iter::once(Choice::of(FIRST, "At the top")).chain(others).collect()
}

pub fn parse(form: &mut Form, list: List, today: Day) -> Option<(Listed, Place)> {
    let name = name(form);
    let mut day = |field| if list == List::Campaign { form.day(field, today) } else { None };
    let (runs_from, runs_to) = (day("runs_from"), day("runs_to"));
    if runs_from.zip(runs_to).is_some_and(|(from, to)| from > to) {
        form.fail("runs_to", "The last day must not be before the first");
    }
    let in_use = form.is_chosen("in_use", "yes");
    let place = place(form);
    let listed = Listed { list, name: name?, runs_from, runs_to, in_use };
    form.is_valid().then_some((listed, place))
}

fn name(form: &mut Form) -> Option<String> {
    let name = tidy(&form.required("name", "Enter the name")?);
    if fold(&name).is_empty() {
        form.fail("name", "Enter a name with letters or figures");
    }
    if name.chars().count() > LONGEST {
        form.fail("name", format!("Use at most {LONGEST} characters"));
    }
    Some(name)
}

/// Whoever leaves it as it was does not undo what another has moved meanwhile.
fn place(form: &mut Form) -> Place {
    match form.value("place") {
        "" => Place::Stays,
        place if place == form.was("place") => Place::Stays,
        FIRST => Place::First,
        _ => form.choice("place", "Choose a place of the list").map_or(Place::Stays, Place::After),
    }
}

/// What else of its list an entry can be the same as.
pub fn others(now: &Row, rows: &[Row]) -> Vec<Choice> {
    let others = rows.iter().filter(|row| row.listed.list == now.listed.list && row.root != now.root);
    others.map(|row| Choice::of(row.root.to_string(), row.listed.name.clone())).collect()
}

/// What it is the same as; of whoever confirms it, the version that they have seen.
pub fn same(form: &mut Form) -> Option<ListedSourceId> {
    form.required_choice("same", CHOOSE_SAME)
}

/// The new name is another entry's: the two may be one, and how to say so stands on the same page.
pub fn point_to_same(form: &mut Form, list: List, known: &str, rows: &[Row]) {
    let how = "If the two are the same, say so below, under “The same as another”";
    form.fail("name", format!("“{known}” is on the list already. {how}"));
    if let Some(known) = rows.iter().find(|row| row.is_called(list, known)) {
        form.set("same", known.root.to_string());
    }
}

/// What a recorded name can mean.
pub fn meanings(list: List, rows: &[Row]) -> Vec<Choice> {
    let entries = rows.iter().filter(|row| row.listed.list == list);
    let entries = entries.map(|row| Choice::of(row.root.to_string(), format!("The same as {}", row.listed.name)));
    let new = format!("Another {}: add it to the list", list.label().to_lowercase());
    std::iter::once(Choice::of(NEW, new)).chain(entries).collect()
}

pub fn recorded(form: &mut Form, list: List, rows: &[Row]) -> Option<(Listed, Meaning)> {
    const CHOOSE: &str = "Choose what it is";
    let meaning = match form.required("meaning", CHOOSE)?.as_str() {
        NEW => Meaning::New,
        _ => Meaning::SameAs(form.choice("meaning", CHOOSE)?),
    };
    let is_listed = |root| rows.iter().any(|row| row.listed.list == list && row.root == root);
    let listed = match meaning {
        Meaning::New => Listed::new(list, &name(form)?),
        // However long, and however it is spaced: it is recorded so.
        Meaning::SameAs(root) => {
            if !is_listed(root) {
                form.fail("meaning", CHOOSE);
            }
            Listed::new(list, form.value("name"))
        }
    };
    form.is_valid().then_some((listed, meaning))
}
