//! Whether a household is known: whoever shares a name, a telephone number, an e-mail or a postcode.

use std::collections::BTreeMap;

use sqlx::SqliteConnection;

use super::queries::{self, KnownEnquiry};
use crate::domain::household::{Key, KeyKind};
use crate::domain::ids::{HouseholdId, UserId};
use crate::features::households;

/// More than these are no help on the telephone.
const SHOWN: usize = 5;
/// How many agreements are looked at: a block of flats shares a postcode, and many people a name.
const LOOKED_AT: i64 = 500;
/// So many kinds of key agreeing make it look like the same household (import rule 18).
pub const ALIKE: usize = 2;

/// A household that may be the one on the telephone.
#[derive(Debug, Clone)]
pub struct Known {
    pub id: HouseholdId,
    pub name: String,
    pub home: String,
    /// `telephone and postcode`.
    pub why: String,
    pub is_alike: bool,
    /// The newest first, what was before they separated last; at least one.
    pub enquiries: Vec<KnownEnquiry>,
}

/// Those that agree in most come first. Households of which only restricted records tell are left out for whoever is
/// not named in one.
pub async fn find(db: &mut SqliteConnection, keys: &[Key], viewer: UserId) -> sqlx::Result<Vec<Known>> {
    if keys.is_empty() {
        return Ok(Vec::new());
    }
    let mut agreeing = agreeing(db, keys).await?;
    agreeing.truncate(SHOWN * 2);
    let ids: Vec<_> = agreeing.iter().map(|(id, _)| *id).collect();
    let mut enquiries: BTreeMap<HouseholdId, Vec<KnownEnquiry>> = BTreeMap::new();
    let before = queries::list_before_separation(&mut *db, &ids, viewer).await?;
    for enquiry in queries::list_known(&mut *db, &ids, viewer).await?.into_iter().chain(before) {
        enquiries.entry(enquiry.household).or_default().push(enquiry);
    }
    let mut known = Vec::new();
    for (id, kinds) in agreeing {
        let Some(enquiries) = enquiries.remove(&id) else { continue };
        let newest = &enquiries[0];
        let home = [newest.address.as_deref(), newest.postcode.as_deref()];
        known.push(Known {
            id,
            name: newest.name.clone(),
            home: home.into_iter().flatten().collect::<Vec<_>>().join(", "),
            why: listed(&kinds),
            is_alike: kinds.len() >= ALIKE,
            enquiries,
        });
    }
    known.truncate(SHOWN);
    Ok(known)
}

/// Each household that shares a key, with the kinds shared; most kinds first, then those that say most, then the newest.
pub async fn agreeing(db: &mut SqliteConnection, keys: &[Key]) -> sqlx::Result<Vec<(HouseholdId, Vec<KeyKind>)>> {
    let mut by_household: BTreeMap<HouseholdId, Vec<KeyKind>> = BTreeMap::new();
    for (household, kind) in households::list_known_by(db, keys, LOOKED_AT).await? {
        by_household.entry(household).or_default().push(kind);
    }
    let mut agreeing: Vec<_> = by_household.into_iter().collect();
    for (_, kinds) in &mut agreeing {
        kinds.sort();
    }
    agreeing.sort_by_key(|(id, kinds)| {
        let says_most = kinds.iter().any(|kind| matches!(kind, KeyKind::Phone | KeyKind::Email));
        std::cmp::Reverse((kinds.len(), says_most, id.0))
    });
    Ok(agreeing)
}

/// `name, telephone and postcode`.
pub fn listed(kinds: &[KeyKind]) -> String {
    match kinds {
        [] => String::new(),
        [only] => only.label().to_owned(),
        [most @ .., last] => {
            let most: Vec<_> = most.iter().map(|kind| kind.label()).collect();
            format!("{} and {}", most.join(", "), last.label())
        }
    }
}
