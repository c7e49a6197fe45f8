//! The one thing that playing a story has to look up.

use sqlx::SqliteConnection;

use crate::domain::ids::{EnquiryId, HouseholdId};

pub async fn find_household(connection: &mut SqliteConnection, enquiry: EnquiryId) -> sqlx::Result<HouseholdId> {
    sqlx::query_scalar!(r#"select household_id as "id: HouseholdId" from enquiry where id = ?"#, enquiry)
        .fetch_one(connection)
        .await
}
