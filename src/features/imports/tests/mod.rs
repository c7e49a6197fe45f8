//! Whole files against what a correct import makes of them.

mod brought_back;
mod canonical;
mod examples;
mod files;
mod newer;
mod taking;
mod tracker;

use std::io::Cursor;
use std::ops::ControlFlow;

use super::reading::read;
use super::{Limits, Mapping, Plan, ReadRow, Reading, Table};
use crate::domain::day::Day;
use crate::domain::reason::{Applies, CloseReason, EndedBy, ReasonCode};

const EXAMPLES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/examples");

fn today() -> Day {
    "2025-10-15".parse().unwrap()
}

/// The list that a new installation has.
pub fn reasons() -> Vec<CloseReason> {
    let applicant = ["no_spare_room", "work_or_childcare", "health", "housing_or_tenancy", "moving_away"];
    let more =
        ["chose_another_agency", "not_now", "no_reply", "not_recorded", "AW0", "AW1", "AW2", "AW3", "AW4", "AW5"];
    let service = ["not_eligible", "out_of_area", "safeguarding", "suitability", "stage_1_outcome", "not_approved"];
    let applies = |code: &str, ended_by| match (code, ended_by) {
        ("stage_1_outcome" | "not_approved", _) => Applies::AfterApplying,
        (code, EndedBy::Applicant) if code.starts_with("AW") => Applies::AfterApplying,
        (_, EndedBy::Applicant) => Applies::BeforeApplying,
        _ => Applies::Any,
    };
    let reason = |code: &str, ended_by| CloseReason {
        code: ReasonCode(code.to_owned()),
        label: code.to_owned(),
        ended_by,
        applies: applies(code, ended_by),
        in_use: true,
    };
    let mut reasons: Vec<_> = applicant.iter().chain(&more).map(|code| reason(code, EndedBy::Applicant)).collect();
    reasons.extend(service.iter().map(|code| reason(code, EndedBy::Service)));
    reasons.push(reason("service_other", EndedBy::Service));
    reasons.push(reason("transferred", EndedBy::Transferred));
    reasons.push(reason("duplicate", EndedBy::Duplicate));
    reasons
}

struct Read {
    rows: Vec<ReadRow>,
    reading: Reading,
}

fn read_bytes(bytes: Vec<u8>, mapping: &Mapping) -> Result<Read, String> {
    let known = |header: &str| mapping.target(header).is_some();
    let mut table =
        Table::open(Box::new(Cursor::new(bytes)), &Limits::COMMAND, &known).map_err(|refused| refused.to_string())?;
    let reasons = reasons();
    let plan = Plan { mapping, reasons: &reasons, today: today(), only_sheet: None, most_rows: None };
    let mut rows = Vec::new();
    let reading = read(&mut table, plan, &mut |row| {
        rows.push(row);
        ControlFlow::Continue(())
    });
    Ok(Read { rows, reading: reading.map_err(|refused| refused.to_string())? })
}

fn read_text(text: &str, mapping: &str) -> Read {
    let mapping = match mapping {
        "" => Mapping::canonical(),
        mapping => Mapping::parse(mapping, &reasons()).unwrap(),
    };
    read_bytes(text.as_bytes().to_vec(), &mapping).unwrap()
}

fn problems(read: &Read) -> Vec<(u32, Option<&str>, &str)> {
    let refused = read.reading.refused.iter();
    refused.map(|it| (it.place.row, it.column.as_deref(), it.problem.as_str())).collect()
}
