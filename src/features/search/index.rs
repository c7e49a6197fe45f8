//! The index of what households are found by. Written in the transaction that changes a household or a reference, made
//! anew at will, and proved against the tables by `hearth doctor`.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hash, Hasher};

use futures::TryStreamExt;
use sqlx::SqliteConnection;

use super::queries;
use super::queries_index::{self, Line};
use crate::db::Db;
use crate::domain::ids::{EnquiryId, HouseholdId};
use crate::domain::search::{Sought, terms};

const PAGE: i64 = 1_000;
const PAGE_OF_LINES: usize = 250;

/// Brings the index up to date with these households; one that is no longer there is no longer found.
pub async fn refresh(connection: &mut SqliteConnection, households: &[HouseholdId]) -> sqlx::Result<()> {
    let households: BTreeSet<_> = households.iter().copied().collect();
    let households: Vec<_> = households.into_iter().collect();
    queries_index::delete(connection, &households).await?;
    let lines = lines(connection, &households).await?;
    queries_index::insert(connection, &lines).await
}

/// The same for the households of some enquiries, after one of their references has changed.
pub async fn refresh_of(connection: &mut SqliteConnection, enquiries: &[EnquiryId]) -> sqlx::Result<()> {
    let households = queries_index::list_households_of(connection, enquiries).await?;
    refresh(connection, &households).await
}

/// Brings in the households that are newer than the index. Each page is a write of its own: what is done stays done.
pub async fn complete(db: &Db) -> sqlx::Result<()> {
    let mut after = HouseholdId(0);
    loop {
        let mut write = db.write().await?;
        after = after.max(queries_index::find_last(&mut write).await?.unwrap_or(after));
        let households = queries_index::list_households_after(&mut write, after, PAGE).await?;
        let Some(last) = households.last() else { return Ok(()) };
        after = *last;
        refresh(&mut write, &households).await?;
        write.commit().await?;
    }
}

/// Makes the whole index anew.
pub async fn rebuild(connection: &mut SqliteConnection) -> sqlx::Result<()> {
    queries_index::delete_all(connection).await?;
    let mut after = HouseholdId(0);
    loop {
        let households = queries_index::list_households_after(connection, after, PAGE).await?;
        let Some(last) = households.last() else { return Ok(()) };
        after = *last;
        let lines = lines(connection, &households).await?;
        queries_index::insert(connection, &lines).await?;
    }
}

/// Whether the index holds of every household what the tables say, and nothing else.
pub async fn agrees(connection: &mut SqliteConnection) -> sqlx::Result<bool> {
    let mut held = Tally::default();
    {
        let mut terms = queries_index::held(&mut *connection);
        while let Some(held_of) = terms.try_next().await? {
            held.add(&held_of.term, held_of.households, held_of.numbers, held_of.mixed);
        }
    }
    let (mut says, mut after) = (Tally::default(), HouseholdId(0));
    loop {
        let households = queries_index::list_households_after(connection, after, PAGE).await?;
        let Some(last) = households.last() else { return Ok(says == held) };
        after = *last;
        for (HouseholdId(number), sought) in queries::list_sought(connection, &households, None).await? {
            for term in terms(&sought) {
                says.add(&term, 1, number, number * (number % queries_index::MIXED_BY));
            }
        }
    }
}

/// What the households of one page are found by is worked out while SQLite, on its own thread, reads the next.
async fn lines(connection: &mut SqliteConnection, households: &[HouseholdId]) -> sqlx::Result<Vec<Line>> {
    let (mut lines, mut read) = (Vec::with_capacity(households.len()), BTreeMap::new());
    for page in households.chunks(PAGE_OF_LINES) {
        let worked_out = async { read.iter().map(line).collect::<Vec<_>>() };
        let (next, of_page) = tokio::join!(queries::list_sought(connection, page, None), worked_out);
        lines.extend(of_page);
        read = next?;
    }
    lines.extend(read.iter().map(line));
    Ok(lines)
}

fn line((id, sought): (&HouseholdId, &Sought)) -> Line {
    Line { id: *id, words: terms(sought).into_iter().collect::<Vec<_>>().join(" ") }
}

/// Three sums over all terms of all households, in whatever order they come: two millions of terms are compared without
/// holding either of them. By chance the sums of what differs are not the same.
#[derive(Debug, Default, PartialEq, Eq)]
struct Tally([u64; 3]);

impl Tally {
    fn add(&mut self, term: &str, households: i64, numbers: i64, mixed: i64) {
        let mut hasher = DefaultHasher::new();
        term.hash(&mut hasher);
        let hash = hasher.finish();
        for (sum, figure) in self.0.iter_mut().zip([households, numbers, mixed]) {
            *sum = sum.wrapping_add(hash.wrapping_mul(figure.cast_unsigned()));
        }
    }
}
