//! SQL of those who left a household without an enquiry of their own, and of the households that look alike.

use sqlx::SqliteExecutor;

use crate::db::Json;
use crate::domain::day::Day;
use crate::domain::household::display_name;
use crate::domain::ids::{HouseholdId, UserId};

/// Those who left a record and have no enquiry of their own: the history up to then is what is known of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Left {
    pub household: HouseholdId,
    pub name: String,
    pub reference: String,
    pub on: Day,
    /// Whoever asks may open all that was before.
    pub may_open: bool,
}

impl Left {
    pub fn in_words(&self) -> String {
        format!("Left {} on {}, without an enquiry", self.reference, self.on.short())
    }
}

pub async fn list_left(
    db: impl SqliteExecutor<'_>,
    households: &[HouseholdId],
    viewer: UserId,
) -> sqlx::Result<Vec<Left>> {
    let households = Json(households);
    let left = sqlx::query_as!(
        Left,
        r#"select separation.new_id as "household!: HouseholdId",
            (select json_group_array(member.name order by member.position)
                from member
                where member.household_id = separation.new_id) as "name!: String",
            enquiry.reference as "reference!",
            separation.separated_on as "on!: Day",
            not exists (
                select 1
                from household_separation_enquiry shared
                join enquiry before on before.id = shared.enquiry_id
                where shared.separation_id = separation.id
                    and before.restricted = 1
                    and not exists (
                        select 1 from enquiry_access where enquiry_id = before.id and user_id = ?2)
            ) as "may_open!: bool"
        from json_each(?1) asked
        cross join household_separation separation on separation.new_id = asked.value and separation.undone_at is null
        cross join enquiry on enquiry.id = separation.enquiry_id
        where not exists (
            select 1
            from enquiry own
            join enquiry_now on enquiry_now.enquiry_id = own.id
            where own.household_id = separation.new_id)"#,
        households,
        viewer,
    )
    .fetch_all(db)
    .await?;
    let names = |json: &str| display_name(&serde_json::from_str::<Vec<String>>(json).unwrap_or_default());
    Ok(left.into_iter().map(|it| Left { name: names(&it.name), ..it }).collect())
}

/// The households that look like this one and that nobody has told apart from it.
pub async fn list_paired(db: impl SqliteExecutor<'_>, household: HouseholdId) -> sqlx::Result<Vec<HouseholdId>> {
    sqlx::query_scalar!(
        r#"select high_id as "id!: HouseholdId"
        from household_pair
        where low_id = ?1 and told_apart = 0
        union
        select low_id
        from household_pair
        where high_id = ?1 and told_apart = 0"#,
        household,
    )
    .fetch_all(db)
    .await
}
