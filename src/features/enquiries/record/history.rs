//! The audit of one record in words.

use std::collections::HashMap;

use serde_json::Value;

use super::queries::AuditRow;
use crate::domain::day::Day;
use crate::domain::fostering::FosteringType;
use crate::domain::household::display_name;
use crate::domain::ids::{SeparationId, UserId};
use crate::domain::instant::Instant;
use crate::domain::ledger::AttributeName;
use crate::domain::milestone::{MilestoneKind, MilestoneResult};
use crate::domain::note::NoteKind;
use crate::domain::pause::PauseReason;
use crate::domain::reason::CloseReason;
use crate::domain::separation::undone_in_words;
use crate::domain::text::lower_first;

pub struct Line {
    pub at: String,
    pub by: String,
    pub what: String,
    /// What was, what is, and why.
    pub detail: String,
    /// The separation that it tells of.
    pub separation: Option<SeparationId>,
}

/// Newest first. However often one person opened the record on one day, London's: one line, where the last time stands.
pub fn lines(rows: &[AuditRow], reasons: &[CloseReason]) -> Vec<Line> {
    let day_of = |row: &AuditRow| (row.user, row.at.london_day());
    let mut openings: HashMap<(UserId, Day), Vec<Instant>> = HashMap::new();
    for row in rows.iter().filter(|row| row.is_opening()) {
        openings.entry(day_of(row)).or_default().push(row.at);
    }
    let line = |row: &AuditRow| {
        if !row.is_opening() {
            return Some(line(row, reasons));
        }
        // Whoever comes first takes all of the day.
        let times = openings.remove(&day_of(row))?;
        let mut line = line(row, reasons);
        if let [_, .., first] = times.as_slice() {
            line.what = format!("{} {} times", line.what, times.len());
            line.detail = format!("The first time at {} that day", first.london_time());
        }
        Some(line)
    };
    rows.iter().filter_map(line).collect()
}

fn line(row: &AuditRow, reasons: &[CloseReason]) -> Line {
    let detail = row.detail.as_deref().and_then(|detail| serde_json::from_str::<Value>(detail).ok());
    Line {
        at: row.at.london_text(),
        by: row.by.clone(),
        what: row.action().map_or_else(|| row.action.clone(), |action| action.label().to_owned()),
        separation: detail.as_ref().and_then(|detail| detail.get("separation")?.as_i64()).map(SeparationId),
        detail: about(row.task.as_deref(), detail.map(|detail| in_words(&detail, reasons)).unwrap_or_default()),
    }
}

/// `Ring about the spare room: due 11 Nov 2025`.
fn about(task: Option<&str>, detail: String) -> String {
    match task {
        Some(task) if detail.is_empty() => task.to_owned(),
        Some(task) => format!("{task}: {}", lower_first(&detail)),
        None => detail,
    }
}

fn in_words(detail: &Value, reasons: &[CloseReason]) -> String {
    let old = detail.get("old").map(|fact| fact_in_words(fact, reasons));
    let new = detail.get("new").map(|fact| fact_in_words(fact, reasons));
    let why = detail.get("why").and_then(Value::as_str).map(|why| format!(" “{why}”")).unwrap_or_default();
    match (old, new) {
        (Some(old), Some(new)) => format!("{old}, now {}.{why}", without_the_name(&new, &old)),
        (Some(old), None) => format!("{old}.{why}"),
        (None, Some(new)) => new,
        (None, None) if detail.get("with").is_some() => with_in_words(detail),
        (None, None) if detail.get("leave").is_some() => separation_in_words(detail),
        (None, None) if detail.get("back").is_some() => {
            undone_in_words(&names(detail, "back"), text(detail, "withdrawn"))
        }
        (None, None) if detail.get("open_to").is_some() => open_to_in_words(&detail["open_to"]),
        (None, None) if detail.get("due").is_some() => task_in_words(detail),
        (None, None) if detail.get("appointment").is_some() => visit_in_words(detail) + &why,
        (None, None) => note_in_words(detail),
    }
}

/// What it is about is said once.
fn without_the_name<'a>(new: &'a str, old: &str) -> &'a str {
    match (new.split_once(", "), old.split_once(", ")) {
        (Some((name, rest)), Some((same, _))) if name == same => rest,
        _ => new,
    }
}

/// A note's kind and day; never what it says.
fn note_in_words(detail: &Value) -> String {
    let kind = text(detail, "kind").and_then(|code| code.parse::<NoteKind>().ok());
    kind.map(|kind| [Some(kind.label().to_owned()), day(detail, "on")].into_iter().flatten().collect::<Vec<_>>())
        .map(|parts| parts.join(", "))
        .unwrap_or_default()
}

/// Which other enquiries it is about.
fn with_in_words(detail: &Value) -> String {
    let references = detail.get("with").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
    references.map(|reference| format!("With {reference}")).collect::<Vec<_>>().join(", ")
}

/// Who left and who stayed; not where anybody can be reached.
fn separation_in_words(detail: &Value) -> String {
    let on = day(detail, "on").map(|on| format!(" on {on}")).unwrap_or_default();
    let (left, stayed) = (names(detail, "leave"), names(detail, "stay"));
    format!("{} left{on}; {} went on", display_name(&left), display_name(&stayed))
}

fn names(detail: &Value, key: &str) -> Vec<String> {
    let names = detail.get(key).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
    names.map(str::to_owned).collect()
}

/// Who might open it, and who may.
fn open_to_in_words(detail: &Value) -> String {
    let of = |key: &str| match &detail[key] {
        Value::Array(names) => {
            let names: Vec<_> = names.iter().filter_map(Value::as_str).map(str::to_owned).collect();
            if names.is_empty() { "nobody".to_owned() } else { display_name(&names) }
        }
        _ => "everybody".to_owned(),
    };
    format!("Open to {}, now to {}", of("before"), of("after"))
}

/// When it is due; never what it says.
fn task_in_words(detail: &Value) -> String {
    let due = day(detail, "due").map(|due| format!("Due {due}"));
    let before = day(detail, "before").filter(|_| detail.get("before") != detail.get("due"));
    let attempts = detail.get("attempts").and_then(Value::as_i64).filter(|attempts| *attempts > 0);
    let parts =
        [due, before.map(|before| format!("before {before}")), attempts.map(crate::domain::task::attempts_in_words)];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// When it is; neither where nor what to take care of.
fn visit_in_words(detail: &Value) -> String {
    let when = |key| {
        let (on, at) = text(detail, key)?.split_once(' ')?;
        Some(format!("{}, {at}", on.parse::<Day>().ok()?.short()))
    };
    let before = when("before").map(|before| format!(", before {before}")).unwrap_or_default();
    when("appointment").map(|when| format!("{when}{before}.")).unwrap_or_default()
}

fn fact_in_words(fact: &Value, reasons: &[CloseReason]) -> String {
    let kind = text(fact, "kind").and_then(|code| code.parse::<MilestoneKind>().ok()).map(MilestoneKind::label);
    let name = text(fact, "name").and_then(|code| code.parse::<AttributeName>().ok());
    let result = text(fact, "result").and_then(|code| code.parse::<MilestoneResult>().ok()).map(MilestoneResult::label);
    let pause = text(fact, "reason").and_then(|code| code.parse::<PauseReason>().ok()).map(PauseReason::label);
    let closed = text(fact, "close_reason").and_then(|code| reasons.iter().find(|reason| reason.code.0 == code));
    let places = fact.get("places").and_then(Value::as_i64);
    let parts = [
        kind.map(str::to_owned),
        name.map(|name| format!("{} {}", name.label(), value_in_words(name, text(fact, "value")))),
        day(fact, "on"),
        day(fact, "from").map(|from| format!("from {from}")),
        day(fact, "to").map(|to| format!("to {to}")),
        day(fact, "contact_again_on").map(|on| format!("contact again on {on}")),
        result.map(str::to_owned),
        pause.map(str::to_owned),
        closed.map(|reason| reason.label.clone()),
        places.map(|places| format!("{places} places")),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

fn value_in_words(name: AttributeName, value: Option<&str>) -> &str {
    let kind = value.filter(|_| name == AttributeName::FosteringType).and_then(|code| code.parse().ok());
    kind.map(FosteringType::label).or(value).unwrap_or("nothing")
}

fn text<'a>(value: &'a Value, key: &str) -> Option<&'a str> {
    value.get(key).and_then(Value::as_str)
}

fn day(value: &Value, key: &str) -> Option<String> {
    text(value, key).and_then(|text| text.parse::<Day>().ok()).map(Day::short)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_was_written_down_reads_as_words() {
        for (detail, words) in [
            (
                json!({ "old": { "kind": "initial_visit", "on": "2025-03-12" }, "new": { "kind": "initial_visit", "on": "2025-03-11" }, "why": "Diary" }),
                "Initial visit, 12 Mar 2025, now 11 Mar 2025. “Diary”",
            ),
            (json!({ "new": { "from": "2025-03-12", "to": null, "reason": "illness" } }), "from 12 Mar 2025, Illness"),
            (
                json!({ "new": { "name": "officer", "value": "Priya Nair", "from": "2025-03-12" } }),
                "Officer Priya Nair, from 12 Mar 2025",
            ),
            (json!({ "kind": "call", "on": "2025-03-12" }), "Telephone call, 12 Mar 2025"),
            (
                json!({ "due": "2025-03-14", "before": "2025-03-12", "attempts": 2 }),
                "Due 14 Mar 2025, before 12 Mar 2025, 2 attempts without an answer",
            ),
            (
                json!({ "appointment": "2025-03-14 17:30", "before": "2025-03-12 10:00", "why": "Ill" }),
                "14 Mar 2025, 17:30, before 12 Mar 2025, 10:00. “Ill”",
            ),
            (json!({ "merge": 3, "with": ["E-000007"] }), "With E-000007"),
            (
                json!({ "separation": 1, "on": "2025-03-12", "stay": ["Priya Nair"], "leave": ["Tom Reed", "Ann Reed"] }),
                "Tom and Ann Reed left on 12 Mar 2025; Priya Nair went on",
            ),
            (
                json!({ "separation": 1, "back": ["Tom Reed"], "withdrawn": "E-000944" }),
                "Tom Reed is in the household again; E-000944 was withdrawn",
            ),
            (json!({ "separation": 1, "back": ["Tom Reed"], "withdrawn": null }), "Tom Reed is in the household again"),
            (json!({ "separation": 1 }), ""),
            (
                json!({ "open_to": { "before": null, "after": ["Jan Teal", "Priya Nair"] } }),
                "Open to everybody, now to Jan Teal and Priya Nair",
            ),
            (json!({ "open_to": { "before": ["Jan Teal"], "after": null } }), "Open to Jan Teal, now to everybody"),
            (json!({ "version": 2 }), ""),
        ] {
            assert_eq!(in_words(&detail, &[]), words);
        }
    }
}
