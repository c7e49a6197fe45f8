//! SQL that ends every fact of some enquiries at once.

use sqlx::SqliteConnection;

use crate::db::Json;
use crate::domain::actor::Actor;
use crate::domain::ids::EnquiryId;

pub async fn supersede_all(
    connection: &mut SqliteConnection,
    actor: &Actor,
    enquiries: &[EnquiryId],
    why: &str,
) -> sqlx::Result<()> {
    let enquiries = Json(enquiries);
    sqlx::query!(
        "update milestone
        set superseded_at = ?2, superseded_by = ?3, superseded_why = ?4
        where enquiry_id in (select value from json_each(?1)) and superseded_at is null",
        enquiries,
        actor.at,
        actor.user,
        why,
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!(
        "update attribute
        set superseded_at = ?2, superseded_by = ?3, superseded_why = ?4
        where enquiry_id in (select value from json_each(?1)) and superseded_at is null",
        enquiries,
        actor.at,
        actor.user,
        why,
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!(
        "update pause
        set superseded_at = ?2, superseded_by = ?3, superseded_why = ?4
        where enquiry_id in (select value from json_each(?1)) and superseded_at is null",
        enquiries,
        actor.at,
        actor.user,
        why,
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!(
        "update in_touch
        set superseded_at = ?2, superseded_by = ?3, superseded_why = ?4
        where enquiry_id in (select value from json_each(?1)) and superseded_at is null",
        enquiries,
        actor.at,
        actor.user,
        why,
    )
    .execute(&mut *connection)
    .await?;
    Ok(())
}
