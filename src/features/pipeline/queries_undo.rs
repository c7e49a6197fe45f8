//! SQL that ends every fact of some enquiries at once.

use sqlx::SqliteConnection;

use crate::db::Json;
use crate::domain::actor::Actor;
use crate::domain::ids::EnquiryId;

macro_rules! supersede {
    ($ledger:literal, $connection:expr, $actor:expr, $enquiries:expr, $why:expr) => {
        sqlx::query!(
            "update "
                + $ledger
                + "
            set superseded_at = ?2, superseded_by = ?3, superseded_why = ?4
            where enquiry_id in (select value from json_each(?1)) and superseded_at is null",
            $enquiries,
            $actor.at,
            $actor.user,
            $why,
        )
        .execute(&mut *$connection)
        .await?;
    };
}

pub async fn supersede_all(
    connection: &mut SqliteConnection,
    actor: &Actor,
    enquiries: &[EnquiryId],
    why: &str,
) -> sqlx::Result<()> {
    let enquiries = Json(enquiries);
    supersede!("milestone", connection, actor, enquiries, why);
    supersede!("attribute", connection, actor, enquiries, why);
    supersede!("pause", connection, actor, enquiries, why);
    supersede!("in_touch", connection, actor, enquiries, why);
    Ok(())
}
