//! Logging one enquiry: everything of it in one transaction, once however often the form is sent.

use serde_json::json;
use sqlx::SqliteConnection;

use super::forms::{Entered, Seen};
use super::known::{self, ALIKE};
use super::queries::{self, Referred};
use crate::domain::actor::Actor;
use crate::domain::audit::{Action, Event};
use crate::domain::household::KeyKind;
use crate::domain::ids::{EnquiryId, HouseholdId};
use crate::domain::ledger::Facts;
use crate::domain::referral;
use crate::features::access::Viewer;
use crate::features::enquiries::{Likeness, NewEnquiry, Of, create, restrict, restrict_as_before};
use crate::features::households::NewHousehold;
use crate::features::{audit, households, tasks};
use crate::web::one_time;

/// A possible duplicate is an enquiry within so many days (import rule 18).
const DUPLICATE_DAYS: i64 = 365;

pub enum Outcome {
    Logged {
        location: String,
        message: String,
    },
    /// The form was sent before, and led there.
    Before(String),
    /// The hub has sent this one already.
    Referred(Referred),
    /// The household that was chosen is no longer there.
    HouseholdGone,
    /// As a new household, and one that is likely to be the same has not been shown yet.
    MayBeKnown,
}

pub async fn log(
    write: &mut SqliteConnection,
    actor: &Actor,
    viewer: Viewer,
    entered: &Entered,
    seen: &Seen,
    token: &str,
) -> sqlx::Result<Outcome> {
    if let Some(location) = one_time::spent(write, token, actor.user).await? {
        return Ok(Outcome::Before(location));
    }
    if let Some(referred) = referred(write, entered).await? {
        return Ok(Outcome::Referred(referred));
    }
    if entered.known.is_none() && may_be_known(write, viewer, seen).await? {
        return Ok(Outcome::MayBeKnown);
    }
    let Some((of, household)) = whose(write, entered).await? else { return Ok(Outcome::HouseholdGone) };
    let agreeing = match of {
        Of::New(_) => known::agreeing(write, &entered.keys()).await?,
        Of::Known(..) => Vec::new(),
    };
    let new = NewEnquiry {
        reference: None,
        fingerprint: Some(entered.fingerprint(&household)),
        of,
        facts: entered.facts(),
        notes: entered.notes(actor.at.london_day()),
        import: None,
    };
    let facts = new.facts.clone();
    let id = create(write, actor, &[new]).await?[0];
    restrict_as_before(write, id).await?;
    tasks::follow(write, actor, id, &Facts::default(), &facts).await?;
    let reference = queries::find_reference(&mut *write, id).await?;
    let alike = alike(write, actor, id, entered, &agreeing).await?;
    audit::record(write, actor, &event(id, entered, &alike)).await?;
    if entered.only_me {
        restrict(write, actor, id, &[]).await?;
    }
    let location = format!("/enquiries/{id}");
    one_time::spend(write, token, actor.user, actor.at, &location).await?;
    Ok(Outcome::Logged { location, message: said(write, actor, &reference, entered, &alike).await? })
}

async fn referred(write: &mut SqliteConnection, entered: &Entered) -> sqlx::Result<Option<Referred>> {
    match (&entered.hub, &entered.hub_reference) {
        (Some(hub), Some(reference)) => queries::find_referred(write, &referral::key(hub, reference)).await,
        _ => Ok(None),
    }
}

/// After `one_time`: the second of a double click would find what the first has just logged.
async fn may_be_known(write: &mut SqliteConnection, viewer: Viewer, seen: &Seen) -> sqlx::Result<bool> {
    let likely = known::list_likely(write, &seen.keys, viewer).await?;
    Ok(likely.iter().any(|household| !seen.households.contains(household)))
}

/// The household as it will be recorded, or as it is.
async fn whose(write: &mut SqliteConnection, entered: &Entered) -> sqlx::Result<Option<(Of, NewHousehold)>> {
    let Some(id) = entered.known else {
        return Ok(Some((Of::New(entered.household.clone()), entered.household.clone())));
    };
    // It may have been merged into another since it was chosen.
    let id = households::find_standing(write, id).await?;
    let Some(household) = households::find(write, id).await? else { return Ok(None) };
    let applicants = households::list_applicants(write, id).await?;
    if applicants.is_empty() {
        // Of people who had left another, and are in it again.
        return Ok(None);
    }
    let names = applicants.iter().map(|applicant| applicant.name.clone()).collect();
    let as_it_is = NewHousehold { applicants, postcode: household.postcode, ..NewHousehold::default() };
    Ok(Some((Of::Known(id, names), as_it_is)))
}

/// The earlier enquiries that it looks like, and why.
async fn alike(
    write: &mut SqliteConnection,
    actor: &Actor,
    id: EnquiryId,
    entered: &Entered,
    agreeing: &[(HouseholdId, Vec<KeyKind>)],
) -> sqlx::Result<Vec<(Likeness, Vec<KeyKind>)>> {
    let mut found = Vec::new();
    for (household, kinds) in agreeing.iter().filter(|(_, kinds)| kinds.len() >= ALIKE) {
        let Some(other) = queries::find_latest(write, *household).await? else { continue };
        let possible_duplicate = other.day.days_until(entered.received).abs() <= DUPLICATE_DAYS;
        found.push((Likeness { enquiry: id, other: other.id, possible_duplicate }, kinds.clone()));
    }
    let likenesses: Vec<_> = found.iter().map(|(likeness, _)| *likeness).collect();
    queries::insert_likenesses(write, actor, &likenesses).await?;
    Ok(found)
}

fn event(id: EnquiryId, entered: &Entered, alike: &[(Likeness, Vec<KeyKind>)]) -> Event {
    let others: Vec<_> = alike.iter().map(|(likeness, _)| likeness.other).collect();
    Event { household: entered.known, ..Event::of_enquiry(Action::EnquiryCreated, id) }
        .with(json!({ "received": entered.received, "looks_like": others }))
}

/// What the record's page says first. What somebody may not open is not named to them.
async fn said(
    write: &mut SqliteConnection,
    actor: &Actor,
    reference: &str,
    entered: &Entered,
    alike: &[(Likeness, Vec<KeyKind>)],
) -> sqlx::Result<String> {
    let mut said = format!("Logged as {reference}.");
    if entered.only_me {
        said.push_str(" Only you may open it.");
    }
    for (likeness, kinds) in alike {
        if !queries::may_see(&mut *write, likeness.other, actor.user).await? {
            continue;
        }
        let other = queries::find_reference(&mut *write, likeness.other).await?;
        let what = if likeness.possible_duplicate { "It may be a duplicate of" } else { "It looks like" };
        said.push_str(&format!(" {what} {other}: the same {}.", known::listed(kinds)));
    }
    Ok(said)
}
