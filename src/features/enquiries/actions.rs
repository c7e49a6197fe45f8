//! Making enquiries. One path for the officer on the telephone and for a whole file.

use std::collections::HashSet;

use sqlx::SqliteConnection;

use super::queries::{self, NewRow};
use crate::domain::actor::Actor;
use crate::domain::ids::{EnquiryId, HouseholdId, ImportId};
use crate::domain::ledger::Facts;
use crate::features::households::{self, NewHousehold};
use crate::features::notes::{self, NewNote};
use crate::features::pipeline::{self, Beginning};
use crate::features::search;

/// Whose enquiry it is. `Known` holds the applicants' names too, for `enquiry_now`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Of {
    New(NewHousehold),
    Known(HouseholdId, Vec<String>),
}

/// A new enquiry. The caller has checked `domain::order::refusals` of its facts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewEnquiry {
    /// The file's own; None makes one like E-000123.
    pub reference: Option<String>,
    /// Day, names and postcode: how it is recognised when a file brings it again.
    pub fingerprint: Option<String>,
    pub of: Of,
    pub facts: Facts,
    pub notes: Vec<NewNote>,
    pub import: Option<ImportId>,
}

/// An enquiry whose household looks like an earlier one's, for a person to decide.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct Likeness {
    pub enquiry: EnquiryId,
    pub other: EnquiryId,
    /// The two lie within 365 days.
    pub possible_duplicate: bool,
}

/// How many enquiries one statement writes.
const BATCH: usize = 1_000;

/// Writes enquiries with their households, facts and notes; returns their ids in the order given. A reference that is
/// taken fails on the unique index. The audit is the caller's: one entry for one enquiry, or one for a file.
pub async fn create(
    connection: &mut SqliteConnection,
    actor: &Actor,
    enquiries: &[NewEnquiry],
) -> sqlx::Result<Vec<EnquiryId>> {
    let mut ids = Vec::with_capacity(enquiries.len());
    for batch in enquiries.chunks(BATCH) {
        ids.extend(create_batch(connection, actor, batch).await?);
    }
    Ok(ids)
}

async fn create_batch(
    connection: &mut SqliteConnection,
    actor: &Actor,
    batch: &[NewEnquiry],
) -> sqlx::Result<Vec<EnquiryId>> {
    let first = queries::find_last_id(connection).await? + 1;
    let ids: Vec<_> = (first..).map(EnquiryId).take(batch.len()).collect();
    let references = references(connection, first, batch).await?;
    let households = households(connection, actor, batch).await?;
    let to_find = households.clone();
    let mut rows = Vec::with_capacity(batch.len());
    let mut new_notes = Vec::new();
    let mut beginnings = Vec::with_capacity(batch.len());
    for (((enquiry, id), reference), household) in batch.iter().zip(&ids).zip(references).zip(households) {
        rows.push(NewRow {
            id: *id,
            household,
            reference,
            fingerprint: enquiry.fingerprint.as_deref(),
            import: enquiry.import,
        });
        new_notes.extend(enquiry.notes.iter().map(|note| (*id, note)));
        let names = match &enquiry.of {
            Of::New(household) => household.applicants.iter().map(|applicant| applicant.name.clone()).collect(),
            Of::Known(_, names) => names.clone(),
        };
        beginnings.push(Beginning { enquiry: *id, names, facts: enquiry.facts.clone() });
    }
    queries::insert(connection, actor, &rows).await?;
    notes::add_many(connection, actor, &new_notes).await?;
    pipeline::begin(connection, actor, &beginnings).await?;
    search::refresh(connection, &to_find).await?;
    Ok(ids)
}

async fn households(
    connection: &mut SqliteConnection,
    actor: &Actor,
    batch: &[NewEnquiry],
) -> sqlx::Result<Vec<HouseholdId>> {
    let new: Vec<_> = batch
        .iter()
        .filter_map(|enquiry| match &enquiry.of {
            Of::New(household) => Some(household.clone()),
            Of::Known(..) => None,
        })
        .collect();
    let mut made = households::create(connection, actor, &new).await?.into_iter();
    Ok(batch
        .iter()
        .filter_map(|enquiry| match &enquiry.of {
            Of::New(_) => made.next(),
            Of::Known(id, _) => Some(*id),
        })
        .collect())
}

/// Each enquiry's own reference, or E- and its number; a number that a file has taken is passed over.
async fn references(connection: &mut SqliteConnection, first: i64, batch: &[NewEnquiry]) -> sqlx::Result<Vec<String>> {
    let brought: HashSet<&str> = batch.iter().filter_map(|enquiry| enquiry.reference.as_deref()).collect();
    let mut number = first;
    let mut references = Vec::with_capacity(batch.len());
    for enquiry in batch {
        references.push(match &enquiry.reference {
            Some(reference) => reference.clone(),
            None => loop {
                let reference = format!("E-{number:06}");
                number += 1;
                if !brought.contains(reference.as_str()) && !queries::reference_taken(connection, &reference).await? {
                    break reference;
                }
            },
        });
    }
    Ok(references)
}

/// To another household. How they stand, and the audit, are the caller's.
pub async fn move_to(
    connection: &mut SqliteConnection,
    enquiries: &[EnquiryId],
    household: HouseholdId,
) -> sqlx::Result<()> {
    queries::update_household(connection, enquiries, household).await
}

/// An enquiry of people who separated is restricted as what they were part of is, and open to the same people.
pub async fn restrict_as_before(connection: &mut SqliteConnection, enquiry: EnquiryId) -> sqlx::Result<()> {
    queries::update_restricted_as_before(connection, enquiry).await
}

/// Takes back enquiries as if they had never been made: their facts and notes are withdrawn, not deleted, they look
/// like nobody, and their references are free again. The audit is the caller's.
pub async fn withdraw(
    connection: &mut SqliteConnection,
    actor: &Actor,
    enquiries: &[EnquiryId],
    why: &str,
) -> sqlx::Result<()> {
    withdraw_many(connection, actor, enquiries, why, &|_| {}).await
}

/// The same of a whole file, and tells after each batch how many are withdrawn.
pub async fn withdraw_many(
    connection: &mut SqliteConnection,
    actor: &Actor,
    enquiries: &[EnquiryId],
    why: &str,
    tell: &(dyn Fn(usize) + Send + Sync),
) -> sqlx::Result<()> {
    let mut done = 0;
    for batch in enquiries.chunks(BATCH) {
        pipeline::withdraw_entirely(connection, actor, batch, why).await?;
        notes::withdraw_all(connection, actor, batch).await?;
        queries::release_references(connection, batch).await?;
        queries::delete_likenesses(connection, batch).await?;
        done += batch.len();
        tell(done);
    }
    // Once for all of them: after each batch the index would merge anew what the next one deletes, which takes as long
    // as everything else together.
    search::refresh_of(connection, enquiries).await
}
