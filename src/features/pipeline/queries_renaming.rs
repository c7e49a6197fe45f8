//! SQL that gives an officer or a source another name on all enquiries at once. It is asked so seldom that it reads the whole
//! ledger rather than keep an index.

use sqlx::SqliteConnection;

use crate::domain::actor::Actor;
use crate::domain::ids::{EnquiryId, UserId};
use crate::domain::ledger::AttributeName;

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

/// Another version of each of those facts, before `supersede_value` ends the ones they are made from.
pub async fn insert_instead(
    connection: &mut SqliteConnection,
    actor: &Actor,
    attribute: AttributeName,
    value: &str,
    instead: &str,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into attribute (root_id, enquiry_id, name, value, user_id, from_on, recorded_at, recorded_by)
        select root_id, enquiry_id, name, ?3, user_id, from_on, max(?4, recorded_at), ?5
        from attribute
        where name = ?1 and value = ?2 and superseded_at is null
        order by id",
        attribute,
        value,
        instead,
        actor.at,
        actor.user,
    )
    .execute(connection)
    .await
    .map(drop)
}

pub async fn supersede_value(
    connection: &mut SqliteConnection,
    actor: &Actor,
    attribute: AttributeName,
    value: &str,
    why: &str,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update attribute
        set superseded_at = max(?3, recorded_at), superseded_by = ?4, superseded_why = ?5
        where name = ?1 and value = ?2 and superseded_at is null",
        attribute,
        value,
        actor.at,
        actor.user,
        why,
    )
    .execute(connection)
    .await
    .map(drop)
}

/// How they stand now. Returns how many.
pub async fn update_now(
    connection: &mut SqliteConnection,
    attribute: AttributeName,
    value: &str,
    instead: &str,
) -> sqlx::Result<u64> {
    let done = match attribute {
        AttributeName::Source => {
            sqlx::query!("update enquiry_now set source = ?2 where source = ?1", value, instead)
                .execute(connection)
                .await?
        }
        AttributeName::Campaign => {
            sqlx::query!("update enquiry_now set campaign = ?2 where campaign = ?1", value, instead)
                .execute(connection)
                .await?
        }
        // The others are no names that a list gives.
        _ => return Ok(0),
    };
    Ok(done.rows_affected())
}
