use askama::Template;

use super::forms;
use super::queries::SavedView;
use crate::domain::day::Day;
use crate::domain::ids::SavedViewId;
use crate::features::access::{Conflict, Versions};
use crate::features::enquiries::list::{self, Column, Filters};
use crate::web::form::Choice;
use crate::web::{Ctx, Form, Page};

#[derive(Template)]
#[template(path = "enquiries/views/index.html")]
pub struct IndexPage {
    page: Page,
    /// Their own, then those shared with everybody.
    groups: [(bool, Vec<ViewLine>); 2],
    /// The list opens with a view.
    opens: bool,
}

struct ViewLine {
    view: SavedView,
    says: Says,
    may_change: bool,
    opens: bool,
}

/// What a view shows, in words.
pub struct Says {
    pub filters: String,
    pub order: &'static str,
    pub columns: String,
}

impl Says {
    pub fn of(filters: &Filters, columns: &[Column]) -> Says {
        let tags: Vec<_> = filters.tags().into_iter().map(|tag| tag.label).collect();
        let columns = columns.iter().map(|column| column.label()).collect::<Vec<_>>();
        Says {
            filters: if tags.is_empty() { "Everything".to_owned() } else { tags.join("; ") },
            order: list::in_order(filters.sort, filters.ascending),
            columns: columns.join(", "),
        }
    }

    fn of_view(view: &SavedView, today: Day) -> Says {
        Says::of(&list::content(view, today).1, &view.columns)
    }
}

impl IndexPage {
    pub fn new(ctx: &Ctx, views: Vec<SavedView>, opens_with: Option<SavedViewId>) -> IndexPage {
        let lines = views.into_iter().map(|view| ViewLine {
            says: Says::of_view(&view, ctx.today),
            may_change: view.may_be_changed_by(ctx),
            opens: opens_with == Some(view.id),
            view,
        });
        let (shared, own): (Vec<_>, Vec<_>) = lines.partition(|line| line.view.shared);
        let opens = own.iter().chain(&shared).any(|line| line.opens);
        IndexPage { page: Page::new(ctx, "Saved views"), groups: [(false, own), (true, shared)], opens }
    }
}

#[derive(Template)]
#[template(path = "enquiries/views/new.html")]
pub struct NewPage {
    page: Page,
    form: Form,
    token: String,
    says: Says,
    may_share: bool,
    back: String,
    query: String,
}

impl NewPage {
    pub fn new(ctx: &Ctx, form: Form, may_share: bool) -> NewPage {
        let (filters, columns) = forms::shown(&form, ctx.today);
        NewPage {
            page: Page::new(ctx, "Save this view").with_errors_of(&form),
            token: form.kept_token(ctx),
            says: Says::of(&filters, &columns),
            back: filters.href(),
            query: filters.query(),
            may_share,
            form,
        }
    }
}

#[derive(Template)]
#[template(path = "enquiries/views/view.html")]
pub struct ViewPage {
    page: Page,
    form: Form,
    token: String,
    says: Says,
    view: SavedView,
    may_share: bool,
    conflict: bool,
    /// The version that is built on: of a conflict the one that is now known.
    version: i64,
}

impl ViewPage {
    /// `view` is how it stands; the form holds what somebody makes of it.
    pub fn new(ctx: &Ctx, form: Form, view: SavedView, may_share: bool, conflict: bool) -> ViewPage {
        let mut page = Page::new(ctx, format!("Change “{}”", view.name)).with_errors_of(&form);
        if conflict {
            page.title = format!("Somebody else was first: {}", page.title);
        }
        let says = Says::of_view(&view, ctx.today);
        let seen = Some(forms::seen(&form)).filter(|seen| *seen > 0 && !conflict);
        let version = seen.unwrap_or(view.version);
        ViewPage { page, token: form.kept_token(ctx), says, form, view, may_share, conflict, version }
    }
}

#[derive(Template)]
#[template(path = "enquiries/views/deletion.html")]
pub struct DeletionPage {
    page: Page,
    token: String,
    view: SavedView,
    /// How many people's list opens with it.
    opening: i64,
    conflict: bool,
}

impl DeletionPage {
    pub fn new(ctx: &Ctx, form: &Form, view: SavedView, opening: i64, conflict: bool) -> DeletionPage {
        let page = Page::new(ctx, format!("Delete “{}”", view.name));
        DeletionPage { page, token: form.kept_token(ctx), view, opening, conflict }
    }
}

/// Somebody else changed the view while this one was about to be saved over it.
#[derive(Template)]
#[template(path = "enquiries/views/over.html")]
pub struct OverPage {
    page: Page,
    token: String,
    view: SavedView,
    conflict: Conflict,
    query: String,
    back: String,
}

impl OverPage {
    pub fn new(ctx: &Ctx, form: &Form, now: SavedView) -> OverPage {
        let (filters, columns) = forms::shown(form, ctx.today);
        let (theirs, yours) = (Says::of_view(&now, ctx.today), Says::of(&filters, &columns));
        let sentence = format!("{} changed “{}” on {}.", now.changed_by, now.name, now.changed_at.london_text());
        let rows = vec![
            Versions::of("Filters", theirs.filters, yours.filters),
            Versions::of("Order", theirs.order, yours.order),
            Versions::of("Columns", theirs.columns, yours.columns),
        ];
        OverPage {
            page: Page::new(ctx, format!("Somebody else was first: {}", now.name)),
            token: form.kept_token(ctx),
            view: now,
            conflict: Conflict { sentence, rows },
            back: filters.href(),
            query: filters.query(),
        }
    }
}

#[derive(Template)]
#[template(path = "enquiries/views/columns.html")]
pub struct ColumnsPage {
    page: Page,
    form: Form,
    choices: Vec<Choice>,
}

impl ColumnsPage {
    pub fn new(ctx: &Ctx, form: Form) -> ColumnsPage {
        let choices = Choice::all(Column::ALL, Column::code, Column::label);
        ColumnsPage { page: Page::new(ctx, "Columns of the list").with_errors_of(&form), form, choices }
    }
}
