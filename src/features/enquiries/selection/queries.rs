//! Every SQL statement of doing something to many enquiries.

use sqlx::SqliteConnection;

use crate::db::Json;
use crate::domain::day::Day;
use crate::domain::ids::{EnquiryId, UserId};
use crate::features::access::Viewer;

/// One of those chosen, as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chosen {
    pub id: EnquiryId,
    pub reference: String,
    pub name: String,
    pub officer: Option<String>,
    pub officer_user: Option<UserId>,
    pub officer_from: Option<Day>,
    pub approved: Option<Day>,
    pub closed: Option<Day>,
}

/// In the order in which they were chosen; what this person may not see is not there.
pub async fn list_chosen(db: &mut SqliteConnection, ids: &[EnquiryId], viewer: Viewer) -> sqlx::Result<Vec<Chosen>> {
    let (ids, own) = (Json(ids), viewer.own_only.then_some(viewer.user));
    sqlx::query_as!(
        Chosen,
        r#"select now.enquiry_id as "id!: EnquiryId", enquiry.reference as "reference!", now.display_name as "name!",
            now.officer as "officer?", now.officer_user_id as "officer_user?: UserId",
            now.officer_from as "officer_from?: Day", now.approved_on as "approved?: Day",
            now.closed_on as "closed?: Day"
        from json_each(?1) picked
        join enquiry_now now on now.enquiry_id = picked.value
        join enquiry on enquiry.id = now.enquiry_id
        where (?2 is null or now.officer_user_id = ?2)
            and (enquiry.restricted = 0
                or exists (select 1 from enquiry_access where enquiry_id = enquiry.id and user_id = ?3))
        order by picked.key"#,
        ids,
        own,
        viewer.user,
    )
    .fetch_all(db)
    .await
}
