//! Another name for the same thing on every enquiry that has it: for an officer, a source, a campaign.
//!
//! An officer's name is kept as it was recorded (import rule 20) and is what figures are grouped by (counting rule 4).
//! Somebody with a new name is no other officer, so what is linked to their account is corrected, as a person would
//! correct it one by one: as known now it has the new name, as known before that the old one.

use sqlx::SqliteConnection;

use super::queries_renaming::Which;
use super::{now, queries_renaming};
use crate::domain::actor::Actor;
use crate::domain::ids::UserId;
use crate::domain::ledger::AttributeName;

/// How many enquiries one statement takes.
const BATCH: usize = 1_000;
const WHY: &str = "renamed";

/// Corrects the name wherever it is in force, days that are over included; a name without an account stays as it was
/// typed. Returns on how many enquiries. The audit is the caller's: one entry for all of them.
pub async fn rename_officer(
    connection: &mut SqliteConnection,
    actor: &Actor,
    officer: UserId,
    name: &str,
) -> sqlx::Result<usize> {
    let enquiries = queries_renaming::list_enquiries_named_otherwise(connection, officer, name).await?;
    if !enquiries.is_empty() {
        let which = Which { attribute: AttributeName::Officer, user: Some(officer), value: None };
        correct(connection, actor, which, name).await?;
    }
    for batch in enquiries.chunks(BATCH) {
        now::refresh(connection, batch).await?;
    }
    Ok(enquiries.len())
}

/// The same for a source or a campaign: whatever is recorded under one name in force. One in five enquiries may have it,
/// and nothing else of their rows depends on it, so that they are not worked out anew.
pub async fn rename_recorded(
    connection: &mut SqliteConnection,
    actor: &Actor,
    attribute: AttributeName,
    from: &str,
    to: &str,
) -> sqlx::Result<u64> {
    correct(connection, actor, Which { attribute, user: None, value: Some(from) }, to).await?;
    queries_renaming::update_now(connection, attribute, from, to).await
}

/// Whether a version ended only because the same thing has another name: by what stands beside its end.
pub fn is_renaming(why: &str) -> bool {
    why == WHY
}

async fn correct(
    connection: &mut SqliteConnection,
    actor: &Actor,
    which: Which<'_>,
    instead: &str,
) -> sqlx::Result<()> {
    queries_renaming::insert_instead(connection, actor, which, instead).await?;
    queries_renaming::supersede(connection, actor, which, instead, WHY).await
}
