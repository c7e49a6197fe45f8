//! Finding households: the index is asked in one way after the other, from what agrees best to what agrees least, and
//! never for more than a search can use, so that two letters cannot make everybody wait.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use sqlx::SqliteConnection;

use super::queries;
use crate::domain::ids::HouseholdId;
use crate::domain::search::{Agreement, Asked, How, agreement};
use crate::features::access::Viewer;

/// How many are looked at for the best of them.
const LOOKED_AT: usize = 200;
/// With fewer than these, names that are written otherwise are looked for too.
const FEW: usize = 5;

/// The households that were found.
#[derive(Debug, Default)]
pub struct Found {
    pub households: Vec<HouseholdId>,
    /// There are more than were asked for.
    pub more: bool,
}

/// At most `most` households that the viewer may see. Names are only taken for written wrongly when fewer than `few`
/// are written so.
pub async fn find(
    db: &mut SqliteConnection,
    asked: &Asked,
    viewer: Viewer,
    most: usize,
    few: usize,
) -> sqlx::Result<Found> {
    let mut found = Found::default();
    let mut seen = BTreeSet::new();
    for how in asked.ways() {
        if found.households.len() > most || (how == How::Nearly && found.households.len() >= few) {
            break;
        }
        let mut households = matching(db, &asked.expression(how), viewer, most + 1).await?;
        households.retain(|household| seen.insert(*household));
        if !asked.is_certain(how) {
            let looked_at = look_at(db, asked, viewer, &households).await?;
            let agree: BTreeSet<_> = looked_at.into_iter().map(|(household, _)| household).collect();
            households.retain(|household| agree.contains(household));
        }
        found.households.extend(households);
    }
    found.more = found.households.len() > most;
    found.households.truncate(most);
    Ok(found)
}

/// Those that agree with what was typed, the best first, and whether there are more than were looked at.
pub async fn best(
    db: &mut SqliteConnection,
    asked: &Asked,
    viewer: Viewer,
) -> sqlx::Result<(Vec<(HouseholdId, Agreement)>, bool)> {
    let found = find(db, asked, viewer, LOOKED_AT, FEW).await?;
    Ok((look_at(db, asked, viewer, &found.households).await?, found.more))
}

async fn matching(
    db: &mut SqliteConnection,
    expression: &str,
    viewer: Viewer,
    limit: usize,
) -> sqlx::Result<Vec<HouseholdId>> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    if viewer.own_only {
        queries::list_own_matching(db, expression, viewer.user, limit).await
    } else {
        queries::list_matching(db, expression, viewer.user, limit).await
    }
}

/// Those that agree with all that was typed, the best first, then the newest.
pub async fn look_at(
    db: &mut SqliteConnection,
    asked: &Asked,
    viewer: Viewer,
    households: &[HouseholdId],
) -> sqlx::Result<Vec<(HouseholdId, Agreement)>> {
    let sought = queries::list_sought(db, households, Some(viewer)).await?;
    let mut agreeing: Vec<_> =
        sought.into_iter().filter_map(|(household, sought)| Some((household, agreement(asked, &sought)?))).collect();
    agreeing.sort_by_key(|(household, agreement)| (agreement.distance, Reverse(*household)));
    Ok(agreeing)
}
