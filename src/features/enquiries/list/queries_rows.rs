//! SQL of the rows of one page, read by id.

use sqlx::SqliteConnection;

use crate::db::Json;
use crate::domain::day::Day;
use crate::domain::ids::EnquiryId;
use crate::domain::pause::PauseReason;
use crate::domain::stage::Stage;

/// One row of the page.
#[derive(Debug, Clone)]
pub struct Row {
    pub id: EnquiryId,
    pub reference: String,
    pub name: String,
    pub postcode: Option<String>,
    pub restricted: bool,
    pub stage: Stage,
    pub stage_1_has_outcome: bool,
    pub is_approved: bool,
    pub is_closed: bool,
    pub close_reason: Option<String>,
    pub paused_from: Option<Day>,
    pub paused_to: Option<Day>,
    pub pause_reason: Option<PauseReason>,
    pub in_touch_from: Option<Day>,
    pub in_touch_to: Option<Day>,
    pub contact_again_on: Option<Day>,
    pub officer: Option<String>,
    pub source: Option<String>,
    pub hub: Option<String>,
    pub day: Day,
    pub last_on: Day,
}

/// The rows that were picked, in the order in which they were picked.
pub async fn list_rows(db: &mut SqliteConnection, ids: &[EnquiryId]) -> sqlx::Result<Vec<Row>> {
    let ids = Json(ids);
    sqlx::query_as!(
        Row,
        r#"select now.enquiry_id as "id!: EnquiryId",
            enquiry.reference as "reference!",
            now.display_name as "name!",
            household.postcode as "postcode?",
            enquiry.restricted as "restricted!: bool",
            now.stage as "stage!: Stage",
            now.stage_1_outcome_on is not null as "stage_1_has_outcome!: bool",
            now.approved_on is not null as "is_approved!: bool",
            now.closed_on is not null as "is_closed!: bool",
            close_reason.label as "close_reason?",
            now.paused_from as "paused_from?: Day",
            now.paused_to as "paused_to?: Day",
            now.pause_reason as "pause_reason?: PauseReason",
            now.in_touch_from as "in_touch_from?: Day",
            now.in_touch_to as "in_touch_to?: Day",
            now.contact_again_on as "contact_again_on?: Day",
            now.officer as "officer?",
            now.source as "source?",
            now.hub as "hub?",
            now.day_on as "day!: Day",
            now.last_on as "last_on!: Day"
        from json_each(?1) picked
        join enquiry_now now on now.enquiry_id = picked.value
        join enquiry on enquiry.id = now.enquiry_id
        join household on household.id = enquiry.household_id
        left join close_reason on close_reason.code = now.close_reason
        order by picked.key"#,
        ids,
    )
    .fetch_all(db)
    .await
}
