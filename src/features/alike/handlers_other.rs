//! "This is the same household as that one": the other record is looked for, whether anything says that they look alike
//! or not.

use std::cmp::Reverse;
use std::collections::HashMap;

use axum::extract::State;
use axum_extra::extract::Query;
use serde::Deserialize;
use sqlx::SqliteConnection;

use super::queries::{self, Pair};
use super::views::{Card, cards, with_left};
use super::views_other::{Other, OtherPage};
use crate::domain::ids::{EnquiryId, HouseholdId};
use crate::domain::role::Permission::MergeHouseholds;
use crate::domain::search::Asked;
use crate::features::access::{self, Viewer};
use crate::features::{households, search};
use crate::web::error::Result;
use crate::web::{AppState, Ctx, Path};

#[derive(Deserialize)]
pub struct Typed {
    #[serde(default)]
    pub q: String,
}

pub async fn show(
    State(state): State<AppState>,
    ctx: Ctx,
    Path(id): Path<EnquiryId>,
    Query(query): Query<Typed>,
) -> Result<OtherPage> {
    let subject = access::open(&state, &ctx, id, MergeHouseholds).await?;
    let typed = query.q.trim();
    let mut connection = state.db.read().acquire().await?;
    let Some(asked) = Asked::parse(typed) else { return Ok(OtherPage::new(&ctx, &subject, typed, None)) };
    let (agreeing, _) = search::best(&mut connection, &asked, Viewer::of(&ctx)).await?;
    let found: Vec<_> = agreeing.into_iter().map(|it| it.0).filter(|it| *it != subject.household).collect();
    let found = likeliest_first(&mut connection, subject.household, found).await?;
    let people = queries::list_people(&mut *connection, &found).await?;
    let enquiries = queries::list_enquiries(&mut *connection, &found, ctx.user.id).await?;
    let mut left = households::list_left(&mut *connection, &found, ctx.user.id).await?;
    left.retain(|it| it.may_open);
    let mut cards = with_left(cards(&people, enquiries), &left);
    // The page side by side shows all of a household, so that whoever may not open one record of it is not led there.
    let may_open = |card: &Card| {
        (!card.enquiries.is_empty() || card.left.is_some())
            && card.enquiries.iter().all(|it| !it.restricted || it.named)
    };
    let other = |id: &HouseholdId| Some(Other::new(subject.household, *id, cards.remove(id).filter(may_open)?));
    Ok(OtherPage::new(&ctx, &subject, typed, Some(found.iter().filter_map(other).collect())))
}

/// What agrees with the record itself in most (name, telephone, e-mail, postcode); then as the search has them.
async fn likeliest_first(
    connection: &mut SqliteConnection,
    own: HouseholdId,
    mut found: Vec<HouseholdId>,
) -> sqlx::Result<Vec<HouseholdId>> {
    let pairs: Vec<_> = found.iter().map(|it| Pair { low: own.min(*it), high: own.max(*it), strength: 1 }).collect();
    let mut kinds: HashMap<HouseholdId, usize> = HashMap::new();
    for agreement in queries::list_agreements(connection, &pairs).await? {
        let other = if agreement.low == own { agreement.high } else { agreement.low };
        *kinds.entry(other).or_default() += 1;
    }
    found.sort_by_key(|it| Reverse(kinds.get(it).copied().unwrap_or_default()));
    Ok(found)
}
