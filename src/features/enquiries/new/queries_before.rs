//! SQL of people who were known as part of another household before they separated from it.

use sqlx::SqliteExecutor;

use super::queries::KnownEnquiry;
use crate::db::Json;
use crate::domain::day::Day;
use crate::domain::household::display_name;
use crate::domain::ids::{EnquiryId, HouseholdId, UserId};
use crate::domain::stage::Stage;

/// What these households were part of before they separated, as far as somebody may see it, the newest first: with the
/// name and the home of those who left.
pub async fn list_before_separation(
    db: impl SqliteExecutor<'_>,
    households: &[HouseholdId],
    viewer: UserId,
) -> sqlx::Result<Vec<KnownEnquiry>> {
    let households = Json(households);
    let rows = sqlx::query!(
        r#"select separation.new_id as "household!: HouseholdId",
            enquiry.id as "id!: EnquiryId",
            enquiry.reference as "reference!",
            (
                select json_group_array(member.name order by member.position)
                from member
                where member.household_id = separation.new_id) as "names!: String",
            household.address as "address?",
            household.postcode as "postcode?",
            now.stage as "stage!: Stage",
            close_reason.label as "close_reason?",
            now.day_on as "day!: Day",
            now.officer as "officer?"
        from json_each(?1) asked
        cross join household_separation separation on separation.new_id = asked.value and separation.undone_at is null
        cross join household_separation_enquiry shared on shared.separation_id = separation.id
        cross join household on household.id = separation.new_id
        cross join enquiry on enquiry.id = shared.enquiry_id
        cross join enquiry_now now on now.enquiry_id = enquiry.id
        left join close_reason on close_reason.code = now.close_reason
        where enquiry.restricted = 0
            or exists (select 1 from enquiry_access where enquiry_id = enquiry.id and user_id = ?2)
        order by now.day_on desc, enquiry.id desc"#,
        households,
        viewer,
    )
    .fetch_all(db)
    .await?;
    let known = rows.into_iter().map(|row| KnownEnquiry {
        household: row.household,
        id: row.id,
        reference: row.reference,
        name: display_name(&serde_json::from_str::<Vec<String>>(&row.names).unwrap_or_default()),
        address: row.address,
        postcode: row.postcode,
        stage: row.stage,
        close_reason: row.close_reason,
        day: row.day,
        officer: row.officer,
        before: true,
    });
    Ok(known.collect())
}
