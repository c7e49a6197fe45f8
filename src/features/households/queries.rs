//! Every SQL statement of households.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use sqlx::{SqliteConnection, SqliteExecutor};

use crate::db::Json;
use crate::domain::actor::Actor;
use crate::domain::audit::Done;
pub use crate::domain::household::Applicant;
use crate::domain::household::{Answer, Key, KeyKind};
use crate::domain::ids::{EnquiryId, HouseholdId};
use crate::domain::instant::Instant;

/// One household's home and how to reach it safely; its people are `list_applicants`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Household {
    pub id: HouseholdId,
    pub address: Option<String>,
    pub postcode: Option<String>,
    pub language: Option<String>,
    pub contact_hours: Option<String>,
    pub message_allowed: Answer,
    pub consent_to_contact: Answer,
    pub version: i64,
}

#[derive(Serialize)]
pub struct NewRow<'a> {
    pub id: i64,
    pub address: Option<&'a str>,
    pub postcode: Option<&'a str>,
    pub language: Option<&'a str>,
    pub contact_hours: Option<&'a str>,
    pub message_allowed: Answer,
    pub consent_to_contact: Answer,
}

#[derive(Serialize)]
pub struct NewMember<'a> {
    pub household: i64,
    pub position: usize,
    pub sort_name: String,
    #[serde(flatten)]
    pub applicant: &'a Applicant,
}

#[derive(Serialize)]
pub struct NewKey {
    pub household: i64,
    #[serde(flatten)]
    pub key: Key,
}

pub async fn find(connection: &mut SqliteConnection, id: HouseholdId) -> sqlx::Result<Option<Household>> {
    sqlx::query_as!(
        Household,
        r#"select id as "id: HouseholdId", address, postcode, language, contact_hours,
            message_allowed as "message_allowed: Answer", consent_to_contact as "consent_to_contact: Answer", version
        from household
        where id = ?"#,
        id,
    )
    .fetch_optional(connection)
    .await
}

pub async fn list_applicants(connection: &mut SqliteConnection, id: HouseholdId) -> sqlx::Result<Vec<Applicant>> {
    sqlx::query_as!(
        Applicant,
        "select name, email, phone
        from member
        where household_id = ?
        order by position",
        id,
    )
    .fetch_all(connection)
    .await
}

/// The households that share a key, each with the kinds of key shared; at most `limit` rows. Those of which every
/// enquiry was undone are nobody's any more; those who separated from others are somebody without one.
pub async fn list_known_by(
    connection: &mut SqliteConnection,
    keys: &[Key],
    limit: i64,
) -> sqlx::Result<Vec<(HouseholdId, KeyKind)>> {
    let keys = Json(keys);
    let rows = sqlx::query!(
        r#"select known.household_id as "household!: HouseholdId", known.kind as "kind!: KeyKind"
        from json_each(?1) asked
        join household_key known on known.kind = asked.value ->> 'kind' and known.value = asked.value ->> 'value'
        where exists (
            select 1
            from enquiry
            join enquiry_now on enquiry_now.enquiry_id = enquiry.id
            where enquiry.household_id = known.household_id)
            or exists (
                select 1
                from household_separation separation
                where separation.new_id = known.household_id and separation.undone_at is null)
        group by known.household_id, known.kind
        order by known.household_id desc
        limit ?2"#,
        keys,
        limit,
    )
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(|row| (row.household, row.kind)).collect())
}

pub async fn find_last_id(connection: &mut SqliteConnection) -> sqlx::Result<i64> {
    sqlx::query_scalar!(r#"select coalesce(max(id), 0) as "id!: i64" from household"#).fetch_one(connection).await
}

pub async fn insert(connection: &mut SqliteConnection, actor: &Actor, rows: &[NewRow<'_>]) -> sqlx::Result<()> {
    let rows = Json(rows);
    sqlx::query!(
        "insert into household (id, address, postcode, language, contact_hours, message_allowed, consent_to_contact,
            created_at, created_by)
        select value ->> 'id', value ->> 'address', value ->> 'postcode', value ->> 'language',
            value ->> 'contact_hours', value ->> 'message_allowed', value ->> 'consent_to_contact', ?2, ?3
        from jsonb_each(?1)",
        rows,
        actor.at,
        actor.user,
    )
    .execute(connection)
    .await?;
    Ok(())
}

pub async fn insert_members(connection: &mut SqliteConnection, rows: &[NewMember<'_>]) -> sqlx::Result<()> {
    let rows = Json(rows);
    sqlx::query!(
        "insert into member (household_id, position, name, sort_name, email, phone)
        select value ->> 'household', value ->> 'position', value ->> 'name', value ->> 'sort_name',
            value ->> 'email', value ->> 'phone'
        from jsonb_each(?)",
        rows,
    )
    .execute(connection)
    .await?;
    Ok(())
}

pub async fn insert_keys(connection: &mut SqliteConnection, rows: &[NewKey]) -> sqlx::Result<()> {
    let rows = Json(rows);
    sqlx::query!(
        "insert or ignore into household_key (kind, value, household_id)
        select value ->> 'kind', value ->> 'value', value ->> 'household'
        from jsonb_each(?)",
        rows,
    )
    .execute(connection)
    .await?;
    Ok(())
}

pub async fn delete_people(connection: &mut SqliteConnection, id: HouseholdId) -> sqlx::Result<()> {
    sqlx::query!("delete from member where household_id = ?", id).execute(connection).await?;
    Ok(())
}

/// False when the version is no longer the one that was edited.
pub async fn update(connection: &mut SqliteConnection, household: &Household) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update household
        set address = ?, postcode = ?, language = ?, contact_hours = ?, message_allowed = ?, consent_to_contact = ?,
            version = version + 1
        where id = ? and version = ?",
        household.address,
        household.postcode,
        household.language,
        household.contact_hours,
        household.message_allowed,
        household.consent_to_contact,
        household.id,
        household.version,
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// The version becomes at least this one: a form that somebody opened of either household is then an old one.
pub async fn raise_version(connection: &mut SqliteConnection, id: HouseholdId, to: i64) -> sqlx::Result<()> {
    sqlx::query!("update household set version = max(version, ?2) where id = ?1", id, to).execute(connection).await?;
    Ok(())
}

/// Where a household has gone, through as many merges as there were; itself where it stands.
pub async fn find_standing(connection: &mut SqliteConnection, id: HouseholdId) -> sqlx::Result<HouseholdId> {
    sqlx::query_scalar!(
        r#"with recursive gone (id, far) as (
            select ?1, 0
            union all
            select merge.kept_id, gone.far + 1
            from gone
            join household_merge merge on merge.goes_id = gone.id and merge.undone_at is null)
        select id as "id!: HouseholdId"
        from gone
        order by far desc
        limit 1"#,
        id,
    )
    .fetch_one(connection)
    .await
}

/// Whose an enquiry is.
pub async fn find_of(connection: &mut SqliteConnection, enquiry: EnquiryId) -> sqlx::Result<Option<HouseholdId>> {
    sqlx::query_scalar!(r#"select household_id as "id: HouseholdId" from enquiry where id = ?"#, enquiry)
        .fetch_optional(connection)
        .await
}

/// A household, and those that have gone into it through as many merges as there were.
pub async fn list_gone_into(connection: &mut SqliteConnection, id: HouseholdId) -> sqlx::Result<Vec<HouseholdId>> {
    sqlx::query_scalar!(
        r#"with recursive source (id) as (
            select ?1
            union all
            select merge.goes_id
            from source
            join household_merge merge on merge.kept_id = source.id and merge.undone_at is null)
        select id as "id!: HouseholdId"
        from source"#,
        id,
    )
    .fetch_all(connection)
    .await
}

pub async fn list_enquiries(connection: &mut SqliteConnection, id: HouseholdId) -> sqlx::Result<Vec<EnquiryId>> {
    sqlx::query_scalar!(r#"select id as "id: EnquiryId" from enquiry where household_id = ?"#, id)
        .fetch_all(connection)
        .await
}

/// The next page of households.
pub async fn list_after(
    connection: &mut SqliteConnection,
    after: HouseholdId,
    limit: i64,
) -> sqlx::Result<Vec<HouseholdId>> {
    sqlx::query_scalar!(
        r#"select id as "id: HouseholdId"
        from household
        where id > ?
        order by id
        limit ?"#,
        after,
        limit,
    )
    .fetch_all(connection)
    .await
}

/// The keys of the households after one, up to and with another.
pub async fn list_keys(
    connection: &mut SqliteConnection,
    after: HouseholdId,
    to: HouseholdId,
) -> sqlx::Result<BTreeMap<HouseholdId, BTreeSet<Key>>> {
    let rows = sqlx::query!(
        r#"select household_id as "household: HouseholdId", kind as "kind: KeyKind", value
        from household_key
        where household_id > ? and household_id <= ?"#,
        after,
        to,
    )
    .fetch_all(connection)
    .await?;
    let mut keys: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
    for row in rows {
        keys.entry(row.household).or_default().insert(Key { kind: row.kind, value: row.value });
    }
    Ok(keys)
}

pub async fn delete_keys(connection: &mut SqliteConnection) -> sqlx::Result<()> {
    sqlx::query!("delete from household_key").execute(connection).await?;
    Ok(())
}

/// Who changed a household last, and when; from the audit of its enquiries.
pub async fn find_last_change(db: impl SqliteExecutor<'_>, id: HouseholdId) -> sqlx::Result<Option<Done>> {
    sqlx::query_as!(
        Done,
        r#"select audit.at as "at!: Instant", user.name as "by!"
        from enquiry
        join audit on audit.enquiry_id = enquiry.id and audit.household_id = ?1 and audit.action = 'household_changed'
        join user on user.id = audit.user_id
        where enquiry.household_id = ?1
        order by audit.id desc
        limit 1"#,
        id,
    )
    .fetch_optional(db)
    .await
}
