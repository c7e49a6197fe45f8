//! What households are recognised by, proved against their people and made anew. `hearth doctor` uses both.

use std::collections::{BTreeMap, BTreeSet};

use sqlx::SqliteConnection;

use super::queries::{self, NewKey};
use crate::domain::household::{Key, keys};
use crate::domain::ids::HouseholdId;

const PAGE: i64 = 1_000;

/// The households whose keys are not what their people and home say; none is the only good answer.
pub async fn disagreements(connection: &mut SqliteConnection) -> sqlx::Result<Vec<HouseholdId>> {
    let (mut after, mut wrong) = (HouseholdId(0), Vec::new());
    loop {
        let computed = computed(connection, after).await?;
        let Some((last, _)) = computed.last_key_value() else { return Ok(wrong) };
        let mut stored = queries::list_keys(connection, after, *last).await?;
        after = *last;
        wrong.extend(
            computed.into_iter().filter(|(id, keys)| stored.remove(id).unwrap_or_default() != *keys).map(|(id, _)| id),
        );
    }
}

/// Makes every key anew.
pub async fn rebuild(connection: &mut SqliteConnection) -> sqlx::Result<()> {
    queries::delete_keys(connection).await?;
    let mut after = HouseholdId(0);
    loop {
        let computed = computed(connection, after).await?;
        let Some((last, _)) = computed.last_key_value() else { return Ok(()) };
        after = *last;
        let rows: Vec<NewKey> = computed
            .into_iter()
            .flat_map(|(id, keys)| keys.into_iter().map(move |key| NewKey { household: id.0, key }))
            .collect();
        queries::insert_keys(connection, &rows).await?;
    }
}

/// The keys of the next page of households, from what is recorded of them.
async fn computed(
    connection: &mut SqliteConnection,
    after: HouseholdId,
) -> sqlx::Result<BTreeMap<HouseholdId, BTreeSet<Key>>> {
    let homes = queries::list_homes(connection, after, PAGE).await?;
    let Some((last, _)) = homes.last() else { return Ok(BTreeMap::new()) };
    let mut people = queries::list_people(connection, after, *last).await?;
    Ok(homes
        .into_iter()
        .map(|(id, postcode)| {
            let applicants = people.remove(&id).unwrap_or_default();
            let people = applicants.iter().map(|it| (it.name.as_str(), it.phone.as_deref(), it.email.as_deref()));
            (id, keys(people, postcode.as_deref()).into_iter().collect())
        })
        .collect())
}
