//! The page of the funnel, in words and figures.

use askama::Template;
use askama_web::WebTemplate;

use super::asked::{Asked, Figure, Quick, Sides, quick_periods};
use super::report::FunnelReport;
use super::views_chart::{Chart, Forest, forest_scale};
use super::{finding, numbers};
use crate::domain::day::Day;
use crate::domain::fostering::{FosteringType, TypeFilter};
use crate::domain::funnel::{Funnel, Group, Outcome, Outcomes, Step, StepCount};
use crate::domain::instant::Instant;
use crate::domain::question::{Basis, Dimension, Question};
use crate::domain::role::Permission;
use crate::domain::text::lower_first;
use crate::web::chart::Scale;
use crate::web::form::Choice;
use crate::web::{Ctx, Form, Page};

#[derive(Template, WebTemplate)]
#[template(path = "reports/index.html")]
pub struct IndexPage {
    pub page: Page,
}

#[derive(Template, WebTemplate)]
#[template(path = "reports/funnel.html")]
pub struct FunnelPage {
    pub page: Page,
    pub form: Form,
    pub heading: String,
    /// Of which side the heading speaks, where there are several.
    pub about: &'static str,
    pub quick: Vec<QuickLink>,
    pub choices: Choices,
    /// None where the form could not be understood.
    pub shown: Option<Shown>,
}

pub struct QuickLink {
    pub label: String,
    pub href: String,
    pub current: bool,
}

pub struct Choices {
    pub by: Vec<Choice>,
    pub sides: Vec<Choice>,
    pub basis: Vec<Choice>,
}

pub struct Shown {
    pub provenance: Vec<(&'static str, String)>,
    pub csv: String,
    pub xlsx: String,
    pub activity: bool,
    pub small_number: i64,
    pub sections: Vec<Section>,
}

/// One side: mainstream, kinship, or all.
pub struct Section {
    pub id: &'static str,
    /// None where there is only one.
    pub heading: Option<&'static str>,
    pub title: String,
    pub subtitle: String,
    pub chart: Option<Chart>,
    pub implied: i64,
    pub steps: Vec<StepRow>,
    pub any_small: bool,
    pub enquiries: String,
    pub became: Vec<Linked>,
    pub outcomes: Vec<&'static str>,
    pub stopped: Vec<StoppedRow>,
    pub split: Option<Split>,
}

/// A figure, with a way to the households behind it for those who may see them.
pub struct Linked {
    pub text: String,
    /// What it counts, for who cannot see where it stands.
    pub what: String,
    pub href: Option<String>,
}

pub struct StepRow {
    pub label: &'static str,
    pub households: Linked,
    pub of_enquiries: String,
    pub interval: String,
    pub of_previous: String,
    pub small: bool,
}

/// Those who went no further than a step, by what became of them.
pub struct StoppedRow {
    pub label: &'static str,
    pub all: Linked,
    pub outcomes: Vec<Linked>,
}

pub struct Split {
    pub title: String,
    pub dimension: &'static str,
    pub axis: String,
    pub rows: Vec<SplitRow>,
    pub any_small: bool,
    pub total: Vec<String>,
    pub total_percent: String,
    pub total_interval: String,
}

pub struct SplitRow {
    pub label: String,
    pub steps: Vec<Linked>,
    pub percent: String,
    pub interval: String,
    pub forest: Option<Forest>,
    pub small: bool,
}

impl FunnelPage {
    pub fn refused(ctx: &Ctx, form: Form) -> FunnelPage {
        let page = Page::new(ctx, "Funnel").with_errors_of(&form);
        let quick = quick_links("/reports/funnel", &form, ctx.today);
        FunnelPage { page, heading: "Funnel".to_owned(), about: "", quick, choices: choices(), form, shown: None }
    }

    /// `reports` are the answers to the asked questions, in their order.
    pub fn new(ctx: &Ctx, form: Form, asked: &Asked, reports: &[FunnelReport], small_number: i64) -> FunnelPage {
        let links = ctx.may(Permission::ReadReportHouseholds);
        let wholes = asked.questions().into_iter().zip(reports).filter(|(question, _)| question.by.is_none());
        let splits: Vec<_> = reports.iter().filter(|report| report.head.by.is_some()).collect();
        let sections: Vec<Section> = wholes
            .enumerate()
            .map(|(at, (question, report))| {
                let telling = Telling { question, links, small_number, named: asked.sides == Sides::Beside };
                let split = splits.get(at).zip(asked.question.by);
                section(&telling, &report.funnel.groups[0], split.map(|(split, by)| (&split.funnel, by)))
            })
            .collect();
        let whole = &reports[0].funnel.groups[0];
        let heading = finding::title(whole, asked.question.basis, small_number);
        let shown = Shown {
            provenance: provenance(asked, reports, ctx.now),
            csv: asked.address("/reports/funnel.csv"),
            xlsx: asked.address("/reports/funnel.xlsx"),
            activity: asked.question.basis == Basis::Activity,
            small_number,
            sections,
        };
        let page = Page::new(ctx, heading.clone());
        let about = if asked.sides == Sides::Beside { ", mainstream" } else { "" };
        let quick = quick_links("/reports/funnel", &form, ctx.today);
        FunnelPage { page, heading, about, quick, choices: choices(), form, shown: Some(shown) }
    }
}

fn choices() -> Choices {
    Choices {
        by: Dimension::ALL.iter().map(|by| Choice::of(by.code(), by.label())).collect(),
        sides: Sides::ALL.iter().map(|sides| Choice::of(sides.code(), sides.label())).collect(),
        basis: vec![
            Choice::of(Basis::Cohort.code(), "Cohort: how far those received came"),
            Choice::of(Basis::Activity.code(), "Activity: what happened, as counts"),
        ],
    }
}

/// The same page for other days; whatever else was chosen stays.
pub fn quick_links(path: &str, form: &Form, today: Day) -> Vec<QuickLink> {
    let link = |Quick { label, period }| {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.append_pair("from", &period.from.to_string()).append_pair("to", &period.to.to_string());
        for name in ["as_at", "known_at", "by", "type", "basis"] {
            if let Some(value) = form.text(name) {
                query.append_pair(name, &value);
            }
        }
        let reads = |name: &str, day: Day| [day.to_string(), day.words()].contains(&form.value(name).to_owned());
        let current = reads("from", period.from) && reads("to", period.to);
        QuickLink { label, href: format!("{path}?{}", query.finish()), current }
    };
    quick_periods(today).into_iter().map(link).collect()
}

fn provenance(
    Asked { question, sides }: &Asked,
    reports: &[FunnelReport],
    now: Instant,
) -> Vec<(&'static str, String)> {
    let period = format!("{} to {}", question.period.from.words(), question.period.to.words());
    let known = if question.known_at >= now { " (now)" } else { "" };
    let mut lines = vec![
        (if question.basis == Basis::Cohort { "Received" } else { "Happened" }, period),
        ("As at", question.as_at.words()),
        ("As known at", format!("{}{known}", question.known_at.london_text())),
    ];
    if question.basis == Basis::Activity {
        lines.push(("Basis", "Activity in the period".to_owned()));
        return lines;
    }
    lines.push(("Basis", "Cohort of households".to_owned()));
    let wholes = reports.iter().filter(|report| report.head.by.is_none());
    let sides: Vec<_> = wholes.filter_map(|whole| complete(whole, *sides == Sides::Beside)).collect();
    if !sides.is_empty() {
        lines.push(("Complete", sides.join("; ")));
    }
    lines
}

/// How much of a cohort has come to an end. Mainstream and kinship are never put together.
fn complete(whole: &FunnelReport, named: bool) -> Option<String> {
    let group = whole.funnel.groups.first().filter(|group| group.enquiries() > 0)?;
    let (enquiries, unfinished) = (group.enquiries(), group.outcomes.unfinished());
    // Rounded down: it is complete only when it is.
    let percent = (enquiries - unfinished) * 100 / enquiries;
    let side = if named { format!("{} ", lower_first(whole.head.types.label())) } else { String::new() };
    let (unfinished, enquiries) = (numbers::count(unfinished), numbers::count(enquiries));
    Some(format!("{side}{percent}% ({unfinished} of {enquiries} still open, paused or in touch)"))
}

/// What the figures of one side are told with.
struct Telling {
    question: Question,
    links: bool,
    small_number: i64,
    named: bool,
}

impl Telling {
    fn figure(&self, number: i64, what: String, figure: &Figure) -> Linked {
        let href = (self.links && number > 0).then(|| figure.address(&self.question));
        Linked { text: numbers::count(number), what, href }
    }

    fn activity(&self) -> bool {
        self.question.basis == Basis::Activity
    }
}

fn section(telling: &Telling, group: &Group, split: Option<(&Funnel, Dimension)>) -> Section {
    let types = telling.question.types;
    let period = format!("{} to {}", telling.question.period.from.short(), telling.question.period.to.short());
    let of = match types {
        TypeFilter::All => String::new(),
        types => format!("{}. ", types.label()),
    };
    let subtitle = match telling.question.basis {
        Basis::Cohort => format!("{of}Households received {period} that reached each step, with 95% intervals"),
        Basis::Activity => {
            format!("{of}Milestones from {period}, whenever the enquiry was received. Never divide these by each other")
        }
    };
    let steps = step_rows(telling, group);
    Section {
        id: types.code(),
        heading: telling.named.then_some(types.label()),
        title: finding::approvals(group, telling.question.basis),
        subtitle,
        chart: Chart::new(group, telling.question.basis),
        implied: group.steps.iter().map(|step| step.implied).sum(),
        any_small: steps.iter().any(|step| step.small),
        steps,
        enquiries: numbers::count(group.enquiries()),
        became: became(telling, group),
        outcomes: Outcome::ALL.iter().map(|outcome| outcome.label()).collect(),
        stopped: if telling.activity() { Vec::new() } else { stopped(telling, group) },
        split: split
            .filter(|(split, _)| !split.groups.is_empty())
            .map(|(split, by)| split_table(telling, by, group, split)),
    }
}

fn step_rows(telling: &Telling, group: &Group) -> Vec<StepRow> {
    let row = |step: &StepCount| {
        let first = step.step == Step::Enquiry;
        StepRow {
            label: step.step.label(),
            households: telling.figure(
                step.households,
                format!("households: {}", lower_first(step.step.label())),
                &Figure { step: Some(step.step), ..Figure::default() },
            ),
            of_enquiries: numbers::percent(step.of_enquiries),
            interval: if first { "z".to_owned() } else { numbers::interval(step.interval()) },
            of_previous: numbers::percent(step.of_previous),
            small: !telling.activity() && group.is_small(step.step, telling.small_number),
        }
    };
    group.steps.iter().map(row).collect()
}

fn became(telling: &Telling, group: &Group) -> Vec<Linked> {
    let figure = |outcome: &Outcome| {
        let figure = Figure { outcome: Some(*outcome), ..Figure::default() };
        telling.figure(group.outcomes.of(*outcome), lower_first(outcome.label()), &figure)
    };
    Outcome::ALL.iter().map(figure).collect()
}

fn stopped(telling: &Telling, group: &Group) -> Vec<StoppedRow> {
    let row = |(step, outcomes): (&Step, &Outcomes)| {
        let figure = |number: i64, outcome: Option<Outcome>| {
            let words = outcome.map_or("households", Outcome::label).to_lowercase();
            let what = format!("{words}, no further than {}", lower_first(step.label()));
            telling.figure(number, what, &Figure { furthest: Some(*step), outcome, ..Figure::default() })
        };
        StoppedRow {
            label: step.label(),
            all: figure(outcomes.total(), None),
            outcomes: Outcome::ALL.iter().map(|outcome| figure(outcomes.of(*outcome), Some(*outcome))).collect(),
        }
    };
    Step::ALL.iter().zip(&group.stopped).map(row).collect()
}

fn split_table(telling: &Telling, by: Dimension, whole: &Group, split: &Funnel) -> Split {
    let telling = &Telling { question: Question { by: Some(by), ..telling.question }, ..*telling };
    let average = whole.step(Step::Approval);
    let scale = forest_scale(split.groups.iter(), average, telling.small_number);
    let mut groups: Vec<&Group> = split.groups.iter().collect();
    if by != Dimension::Quarter {
        // The largest first; what is not recorded stays last.
        let unknown = |group: &Group| group.group.as_deref() == Some(by.nothing_recorded());
        groups.sort_by_key(|group| (unknown(group), std::cmp::Reverse(group.enquiries())));
    }
    let rows: Vec<_> =
        groups.into_iter().map(|group| split_row(telling, by, group, (average.of_enquiries, scale))).collect();
    Split {
        title: if telling.activity() {
            format!("By {}", lower_first(by.label()))
        } else {
            finding::comparison(split, whole, by, telling.small_number)
        },
        dimension: by.label(),
        axis: numbers::whole_percent(Some(scale.greatest)),
        any_small: rows.iter().any(|row| row.small),
        rows,
        total: whole.steps.iter().map(|step| numbers::count(step.households)).collect(),
        total_percent: numbers::percent(average.of_enquiries),
        total_interval: numbers::interval(average.interval()),
    }
}

fn split_row(telling: &Telling, by: Dimension, group: &Group, (average, scale): (Option<f64>, Scale)) -> SplitRow {
    let label = group.group.clone().unwrap_or_default();
    let shown = group_label(by, &label);
    let approval = group.step(Step::Approval);
    let small = !telling.activity() && group.enquiries() < telling.small_number;
    SplitRow {
        steps: group
            .steps
            .iter()
            .map(|step| {
                let what = format!("{}, {shown}", lower_first(step.step.label()));
                let figure = Figure { step: Some(step.step), group: Some(label.clone()), ..Figure::default() };
                telling.figure(step.households, what, &figure)
            })
            .collect(),
        percent: numbers::percent(approval.of_enquiries),
        interval: numbers::interval(approval.interval()),
        forest: Forest::new(approval, average, scale, small),
        label: shown,
        small,
    }
}

/// Files carry the code of a kind of fostering; a page says it in words.
pub fn group_label(by: Dimension, label: &str) -> String {
    match (by, label.parse::<FosteringType>()) {
        (Dimension::FosteringType, Ok(kind)) => kind.label().to_owned(),
        _ => label.to_owned(),
    }
}
