//! Every SQL statement of enquiries and their notes.

use serde::Serialize;
use sqlx::SqliteConnection;

use crate::db::Json;
use crate::domain::actor::Actor;
use crate::domain::ids::{EnquiryId, HouseholdId, ImportId};

#[derive(Serialize)]
pub struct NewRow<'a> {
    pub id: EnquiryId,
    pub household: HouseholdId,
    pub reference: String,
    pub fingerprint: Option<&'a str>,
    pub import: Option<ImportId>,
}

pub async fn find_last_id(connection: &mut SqliteConnection) -> sqlx::Result<i64> {
    sqlx::query_scalar!(r#"select coalesce(max(id), 0) as "id!: i64" from enquiry"#).fetch_one(connection).await
}

pub async fn reference_taken(connection: &mut SqliteConnection, reference: &str) -> sqlx::Result<bool> {
    sqlx::query_scalar!(r#"select exists (select 1 from enquiry where reference = ?) as "taken!: bool""#, reference)
        .fetch_one(connection)
        .await
}

pub async fn insert(connection: &mut SqliteConnection, actor: &Actor, rows: &[NewRow<'_>]) -> sqlx::Result<()> {
    let rows = Json(rows);
    sqlx::query!(
        "insert into enquiry (id, household_id, reference, fingerprint, import_id, created_at, created_by)
        select value ->> 'id', value ->> 'household', value ->> 'reference', value ->> 'fingerprint',
            value ->> 'import', ?2, ?3
        from jsonb_each(?1)",
        rows,
        actor.at,
        actor.user,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// They are another household's now.
pub async fn update_household(
    connection: &mut SqliteConnection,
    enquiries: &[EnquiryId],
    household: HouseholdId,
) -> sqlx::Result<()> {
    let enquiries = Json(enquiries);
    sqlx::query!(
        "update enquiry
        set household_id = ?2
        where id in (select value from json_each(?1))",
        enquiries,
        household,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Open to those only who may open what was there before its household separated, if that is restricted.
pub async fn update_restricted_as_before(connection: &mut SqliteConnection, enquiry: EnquiryId) -> sqlx::Result<()> {
    sqlx::query!(
        "insert or ignore into enquiry_access (enquiry_id, user_id)
        select own.id, access.user_id
        from enquiry own
        join household_separation separation on separation.new_id = own.household_id and separation.undone_at is null
        join household_separation_enquiry shared on shared.separation_id = separation.id
        join enquiry earlier on earlier.id = shared.enquiry_id and earlier.restricted = 1
        join enquiry_access access on access.enquiry_id = earlier.id
        where own.id = ?",
        enquiry,
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!(
        "update enquiry
        set restricted = 1
        where id = ?
            and exists (
                select 1
                from household_separation separation
                join household_separation_enquiry shared on shared.separation_id = separation.id
                join enquiry earlier on earlier.id = shared.enquiry_id
                where separation.new_id = enquiry.household_id
                    and separation.undone_at is null
                    and earlier.restricted = 1)",
        enquiry,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Frees the references of enquiries that were undone, for the file that brings them again. What each was called stays
/// readable in it.
pub async fn release_references(connection: &mut SqliteConnection, enquiries: &[EnquiryId]) -> sqlx::Result<()> {
    let enquiries = Json(enquiries);
    sqlx::query!(
        "update enquiry
        set reference = reference || ' (undone ' || id || ')'
        where id in (select value from json_each(?))",
        enquiries,
    )
    .execute(connection)
    .await?;
    Ok(())
}

pub async fn delete_likenesses(connection: &mut SqliteConnection, enquiries: &[EnquiryId]) -> sqlx::Result<()> {
    let enquiries = Json(enquiries);
    sqlx::query!(
        "delete from likeness
        where enquiry_id in (select value from json_each(?1)) or other_id in (select value from json_each(?1))",
        enquiries,
    )
    .execute(connection)
    .await?;
    Ok(())
}
