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

/// Facts that get another value: of one person's account, or of one value.
#[derive(Debug, Clone, Copy)]
pub struct Which<'a> {
    pub attribute: AttributeName,
    pub user: Option<UserId>,
    pub value: Option<&'a str>,
}

/// Another version of each of those facts, before `supersede` ends the ones they are made from.
pub async fn insert_instead(
    connection: &mut SqliteConnection,
    actor: &Actor,
    which: Which<'_>,
    instead: &str,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into attribute (root_id, enquiry_id, name, value, user_id, from_on, recorded_at, recorded_by)
        select root_id, enquiry_id, name, ?4, user_id, from_on, max(?5, recorded_at), ?6
        from attribute
        where name = ?1
            and (?2 is null or user_id = ?2)
            and (?3 is null or value = ?3)
            and value <> ?4
            and superseded_at is null
        order by id",
        which.attribute,
        which.user,
        which.value,
        instead,
        actor.at,
        actor.user,
    )
    .execute(connection)
    .await
    .map(drop)
}

pub async fn supersede(
    connection: &mut SqliteConnection,
    actor: &Actor,
    which: Which<'_>,
    instead: &str,
    why: &str,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update attribute
        set superseded_at = max(?5, recorded_at), superseded_by = ?6, superseded_why = ?7
        where name = ?1
            and (?2 is null or user_id = ?2)
            and (?3 is null or value = ?3)
            and value <> ?4
            and superseded_at is null",
        which.attribute,
        which.user,
        which.value,
        instead,
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
