use serde_json::json;
use sqlx::SqliteConnection;

use super::find::{self, Enquiry, Two};
use super::offers::Offer;
use super::words::brought_note;
use super::{queries, queries_merges};
use crate::domain::actor::Actor;
use crate::domain::audit::{Action, Event};
use crate::domain::ids::{EnquiryId, HouseholdId, MergeId, TaskId};
use crate::domain::ledger::{Attribute, AttributeName, Fact, Ledger, Milestone, Place};
use crate::domain::merge::details::{details, exchange};
use crate::domain::merge::{Fate, Portrait};
use crate::domain::reason::ReasonCode;
use crate::domain::text::lower_first;
use crate::features::households::{self, Household, HouseholdForm};
use crate::features::pipeline::{self, ActionError, Amendment};
use crate::features::tasks::{self, Wanted};
use crate::features::{appointments, audit, enquiries, notes, search};
use crate::web::one_time::OrFailure;

/// The reason that a ledger shows beside what a merge changed.
pub const WHY: &str = "merge";

/// One household goes into another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Merge {
    pub kept: HouseholdId,
    pub goes: HouseholdId,
    /// What whoever decided had before them: `Two::seen`.
    pub seen: String,
    /// The household as it will be.
    pub portrait: Portrait,
    /// Every enquiry of the one that goes.
    pub enquiries: Vec<Joined>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Joined {
    pub enquiry: EnquiryId,
    pub fate: Fate,
    /// Of an enquiry logged twice: what the other is given.
    pub brings: Vec<Offer>,
}

#[derive(Debug, thiserror::Error)]
pub enum MergeError {
    /// One of the two is not there, has gone into another already, or may not be opened.
    #[error("One of the two households is no longer there")]
    NotThere,
    #[error("Somebody else has changed one of the two since you opened them")]
    Stale,
    #[error("{0}")]
    Refused(String),
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

impl From<ActionError> for MergeError {
    fn from(error: ActionError) -> MergeError {
        match error {
            ActionError::Database(error) => MergeError::Database(error),
            ActionError::Stale => MergeError::Stale,
            other => MergeError::Refused(other.to_string()),
        }
    }
}

impl From<appointments::ActionError> for MergeError {
    fn from(error: appointments::ActionError) -> MergeError {
        match error {
            appointments::ActionError::Database(error) => MergeError::Database(error),
            appointments::ActionError::Stale => MergeError::Stale,
            other => MergeError::Refused(other.to_string()),
        }
    }
}

impl From<tasks::ActionError> for MergeError {
    fn from(error: tasks::ActionError) -> MergeError {
        match error {
            tasks::ActionError::Database(error) => MergeError::Database(error),
            tasks::ActionError::Stale => MergeError::Stale,
        }
    }
}

impl From<households::ActionError> for MergeError {
    fn from(error: households::ActionError) -> MergeError {
        match error {
            households::ActionError::Database(error) => MergeError::Database(error),
            households::ActionError::Stale => MergeError::Stale,
        }
    }
}

impl OrFailure for MergeError {
    fn or_failure(self) -> Result<MergeError, sqlx::Error> {
        match self {
            MergeError::Database(error) => Err(error),
            refused => Ok(refused),
        }
    }
}

/// All of it or nothing, in the caller's transaction. Nothing is overwritten: what is closed, brought or corrected is
/// recorded now, with the reason "merge", so that every report as known before stays what it was.
pub async fn merge(connection: &mut SqliteConnection, actor: &Actor, merge: &Merge) -> Result<MergeId, MergeError> {
    let two = find::two(connection, merge.kept, merge.goes, actor.user).await?.ok_or(MergeError::NotThere)?;
    let all_are_said = two.goes.enquiries.iter().all(|it| merge.enquiries.iter().any(|said| said.enquiry == it.row.id));
    if two.seen != merge.seen || !all_are_said || merge.enquiries.len() != two.goes.enquiries.len() {
        return Err(MergeError::Stale);
    }
    if let Some(parting) = &two.parting {
        return Err(MergeError::Refused(format!(
            "They separated on {}: undo that separation instead, or add who has come back to the household",
            parting.on.words()
        )));
    }
    if let Some((_, _, sentence)) = given_twice(&two, &merge.enquiries) {
        return Err(MergeError::Refused(sentence));
    }
    let (before, after) = (json!(two.kept.portrait).to_string(), json!(merge.portrait).to_string());
    let id = queries_merges::insert(connection, actor, merge.kept, merge.goes, &before, &after).await?;
    let mut moved = Vec::with_capacity(merge.enquiries.len());
    for joined in &merge.enquiries {
        let duplicate_of = match joined.fate {
            Fate::SameAs(other) => Some(other),
            Fate::CameBack => None,
        };
        queries_merges::insert_enquiry(connection, id, joined.enquiry, duplicate_of).await?;
        moved.push(joined.enquiry);
    }
    enquiries::move_to(connection, &moved, merge.kept).await?;
    put(connection, actor, &two.kept.household, two.goes.household.version, &merge.portrait).await?;
    households::refresh(connection, &[merge.goes]).await?;
    search::refresh(connection, &[merge.goes]).await?;
    for joined in &merge.enquiries {
        if let Fate::SameAs(other) = joined.fate {
            same(connection, actor, id, &two, joined, other).await?;
        }
    }
    trace(connection, actor, &two, Action::HouseholdsMerged, Some(id)).await?;
    Ok(id)
}

/// Where one enquiry would be given a detail by two that have it each otherwise: by one of them, to which, and what to
/// do.
pub fn given_twice(two: &Two, joined: &[Joined]) -> Option<(EnquiryId, EnquiryId, String)> {
    let enquiry = |id: EnquiryId| two.goes.enquiries.iter().find(|it| it.row.id == id);
    let pairs = joined.iter().enumerate().flat_map(|(at, one)| joined.iter().skip(at + 1).map(move |it| (one, it)));
    pairs.filter(|(one, other)| one.fate == other.fate).find_map(|(one, other)| {
        let Fate::SameAs(to) = one.fate else { return None };
        let (first, second) = (enquiry(one.enquiry)?, enquiry(other.enquiry)?);
        let both_give = |name: AttributeName| [one, other].iter().all(|it| it.brings.contains(&Offer::Detail(name)));
        let differ = details(&first.facts, &second.facts).into_iter().filter(|it| it.instead.is_some());
        let twice = differ.map(|it| it.name).find(|name| both_give(*name))?;
        let sentence = format!(
            "{} and {} each have another {}. Let only one of them give it",
            first.row.reference,
            second.row.reference,
            lower_first(twice.label())
        );
        Some((other.enquiry, to, sentence))
    })
}

/// The household as it is to be. A form of either that is still open somewhere becomes an old one.
pub async fn put(
    connection: &mut SqliteConnection,
    actor: &Actor,
    household: &Household,
    other_version: i64,
    portrait: &Portrait,
) -> Result<(), households::ActionError> {
    let version = household.version.max(other_version);
    households::raise_version(connection, household.id, version).await?;
    let portrait = portrait.clone();
    let form = HouseholdForm {
        household: Household {
            id: household.id,
            address: portrait.address,
            postcode: portrait.postcode,
            language: portrait.language,
            contact_hours: portrait.contact_hours,
            message_allowed: portrait.message_allowed,
            consent_to_contact: portrait.consent_to_contact,
            version,
        },
        applicants: portrait.applicants,
    };
    households::update(connection, actor, &form).await
}

/// An enquiry that was logged twice: the other is given what it lacks, and this one is closed as its duplicate.
async fn same(
    connection: &mut SqliteConnection,
    actor: &Actor,
    id: MergeId,
    two: &Two,
    joined: &Joined,
    other: EnquiryId,
) -> Result<(), MergeError> {
    let from = two.goes.enquiries.iter().find(|it| it.row.id == joined.enquiry).ok_or(MergeError::Stale)?;
    if two.enquiry_of_kept(other).is_none() {
        return Err(MergeError::Stale);
    }
    let brings = |offer: Offer| joined.brings.contains(&offer);
    let places = joined.brings.iter().filter_map(|offer| match offer {
        Offer::Milestone(entry) => Some(Place::Milestone(*entry)),
        Offer::InTouch(entry) => Some(Place::InTouch(*entry)),
        Offer::Detail(_) | Offer::Visit(_) | Offer::Note(_) | Offer::Task(_) => None,
    });
    let mut brought = Vec::new();
    for place in places {
        let (fact, _) = from.ledger.in_force(place).ok_or(MergeError::Stale)?;
        brought.push(Amendment::Record(fact));
    }
    if !brought.is_empty() {
        pipeline::amend(connection, actor, other, brought, WHY).await?;
    }
    for name in joined.brings.iter().filter_map(Offer::detail) {
        give(connection, actor, joined.enquiry, other, name).await?;
    }
    for visit in from.visits.iter().filter(|it| brings(Offer::Visit(it.id))) {
        appointments::bring(connection, actor, other, &visit.visit, WHY).await?;
    }
    for note in from.notes.iter().filter(|it| brings(Offer::Note(it.id))) {
        notes::add(connection, actor, other, &brought_note(note, &from.row)).await?;
    }
    for task in from.tasks.iter().filter(|it| brings(Offer::Task(it.id))) {
        let wanted = Wanted { what: task.what.clone(), due: task.due, whose: task.whose() };
        let made = bring_task(connection, actor, other, &wanted).await?;
        queries_merges::insert_task(connection, id, made).await?;
    }
    Ok(close(connection, actor, from, other).await?)
}

/// Where a rule has made the same task, as its milestone was brought, that one becomes as it was.
async fn bring_task(
    connection: &mut SqliteConnection,
    actor: &Actor,
    enquiry: EnquiryId,
    wanted: &Wanted,
) -> Result<TaskId, MergeError> {
    let there = tasks::list_of_enquiry(&mut *connection, enquiry).await?;
    let Some(same) = there.into_iter().find(|it| it.is_open() && it.what == wanted.what) else {
        return Ok(tasks::make(connection, actor, Some(enquiry), wanted).await?);
    };
    tasks::change(connection, actor, same.id, wanted).await?;
    Ok(same.root)
}

/// What both have of a detail once the one has given it to the other.
async fn give(
    connection: &mut SqliteConnection,
    actor: &Actor,
    from: EnquiryId,
    to: EnquiryId,
    name: AttributeName,
) -> Result<(), ActionError> {
    let (theirs, own) = (pipeline::load(connection, from).await?, pipeline::load(connection, to).await?);
    let (theirs, own) = (theirs.facts(), own.facts());
    if details(&theirs, &own).iter().all(|it| it.name != name) {
        return Ok(());
    }
    let given = exchange(name, &theirs, &own, actor.at.london_day());
    for (enquiry, facts) in [(from, given.leaves), (to, given.takes), (from, given.returns)] {
        let ledger = pipeline::load(connection, enquiry).await?;
        let amendments: Vec<_> = facts.into_iter().filter_map(|fact| amendment(&ledger, fact)).collect();
        if !amendments.is_empty() {
            pipeline::amend(connection, actor, enquiry, amendments, WHY).await?;
        }
    }
    Ok(())
}

/// None where it is so already.
fn amendment(ledger: &Ledger, fact: Attribute) -> Option<Amendment> {
    let same = ledger.attributes.iter().filter(|it| it.in_force());
    let same = same.filter(|it| (it.fact.name, it.fact.from) == (fact.name, fact.from)).max_by_key(|it| it.root);
    match same {
        Some(entry) if entry.fact == fact => None,
        Some(entry) => Some(Amendment::Correct(Place::Attribute(entry.id), Fact::Attribute(fact))),
        None => fact.value.is_some().then_some(Amendment::Record(Fact::Attribute(fact))),
    }
}

/// Where it has ended already, that it was a duplicate is another version of how it ended.
async fn close(
    connection: &mut SqliteConnection,
    actor: &Actor,
    enquiry: &Enquiry,
    other: EnquiryId,
) -> Result<(), ActionError> {
    let reason = ReasonCode(ReasonCode::DUPLICATE.to_owned());
    let closure = enquiry.facts.closure();
    let entry = enquiry.ledger.milestones.iter().find(|it| it.in_force() && Some(&it.fact) == closure);
    let Some(entry) = entry else {
        let closed = Milestone::closed(actor.at.london_day(), reason).duplicate_of(Some(other));
        return pipeline::record(connection, actor, enquiry.row.id, Fact::Milestone(closed)).await;
    };
    let closed = Milestone { close_reason: Some(reason), duplicate_of: Some(other), ..entry.fact.clone() };
    if closed == entry.fact {
        return Ok(());
    }
    pipeline::correct(connection, actor, enquiry.row.id, Place::Milestone(entry.id), Fact::Milestone(closed), WHY).await
}

/// In the history of each enquiry of both: with which others.
async fn trace(
    connection: &mut SqliteConnection,
    actor: &Actor,
    two: &Two,
    action: Action,
    merge: Option<MergeId>,
) -> sqlx::Result<()> {
    for (one, other) in [(&two.kept, &two.goes), (&two.goes, &two.kept)] {
        let left = other.left.iter().map(|it| it.reference.as_str());
        let with: Vec<_> = other.enquiries.iter().map(|it| it.row.reference.as_str()).chain(left).collect();
        for enquiry in &one.enquiries {
            let event = Event { household: Some(other.household.id), ..Event::of_enquiry(action, enquiry.row.id) };
            audit::record(connection, actor, &event.with(json!({ "merge": merge, "with": with }))).await?;
        }
    }
    Ok(())
}

/// They are two households, and nobody is asked again; or they may be one after all.
pub async fn tell_apart(
    connection: &mut SqliteConnection,
    actor: &Actor,
    one: HouseholdId,
    other: HouseholdId,
    apart: bool,
) -> Result<(), MergeError> {
    let two = find::two(connection, one, other, actor.user).await?.ok_or(MergeError::NotThere)?;
    if set_apart(connection, actor, one, other, apart).await? {
        let action = if apart { Action::HouseholdsToldApart } else { Action::HouseholdsMayBeSame };
        trace(connection, actor, &two, action, None).await?;
    }
    Ok(())
}

/// The same where something else says so, whose audit tells it. Whether that is new.
pub async fn set_apart(
    connection: &mut SqliteConnection,
    actor: &Actor,
    one: HouseholdId,
    other: HouseholdId,
    apart: bool,
) -> sqlx::Result<bool> {
    let (low, high) = (one.min(other), one.max(other));
    let is_new = match apart {
        true => queries::insert_told_apart(connection, actor, low, high).await?,
        false => queries::update_taken_back(connection, actor, low, high).await?,
    };
    if is_new {
        households::update_told_apart(connection, low, high, apart).await?;
    }
    Ok(is_new)
}
