//! SQL of the cards that are shown, read by id.

use sqlx::SqliteConnection;

use crate::db::Json;
use crate::domain::day::Day;
use crate::domain::ids::EnquiryId;
use crate::domain::stage::Stage;

/// What a card says of an enquiry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    pub id: EnquiryId,
    pub reference: String,
    pub name: String,
    pub restricted: bool,
    pub officer: Option<String>,
    pub stage: Stage,
    /// It stands in the column of Stage 1 and in that of Stage 2.
    pub beside: bool,
    pub paused_from: Option<Day>,
    pub paused_to: Option<Day>,
    pub in_touch_from: Option<Day>,
    pub in_touch_to: Option<Day>,
    pub contact_again_on: Option<Day>,
}

pub async fn list_rows(db: &mut SqliteConnection, ids: &[EnquiryId]) -> sqlx::Result<Vec<Row>> {
    let ids = Json(ids);
    sqlx::query_as!(
        Row,
        r#"select now.enquiry_id as "id!: EnquiryId", enquiry.reference as "reference!", now.display_name as "name!",
            enquiry.restricted as "restricted!: bool", now.officer as "officer?", now.stage as "stage!: Stage",
            now.stage_1_since is not null as "beside!: bool", now.paused_from as "paused_from?: Day",
            now.paused_to as "paused_to?: Day", now.in_touch_from as "in_touch_from?: Day",
            now.in_touch_to as "in_touch_to?: Day", now.contact_again_on as "contact_again_on?: Day"
        from json_each(?1) picked
        join enquiry_now now on now.enquiry_id = picked.value
        join enquiry on enquiry.id = now.enquiry_id"#,
        ids,
    )
    .fetch_all(db)
    .await
}
