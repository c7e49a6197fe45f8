//! Whether a household is known: whoever shares a name, a telephone number, an e-mail or a postcode; and whose name is
//! nearly the one that was typed, or sounds like it.

use std::collections::BTreeMap;

use sqlx::SqliteConnection;

use super::queries::{self, KnownEnquiry};
use crate::domain::household::{Key, KeyKind};
use crate::domain::ids::HouseholdId;
use crate::domain::search::{Agreement, Asked};
use crate::features::access::Viewer;
use crate::features::{households, search};

/// More than these are no help on the telephone.
const SHOWN: usize = 5;
/// Of those whose names are only like it, so few: the page is for whoever is on the telephone.
const NEARLY: usize = 3;
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
    /// `The same telephone and postcode`.
    pub why: String,
    pub is_alike: bool,
    /// So much agrees that nobody logs it as new without having been asked.
    pub is_likely: bool,
    /// The newest first, what was before they separated last; at least one.
    pub enquiries: Vec<KnownEnquiry>,
}

/// Those that agree in most come first, those with a name that is only like it last. Households of which only restricted
/// records tell are left out for whoever is not named in one.
pub async fn find(
    db: &mut SqliteConnection,
    keys: &[Key],
    names: &[String],
    viewer: Viewer,
) -> sqlx::Result<Vec<Known>> {
    let agreeing = if keys.is_empty() { Vec::new() } else { agreeing(db, keys).await? };
    let nearly = nearly(db, names, viewer).await?;
    let nearly = nearly.into_iter().filter(|(id, _)| agreeing.iter().all(|(other, _)| other != id)).take(NEARLY);
    let like = nearly.map(|(id, why)| Found { id, why, is_alike: false, is_likely: false });
    let found = agreeing.iter().take(SHOWN * 2).map(Found::by_keys).chain(like).collect();
    shown(db, found, viewer).await
}

/// The households among those that `find` shows of which so much agrees that whoever logs it must have seen them.
pub async fn list_likely(db: &mut SqliteConnection, keys: &[Key], viewer: Viewer) -> sqlx::Result<Vec<HouseholdId>> {
    if keys.is_empty() {
        return Ok(Vec::new());
    }
    let found = agreeing(db, keys).await?.iter().take(SHOWN * 2).map(Found::by_keys).collect();
    let known = shown(db, found, viewer).await?;
    Ok(known.iter().filter(|known| known.is_likely).map(|known| known.id).collect())
}

/// Before it is known whether somebody may see it.
struct Found {
    id: HouseholdId,
    why: String,
    is_alike: bool,
    is_likely: bool,
}

impl Found {
    fn by_keys((id, kinds): &(HouseholdId, Vec<KeyKind>)) -> Found {
        let is_alike = kinds.len() >= ALIKE;
        let is_likely = is_alike || says_most(kinds);
        Found { id: *id, why: format!("The same {}", listed(kinds)), is_alike, is_likely }
    }
}

/// With the enquiries that whoever asks may see; without any there is nothing to show.
async fn shown(db: &mut SqliteConnection, found: Vec<Found>, viewer: Viewer) -> sqlx::Result<Vec<Known>> {
    let ids: Vec<_> = found.iter().map(|found| found.id).collect();
    let mut enquiries: BTreeMap<HouseholdId, Vec<KnownEnquiry>> = BTreeMap::new();
    let before = queries::list_before_separation(&mut *db, &ids, viewer.user).await?;
    for enquiry in queries::list_known(&mut *db, &ids, viewer.user).await?.into_iter().chain(before) {
        enquiries.entry(enquiry.household).or_default().push(enquiry);
    }
    let mut known = Vec::new();
    for Found { id, why, is_alike, is_likely } in found {
        let Some(enquiries) = enquiries.remove(&id) else { continue };
        let newest = &enquiries[0];
        let home = [newest.address.as_deref(), newest.postcode.as_deref()];
        known.push(Known {
            id,
            name: newest.name.clone(),
            home: home.into_iter().flatten().collect::<Vec<_>>().join(", "),
            why,
            is_alike,
            is_likely,
            enquiries,
        });
    }
    known.truncate(SHOWN);
    Ok(known)
}

/// Households that the search box would find by one of these names, the best first, and why. Somebody's given name
/// alone finds half of everybody.
async fn nearly(
    db: &mut SqliteConnection,
    names: &[String],
    viewer: Viewer,
) -> sqlx::Result<Vec<(HouseholdId, String)>> {
    let mut found: Vec<(HouseholdId, String)> = Vec::new();
    for name in names.iter().filter(|name| name.contains(' ')) {
        let Some(asked) = Asked::parse(name) else { continue };
        for (id, agreement) in search::best(db, &asked, viewer).await?.0 {
            if found.iter().all(|(other, _)| *other != id) {
                found.push((id, likeness(&agreement)));
            }
        }
    }
    Ok(found)
}

/// `A name like it: sounds like “applebee”`; what is written the same needs no words.
fn likeness(agreement: &Agreement) -> String {
    let why: Vec<_> = agreement.why.iter().filter(|why| *why != "name").map(String::as_str).collect();
    if why.is_empty() { "A name like it".to_owned() } else { format!("A name like it: {}", why.join(", ")) }
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
    agreeing.sort_by_key(|(id, kinds)| std::cmp::Reverse((kinds.len(), says_most(kinds), id.0)));
    Ok(agreeing)
}

/// Many people share a name, and neighbours a postcode.
fn says_most(kinds: &[KeyKind]) -> bool {
    kinds.iter().any(|kind| matches!(kind, KeyKind::Phone | KeyKind::Email))
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
