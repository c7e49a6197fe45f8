//! The list as a page.

use std::collections::BTreeMap;

use askama::Template;

use super::filters::{At, DIRECT, Filters, Kind, LIMITS, ME, NOT_RECORDED, Sort, UNASSIGNED};
use super::queries::Picked;
use super::queries_rows::Row;
use super::tags::Tag;
use crate::domain::day::Day;
use crate::domain::ids::EnquiryId;
use crate::domain::pause::{PauseReason, holds};
use crate::domain::role::Permission;
use crate::domain::stage::Stage;
use crate::domain::standing::State;
use crate::features::search::Viewer;
use crate::features::time_limits::{self, Badge, Clocks, badge};
use crate::web::form::Choice;
use crate::web::{self, Ctx, Form};

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
    rows: Vec<RowView>,
    order: &'static str,
    previous: Option<String>,
    next: Option<String>,
    /// Somebody who may see only what is assigned to them.
    own_only: bool,
    may_create: bool,
    /// Where to look when nothing was found among what has not ended.
    any_state: Option<String>,
    hidden: Vec<(&'static str, &'static str)>,
    ranges: Vec<(&'static str, String)>,
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
}

struct RowView {
    row: Row,
    stages: Vec<&'static str>,
    state: State,
    /// Until when, why, or when next.
    about: String,
    /// The time limit that presses most.
    limit: Option<Badge>,
}

impl ListPage {
    pub fn new(
        ctx: &Ctx,
        form: Form,
        filters: Filters,
        viewer: Viewer,
        menus: Menus,
        (found, rows, clocks): (Page, Vec<Row>, &BTreeMap<EnquiryId, Clocks>),
        part: Part,
    ) -> ListPage {
        let href = |at: At| Filters { page: Some(at), ..filters.clone() }.href();
        let first = found.rows.first().filter(|_| found.has_previous).map(Picked::key);
        let last = found.rows.last().filter(|_| found.has_next).map(Picked::key);
        let everywhere = Filters { states: Vec::new(), ..filters.first_page() };
        ListPage {
            page: web::Page::new(ctx, "Enquiries").with_errors_of(&form),
            part,
            tags: filters.tags(),
            clear: filters.cleared().href(),
            count: counted(found.count),
            too_many: found.too_many,
            too_short: filters.text.is_none() && form.text("q").is_some(),
            heads: Head::all(&filters),
            rows: rows.into_iter().map(|row| RowView::of(row, clocks, ctx.today)).collect(),
            order: in_order(filters.sort, filters.ascending),
            previous: first.map(|key| href(At::Before(key))),
            next: last.map(|key| href(At::After(key))),
            own_only: viewer.own_only,
            may_create: ctx.may(Permission::CreateEnquiries),
            any_state: (!filters.states.is_empty()).then(|| everywhere.href()),
            hidden: hidden(&filters),
            menus: menus.into_menus(&filters, viewer.own_only),
            ranges: ranges(ctx.today, &filters),
            form,
        }
    }
}

/// What the form has no control for.
fn hidden(filters: &Filters) -> Vec<(&'static str, &'static str)> {
    let mut hidden = Vec::new();
    if filters.sort != Sort::default() {
        hidden.push(("sort", filters.sort.code()));
    }
    if filters.ascending != filters.sort.usually_ascending() {
        hidden.push(("order", if filters.ascending { "asc" } else { "desc" }));
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
    fn all(filters: &Filters) -> Vec<Head> {
        let unsorted = |label| Head { label, href: None, sorted: "" };
        vec![
            Head::of(Sort::Name, filters),
            Head::of(Sort::Stage, filters),
            unsorted("State"),
            unsorted("Time limit"),
            Head::of(Sort::Officer, filters),
            unsorted("Source"),
            Head::of(Sort::Received, filters),
            Head::of(Sort::LastEvent, filters),
        ]
    }

    fn of(sort: Sort, filters: &Filters) -> Head {
        let sorted = match (filters.sort == sort, filters.ascending) {
            (false, _) => "",
            (true, true) => "ascending",
            (true, false) => "descending",
        };
        Head { label: sort.label(), href: Some(filters.sorted(sort).href()), sorted }
    }
}

impl RowView {
    fn of(row: Row, clocks: &BTreeMap<EnquiryId, Clocks>, today: Day) -> RowView {
        let both = row.stage == Stage::Stage2 && !row.stage_1_has_outcome;
        let first = both.then_some(Stage::Stage1.label());
        let state = state_on(&row, today);
        RowView {
            stages: first.into_iter().chain([row.stage.label()]).collect(),
            about: about(&row, state),
            limit: clocks.get(&row.id).and_then(time_limits::worst).map(|(timing, state)| badge(timing, *state, today)),
            state,
            row,
        }
    }

    fn is_ended(&self) -> bool {
        matches!(self.state, State::Approved | State::Closed)
    }

    fn is_quiet(&self) -> bool {
        matches!(self.state, State::Paused | State::InTouch)
    }
}

/// Counting rule 7, as `domain::standing` has it.
fn state_on(row: &Row, today: Day) -> State {
    let holds_today = |from: Option<Day>, to| from.is_some_and(|from| holds(from, to, today));
    if row.is_approved {
        State::Approved
    } else if row.is_closed {
        State::Closed
    } else if holds_today(row.paused_from, row.paused_to) {
        State::Paused
    } else if holds_today(row.in_touch_from, row.in_touch_to) {
        State::InTouch
    } else {
        State::Open
    }
}

fn about(row: &Row, state: State) -> String {
    match state {
        State::Closed => row.close_reason.clone().unwrap_or_default(),
        State::Paused => match (row.paused_to, row.pause_reason) {
            (Some(to), _) => format!("until {}", to.short()),
            (None, Some(reason)) if reason != PauseReason::NotRecorded => reason.label().to_owned(),
            (None, _) => String::new(),
        },
        State::InTouch => row.contact_again_on.map(|on| format!("contact again {}", on.short())).unwrap_or_default(),
        State::Approved | State::Open => String::new(),
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

fn in_order(sort: Sort, ascending: bool) -> &'static str {
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
