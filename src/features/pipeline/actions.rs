//! What people do to a ledger: record a fact, correct it, withdraw it. Each checks the order rules against all that is
//! known, writes, brings `enquiry_now` up to date and leaves its trace in the audit, in the caller's transaction.

use sqlx::SqliteConnection;

use super::action_error::ActionError;
use super::amendments::{Amendment, amended, move_officer, trace};
use super::bulk::Rows;
use super::{now, queries};
use crate::domain::actor::Actor;
use crate::domain::audit::Event;
use crate::domain::day::Day;
use crate::domain::ids::{EnquiryId, UserId};
use crate::domain::ledger::{Attribute, AttributeName, Fact, Ledger, Place, Stamp};
use crate::domain::order;
use crate::features::{audit, search, tasks};

/// Why the officer's first day moves when the day received is recorded after the enquiry: a new date has no reason.
const DAY_RECORDED: &str = "The day received was recorded";

/// A new fact: a milestone, a pause, keeping in touch. A repeat is a new fact too.
pub async fn record(
    connection: &mut SqliteConnection,
    actor: &Actor,
    enquiry: EnquiryId,
    fact: Fact,
) -> Result<(), ActionError> {
    apply(connection, actor, enquiry, vec![Amendment::Record(fact)], None).await
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
    apply(connection, actor, enquiry, vec![Amendment::Correct(place, fact)], Some(why)).await
}

/// It never happened: superseded without another version.
pub async fn withdraw(
    connection: &mut SqliteConnection,
    actor: &Actor,
    enquiry: EnquiryId,
    place: Place,
    why: &str,
) -> Result<(), ActionError> {
    apply(connection, actor, enquiry, vec![Amendment::Withdraw(place)], Some(why)).await
}

/// Several changes of one enquiry at once: what counts is how it stands after all of them.
pub async fn amend(
    connection: &mut SqliteConnection,
    actor: &Actor,
    enquiry: EnquiryId,
    amendments: Vec<Amendment>,
    why: &str,
) -> Result<(), ActionError> {
    apply(connection, actor, enquiry, amendments, Some(why)).await
}

/// Every change of a ledger goes this way. What must change with it changes with the same reason.
async fn apply(
    connection: &mut SqliteConnection,
    actor: &Actor,
    enquiry: EnquiryId,
    mut amendments: Vec<Amendment>,
    why: Option<&str>,
) -> Result<(), ActionError> {
    let before = known(connection, enquiry).await?;
    let stamp = Stamp { at: actor.at, by: actor.user };
    let after = amended(&before, &amendments, stamp)?;
    move_officer(&mut amendments, &before, &after);
    let after = amended(&before, &amendments, stamp)?;
    if after.facts().day_received().is_none() {
        return Err(ActionError::NoDayLeft);
    }
    check(&before, &after, actor.at.london_day())?;
    for place in amendments.iter().filter_map(Amendment::place) {
        supersede(connection, actor, place, why.unwrap_or(DAY_RECORDED)).await?;
    }
    insert(connection, actor, enquiry, &before, &amendments).await?;
    let facts = after.facts();
    now::replace(connection, enquiry, &facts).await?;
    let hub_reference = |ledger: &Ledger| ledger.facts().attribute(AttributeName::HubReference).map(str::to_owned);
    if hub_reference(&before) != hub_reference(&after) {
        search::refresh_of(connection, &[enquiry]).await?;
    }
    for amendment in &amendments {
        let (action, detail) = trace(amendment, &before, why)?;
        audit::record(connection, actor, &Event::of_enquiry(action, enquiry).with(detail)).await?;
    }
    Ok(tasks::follow(connection, actor, enquiry, &before.facts(), &facts).await?)
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
    before: &Ledger,
    amendments: &[Amendment],
) -> Result<(), ActionError> {
    let mut rows = Rows::after(queries::find_last_ids(connection).await?);
    for amendment in amendments {
        if let Some(fact) = amendment.fact() {
            rows.add_fact(enquiry, amendment.old(before)?.map(|(_, root)| root), fact);
        }
    }
    Ok(rows.insert(connection, actor).await?)
}
