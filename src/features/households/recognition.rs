//! What households are recognised by: worked out from their people and homes, proved against them and made anew.
//! `hearth doctor` uses the last two. One that has gone into another is recognised as that one.

use std::collections::{BTreeMap, BTreeSet};

use sqlx::SqliteConnection;

use super::queries::{self, NewKey};
use super::queries_pairs::{self, NewSound, Source};
use crate::db::Db;
use crate::domain::household::{Key, keys, sounds};
use crate::domain::ids::HouseholdId;

const PAGE: i64 = 1_000;

#[derive(Debug, Default, PartialEq, Eq)]
struct Recognised {
    keys: BTreeSet<Key>,
    sounds: BTreeSet<String>,
}

/// Works out anew what some households are recognised by, and whom they look like.
pub async fn refresh(connection: &mut SqliteConnection, households: &[HouseholdId]) -> sqlx::Result<()> {
    // Whoever shared with them what they no longer have may be few enough now to look alike among themselves.
    let before = queries_pairs::list_shared(connection, households).await?;
    queries_pairs::delete_of(connection, households).await?;
    write(connection, households).await?;
    queries_pairs::insert_pairs(connection, households, &before).await
}

/// Of households that were not there before.
pub async fn write_new(connection: &mut SqliteConnection, households: &[HouseholdId]) -> sqlx::Result<()> {
    write(connection, households).await?;
    queries_pairs::insert_pairs(connection, households, &[]).await
}

async fn write(connection: &mut SqliteConnection, households: &[HouseholdId]) -> sqlx::Result<()> {
    let (mut new_keys, mut new_sounds) = (Vec::new(), Vec::new());
    for (id, recognised) in computed(connection, households).await? {
        new_keys.extend(recognised.keys.into_iter().map(|key| NewKey { household: id.0, key }));
        new_sounds.extend(recognised.sounds.into_iter().map(|value| NewSound { household: id, value }));
    }
    queries::insert_keys(connection, &new_keys).await?;
    queries_pairs::insert_sounds(connection, &new_sounds).await
}

/// The households whose keys are not what their people and home say, or that look alike and are not listed so, or are
/// and do not; none is the only good answer. What waits to be looked at is not looked at.
pub async fn disagreements(connection: &mut SqliteConnection) -> sqlx::Result<Vec<HouseholdId>> {
    let waits_after = queries_pairs::find_rebuild(connection).await?;
    let (mut after, mut wrong) = (HouseholdId(0), Vec::new());
    loop {
        let ids = queries::list_after(connection, after, PAGE).await?;
        let Some(last) = ids.last() else { break };
        let mut stored_keys = queries::list_keys(connection, after, *last).await?;
        let mut stored_sounds = queries_pairs::list_sounds(connection, after, *last).await?;
        after = *last;
        for (id, recognised) in computed(connection, &ids).await? {
            let keys = stored_keys.remove(&id).unwrap_or_default();
            let sounds = stored_sounds.remove(&id).unwrap_or_default();
            let waits = waits_after.is_some_and(|after| id > after);
            if keys != recognised.keys || (!waits && sounds != recognised.sounds) {
                wrong.push(id);
            }
        }
    }
    if waits_after.is_none() {
        wrong.extend(queries_pairs::list_wrong(connection).await?);
    }
    wrong.sort();
    wrong.dedup();
    Ok(wrong)
}

/// Makes every key, sound and pair anew.
pub async fn rebuild(connection: &mut SqliteConnection) -> sqlx::Result<()> {
    queries::delete_keys(connection).await?;
    queries_pairs::delete_all(connection).await?;
    let mut after = HouseholdId(0);
    loop {
        let ids = queries::list_after(connection, after, PAGE).await?;
        let Some(last) = ids.last() else { break };
        after = *last;
        write_new(connection, &ids).await?;
    }
    queries_pairs::move_rebuild(connection, None).await
}

/// Households that were recorded before likenesses were kept, a page in each transaction. Goes on where it was left.
pub async fn work_out_likenesses(db: &Db) -> sqlx::Result<()> {
    const FEW: i64 = 500;
    while queries_pairs::find_rebuild(&mut *db.read().acquire().await?).await?.is_some() {
        let mut write = db.write().await?;
        if let Some(after) = queries_pairs::find_rebuild(&mut write).await? {
            let ids = queries::list_after(&mut write, after, FEW).await?;
            refresh(&mut write, &ids).await?;
            queries_pairs::move_rebuild(&mut write, ids.last().copied()).await?;
        }
        write.commit().await?;
    }
    Ok(())
}

/// Of each of these households: its own people and home, and those of all that have gone into it.
async fn computed(
    connection: &mut SqliteConnection,
    households: &[HouseholdId],
) -> sqlx::Result<BTreeMap<HouseholdId, Recognised>> {
    let mut found: BTreeMap<_, _> = households.iter().map(|id| (*id, Recognised::default())).collect();
    let sources = queries_pairs::list_sources(connection, households).await?;
    for one in sources.chunk_by(|one, other| (one.of, one.household) == (other.of, other.household)) {
        let Some(recognised) = one.first().and_then(|source| found.get_mut(&source.of)) else { continue };
        let postcode = one.first().and_then(|source| source.postcode.as_deref());
        let named = || one.iter().filter_map(|source| Some((source.name.as_deref()?, source)));
        let people = named().map(|(name, it): (&str, &Source)| (name, it.phone.as_deref(), it.email.as_deref()));
        recognised.keys.extend(keys(people, postcode));
        recognised.sounds.extend(sounds(named().map(|(name, _)| name), postcode));
    }
    Ok(found)
}
