//! What is written into the ledgers, one struct a table.

use serde::Serialize;

use crate::domain::day::Day;
use crate::domain::ids::{EnquiryId, UserId};
use crate::domain::ledger::AttributeName;
use crate::domain::milestone::{MilestoneKind, MilestoneResult};
use crate::domain::pause::PauseReason;
use crate::domain::reason::ReasonCode;

#[derive(Serialize)]
pub struct NewMilestone {
    pub id: i64,
    pub root: i64,
    pub enquiry: EnquiryId,
    pub kind: MilestoneKind,
    pub on: Day,
    pub result: Option<MilestoneResult>,
    pub close_reason: Option<ReasonCode>,
    pub places: Option<i64>,
    pub duplicate_of: Option<EnquiryId>,
}

#[derive(Serialize)]
pub struct NewAttribute {
    pub id: i64,
    pub root: i64,
    pub enquiry: EnquiryId,
    pub name: AttributeName,
    pub value: Option<String>,
    pub user: Option<UserId>,
    pub from: Option<Day>,
}

#[derive(Serialize)]
pub struct NewPause {
    pub id: i64,
    pub root: i64,
    pub enquiry: EnquiryId,
    pub from: Day,
    pub to: Option<Day>,
    pub reason: PauseReason,
}

#[derive(Serialize)]
pub struct NewInTouch {
    pub id: i64,
    pub root: i64,
    pub enquiry: EnquiryId,
    pub from: Day,
    pub to: Option<Day>,
    pub contact_again_on: Option<Day>,
}
