//! The list as a page.

use askama::Template;

use super::asking::Asking;
use super::cells::Look;
use super::columns::{self, Column};
use super::filters::{At, DIRECT, Filters, Kind, LIMITS, ME, NOT_RECORDED, Sort, UNASSIGNED};
use super::lines::Line;
use super::queries::Picked;
use super::tags::Tag;
use crate::domain::day::Day;
use crate::domain::ids::SavedViewId;
use crate::domain::role::Permission;
use crate::domain::stage::Stage;
use crate::domain::standing::State;
use crate::web::form::Choice;
use crate::web::{self, Ctx, Form};

/// What the list shows while nobody has chosen anything, among the saved views.
pub const STANDARD_VIEW: &str = "In progress";
/// Rows a page.
pub const LENGTH: usize = 50;
/// Nobody reads further; beyond, "more than" is said.
pub const COUNTED: usize = 1_000;

#[derive(Template)]
#[template(path = "enquiries/list.html", blocks = ["list", "results"])]
pub struct ListPage {
    page: web::Page,
    pub form: Form,
    pub part: Part,
    menus: Vec<Menu>,
    tags: Vec<Tag>,
    clear: String,
    count: String,
    too_many: bool,
    /// Something was typed, too little to look for.
    too_short: bool,
    heads: Vec<Head>,
    lines: Vec<Line>,
    order: &'static str,
    previous: Option<String>,
    next: Option<String>,
    /// Somebody who may see only what is assigned to them.
    own_only: bool,
    may_create: bool,
    /// Where to look when nothing was found among what has not ended.
    any_state: Option<String>,
    hidden: Vec<(&'static str, String)>,
    ranges: Vec<(&'static str, String)>,
    views: Vec<ViewLink>,
    changed: Option<Changed>,
    /// Where what is shown becomes a view.
    save_as: String,
    may_save_as: bool,
    /// Every column that there is.
    choices: Vec<Ticked>,
    /// The columns are a view's.
    of_view: bool,
    bulk: Option<Bulk>,
    /// The address of the files, for those who may take them.
    files: Option<String>,
    token: String,
    /// The list as it is asked for, from its beginning.
    query: String,
    /// The same, with its columns.
    saved_query: String,
}

/// How much of the page is asked for: a fragment puts the count into the live region too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    Page,
    /// The filters and what they find; the focus goes to the count.
    List,
    /// What the filters find, while somebody types on.
    Results,
}

/// What has been recorded so far, to choose from.
pub struct Menus {
    pub officers: Vec<String>,
    pub sources: Vec<String>,
    pub hubs: Vec<String>,
}

/// What was picked for one page, and whether there is more on either side.
pub struct Page {
    pub rows: Vec<Picked>,
    pub has_previous: bool,
    pub has_next: bool,
    /// Of all pages; one more than is counted where there are more.
    pub count: usize,
    /// Not everybody who was found has been looked through.
    pub too_many: bool,
}

impl Page {
    pub fn of(mut rows: Vec<Picked>, has_previous: bool, has_next: bool) -> Page {
        let has_next = has_next || rows.len() > LENGTH;
        rows.truncate(LENGTH);
        Page { rows, has_previous, has_next, count: 0, too_many: false }
    }
}

/// One filter's choices.
struct Menu {
    field: &'static str,
    label: &'static str,
    choices: Vec<Ticked>,
    /// Some of them are asked for.
    in_use: bool,
}

struct Ticked {
    value: String,
    label: String,
    chosen: bool,
}

/// One column's head.
struct Head {
    label: &'static str,
    /// Sorted by it; None where the list cannot be.
    href: Option<String>,
    /// For `aria-sort`; empty where the list is not sorted by it.
    sorted: &'static str,
    is_number: bool,
}

/// The views that somebody may open, and what can be done about the one that is shown.
struct ViewLink {
    href: String,
    name: String,
    current: bool,
}

/// The view has been changed since it was saved.
struct Changed {
    id: SavedViewId,
    name: String,
    version: i64,
    /// They may save over it.
    may_save: bool,
    href: String,
}

impl ListPage {
    pub fn new(ctx: &Ctx, asking: Asking, menus: Menus, found: Page, lines: Vec<Line>, part: Part) -> ListPage {
        let filters = &asking.filters;
        let href = |at: At| Filters { page: Some(at), ..filters.clone() }.href();
        let first = found.rows.first().filter(|_| found.has_previous).map(Picked::key);
        let last = found.rows.last().filter(|_| found.has_next).map(Picked::key);
        let everywhere = Filters { states: Vec::new(), ..filters.first_page() };
        let whole = filters.first_page();
        let file = Filters { columns: Some(asking.columns.clone()), ..whole.clone() }.query();
        ListPage {
            page: web::Page::new(ctx, "Enquiries").with_errors_of(&asking.form),
            part,
            tags: filters.tags(),
            clear: filters.cleared().href(),
            count: counted(found.count),
            too_many: found.too_many,
            too_short: filters.text.is_none() && asking.form.text("q").is_some(),
            heads: Head::all(filters, &asking.columns),
            order: in_order(filters.sort, filters.ascending),
            previous: first.map(|key| href(At::Before(key))),
            next: last.map(|key| href(At::After(key))),
            own_only: asking.viewer.own_only,
            may_create: ctx.may(Permission::CreateEnquiries),
            any_state: (!filters.states.is_empty()).then(|| everywhere.href()),
            hidden: hidden(filters),
            menus: menus.into_menus(filters, asking.viewer.own_only),
            ranges: ranges(ctx.today, filters),
            views: view_links(&asking),
            changed: changed(ctx, &asking),
            save_as: save_as(&file),
            may_save_as: asking.view().is_none() && !filters.content().is_empty(),
            choices: Column::ALL
                .iter()
                .map(|column| Ticked {
                    value: column.code().to_owned(),
                    label: column.label().to_owned(),
                    chosen: asking.columns.contains(column),
                })
                .collect(),
            of_view: asking.view().is_some(),
            bulk: Bulk::of(ctx, &lines, found.count),
            files: ctx.may(Permission::ExportEnquiries).then(|| file.clone()),
            token: ctx.form_token(),
            query: whole.query(),
            saved_query: file,
            lines,
            form: asking.form,
        }
    }
}

fn save_as(query: &str) -> String {
    let query = form_urlencoded::Serializer::new(String::new()).append_pair("query", query).finish();
    format!("/enquiries/views/new?{query}")
}

fn view_links(asking: &Asking) -> Vec<ViewLink> {
    let plain = if asking.opens_with.is_some() { "/enquiries?view=plain" } else { "/enquiries" };
    let is_plain = asking.view().is_none() && asking.filters.content().is_empty();
    let plain = ViewLink { href: plain.to_owned(), name: STANDARD_VIEW.to_owned(), current: is_plain };
    let current = asking.view().map(|view| view.id);
    let saved = asking.views.iter().map(|view| ViewLink {
        href: format!("/enquiries?view={}", view.id),
        name: asking.name_of(view),
        current: current == Some(view.id),
    });
    std::iter::once(plain).chain(saved).collect()
}

fn changed(ctx: &Ctx, asking: &Asking) -> Option<Changed> {
    let view = asking.view().filter(|view| asking.is_changed(view, ctx.today))?;
    Some(Changed {
        id: view.id,
        name: asking.name_of(view),
        version: view.version,
        may_save: view.may_be_changed_by(ctx),
        href: format!("/enquiries?view={}", view.id),
    })
}

/// What can be done to several at once, by whom.
pub struct Bulk {
    pub may_assign: bool,
    /// With dots between them.
    pub on_page: String,
    pub shown: usize,
    /// None where they are all on this page.
    pub matching: Option<usize>,
    pub too_many: bool,
}

impl Bulk {
    fn of(ctx: &Ctx, lines: &[Line], count: usize) -> Option<Bulk> {
        let may = ctx.may(Permission::WriteEnquiries) && !lines.is_empty();
        may.then(|| Bulk {
            may_assign: ctx.may(Permission::AssignEnquiries),
            on_page: lines.iter().map(|line| line.row.id.to_string()).collect::<Vec<_>>().join("."),
            shown: lines.len(),
            matching: (count > lines.len() && count <= COUNTED).then_some(count),
            too_many: count > COUNTED,
        })
    }
}

/// What the form has no control for.
fn hidden(filters: &Filters) -> Vec<(&'static str, String)> {
    let mut hidden = Vec::new();
    hidden.extend(filters.base.map(|base| ("view", base.code())));
    hidden.extend(filters.columns.iter().map(|columns| ("columns", columns::codes(columns))));
    if filters.sort != Sort::default() {
        hidden.push(("sort", filters.sort.code().to_owned()));
    }
    if filters.ascending != filters.sort.usually_ascending() {
        hidden.push(("order", if filters.ascending { "asc" } else { "desc" }.to_owned()));
    }
    hidden
}

impl Menus {
    fn into_menus(self, filters: &Filters, own_only: bool) -> Vec<Menu> {
        let names = |names: Vec<String>| names.into_iter().map(|name| Choice::of(name.clone(), name));
        let first = |value: &str, label: &str| vec![Choice::of(value, label)];
        let menu = |field, label, choices: Vec<Choice>| {
            let ticked = choices.into_iter().map(|choice| Ticked {
                chosen: filters.is_chosen(field, &choice.value),
                value: choice.value,
                label: choice.label,
            });
            let choices: Vec<_> = ticked.collect();
            Menu { field, label, in_use: choices.iter().any(|choice| choice.chosen), choices }
        };
        let mut officers = first(ME, "Me");
        officers.push(Choice::of(UNASSIGNED, "Unassigned"));
        officers.extend(names(self.officers));
        let mut sources: Vec<_> = names(self.sources).collect();
        sources.push(Choice::of(NOT_RECORDED, "Not recorded"));
        let mut hubs = first(DIRECT, "Direct to us");
        hubs.extend(names(self.hubs));
        let kinds = Kind::all().map(|kind| Choice::of(kind.code(), kind.label())).collect();
        let mut menus = vec![
            menu("stage", "Stage", Choice::all(Stage::ALL, Stage::code, Stage::label)),
            menu("state", "State", STATES.iter().map(|it| Choice::of(it.code(), it.label())).collect()),
            menu("limit", "Time limit", LIMITS.iter().map(|it| Choice::of(it.code(), it.label())).collect()),
            menu("officer", "Officer", officers),
            menu("source", "Source", sources),
            menu("hub", "Hub", hubs),
            menu("kind", "Kind", kinds),
        ];
        menus.retain(|menu| !(own_only && menu.field == "officer"));
        menus
    }
}

/// As somebody thinks of them: first what goes on.
const STATES: [State; 5] = [State::Open, State::Paused, State::InTouch, State::Approved, State::Closed];

/// Periods that are asked for again and again.
fn ranges(today: Day, filters: &Filters) -> Vec<(&'static str, String)> {
    let month = Day(today.0.first_of_month());
    let quarter = today.quarter();
    let year_begins = if today.0.month() < 4 { today.0.year() - 1 } else { today.0.year() };
    let year = jiff::civil::Date::new(year_begins, 4, 1).map_or(month, Day);
    let quarter_begins = year.plus_months((i32::from(quarter.number) - 1) * 3);
    [("This month", month), ("This quarter", quarter_begins), ("Since April", year)]
        .into_iter()
        .map(|(label, from)| (label, Filters { from: Some(from), to: None, ..filters.first_page() }.href()))
        .collect()
}

impl Head {
    /// In the order of the columns.
    fn all(filters: &Filters, columns: &[Column]) -> Vec<Head> {
        let of = |column: &Column| match column {
            Column::Stage => Head::of(Sort::Stage, filters),
            Column::Officer => Head::of(Sort::Officer, filters),
            Column::Received => Head::of(Sort::Received, filters),
            Column::LastEvent => Head::of(Sort::LastEvent, filters),
            other => {
                let is_number = *other == Column::DaysWithUs;
                Head { label: other.label(), href: None, sorted: "", is_number }
            }
        };
        std::iter::once(Head::of(Sort::Name, filters)).chain(columns.iter().map(of)).collect()
    }

    fn of(sort: Sort, filters: &Filters) -> Head {
        let sorted = match (filters.sort == sort, filters.ascending) {
            (false, _) => "",
            (true, true) => "ascending",
            (true, false) => "descending",
        };
        Head { label: sort.label(), href: Some(filters.sorted(sort).href()), sorted, is_number: false }
    }
}

fn counted(count: usize) -> String {
    match count {
        0 => "No enquiries".to_owned(),
        1 => "1 enquiry".to_owned(),
        count if count > COUNTED => "More than 1,000 enquiries".to_owned(),
        count => format!("{count} enquiries"),
    }
}

pub fn in_order(sort: Sort, ascending: bool) -> &'static str {
    match (sort, ascending) {
        (Sort::Received, true) => "the longest with us first",
        (Sort::Received, false) => "the newest first",
        (Sort::Name, true) => "by name",
        (Sort::Name, false) => "by name, from the end of the alphabet",
        (Sort::Stage, true) => "by stage, the earliest first",
        (Sort::Stage, false) => "by stage, the furthest first",
        (Sort::Officer, true) => "by officer, unassigned first",
        (Sort::Officer, false) => "by officer, from the end of the alphabet",
        (Sort::LastEvent, true) => "the longest without anything happening first",
        (Sort::LastEvent, false) => "the latest event first",
    }
}
