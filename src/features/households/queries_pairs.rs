//! SQL of households that look alike: how their names sound, the pairs of them, and what people have said of those.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use sqlx::SqliteConnection;

use crate::db::Json;
use crate::domain::ids::HouseholdId;

/// People of a household, or of one that has gone into it; one row a person, and one without a name where it has none.
pub struct Source {
    /// Recognised by it.
    pub of: HouseholdId,
    pub household: HouseholdId,
    pub postcode: Option<String>,
    pub name: Option<String>,
    pub phone: Option<String>,
    pub email: Option<String>,
}

/// In the order of the households recognised, then of those that tell. Whoever has left by a separation tells nothing.
pub async fn list_sources(connection: &mut SqliteConnection, households: &[HouseholdId]) -> sqlx::Result<Vec<Source>> {
    let households = Json(households);
    sqlx::query_as!(
        Source,
        r#"with recursive source (of_id, household_id) as (
            select asked.value, asked.value
            from json_each(?1) asked
            where not exists (select 1 from household_merge where goes_id = asked.value and undone_at is null)
            union all
            select source.of_id, merge.goes_id
            from source
            join household_merge merge on merge.kept_id = source.household_id and merge.undone_at is null)
        select source.of_id as "of!: HouseholdId", source.household_id as "household!: HouseholdId",
            household.postcode as "postcode?", member.name as "name?", member.phone as "phone?",
            member.email as "email?"
        from source
        join household on household.id = source.household_id
        left join member on member.household_id = source.household_id
            and not exists (select 1 from household_separation_member gone where gone.member_id = member.id)
        order by source.of_id, source.household_id, member.position"#,
        households,
    )
    .fetch_all(connection)
    .await
}

/// A telephone, an e-mail, or a surname by its sound at a postcode.
#[derive(Serialize)]
pub struct Shared {
    pub kind: String,
    pub value: String,
}

/// What makes these households look like others, as it is stored.
pub async fn list_shared(connection: &mut SqliteConnection, households: &[HouseholdId]) -> sqlx::Result<Vec<Shared>> {
    let households = Json(households);
    sqlx::query_as!(
        Shared,
        r#"select kind as "kind!", value as "value!"
        from household_key
        where household_id in (select value from json_each(?1)) and kind in ('phone', 'email')
        union
        select 'sound', value
        from household_sound
        where household_id in (select value from json_each(?1))"#,
        households,
    )
    .fetch_all(connection)
    .await
}

/// What these households are recognised by, and the pairs that they are in.
pub async fn delete_of(connection: &mut SqliteConnection, households: &[HouseholdId]) -> sqlx::Result<()> {
    let households = Json(households);
    sqlx::query!("delete from household_key where household_id in (select value from json_each(?1))", households)
        .execute(&mut *connection)
        .await?;
    sqlx::query!("delete from household_sound where household_id in (select value from json_each(?1))", households)
        .execute(&mut *connection)
        .await?;
    sqlx::query!("delete from household_pair where low_id in (select value from json_each(?1))", households)
        .execute(&mut *connection)
        .await?;
    sqlx::query!("delete from household_pair where high_id in (select value from json_each(?1))", households)
        .execute(connection)
        .await?;
    Ok(())
}

pub async fn delete_all(connection: &mut SqliteConnection) -> sqlx::Result<()> {
    sqlx::query!("delete from household_sound").execute(&mut *connection).await?;
    sqlx::query!("delete from household_pair").execute(connection).await?;
    Ok(())
}

#[derive(Serialize)]
pub struct NewSound {
    pub household: HouseholdId,
    pub value: String,
}

pub async fn insert_sounds(connection: &mut SqliteConnection, rows: &[NewSound]) -> sqlx::Result<()> {
    let rows = Json(rows);
    sqlx::query!(
        "insert or ignore into household_sound (value, household_id)
        select value ->> 'value', value ->> 'household'
        from json_each(?)",
        rows,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// What a pair is, worked out from what is recorded: how much agrees, and whether somebody has said that they are two.
/// It stands between the beginning of a statement over `pair`, what goes between the two, and the end.
macro_rules! judged {
    ($query:ident, $begin:literal, $between:literal, $end:literal $(, $argument:expr)*) => {
        sqlx::$query!(
            $begin + "
            exists (
                select 1
                from household_key one
                join household_key other on other.kind = 'phone' and other.value = one.value
                    and other.household_id = pair.high_id
                where one.household_id = pair.low_id and one.kind = 'phone')
            + exists (
                select 1
                from household_key one
                join household_key other on other.kind = 'email' and other.value = one.value
                    and other.household_id = pair.high_id
                where one.household_id = pair.low_id and one.kind = 'email')
            + exists (
                select 1
                from household_sound one
                join household_sound other on other.value = one.value and other.household_id = pair.high_id
                where one.household_id = pair.low_id)
            " + $between + "
            exists (
                select 1
                from household_told_apart told
                where told.low_id = pair.low_id and told.high_id = pair.high_id and told.taken_back_at is null)
            " + $end
            $(, $argument)*
        )
    };
}

/// The pairs of all who share what these households have, or what is named besides. What more than a dozen share says
/// nothing: a hub's own number stands on hundreds.
pub async fn insert_pairs(
    connection: &mut SqliteConnection,
    households: &[HouseholdId],
    besides: &[Shared],
) -> sqlx::Result<()> {
    let (households, besides) = (Json(households), Json(besides));
    judged!(
        query,
        "with asked (kind, value) as materialized (
            select kind, value
            from household_key
            where household_id in (select value from json_each(?1)) and kind in ('phone', 'email')
            union
            select 'sound', value
            from household_sound
            where household_id in (select value from json_each(?1))
            union
            select value ->> 'kind', value ->> 'value'
            from json_each(?2)),
        of_key (kind, value) as materialized (
            select kind, value
            from asked
            where kind <> 'sound'
                and 12 >= (
                    select count(*)
                    from (select 1 from household_key held where held.kind = asked.kind and held.value = asked.value limit 13))),
        of_sound (value) as materialized (
            select value
            from asked
            where kind = 'sound'
                and 12 >= (
                    select count(*)
                    from (select 1 from household_sound held where held.value = asked.value limit 13))),
        pair (low_id, high_id) as (
            select low.household_id, high.household_id
            from of_key
            cross join household_key low on low.kind = of_key.kind and low.value = of_key.value
            cross join household_key high on high.kind = of_key.kind and high.value = of_key.value
                and high.household_id > low.household_id
            union
            select low.household_id, high.household_id
            from of_sound
            cross join household_sound low on low.value = of_sound.value
            cross join household_sound high on high.value = of_sound.value and high.household_id > low.household_id)
        insert or ignore into household_pair (low_id, high_id, strength, told_apart)
        select low_id, high_id,",
        ",",
        "from pair
        where true",
        households,
        besides
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Households of pairs that are listed and share nothing, or share enough and are not listed, or are listed as told
/// apart or not against what was said.
pub async fn list_wrong(connection: &mut SqliteConnection) -> sqlx::Result<Vec<HouseholdId>> {
    judged!(
        query_scalar,
        r#"select pair.low_id as "id!: HouseholdId"
        from household_pair pair
        where pair.strength <>"#,
        "or pair.told_apart <>",
        "union
        select low.household_id
        from (select kind, value from household_key where kind in ('phone', 'email') group by kind, value having count(*) between 2 and 12) few
        cross join household_key low on low.kind = few.kind and low.value = few.value
        cross join household_key high on high.kind = few.kind and high.value = few.value
            and high.household_id > low.household_id
        where not exists (
            select 1 from household_pair where low_id = low.household_id and high_id = high.household_id)
        union
        select low.household_id
        from (select value from household_sound group by value having count(*) between 2 and 12) few
        cross join household_sound low on low.value = few.value
        cross join household_sound high on high.value = few.value and high.household_id > low.household_id
        where not exists (
            select 1 from household_pair where low_id = low.household_id and high_id = high.household_id)"
    )
    .fetch_all(connection)
    .await
}

/// The sounds of the households after one, up to and with another.
pub async fn list_sounds(
    connection: &mut SqliteConnection,
    after: HouseholdId,
    to: HouseholdId,
) -> sqlx::Result<BTreeMap<HouseholdId, BTreeSet<String>>> {
    let rows = sqlx::query!(
        r#"select household_id as "household: HouseholdId", value
        from household_sound
        where household_id > ? and household_id <= ?"#,
        after,
        to,
    )
    .fetch_all(connection)
    .await?;
    let mut sounds: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
    for row in rows {
        sounds.entry(row.household).or_default().insert(row.value);
    }
    Ok(sounds)
}

/// The household after which households wait to be looked at; None where none waits.
pub async fn find_rebuild(connection: &mut SqliteConnection) -> sqlx::Result<Option<HouseholdId>> {
    sqlx::query_scalar!(r#"select after_household as "after: HouseholdId" from household_pair_rebuild"#)
        .fetch_optional(connection)
        .await
}

/// None: all is done.
pub async fn move_rebuild(connection: &mut SqliteConnection, to: Option<HouseholdId>) -> sqlx::Result<()> {
    match to {
        Some(after) => {
            sqlx::query!("update household_pair_rebuild set after_household = ?", after).execute(connection).await
        }
        None => sqlx::query!("delete from household_pair_rebuild").execute(connection).await,
    }?;
    Ok(())
}

/// They are two, or may be one after all.
pub async fn update_told_apart(
    connection: &mut SqliteConnection,
    low: HouseholdId,
    high: HouseholdId,
    told_apart: bool,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update household_pair set told_apart = ?3 where low_id = ?1 and high_id = ?2",
        low,
        high,
        told_apart,
    )
    .execute(connection)
    .await?;
    Ok(())
}
