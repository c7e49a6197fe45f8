//! What somebody asks the list for: what the address says, over the view that it names, over what they have chosen for
//! themselves.

use sqlx::SqliteConnection;

use super::columns::{Column, USUAL};
use super::filters::{Base, Filters};
use crate::domain::day::Day;
use crate::domain::ids::SavedViewId;
use crate::domain::text::same_words;
use crate::features::access::Viewer;
use crate::features::enquiries::saved_views::{self, SavedView};
use crate::web::{Ctx, Form, paging};

/// What an address of the list may hold.
const KNOWN: [&str; 16] = [
    "q", "stage", "officer", "source", "hub", "kind", "state", "limit", "from", "to", "sort", "order", "after",
    "before", "view", "columns",
];
/// Those that say no more than which part of which view.
const PLACE: [&str; 3] = ["view", "after", "before"];

pub struct Asking {
    pub form: Form,
    pub filters: Filters,
    pub columns: Vec<Column>,
    pub viewer: Viewer,
    /// All that they may see: their own first.
    pub views: Vec<SavedView>,
    pub opens_with: Option<SavedViewId>,
}

impl Asking {
    pub async fn read(db: &mut SqliteConnection, ctx: &Ctx, query: &str) -> sqlx::Result<Asking> {
        let mut form = form_of(query);
        let views = saved_views::list_visible(&mut *db, ctx.user.id).await?;
        let choice = saved_views::find_choice(&mut *db, ctx.user.id).await?;
        let opens_with = choice.opens_with.filter(|id| views.iter().any(|view| view.id == *id));
        let is_bare = form.names().all(|name| PLACE.contains(&name));
        let is_empty = form.names().next().is_none();
        let asked = Filters::parse(&mut form, ctx.today);
        let base = match asked.base {
            None if is_empty => opens_with.map(Base::Saved),
            None => opens_with.map(|_| Base::Plain),
            Some(Base::Saved(id)) if views.iter().all(|view| view.id != id) => None,
            base => base,
        };
        let wrong = not_understood(&form, &asked, base);
        let view = view_of(&views, base);
        let mut filters = match view {
            Some(view) if is_bare => {
                let (kept, saved) = content(view, ctx.today);
                form = kept;
                Filters { page: asked.page, ..saved }
            }
            _ => asked,
        };
        filters.base = base;
        if !wrong.is_empty() {
            form.fail("", wrong.join(". "));
        }
        let columns = filters
            .columns
            .clone()
            .or_else(|| view.map(|view| view.columns.clone()))
            .or(choice.columns)
            .unwrap_or_else(|| USUAL.to_vec());
        let viewer = Viewer::of(ctx);
        Ok(Asking { form, filters, columns, viewer, views, opens_with })
    }

    /// The view that the list began from.
    pub fn view(&self) -> Option<&SavedView> {
        view_of(&self.views, self.filters.base)
    }

    /// A manager may share a view under the name of one that somebody has for themselves: then it says which is which.
    pub fn name_of(&self, view: &SavedView) -> String {
        let has_namesake = self.views.iter().any(|other| other.id != view.id && same_words(&other.name, &view.name));
        if view.shared && has_namesake { format!("{} (shared)", view.name) } else { view.name.clone() }
    }

    /// What is shown is no longer what the view has.
    pub fn is_changed(&self, view: &SavedView, today: Day) -> bool {
        content(view, today).1.content() != self.filters.content() || view.columns != self.columns
    }
}

fn view_of(views: &[SavedView], base: Option<Base>) -> Option<&SavedView> {
    views.iter().find(|view| base == Some(Base::Saved(view.id)))
}

/// The filters of a view as it was saved.
pub fn content(view: &SavedView, today: Day) -> (Form, Filters) {
    let mut form = form_of(&view.query);
    let filters = Filters::parse(&mut form, today);
    (form, filters)
}

pub fn form_of(query: &str) -> Form {
    Form::of(form_urlencoded::parse(query.as_bytes()))
}

/// What stands in the address and is none of the filters. Those that choose nothing known say so themselves.
fn not_understood(form: &Form, asked: &Filters, base: Option<Base>) -> Vec<String> {
    let mut said = Vec::new();
    if let Some(name) = form.names().find(|name| !KNOWN.contains(name)) {
        said.push(format!("“{name}” is not a filter, so it is left out"));
    }
    let view = form.value("view");
    let names_a_view = matches!(base, Some(Base::Saved(_))) || asked.base == Some(Base::Plain);
    if !view.is_empty() && !names_a_view {
        said.push("This view is not here: it was deleted, or is not shared any more".to_owned());
    }
    if !form.value("columns").is_empty() && asked.columns.is_none() {
        said.push(format!("The columns “{}” are not known, so the usual ones are shown", form.value("columns")));
    }
    if !["", "asc", "desc"].contains(&form.value("order")) {
        said.push(format!("The order “{}” is not known, so it is left out", form.value("order")));
    }
    let page = ["after", "before"].map(|name| form.value(name)).concat();
    if !page.is_empty() && paging::key::<super::filters::Key>(&page).is_none() {
        said.push("The page in the address is not known, so the list begins at its beginning".to_owned());
    }
    said
}
