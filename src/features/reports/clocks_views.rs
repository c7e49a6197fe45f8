//! The page of the time limits, in words and figures.

use askama::Template;
use askama_web::WebTemplate;
use form_urlencoded::Serializer;

use super::asked::{self, Asked, Sides};
use super::clocks::{Behind, ClocksReport, One};
use super::numbers;
use super::queries::clocks::NameRow;
use super::views::{Linked, QuickLink, group_label, quick_links};
use crate::domain::ids::EnquiryId;
use crate::domain::question::{Dimension, Question};
use crate::domain::role::Permission;
use crate::domain::time_limit::{ClockCount, State, StateName};
use crate::web::chart::{Bar, Bars, Px, Scale};
use crate::web::form::Choice;
use crate::web::paging::Slice;
use crate::web::{Ctx, Form, Page};

#[derive(Template, WebTemplate)]
#[template(path = "reports/clocks.html")]
pub struct ClocksPage {
    page: Page,
    form: Form,
    heading: String,
    about: &'static str,
    quick: Vec<QuickLink>,
    by: Vec<Choice>,
    sides: Vec<Choice>,
    shown: Option<Shown>,
}

struct Shown {
    provenance: Vec<(&'static str, String)>,
    csv: String,
    xlsx: String,
    small_number: i64,
    sections: Vec<Section>,
}

/// One side: mainstream, kinship, or all; whole and, where it is split, each group.
struct Section {
    id: &'static str,
    heading: Option<&'static str>,
    title: String,
    chart: Option<Chart>,
    tables: Vec<Table>,
}

struct Table {
    caption: String,
    rows: Vec<Row>,
}

struct Row {
    label: &'static str,
    limit: String,
    statutory: bool,
    /// In the order of the columns.
    figures: Vec<Linked>,
    median: String,
    in_time: String,
    interval: String,
    small: bool,
}

struct Chart {
    description: String,
    wide: Drawing,
    narrow: Drawing,
}

struct Drawing {
    height: Px,
    bars: Vec<ChartBar>,
}

struct ChartBar {
    bar: Bar,
    label: &'static str,
    percent: String,
    of: String,
}

/// Started first, then in the order of the columns.
const COLUMNS: [(&str, Option<StateName>); 8] = [
    ("Started", None),
    ("Met", Some(StateName::Met)),
    ("Missed", Some(StateName::Missed)),
    ("Running", Some(StateName::Running)),
    ("of these due soon", Some(StateName::DueSoon)),
    ("and overdue", Some(StateName::Overdue)),
    ("Ended", Some(StateName::Ended)),
    ("Not recorded", Some(StateName::NotRecorded)),
];

impl ClocksPage {
    pub fn refused(ctx: &Ctx, form: Form) -> ClocksPage {
        let page = Page::new(ctx, "Time limits").with_errors_of(&form);
        ClocksPage { page, heading: "Time limits".to_owned(), about: "", shown: None, ..ClocksPage::asking(ctx, form) }
    }

    fn asking(ctx: &Ctx, form: Form) -> ClocksPage {
        ClocksPage {
            page: Page::new(ctx, "Time limits"),
            heading: String::new(),
            about: "",
            quick: quick_links("/reports/clocks", &form, ctx.today),
            by: Dimension::ALL.iter().map(|by| Choice::of(by.code(), by.label())).collect(),
            sides: Sides::ALL.iter().map(|sides| Choice::of(sides.code(), sides.label())).collect(),
            form,
            shown: None,
        }
    }

    /// `reports` are the answers to the asked questions, in their order.
    pub fn new(ctx: &Ctx, form: Form, asked: &Asked, reports: &[ClocksReport], small_number: i64) -> ClocksPage {
        let links = ctx.may(Permission::ReadReportHouseholds);
        let named = asked.sides == Sides::Beside;
        let questions = asked.questions();
        let sections = asked.sides.types().iter().map(|types| {
            let of: Vec<_> = questions.iter().zip(reports).filter(|(question, _)| question.types == *types).collect();
            section(&of, (links, named, small_number))
        });
        let heading = finding(&reports[0], small_number);
        let question = asked.question;
        let known = if question.known_at >= ctx.now { " (now)" } else { "" };
        let shown = Shown {
            provenance: vec![
                ("Started", format!("{} to {}", question.period.from.words(), question.period.to.words())),
                ("As at", question.as_at.words()),
                ("As known at", format!("{}{known}", question.known_at.london_text())),
            ],
            csv: asked.address("/reports/clocks.csv"),
            xlsx: asked.address("/reports/clocks.xlsx"),
            small_number,
            sections: sections.collect(),
        };
        let about = if named { ", mainstream" } else { "" };
        let page = Page::new(ctx, heading.clone());
        ClocksPage { page, heading, about, shown: Some(shown), ..ClocksPage::asking(ctx, form) }
    }
}

/// What the report says, in ten words or fewer: the limit that is kept least, of those that are no small number.
fn finding(report: &ClocksReport, small_number: i64) -> String {
    let Some(group) = report.clocks.groups.first() else { return "No time limit began in this period".to_owned() };
    if group.clocks.iter().all(|count| count.started == 0) {
        return "No time limit began in this period".to_owned();
    }
    let rated = group.clocks.iter().filter(|count| count.decided() >= small_number.max(1));
    let least = rated.min_by(|a, b| a.in_time.unwrap_or(1.0).total_cmp(&b.in_time.unwrap_or(1.0)));
    match least {
        None => "Too few time limits to rate".to_owned(),
        Some(count) => {
            format!("{}: {} in time", count.clock.label(), numbers::whole_percent(count.in_time))
        }
    }
}

fn section(of: &[(&Question, &ClocksReport)], (links, named, small_number): (bool, bool, i64)) -> Section {
    let (question, whole) = of[0];
    let mut tables = Vec::new();
    for (question, report) in of {
        for group in &report.clocks.groups {
            let label = group.group.as_deref();
            let caption = match (question.by, label) {
                (Some(by), Some(label)) => format!("{}: {}", by.label(), group_label(by, label)),
                _ => "Every time limit".to_owned(),
            };
            let started = group.clocks.iter().filter(|count| count.started > 0 || question.by.is_none());
            let rows = started.map(|count| row(question, count, label, (links, small_number))).collect();
            tables.push(Table { caption, rows });
        }
    }
    let types = question.types;
    Section {
        id: types.code(),
        heading: named.then_some(types.label()),
        title: finding(whole, small_number),
        chart: chart(&whole.clocks.groups[0].clocks, small_number),
        tables,
    }
}

fn row(question: &Question, count: &ClockCount, group: Option<&str>, (links, small): (bool, i64)) -> Row {
    let figure = |(label, state): &(&str, Option<StateName>)| {
        let number = state.map_or(count.started, |state| count.in_state(state));
        let behind = Behind { clock: Some(count.clock), state: *state, group: group.map(str::to_owned) };
        Linked {
            text: numbers::count(number),
            what: format!("{}: {}", count.clock.label(), label.to_lowercase()),
            href: (links && number > 0).then(|| address(question, &behind)),
        }
    };
    Row {
        label: count.clock.label(),
        limit: count.limit.clone().unwrap_or_default(),
        statutory: count.statutory,
        figures: COLUMNS.iter().map(figure).collect(),
        median: count.median_days.map_or_else(|| "z".to_owned(), |days| median(days, count.days)),
        in_time: numbers::percent(count.in_time),
        interval: numbers::interval(count.interval()),
        small: count.is_small(small),
    }
}

fn median(days: f64, counted_in: &str) -> String {
    let kind = if counted_in == "working_days" { "working day" } else { "day" };
    let s = if (days - 1.0).abs() < f64::EPSILON { "" } else { "s" };
    format!("{days} {kind}{s}")
}

fn address(question: &Question, behind: &Behind) -> String {
    let mut query = Serializer::new(String::new());
    asked::write(&mut query, question);
    query.append_pair("type", question.types.code());
    for (name, value) in [
        ("clock", behind.clock.map(|clock| clock.code())),
        ("state", behind.state.map(StateName::code)),
        ("group", behind.group.as_deref()),
    ] {
        if let Some(value) = value {
            query.append_pair(name, value);
        }
    }
    format!("/reports/clocks/households?{}", query.finish())
}

/// The share in time of each limit that is no small number; None where there is none.
fn chart(clocks: &[ClockCount], small_number: i64) -> Option<Chart> {
    let rated: Vec<_> = clocks.iter().filter(|count| count.decided() >= small_number.max(1)).collect();
    if rated.is_empty() {
        return None;
    }
    let drawing = |bars: Bars| Drawing {
        height: bars.height(rated.len()),
        bars: rated
            .iter()
            .enumerate()
            .map(|(at, count)| ChartBar {
                bar: bars.bar(at, count.in_time.unwrap_or(0.0), None, count.interval()),
                label: count.clock.label(),
                percent: numbers::whole_percent(count.in_time),
                of: format!("of {}", numbers::count(count.decided())),
            })
            .collect(),
    };
    let scale = |left: f64, width: f64| Scale { left, width, greatest: 1.0 };
    let said: Vec<_> = rated
        .iter()
        .map(|count| {
            format!("{}: {} of {}", count.clock.label(), numbers::whole_percent(count.in_time), count.decided())
        })
        .collect();
    Some(Chart {
        description: format!("Share in time of each time limit. {}.", said.join("; ")),
        wide: drawing(Bars { scale: scale(212.0, 340.0), top: 8.0, thickness: 22.0, step: 36.0 }),
        narrow: drawing(Bars { scale: scale(0.0, 338.0), top: 24.0, thickness: 18.0, step: 52.0 }),
    })
}

#[derive(Template, WebTemplate)]
#[template(path = "reports/clock_households.html")]
pub struct ClockHouseholdsPage {
    page: Page,
    back: String,
    counts: Vec<(&'static str, String)>,
    rows: Vec<HouseholdRow>,
    restricted: usize,
    next: Option<String>,
}

struct HouseholdRow {
    href: Option<String>,
    name: String,
    reference: String,
    clock: &'static str,
    start: String,
    state: String,
    stage: &'static str,
}

impl ClockHouseholdsPage {
    pub fn new(
        ctx: &Ctx,
        asked: &Asked,
        behind: &Behind,
        (counted, restricted): (i64, usize),
        slice: Slice<One>,
        names: &[NameRow],
    ) -> ClockHouseholdsPage {
        let one = if counted == 1 { "time limit" } else { "time limits" };
        let question = &asked.question;
        let group = question.by.zip(behind.group.as_deref());
        let counts = [
            Some(("Started", format!("{} to {}", question.period.from.words(), question.period.to.words()))),
            Some(("As at", question.as_at.words())),
            Some(("As known at", question.known_at.london_text())),
            Some(("Type", question.types.label().to_owned())),
            behind.clock.map(|clock| ("Time limit", clock.label().to_owned())),
            behind.state.map(|state| ("State then", state.label().to_owned())),
            group.map(|(by, label)| (by.label(), group_label(by, label))),
        ];
        let here = address(question, behind);
        ClockHouseholdsPage {
            page: Page::new(ctx, format!("{} {one} behind the figure", numbers::count(counted))),
            back: asked.address("/reports/clocks"),
            counts: counts.into_iter().flatten().collect(),
            rows: slice.rows.iter().map(|one| household_row(one, names)).collect(),
            restricted,
            next: slice.next.map(|next| format!("{here}&after={next}")),
        }
    }
}

fn household_row(one: &One, names: &[NameRow]) -> HouseholdRow {
    let of = |enquiry: EnquiryId| names.iter().find(|row| row.enquiry == enquiry);
    let found = of(one.enquiry);
    let days = match one.state {
        State::Met { taken } => format!(", {taken} days"),
        State::Missed { taken, over } => format!(" by {over}, {taken} days"),
        State::Overdue { over } => format!(" by {over}"),
        _ => String::new(),
    };
    HouseholdRow {
        // Withdrawn entirely since: there is no record to open.
        href: found.and_then(|row| row.name.as_ref()).map(|_| format!("/enquiries/{}", one.enquiry)),
        name: found.and_then(|row| row.name.clone()).unwrap_or_else(|| "Withdrawn since".to_owned()),
        reference: found.map(|row| row.reference.clone()).unwrap_or_default(),
        clock: one.clock.label(),
        start: one.start.short(),
        state: format!("{}{days}", one.state.name().label()),
        stage: found.and_then(|row| row.stage).map_or("", |stage| stage.label()),
    }
}
