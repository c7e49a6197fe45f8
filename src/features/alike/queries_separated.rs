//! SQL of whether one of two households has left the other.

use sqlx::SqliteExecutor;

use crate::db::Json;
use crate::domain::day::Day;
use crate::domain::ids::{HouseholdId, SeparationId};

/// The separation by which two households came to be two.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parting {
    pub id: SeparationId,
    pub on: Day,
}

/// Each with the records that went into it. The latest, of those that stand.
pub async fn find_parting(
    db: impl SqliteExecutor<'_>,
    ones: &[HouseholdId],
    others: &[HouseholdId],
) -> sqlx::Result<Option<Parting>> {
    let (ones, others) = (Json(ones), Json(others));
    sqlx::query_as!(
        Parting,
        r#"select separation.id as "id!: SeparationId", separation.separated_on as "on!: Day"
        from json_each(?1) one
        cross join json_each(?2) other
        cross join household_separation separation on separation.undone_at is null
            and (separation.new_id = one.value and separation.from_id = other.value
                or separation.new_id = other.value and separation.from_id = one.value)
        order by separation.id desc
        limit 1"#,
        ones,
        others,
    )
    .fetch_optional(db)
    .await
}
