//! "This is the same household as that one": the other record is looked for, whether anything says that they look alike
//! or not.

use axum::extract::State;
use axum_extra::extract::Query;
use serde::Deserialize;

use super::queries;
use super::views::{Card, cards, with_left};
use super::views_other::{Other, OtherPage};
use crate::domain::ids::{EnquiryId, HouseholdId};
use crate::domain::role::Permission::MergeHouseholds;
use crate::features::access::{self, Viewer};
use crate::features::{households, search};
use crate::web::error::Result;
use crate::web::{AppState, Ctx, Path};

/// Whoever does not find it among these types more of it.
const SHOWN: usize = 20;

#[derive(Deserialize)]
pub struct Asked {
    #[serde(default)]
    pub q: String,
}

pub async fn show(
    State(state): State<AppState>,
    ctx: Ctx,
    Path(id): Path<EnquiryId>,
    Query(asked): Query<Asked>,
) -> Result<OtherPage> {
    let subject = access::open(&state, &ctx, id, MergeHouseholds).await?;
    let typed = asked.q.trim();
    let mut connection = state.db.read().acquire().await?;
    let Some(mut found) = search::best(&mut connection, typed, Viewer::of(&ctx)).await? else {
        return Ok(OtherPage::new(&ctx, &subject, typed, None));
    };
    found.retain(|household| *household != subject.household);
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
    let others = found.iter().filter_map(|id| cards.remove(id).filter(may_open).map(|card| (*id, card)));
    let others: Vec<(HouseholdId, Card)> = others.take(SHOWN + 1).collect();
    let others = others.into_iter().map(|(other, card)| Other::new(subject.household, other, card)).collect();
    Ok(OtherPage::new(&ctx, &subject, typed, Some((others, SHOWN))))
}
