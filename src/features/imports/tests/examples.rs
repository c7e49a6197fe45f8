//! The example files, enquiry by enquiry.

use std::fs;

use serde_json::{Value, json};

use super::{EXAMPLES, Read, read_bytes, reasons};
use crate::domain::enquiry_row::{Column, EnquiryRow};
use crate::domain::household::Applicant;
use crate::domain::milestone::MilestoneKind;
use crate::domain::reason::EndedBy;
use crate::features::imports::{Mapping, ReadRow};

fn example(file: &str, mapping: Option<&str>) -> (Read, Value) {
    let mapping = match mapping {
        Some(name) => Mapping::parse(&fs::read_to_string(format!("{EXAMPLES}/{name}")).unwrap(), &reasons()).unwrap(),
        None => Mapping::canonical(),
    };
    let truth = format!("{EXAMPLES}/{}.truth.json", file.rsplit_once('.').unwrap().0);
    let truth = serde_json::from_str(&fs::read_to_string(truth).unwrap()).unwrap();
    (read_bytes(fs::read(format!("{EXAMPLES}/{file}")).unwrap(), &mapping).unwrap(), truth)
}

/// An enquiry as the truth writes it.
pub fn said(row: &ReadRow) -> Value {
    let enquiry = &row.enquiry;
    let cell = |column| Some(enquiry.cell(column)).filter(|text| !text.is_empty());
    let people = || enquiry.applicants.iter();
    let mut milestones = serde_json::Map::new();
    for milestone in &enquiry.milestones {
        let own = [MilestoneKind::Enquired, MilestoneKind::EnquiryReceived, MilestoneKind::Closed];
        if let Some(column) = milestone.kind.column().filter(|_| !own.contains(&milestone.kind)) {
            milestones.insert(column.trim_end_matches("_on").to_owned(), json!(milestone.on));
        }
    }
    json!({
        "sheet": row.place.sheet, "row": row.place.row, "reference": enquiry.reference,
        "names": people().map(|it| &it.name).collect::<Vec<_>>(),
        "phones": people().flat_map(Applicant::phones).collect::<Vec<_>>(),
        "emails": people().filter_map(|it| it.email.as_ref()).collect::<Vec<_>>(),
        "postcode": enquiry.postcode, "source": enquiry.source, "campaign": enquiry.campaign,
        "hub": enquiry.hub, "hub_reference": enquiry.hub_reference, "officer": enquiry.officer,
        "fostering_type": enquiry.fostering_type, "enquired_on": cell(Column::EnquiredOn),
        "received_on": cell(Column::ReceivedOn), "milestones": milestones, "outcome": outcome(enquiry),
        "ended_by": ended_by(enquiry), "close_reason": cell(Column::CloseReason), "closed_on": cell(Column::ClosedOn),
        "paused_from": cell(Column::PausedFrom), "paused_to": cell(Column::PausedTo),
        "pause_reason": cell(Column::PauseReason), "in_touch_from": cell(Column::InTouchFrom),
        "contact_again_on": cell(Column::ContactAgainOn), "panel_recommendation": cell(Column::PanelRecommendation),
        "decision": cell(Column::Decision), "approved_places": cell(Column::ApprovedPlaces),
    })
}

fn outcome(enquiry: &EnquiryRow) -> &'static str {
    match () {
        () if enquiry.first(MilestoneKind::Approved).is_some() => "approved",
        () if enquiry.first(MilestoneKind::Closed).is_some() => "closed",
        () if enquiry.pause.is_some() => "paused",
        () if enquiry.in_touch.is_some() => "in_touch",
        () => "open",
    }
}

fn ended_by(enquiry: &EnquiryRow) -> Option<EndedBy> {
    let reason = enquiry.first(MilestoneKind::Closed)?.close_reason.clone()?;
    reasons().into_iter().find(|it| it.code == reason).map(|it| it.ended_by)
}

/// Where the truth leaves something out, it is nothing.
pub fn assert_same(said: &Value, truth: &Value) {
    for (key, value) in said.as_object().unwrap() {
        // Places are written as a number in one truth and as a text in another.
        let truth = match truth.get(key).unwrap_or(&Value::Null) {
            Value::Number(number) if key == "approved_places" => json!(number.to_string()),
            truth => truth.clone(),
        };
        assert_eq!(&truth, value, "{key} of {said}");
    }
}

fn places(list: &Value, keys: &[&str]) -> Vec<Vec<Value>> {
    let list = list.as_array().map(Vec::as_slice).unwrap_or_default();
    list.iter().map(|it| keys.iter().map(|key| it.get(key).cloned().unwrap_or_default()).collect()).collect()
}

fn assert_truth(read: &Read, truth: &Value) {
    let reading = &read.reading;
    assert_eq!(json!(reading.rows), truth["rows"]);
    let keys = ["sheet", "row", "column"];
    assert_eq!(places(&json!(reading.refused), &keys), places(&truth["refused"], &keys));
    let keys = ["sheet", "row", "column", "kind"];
    assert_eq!(places(&json!(reading.warnings), &keys), places(&truth["warnings"], &keys));
    let keys = ["sheet", "row", "why"];
    assert_eq!(places(&json!(reading.skipped), &keys), places(&truth["skipped"], &keys));
    assert_eq!(json!(reading.unknown_columns), truth["unknown_columns"]);
    let of_place = |value: &Value| (value["sheet"].clone(), value["row"].clone());
    for enquiry in truth["enquiries"].as_array().unwrap() {
        let found = read.rows.iter().map(said).find(|said| of_place(said) == of_place(enquiry));
        assert_same(&found.unwrap_or_else(|| panic!("{enquiry} is not read")), enquiry);
    }
    assert_eq!(read.rows.len() + reading.refused.len(), reading.rows);
}

#[test]
fn simple_canonical_rows() {
    let (read, truth) = example("simple.csv", None);
    assert_truth(&read, &truth);
}

#[test]
fn every_canonical_column() {
    let (read, truth) = example("all-columns.csv", None);
    assert_truth(&read, &truth);
    assert_eq!(read.rows[11].enquiry.notes.as_deref(), Some("=asks about \"allowances\", carefully"));
}

#[test]
fn a_councils_own_workbook() {
    let (read, truth) = example("council-tracker-2024-25.xlsx", Some("council-tracker-2024-25.mapping.toml"));
    assert_truth(&read, &truth);
    let karen = read.rows.iter().find(|row| row.place.row == 49 && row.place.sheet.as_deref() == Some("2024-25"));
    assert_eq!(karen.unwrap().enquiry.notes.as_deref(), Some("Low Fold"));
}

#[test]
fn a_hubs_weekly_file() {
    let (read, truth) = example("hub-weekly-referrals.csv", Some("hub-weekly-referrals.mapping.toml"));
    assert_truth(&read, &truth);
    assert_eq!(read.reading.dialect.as_ref().map(|it| it.encoding), truth["encoding"].as_str());
    assert_eq!(read.rows[0].enquiry.notes.as_deref(), Some("£ question: allowances"));
    // Nothing of another council's people is kept, not even in what is said about their rows.
    let said = format!("{:?}{:?}", read.rows, read.reading);
    for theirs in ["Beata", "Teesmoor", "beata.nair52", "Sanderson", "Low Fold"] {
        assert!(!said.contains(theirs), "{theirs}");
    }
}
