//! Plays stories in the order in which they were written down, through the same actions as people use.

use anyhow::{Context, bail};
use sqlx::SqliteConnection;

use super::desk;
use super::diary;
use super::story::{Event, Story, What};
use crate::db::Db;
use crate::domain::actor::Actor;
use crate::domain::audit::{Action, Event as AuditEvent};
use crate::domain::fingerprint::fingerprint;
use crate::domain::ids::{EnquiryId, UserId};
use crate::domain::instant::Instant;
use crate::domain::ledger::{Entry, Fact, Ledger, Place};
use crate::domain::task::{TaskOrigin, TaskState};
use crate::features::enquiries::{self, NewEnquiry, Of};
use crate::features::{audit, households, notes, pipeline, tasks};

/// How far it is: what has been played, of how much.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Played {
    pub events: usize,
    pub of: usize,
}

/// Everything up to an instant, in one transaction a month. `accounts` are those of `staff::PEOPLE`, in their order.
pub async fn play(
    db: &Db,
    stories: &[Story],
    accounts: &[UserId],
    until: Instant,
    mut progress: impl FnMut(Played),
) -> anyhow::Result<()> {
    let cleared: Vec<_> =
        stories.iter().enumerate().map(|(index, story)| desk::clearing(story, index, until)).collect();
    let mut order: Vec<(&Event, usize)> = stories
        .iter()
        .zip(&cleared)
        .enumerate()
        .flat_map(|(index, (story, cleared))| story.events.iter().chain(cleared).map(move |event| (event, index)))
        .filter(|(event, _)| event.at <= until)
        .collect();
    order.sort_by_key(|(event, index)| (event.at, *index));
    let mut made = vec![None; stories.len()];
    let mut played = Played { events: 0, of: order.len() };
    for month in order.chunk_by(|(one, _), (other, _)| diary::month(one.at) == diary::month(other.at)) {
        let mut write = db.write().await?;
        for (event, index) in month {
            let known = stories[*index].returns.and_then(|first| made[first]);
            let told = Telling { connection: &mut write, accounts, enquiry: made[*index], known };
            made[*index] =
                Some(told.event(event).await.with_context(|| format!("in story {index}, at {}: {event:?}", event.at))?);
        }
        write.commit().await?;
        played.events += month.len();
        progress(played);
    }
    Ok(())
}

struct Telling<'a> {
    connection: &'a mut SqliteConnection,
    accounts: &'a [UserId],
    /// None until it is logged.
    enquiry: Option<EnquiryId>,
    /// The enquiry that the family made before.
    known: Option<EnquiryId>,
}

impl Telling<'_> {
    async fn event(self, event: &Event) -> anyhow::Result<EnquiryId> {
        // Documentation addresses (RFC 5737): one for each desk.
        let address = format!("192.0.2.{}", event.by.0 + 10);
        let actor = Actor { user: self.accounts[event.by.0], at: event.at, address };
        if let What::Log(enquiry) = &event.what {
            return self.log(&actor, enquiry).await;
        }
        let Some(id) = self.enquiry else { bail!("nothing can happen before the enquiry") };
        let connection = self.connection;
        match &event.what {
            What::Log(_) => {}
            What::Record(fact) => pipeline::record(connection, &actor, id, fact.clone()).await?,
            What::Correct { old, new, why } => {
                let place = place(&pipeline::load(connection, id).await?, old)?;
                pipeline::correct(connection, &actor, id, place, new.clone(), why).await?;
            }
            What::Withdraw { old, why } => {
                let place = place(&pipeline::load(connection, id).await?, old)?;
                pipeline::withdraw(connection, &actor, id, place, why).await?;
            }
            What::Assign { to, from } => {
                let officer = (to.person().name.to_owned(), Some(self.accounts[to.0]));
                pipeline::assign(connection, &actor, id, Some(officer), *from).await?;
            }
            What::Set { name, value, why } => {
                let values = [(*name, Some(value.clone()))];
                pipeline::set_attributes(connection, &actor, id, &values, why).await?;
            }
            What::Note(note) => notes::add(connection, &actor, id, note).await?,
            What::ClearTasks => {
                for task in tasks::list_of_enquiry(&mut *connection, id).await? {
                    if task.state == TaskState::Open && task.origin == TaskOrigin::Rule {
                        tasks::complete(connection, &actor, task.id, "").await?;
                    }
                }
            }
        }
        Ok(id)
    }

    async fn log(self, actor: &Actor, enquiry: &NewEnquiry) -> anyhow::Result<EnquiryId> {
        let mut enquiry = enquiry.clone();
        enquiry.fingerprint = recognised_by(&enquiry);
        for attribute in &mut enquiry.facts.attributes {
            let named = super::staff::PEOPLE.iter().position(|it| Some(it.name) == attribute.value.as_deref());
            attribute.user = named.map(|desk| self.accounts[desk]);
        }
        if let (Some(known), Of::New(household)) = (self.known, &enquiry.of) {
            let names = household.applicants.iter().map(|it| it.name.clone()).collect();
            let known = households::find_of(self.connection, known).await?.context("the household is there")?;
            enquiry.of = Of::Known(known, names);
        }
        let ids = enquiries::create(self.connection, actor, std::slice::from_ref(&enquiry)).await?;
        let id = ids[0];
        audit::record(self.connection, actor, &AuditEvent::of_enquiry(Action::EnquiryCreated, id)).await?;
        Ok(id)
    }
}

fn recognised_by(enquiry: &NewEnquiry) -> Option<String> {
    let Of::New(household) = &enquiry.of else { return None };
    let names: Vec<_> = household.applicants.iter().map(|it| it.name.clone()).collect();
    let first = household.applicants.first();
    let (phone, email) = (first.and_then(|it| it.phone.as_deref()), first.and_then(|it| it.email.as_deref()));
    let day = enquiry.facts.day_received()?;
    Some(fingerprint(day, &names, household.postcode.as_deref(), phone, email))
}

/// Where the version of a fact that is in force stands.
fn place(ledger: &Ledger, fact: &Fact) -> anyhow::Result<Place> {
    fn find<F: PartialEq>(entries: &[Entry<F>], fact: &F) -> Option<crate::domain::ids::EntryId> {
        entries.iter().find(|entry| entry.in_force() && entry.fact == *fact).map(|entry| entry.id)
    }
    let place = match fact {
        Fact::Milestone(it) => find(&ledger.milestones, it).map(Place::Milestone),
        Fact::Attribute(it) => find(&ledger.attributes, it).map(Place::Attribute),
        Fact::Pause(it) => find(&ledger.pauses, it).map(Place::Pause),
        Fact::InTouch(it) => find(&ledger.in_touch, it).map(Place::InTouch),
    };
    place.with_context(|| format!("it is not in the ledger: {fact:?}"))
}
