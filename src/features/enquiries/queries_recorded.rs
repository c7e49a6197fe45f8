//! SQL of what the filters offer, and of the hubs of a new enquiry: everything that has been recorded so far. Each value
//! is found by a step in its index, however many rows have it.

use sqlx::SqliteConnection;

/// Officers, sources and hubs are few; should they not be, a menu of more is of no use.
const MOST: i64 = 300;

macro_rules! recorded {
    ($db:expr, $column:tt) => {
        sqlx::query_scalar!(
            "with recursive recorded (value) as (
                select min("
                + $column
                + ") from enquiry_now where "
                + $column
                + " is not null
                union all
                select (select min("
                + $column
                + ") from enquiry_now where "
                + $column
                + " > recorded.value)
                from recorded
                where recorded.value is not null)
            select value as \"value!: String\"
            from recorded
            where value is not null
            limit ?",
            MOST,
        )
        .fetch_all($db)
    };
}

pub async fn list_officers(db: &mut SqliteConnection) -> sqlx::Result<Vec<String>> {
    recorded!(db, "officer").await
}

pub async fn list_sources(db: &mut SqliteConnection) -> sqlx::Result<Vec<String>> {
    recorded!(db, "source").await
}

pub async fn list_hubs(db: &mut SqliteConnection) -> sqlx::Result<Vec<String>> {
    recorded!(db, "hub").await
}
