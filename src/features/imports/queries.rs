//! Every SQL statement of imports: what is known, and the import itself.

use futures::TryStreamExt;
use sqlx::SqliteConnection;

use super::matching::{Index, Ord32, Stored};
use crate::db::Json;
use crate::domain::actor::Actor;
use crate::domain::audit::Action;
use crate::domain::day::Day;
use crate::domain::household::{Key, KeyKind};
use crate::domain::ids::{EnquiryId, HouseholdId, ImportId, UserId};

pub async fn find_last_enquiry(connection: &mut SqliteConnection) -> sqlx::Result<i64> {
    sqlx::query_scalar!(r#"select coalesce(max(id), 0) as "id!: i64" from enquiry"#).fetch_one(connection).await
}

/// Those who have left a household by a separation, by name.
pub async fn list_gone(connection: &mut SqliteConnection, household: HouseholdId) -> sqlx::Result<Vec<String>> {
    sqlx::query_scalar!(
        "select member.name
        from household_separation separation
        join member on member.household_id = separation.new_id
        where separation.from_id = ?
            and separation.undone_at is null
            and not exists (
                select 1
                from member again
                where again.household_id = separation.from_id and again.name = member.name)",
        household,
    )
    .fetch_all(connection)
    .await
}

/// How far what is known goes: the last enquiry, and the last entry of the audit. Once there are more enquiries, or
/// something was written that makes rows known or unknown, it is out of date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark {
    pub enquiry: i64,
    pub audit: i64,
}

pub async fn find_mark(connection: &mut SqliteConnection) -> sqlx::Result<Mark> {
    sqlx::query_as!(
        Mark,
        r#"select
            (select coalesce(max(id), 0) from enquiry) as "enquiry!: i64",
            (select coalesce(max(id), 0) from audit) as "audit!: i64""#
    )
    .fetch_one(connection)
    .await
}

/// Whether nothing was written since that makes a row known or unknown, or a household look like another.
pub async fn is_unchanged_since(connection: &mut SqliteConnection, mark: Mark) -> sqlx::Result<bool> {
    if find_last_enquiry(&mut *connection).await? != mark.enquiry {
        return Ok(false);
    }
    sqlx::query_scalar!(
        r#"select not exists (
            select 1
            from audit
            where id > ?1 and action in (?2, ?3, ?4)
        ) as "unchanged!: bool""#,
        mark.audit,
        Action::EnquiryDetailsChanged.code(),
        Action::HouseholdChanged.code(),
        Action::ImportUndone.code(),
    )
    .fetch_one(connection)
    .await
}

/// Every enquiry that stands, into the index. Returns them by household, in that order.
pub async fn add_known(
    connection: &mut SqliteConnection,
    index: &mut Index,
) -> sqlx::Result<Vec<(HouseholdId, Ord32)>> {
    let mut households = Vec::new();
    let mut rows = sqlx::query!(
        r#"select enquiry.id as "id: EnquiryId", enquiry.household_id as "household: HouseholdId", enquiry.reference,
            enquiry.fingerprint, now.day_on as "day: Day", now.hub_key
        from enquiry_now now
        join enquiry on enquiry.id = now.enquiry_id
        order by enquiry.id"#
    )
    .fetch(connection);
    while let Some(row) = rows.try_next().await? {
        let stored = Stored {
            id: row.id,
            day: row.day,
            reference: &row.reference,
            hub_key: row.hub_key.as_deref(),
            fingerprint: row.fingerprint.as_deref(),
        };
        households.push((row.household, index.add_stored(&stored)));
    }
    households.sort_unstable();
    Ok(households)
}

/// What households are recognised by, into the index under each of their enquiries.
pub async fn add_keys(
    connection: &mut SqliteConnection,
    index: &mut Index,
    households: &[(HouseholdId, Ord32)],
) -> sqlx::Result<()> {
    let mut rows = sqlx::query!(
        r#"select household_id as "household: HouseholdId", kind as "kind: KeyKind", value
        from household_key
        order by household_id"#
    )
    .fetch(connection);
    let mut add = |household: HouseholdId, keys: &[Key]| {
        let from = households.partition_point(|(other, _)| *other < household);
        let of_one = households.iter().skip(from).take_while(|(other, _)| *other == household);
        of_one.for_each(|(_, of)| index.add_household(*of, keys));
    };
    let mut of_one: (HouseholdId, Vec<Key>) = (HouseholdId(0), Vec::new());
    while let Some(row) = rows.try_next().await? {
        if row.household != of_one.0 {
            add(of_one.0, &of_one.1);
            of_one = (row.household, Vec::new());
        }
        of_one.1.push(Key { kind: row.kind, value: row.value });
    }
    add(of_one.0, &of_one.1);
    Ok(())
}

pub async fn list_references(
    connection: &mut SqliteConnection,
    enquiries: &[EnquiryId],
) -> sqlx::Result<Vec<(EnquiryId, String)>> {
    let enquiries = Json(enquiries);
    let rows = sqlx::query!(
        r#"select id as "id: EnquiryId", reference
        from enquiry
        where id in (select value from json_each(?))"#,
        enquiries,
    )
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.reference)).collect())
}

/// The people of the service, by their exact names; a name that two people bear names nobody.
pub async fn list_officers(connection: &mut SqliteConnection) -> sqlx::Result<Vec<(String, UserId)>> {
    let rows = sqlx::query!(
        r#"select name as "name!", min(id) as "id!: UserId"
        from user
        where program = 0
        group by name
        having count(*) = 1"#
    )
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(|row| (row.name, row.id)).collect())
}

pub struct NewImport<'a> {
    pub file_name: &'a str,
    pub sha256: &'a str,
    pub created: i64,
    pub changed: i64,
    pub already_known: i64,
    pub refused: i64,
}

pub async fn insert(
    connection: &mut SqliteConnection,
    actor: &Actor,
    import: &NewImport<'_>,
) -> sqlx::Result<ImportId> {
    let id = sqlx::query_scalar!(
        r#"insert into import (file_name, sha256, started_at, user_id, created, changed, already_known, refused)
        values (?, ?, ?, ?, ?, ?, ?, ?)
        returning id as "id!: ImportId""#,
        import.file_name,
        import.sha256,
        actor.at,
        actor.user,
        import.created,
        import.changed,
        import.already_known,
        import.refused,
    )
    .fetch_one(connection)
    .await?;
    Ok(id)
}

/// How many it changed, and where in the audit it stands: the entry that was written last.
pub async fn update_done(connection: &mut SqliteConnection, id: ImportId, changed: i64) -> sqlx::Result<()> {
    sqlx::query!(
        "update import
        set changed = ?, audit_id = (select max(id) from audit)
        where id = ?",
        changed,
        id,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// A known enquiry took newer facts; of two rows of one enquiry the first says what it was.
pub async fn insert_change(
    connection: &mut SqliteConnection,
    import: ImportId,
    enquiry: EnquiryId,
    household_before: Option<&str>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into import_change (import_id, enquiry_id, household_before)
        values (?1, ?2, ?3)
        on conflict do update set household_before = coalesce(household_before, excluded.household_before)",
        import,
        enquiry,
        household_before,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Open to named people only, and this person is not one of them. Programs see everything.
pub async fn is_hidden(connection: &mut SqliteConnection, enquiry: EnquiryId, user: UserId) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"select exists (
            select 1
            from enquiry
            where id = ?1
                and restricted = 1
                and not exists (select 1 from enquiry_access where enquiry_id = ?1 and user_id = ?2)
                and (select program from user where id = ?2) = 0
        ) as "hidden!: bool""#,
        enquiry,
        user,
    )
    .fetch_one(connection)
    .await
}

/// Of these, what is open to named people of whom this person is none.
pub async fn list_hidden(
    connection: &mut SqliteConnection,
    enquiries: &[EnquiryId],
    user: UserId,
) -> sqlx::Result<Vec<EnquiryId>> {
    let enquiries = Json(enquiries);
    sqlx::query_scalar!(
        r#"select id as "id!: EnquiryId"
        from enquiry
        where id in (select value from json_each(?1))
            and restricted = 1
            and not exists (select 1 from enquiry_access where enquiry_id = enquiry.id and user_id = ?2)"#,
        enquiries,
        user,
    )
    .fetch_all(connection)
    .await
}
