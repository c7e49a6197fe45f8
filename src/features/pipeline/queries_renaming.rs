//! SQL that gives an officer another name on all their enquiries at once. It is asked so seldom that it reads the whole
//! ledger rather than keep an index.

use sqlx::SqliteConnection;

use crate::domain::actor::Actor;
use crate::domain::ids::{EnquiryId, UserId};

pub async fn list_enquiries_named_otherwise(
    connection: &mut SqliteConnection,
    officer: UserId,
    name: &str,
) -> sqlx::Result<Vec<EnquiryId>> {
    sqlx::query_scalar!(
        r#"select distinct enquiry_id as "id!: EnquiryId"
        from attribute
        where user_id = ?1 and name = 'officer' and superseded_at is null and value <> ?2
        order by enquiry_id"#,
        officer,
        name,
    )
    .fetch_all(connection)
    .await
}

/// Another version of each of those facts, before `supersede_named_otherwise` ends the ones they are made from.
pub async fn insert_renamed(
    connection: &mut SqliteConnection,
    actor: &Actor,
    officer: UserId,
    name: &str,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into attribute (root_id, enquiry_id, name, value, user_id, from_on, recorded_at, recorded_by)
        select root_id, enquiry_id, name, ?2, user_id, from_on, max(?3, recorded_at), ?4
        from attribute
        where user_id = ?1 and name = 'officer' and superseded_at is null and value <> ?2
        order by id",
        officer,
        name,
        actor.at,
        actor.user,
    )
    .execute(connection)
    .await
    .map(drop)
}

pub async fn supersede_named_otherwise(
    connection: &mut SqliteConnection,
    actor: &Actor,
    officer: UserId,
    name: &str,
    why: &str,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update attribute
        set superseded_at = max(?3, recorded_at), superseded_by = ?4, superseded_why = ?5
        where user_id = ?1 and name = 'officer' and superseded_at is null and value <> ?2",
        officer,
        name,
        actor.at,
        actor.user,
        why,
    )
    .execute(connection)
    .await
    .map(drop)
}
