//! Reports as files: rows for CSV and XLSX, and a table for a terminal. The same figures, always with the head.

use std::fmt::Write as _;

use rust_xlsxwriter::XlsxError;

use super::numbers;
use super::report::FunnelReport;
use super::sheet::{self, Columns, head_cells};
use crate::domain::funnel::{Group, Outcome, Step, StepCount};
use crate::domain::question::Basis;
use crate::domain::text::lower_first;

/// One row for each step and each outcome of each group; the head is repeated in every row, so that rows can be
/// filtered and put together. Cells that do not apply are empty; proportions are from 0 to 1 and not rounded.
pub const FUNNEL_COLUMNS: [&str; 18] = [
    "report",
    "service",
    "from",
    "to",
    "type",
    "as_at",
    "known_at",
    "basis",
    "by",
    "group",
    "measure",
    "name",
    "households",
    "implied",
    "of_enquiries",
    "of_previous",
    "low",
    "high",
];
const NUMBERS_FROM: usize = 12;
const COLUMNS: Columns =
    Columns { names: &FUNNEL_COLUMNS, numbers: NUMBERS_FROM..14, proportions: 14..FUNNEL_COLUMNS.len() };

pub fn funnel_rows(report: &FunnelReport) -> Vec<Vec<String>> {
    let head = head_cells(&report.head);
    let mut rows = Vec::new();
    for group in &report.funnel.groups {
        let label = group.group.clone().unwrap_or_default();
        let row = |measure: &str, name: &str, numbers: Vec<String>| {
            let cells = [label.clone(), measure.to_owned(), name.to_owned()];
            head.iter().cloned().chain(cells).chain(numbers).collect()
        };
        rows.extend(group.steps.iter().map(|step| row("step", step.step.code(), step_cells(step))));
        rows.extend(Outcome::ALL.iter().map(|outcome| {
            let mut numbers = vec![String::new(); FUNNEL_COLUMNS.len() - NUMBERS_FROM];
            numbers[0] = group.outcomes.of(*outcome).to_string();
            row("outcome", outcome.code(), numbers)
        }));
    }
    rows
}

fn step_cells(step: &StepCount) -> Vec<String> {
    let number = |proportion: Option<f64>| proportion.map(|proportion| proportion.to_string()).unwrap_or_default();
    vec![
        step.households.to_string(),
        step.implied.to_string(),
        number(step.of_enquiries),
        number(step.of_previous),
        number(step.low),
        number(step.high),
    ]
}

/// For a file on standard output.
pub fn funnel_csv(reports: &[FunnelReport]) -> anyhow::Result<Vec<u8>> {
    sheet::csv(&COLUMNS, reports.iter().flat_map(funnel_rows))
}

pub fn funnel_xlsx(reports: &[FunnelReport]) -> Result<Vec<u8>, XlsxError> {
    let head = reports.first().map(|report| &report.head);
    sheet::xlsx("Funnel", &COLUMNS, head, reports.iter().flat_map(funnel_rows))
}

/// For a terminal: what was asked, then a table for each group.
pub fn funnel_table(report: &FunnelReport, small_number: i64) -> String {
    let head = &report.head;
    let mut text = String::new();
    let period = match head.basis {
        Basis::Cohort => "Received",
        Basis::Activity => "Happened",
    };
    let by = head.by.map_or("nothing", |by| by.code());
    for (name, value) in [
        ("Funnel", head.service.clone()),
        (period, format!("{} to {}", head.from.words(), head.to.words())),
        ("As at", head.as_at.words()),
        ("As known at", head.known_at.to_string()),
        ("Basis", head.basis.code().to_owned()),
        ("Type", head.types.code().to_owned()),
        ("Split by", by.to_owned()),
    ] {
        let _ = writeln!(text, "{name:<12} {value}");
    }
    if head.basis == Basis::Activity {
        text.push_str("Counts of what happened in the period. They must not be divided by each other.\n");
    }
    if report.funnel.groups.is_empty() {
        text.push_str("\nNothing to count.\n");
    }
    for group in &report.funnel.groups {
        group_table(&mut text, group, head.basis, small_number);
    }
    if text.contains(SMALL) {
        let _ = writeln!(text, "\nSmall number: the last step had fewer than {small_number}, so its rate says little.");
    }
    text.lines().map(|line| format!("{}\n", line.trim_end())).collect()
}

/// Ends the line of a figure from which no rate should be drawn.
pub const SMALL: &str = "  small number";

fn group_table(text: &mut String, group: &Group, basis: Basis, small_number: i64) {
    let wide = numbers::widest(group.steps.iter().map(|step| step.step.label()), 14);
    text.push('\n');
    if let Some(label) = &group.group {
        let _ = writeln!(text, "{label}");
    }
    let _ = match basis {
        Basis::Cohort => writeln!(
            text,
            "{:<wide$} {:>10} {:>8} {:>13} {:>15} {:>12}",
            "Step", "Households", "Implied", "Of enquiries", "95% interval", "Of previous"
        ),
        Basis::Activity => writeln!(text, "{:<wide$} {:>10}", "Step", "Households"),
    };
    for step in &group.steps {
        let (label, households) = (step.step.label(), numbers::count(step.households));
        let _ = match basis {
            Basis::Activity => writeln!(text, "{label:<wide$} {households:>10}"),
            Basis::Cohort => writeln!(
                text,
                "{label:<wide$} {households:>10} {:>8} {:>13} {:>15} {:>12}{}",
                numbers::count(step.implied),
                numbers::percent(step.of_enquiries),
                if step.step == Step::Enquiry { String::new() } else { numbers::interval(step.interval()) },
                if step.step == Step::Enquiry { String::new() } else { numbers::percent(step.of_previous) },
                if group.is_small(step.step, small_number) { SMALL } else { "" },
            ),
        };
    }
    let outcomes: Vec<_> = Outcome::ALL
        .iter()
        .map(|outcome| format!("{} {}", lower_first(outcome.label()), numbers::count(group.outcomes.of(*outcome))))
        .collect();
    let _ = writeln!(text, "Of the {} received: {}", numbers::count(group.outcomes.total()), outcomes.join(", "));
}
