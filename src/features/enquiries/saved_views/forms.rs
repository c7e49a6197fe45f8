use super::queries::{NewView, SavedView};
use crate::domain::day::Day;
use crate::domain::text::same_words;
use crate::features::enquiries::list::{self, Column, Filters};
use crate::web::Form;

/// In characters: it stands among others above the list.
const LONGEST: usize = 40;

/// What the list showed when somebody went to save it: its address is sent along.
pub fn shown(form: &Form, today: Day) -> (Filters, Vec<Column>) {
    let filters = Filters::parse(&mut list::form_of(form.value("query")), today);
    let columns = filters.columns.clone().unwrap_or_else(|| list::USUAL.to_vec());
    (filters, columns)
}

pub fn new(form: &mut Form, today: Day, may_share: bool) -> Option<NewView> {
    let name = name(form);
    let (filters, columns) = shown(form, today);
    let shared = may_share && form.is_chosen("shared", "yes");
    form.is_valid().then_some(NewView { name: name?, shared, query: filters.content(), columns })
}

pub fn of(view: &SavedView) -> Form {
    Form::of([("name", view.name.as_str()), ("shared", if view.shared { "yes" } else { "" })])
}

/// The view with another name, shared or not.
pub fn changed(form: &mut Form, view: &SavedView, may_share: bool) -> Option<SavedView> {
    let name = name(form)?;
    let shared = if may_share { form.is_chosen("shared", "yes") } else { view.shared };
    form.is_valid().then(|| SavedView { name, shared, ..view.clone() })
}

/// The version that somebody had before them.
pub fn seen(form: &Form) -> i64 {
    form.value("version").parse().unwrap_or(0)
}

fn name(form: &mut Form) -> Option<String> {
    let name = form.required("name", "Give the view a name")?;
    if name.chars().count() > LONGEST {
        form.fail("name", format!("Use at most {LONGEST} characters"));
    }
    if same_words(&name, list::STANDARD_VIEW) {
        form.fail("name", format!("“{}” stands above the list already. Choose another name", list::STANDARD_VIEW));
    }
    Some(crate::domain::text::tidy(&name))
}
