//! What people do to a ledger: record a fact, correct it, withdraw it. Each checks the order rules against all that is
//! known, writes, brings `enquiry_now` up to date and leaves its trace in the audit, in the caller's transaction.

use serde_json::{Value, json};
use sqlx::SqliteConnection;

use super::bulk::Rows;
use super::{now, queries};
use crate::domain::actor::Actor;
use crate::domain::audit::{Action, Event};
use crate::domain::day::Day;
use crate::domain::ids::{EnquiryId, UserId};
use crate::domain::ledger::{Attribute, AttributeName, Fact, Ledger, Place, Stamp};
use crate::domain::order::{self, Refusal};
use crate::features::audit;

#[derive(Debug, thiserror::Error)]
pub enum ActionError {
    /// The facts cannot be so. Each refusal is a sentence.
    #[error("{}", sentences(.0))]
    Refused(Vec<Refusal>),
    #[error("An enquiry needs the day it was received or the day they enquired. Correct the date instead")]
    NoDayLeft,
    /// Somebody else corrected or withdrew that version first.
    #[error("Somebody else has changed this since you opened it")]
    Stale,
    #[error("There is no such enquiry")]
    NotFound,
    #[error("Another enquiry has this reference of that hub. Check it, or open that enquiry")]
    ReferenceTaken,
    #[error(transparent)]
    Database(sqlx::Error),
}

/// The only thing about an enquiry that must be its own is the hub's reference.
impl From<sqlx::Error> for ActionError {
    fn from(error: sqlx::Error) -> ActionError {
        match error.as_database_error() {
            Some(database) if database.is_unique_violation() => ActionError::ReferenceTaken,
            _ => ActionError::Database(error),
        }
    }
}

/// A new fact: a milestone, a pause, keeping in touch. A repeat is a new fact too.
pub async fn record(
    connection: &mut SqliteConnection,
    actor: &Actor,
    enquiry: EnquiryId,
    fact: Fact,
) -> Result<(), ActionError> {
    let before = known(connection, enquiry).await?;
    let after = before.clone().with(fact.clone(), None, stamp(actor));
    check(&before, &after, actor.at.london_day())?;
    insert(connection, actor, enquiry, &[(None, &fact)]).await?;
    let (action, _) = actions(&fact);
    finish(connection, actor, enquiry, &after, action, json!({ "new": detail(&fact) })).await
}

/// Another version of a fact. The old one stays in the ledger, superseded, with the reason.
pub async fn correct(
    connection: &mut SqliteConnection,
    actor: &Actor,
    enquiry: EnquiryId,
    place: Place,
    fact: Fact,
    why: &str,
) -> Result<(), ActionError> {
    let before = known(connection, enquiry).await?;
    let (old, root) = before.in_force(place).ok_or(ActionError::Stale)?;
    let after = before.clone().without(place).with(fact.clone(), Some(root), stamp(actor));
    check(&before, &after, actor.at.london_day())?;
    supersede(connection, actor, place, why).await?;
    insert(connection, actor, enquiry, &[(Some(root), &fact)]).await?;
    let (_, action) = actions(&fact);
    finish(connection, actor, enquiry, &after, action, json!({ "old": detail(&old), "new": detail(&fact), "why": why }))
        .await
}

/// One of several changes that hold together or not at all: a new fact, or another version of one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Amendment {
    Record(Fact),
    Correct(Place, Fact),
}

/// Several changes of one enquiry at once: what counts is how it stands after all of them.
pub async fn amend(
    connection: &mut SqliteConnection,
    actor: &Actor,
    enquiry: EnquiryId,
    amendments: &[Amendment],
    why: &str,
) -> Result<(), ActionError> {
    let before = known(connection, enquiry).await?;
    let (mut after, mut new, mut traces) = (before.clone(), Vec::new(), Vec::new());
    for amendment in amendments {
        match amendment {
            Amendment::Record(fact) => {
                after = after.with(fact.clone(), None, stamp(actor));
                new.push((None, fact));
                traces.push((actions(fact).0, json!({ "new": detail(fact), "why": why })));
            }
            Amendment::Correct(place, fact) => {
                let (old, root) = before.in_force(*place).ok_or(ActionError::Stale)?;
                after = after.without(*place).with(fact.clone(), Some(root), stamp(actor));
                new.push((Some(root), fact));
                let trace = json!({ "old": detail(&old), "new": detail(fact), "why": why });
                traces.push((actions(fact).1, trace));
            }
        }
    }
    check(&before, &after, actor.at.london_day())?;
    for amendment in amendments {
        if let Amendment::Correct(place, _) = amendment {
            supersede(connection, actor, *place, why).await?;
        }
    }
    insert(connection, actor, enquiry, &new).await?;
    now::replace(connection, enquiry, &after.facts()).await?;
    for (action, detail) in traces {
        audit::record(connection, actor, &Event::of_enquiry(action, enquiry).with(detail)).await?;
    }
    Ok(())
}

/// It never happened: superseded without another version.
pub async fn withdraw(
    connection: &mut SqliteConnection,
    actor: &Actor,
    enquiry: EnquiryId,
    place: Place,
    why: &str,
) -> Result<(), ActionError> {
    let before = known(connection, enquiry).await?;
    let (old, _) = before.in_force(place).ok_or(ActionError::Stale)?;
    let after = before.clone().without(place);
    if after.facts().day_received().is_none() {
        return Err(ActionError::NoDayLeft);
    }
    check(&before, &after, actor.at.london_day())?;
    supersede(connection, actor, place, why).await?;
    let action = match old {
        Fact::Milestone(_) => Action::MilestoneWithdrawn,
        ref old => actions(old).1,
    };
    finish(connection, actor, enquiry, &after, action, json!({ "old": detail(&old), "why": why })).await
}

/// Gives an enquiry to an officer from a day on, or to nobody. The assignment before stays true of its own days; a
/// second one on the same day replaces the first.
pub async fn assign(
    connection: &mut SqliteConnection,
    actor: &Actor,
    enquiry: EnquiryId,
    officer: Option<(String, Option<UserId>)>,
    from: Day,
) -> Result<(), ActionError> {
    let (value, user) = officer.map_or((None, None), |(name, user)| (Some(name), user));
    let fact = Attribute { name: AttributeName::Officer, value, user, from: Some(from) };
    let ledger = known(connection, enquiry).await?;
    let same_day = ledger
        .attributes
        .iter()
        .find(|entry| entry.in_force() && entry.fact.name == AttributeName::Officer && entry.fact.from == Some(from));
    match same_day {
        Some(entry) if entry.fact == fact => Ok(()),
        Some(entry) => {
            let place = Place::Attribute(entry.id);
            correct(connection, actor, enquiry, place, Fact::Attribute(fact), "given to somebody else").await
        }
        None => record(connection, actor, enquiry, Fact::Attribute(fact)).await,
    }
}

/// Sets what reports group by. Values that stay as they are leave no trace; None takes a value away.
pub async fn set_attributes(
    connection: &mut SqliteConnection,
    actor: &Actor,
    enquiry: EnquiryId,
    values: &[(AttributeName, Option<String>)],
    why: &str,
) -> Result<(), ActionError> {
    let ledger = known(connection, enquiry).await?;
    for (name, value) in values.iter().filter(|(name, _)| *name != AttributeName::Officer) {
        let fact = Attribute { name: *name, value: value.clone(), user: None, from: None };
        match ledger.attributes.iter().find(|entry| entry.in_force() && entry.fact.name == *name) {
            Some(entry) if entry.fact == fact => {}
            Some(entry) => {
                correct(connection, actor, enquiry, Place::Attribute(entry.id), Fact::Attribute(fact), why).await?;
            }
            None if value.is_none() => {}
            None => record(connection, actor, enquiry, Fact::Attribute(fact)).await?,
        }
    }
    Ok(())
}

async fn known(connection: &mut SqliteConnection, enquiry: EnquiryId) -> Result<Ledger, ActionError> {
    let ledger = queries::load(connection, enquiry).await?;
    if ledger.milestones.is_empty() { Err(ActionError::NotFound) } else { Ok(ledger) }
}

/// Refuses what the change brings in; what was odd before does not stand in the way of mending something else.
fn check(before: &Ledger, after: &Ledger, today: Day) -> Result<(), ActionError> {
    let mut refusals = order::refusals(&after.facts(), today);
    let known = order::refusals(&before.facts(), today);
    refusals.retain(|refusal| !known.contains(refusal));
    if refusals.is_empty() { Ok(()) } else { Err(ActionError::Refused(refusals)) }
}

async fn supersede(
    connection: &mut SqliteConnection,
    actor: &Actor,
    place: Place,
    why: &str,
) -> Result<(), ActionError> {
    if queries::supersede(connection, actor, place, why).await? { Ok(()) } else { Err(ActionError::Stale) }
}

async fn insert(
    connection: &mut SqliteConnection,
    actor: &Actor,
    enquiry: EnquiryId,
    facts: &[(Option<crate::domain::ids::RootId>, &Fact)],
) -> Result<(), ActionError> {
    let mut rows = Rows::after(queries::find_last_ids(connection).await?);
    for (root, fact) in facts {
        rows.add_fact(enquiry, *root, fact);
    }
    Ok(rows.insert(connection, actor).await?)
}

async fn finish(
    connection: &mut SqliteConnection,
    actor: &Actor,
    enquiry: EnquiryId,
    after: &Ledger,
    action: Action,
    detail: Value,
) -> Result<(), ActionError> {
    now::replace(connection, enquiry, &after.facts()).await?;
    Ok(audit::record(connection, actor, &Event::of_enquiry(action, enquiry).with(detail)).await?)
}

/// What recording such a fact is called in the audit, and what changing it.
fn actions(fact: &Fact) -> (Action, Action) {
    match fact {
        Fact::Milestone(_) => (Action::MilestoneRecorded, Action::MilestoneCorrected),
        Fact::Attribute(it) if it.name == AttributeName::Officer => (Action::Assigned, Action::Assigned),
        Fact::Attribute(_) => (Action::EnquiryDetailsChanged, Action::EnquiryDetailsChanged),
        Fact::Pause(_) => (Action::Paused, Action::PauseChanged),
        Fact::InTouch(_) => (Action::KeptInTouch, Action::InTouchChanged),
    }
}

fn detail(fact: &Fact) -> Value {
    match fact {
        Fact::Milestone(it) => json!({
            "kind": it.kind, "on": it.on, "result": it.result, "close_reason": it.close_reason, "places": it.places,
        }),
        Fact::Attribute(it) => json!({ "name": it.name, "value": it.value, "from": it.from }),
        Fact::Pause(it) => json!({ "from": it.from, "to": it.to, "reason": it.reason }),
        Fact::InTouch(it) => json!({ "from": it.from, "to": it.to, "contact_again_on": it.contact_again_on }),
    }
}

fn stamp(actor: &Actor) -> Stamp {
    Stamp { at: actor.at, by: actor.user }
}

fn sentences(refusals: &[Refusal]) -> String {
    refusals.iter().map(ToString::to_string).collect::<Vec<_>>().join(". ")
}
