//! The report on time limits as files: rows for CSV and XLSX, and a table for a terminal.

use std::fmt::Write as _;

use rust_xlsxwriter::XlsxError;

use super::clocks::ClocksReport;
use super::files::SMALL;
use super::numbers;
use super::sheet::{self, Columns, head_cells};
use crate::domain::time_limit::{ClockCount, StateName};

/// One row for each clock of each group, with the head in every row. Cells that do not apply are empty; proportions are
/// from 0 to 1 and not rounded.
pub const COLUMNS: [&str; 26] = [
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
    "clock",
    "limit",
    "statutory",
    "started",
    "running",
    "due_soon",
    "overdue",
    "met",
    "missed",
    "ended",
    "not_recorded",
    "median_days",
    "days",
    "in_time",
    "low",
    "high",
];
const SHEET: Columns = Columns { names: &COLUMNS, numbers: 13..22, proportions: 23..26 };

pub fn rows(report: &ClocksReport) -> Vec<Vec<String>> {
    let head = head_cells(&report.head);
    let of_group = |group: &crate::domain::time_limit::ClockGroup| {
        let label = group.group.clone().unwrap_or_default();
        let row = |count: &ClockCount| head.iter().cloned().chain([label.clone()]).chain(cells(count)).collect();
        group.clocks.iter().map(row).collect::<Vec<Vec<String>>>()
    };
    report.clocks.groups.iter().flat_map(of_group).collect()
}

fn cells(count: &ClockCount) -> Vec<String> {
    let number = |number: Option<f64>| number.map(|number| number.to_string()).unwrap_or_default();
    let counted = [
        count.started,
        count.running,
        count.due_soon,
        count.overdue,
        count.met,
        count.missed,
        count.ended,
        count.not_recorded,
    ];
    [count.clock.code().to_owned(), count.limit.clone().unwrap_or_default(), count.statutory.to_string()]
        .into_iter()
        .chain(counted.map(|number| number.to_string()))
        .chain([number(count.median_days), count.days.to_owned()])
        .chain([count.in_time, count.low, count.high].map(number))
        .collect()
}

/// For a file on standard output.
pub fn clocks_csv(reports: &[ClocksReport]) -> anyhow::Result<Vec<u8>> {
    sheet::csv(&SHEET, reports.iter().flat_map(rows))
}

pub fn xlsx(reports: &[ClocksReport]) -> Result<Vec<u8>, XlsxError> {
    let head = reports.first().map(|report| &report.head);
    sheet::xlsx("Time limits", &SHEET, head, reports.iter().flat_map(rows))
}

/// For a terminal: what was asked, then a table for each group.
pub fn clocks_table(report: &ClocksReport, small_number: i64) -> String {
    let head = &report.head;
    let mut text = String::new();
    for (name, value) in [
        ("Time limits", head.service.clone()),
        ("Started", format!("{} to {}", head.from.words(), head.to.words())),
        ("As at", head.as_at.words()),
        ("As known at", head.known_at.to_string()),
        ("Type", head.types.code().to_owned()),
        ("Split by", head.by.map_or("nothing", |by| by.code()).to_owned()),
    ] {
        let _ = writeln!(text, "{name:<12} {value}");
    }
    if report.clocks.groups.is_empty() {
        text.push_str("\nNothing to count.\n");
    }
    for group in &report.clocks.groups {
        let wide = numbers::widest(group.clocks.iter().map(|count| count.clock.label()), 24);
        text.push('\n');
        if let Some(label) = &group.group {
            let _ = writeln!(text, "{label}");
        }
        let _ = writeln!(
            text,
            "{:<wide$} {:>8} {:>8} {:>6} {:>7} {:>6} {:>6} {:>6} {:>8} {:>7} {:>8} {:>15}",
            "Time limit",
            "Started",
            "Running",
            "Soon",
            "Overdue",
            "Met",
            "Missed",
            "Ended",
            "No date",
            "Median",
            "In time",
            "95% interval"
        );
        for count in &group.clocks {
            let of = |state: StateName| numbers::count(count.in_state(state));
            let _ = writeln!(
                text,
                "{:<wide$} {:>8} {:>8} {:>6} {:>7} {:>6} {:>6} {:>6} {:>8} {:>7} {:>8} {:>15}{}",
                count.clock.label(),
                numbers::count(count.started),
                of(StateName::Running),
                of(StateName::DueSoon),
                of(StateName::Overdue),
                of(StateName::Met),
                of(StateName::Missed),
                of(StateName::Ended),
                of(StateName::NotRecorded),
                count.median_days.map_or_else(|| "z".to_owned(), |days| days.to_string()),
                numbers::percent(count.in_time),
                numbers::interval(count.interval()),
                if count.is_small(small_number) { SMALL } else { "" },
            );
        }
    }
    text.push_str(
        "\nRunning includes those due soon and overdue. Median: days taken of those met and missed, in working days\n\
         where the limit is. In time: met, of those met, missed or overdue.\n",
    );
    if text.contains(SMALL) {
        let _ = writeln!(text, "Small number: fewer than {small_number} were met, missed or overdue.");
    }
    text.lines().map(|line| format!("{}\n", line.trim_end())).collect()
}
