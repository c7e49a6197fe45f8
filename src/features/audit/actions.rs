//! Writing an entry, in the transaction of what it is about, and proving that none is missing or changed.

use sha2::{Digest, Sha256};
use sqlx::SqliteConnection;

use super::queries::{self, Row};
use crate::domain::actor::Actor;
use crate::domain::audit::Event;

const SALT_BYTES: usize = 16;

/// Appends one entry. Call it in the transaction that writes what it tells of.
pub async fn record(connection: &mut SqliteConnection, actor: &Actor, event: &Event) -> sqlx::Result<()> {
    let (last, before) = queries::find_last(connection).await?.unwrap_or((0, Vec::new()));
    let detail = (!event.detail.is_null()).then(|| event.detail.to_string());
    let salt = salt();
    let mut row = Row {
        id: last + 1,
        at: actor.at,
        user_id: actor.user,
        action: event.action.code().to_owned(),
        enquiry_id: event.enquiry,
        household_id: event.household,
        subject_user_id: event.subject,
        address: actor.address.clone(),
        detail_hash: detail_hash(&salt, detail.as_deref()),
        detail,
        salt: Some(salt.to_vec()),
        chain: Vec::new(),
    };
    row.chain = chain(&before, &row);
    queries::insert(connection, &row).await
}

/// The first entry whose chain or detail does not verify.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Broken {
    pub id: i64,
}

/// Reads the whole audit in order. An erased detail (no salt) is not checked; its place in the chain is.
pub async fn verify(connection: &mut SqliteConnection) -> sqlx::Result<Result<i64, Broken>> {
    const PAGE: i64 = 10_000;
    let (mut after, mut before) = (0, Vec::new());
    loop {
        let rows = queries::list_after(connection, after, PAGE).await?;
        let Some(last) = rows.last().map(|row| row.id) else { return Ok(Ok(after)) };
        for row in rows {
            let changed =
                row.salt.as_ref().is_some_and(|salt| detail_hash(salt, row.detail.as_deref()) != row.detail_hash);
            if changed || row.id != after + 1 || chain(&before, &row) != row.chain {
                return Ok(Err(Broken { id: row.id }));
            }
            (after, before) = (row.id, row.chain);
        }
        after = last;
    }
}

fn chain(before: &[u8], row: &Row) -> Vec<u8> {
    let ids = [row.enquiry_id.map(|id| id.0), row.household_id.map(|id| id.0), row.subject_user_id.map(|id| id.0)];
    let mut hash = Sha256::new();
    hash.update(before);
    for number in [Some(row.id), Some(row.at.as_millisecond()), Some(row.user_id.0)].into_iter().chain(ids) {
        hash.update(number.unwrap_or(-1).to_be_bytes());
    }
    for text in [&row.action, &row.address] {
        hash.update((text.len() as u64).to_be_bytes());
        hash.update(text.as_bytes());
    }
    hash.update(&row.detail_hash);
    hash.finalize().to_vec()
}

fn detail_hash(salt: &[u8], detail: Option<&str>) -> Vec<u8> {
    let mut hash = Sha256::new();
    hash.update(salt);
    hash.update(detail.unwrap_or_default().as_bytes());
    hash.finalize().to_vec()
}

fn salt() -> [u8; SALT_BYTES] {
    rand::random()
}
