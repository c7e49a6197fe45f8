//! SQL of people who have no enquiry of their own yet: they have separated from those who go on.

use std::collections::BTreeSet;

use sqlx::SqliteConnection;

use crate::db::Json;
use crate::domain::ids::HouseholdId;
use crate::features::access::Viewer;

/// Which of these households are such people; for a viewer, where they may open something of what was before. Nobody's
/// own cases are among them.
pub async fn list_separated(
    db: &mut SqliteConnection,
    households: &[HouseholdId],
    viewer: Option<Viewer>,
) -> sqlx::Result<BTreeSet<HouseholdId>> {
    if viewer.is_some_and(|viewer| viewer.own_only) {
        return Ok(BTreeSet::new());
    }
    let (ids, user) = (Json(households), viewer.map(|viewer| viewer.user));
    let found = sqlx::query_scalar!(
        r#"select separation.new_id as "id!: HouseholdId"
        from json_each(?1) asked
        join household_separation separation on separation.new_id = asked.value and separation.undone_at is null
        where not exists (select 1 from household_merge where goes_id = separation.new_id and undone_at is null)
            and not exists (
                select 1
                from enquiry
                join enquiry_now on enquiry_now.enquiry_id = enquiry.id
                where enquiry.household_id = separation.new_id)
            and (?2 is null
                or exists (
                    select 1
                    from household_separation_enquiry shared
                    join enquiry on enquiry.id = shared.enquiry_id
                    where shared.separation_id = separation.id
                        and (enquiry.restricted = 0
                            or exists (
                                select 1
                                from enquiry_access
                                where enquiry_access.enquiry_id = enquiry.id and user_id = ?2))))"#,
        ids,
        user,
    )
    .fetch_all(db)
    .await?;
    Ok(found.into_iter().collect())
}
