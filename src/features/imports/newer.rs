//! Newer facts of a known row: what was empty is filled, missing milestones are added, a different value is a
//! correction, a blank erases nothing.

use std::collections::HashMap;

use sqlx::SqliteConnection;

use super::{queries, whose};
use crate::domain::actor::Actor;
use crate::domain::enquiry_row::EnquiryRow;
use crate::domain::household::Applicant;
use crate::domain::ids::{EnquiryId, UserId};
use crate::domain::ledger::{Attribute, AttributeName, Entry, Fact, Ledger, Milestone, Place};
use crate::domain::milestone::MilestoneKind;
use crate::domain::note::NoteKind;
use crate::domain::pause::{InTouch, Pause, PauseReason};
use crate::domain::reason::ReasonCode;
use crate::domain::text::fold::squeeze;
use crate::domain::text::name;
use crate::features::exports;
use crate::features::households::{self, Household, HouseholdForm};
use crate::features::notes::{self, NewNote};
use crate::features::pipeline::{self, ActionError, Amendment};

/// Whom the service knows, by exact name.
pub type Officers = HashMap<String, UserId>;

#[derive(Debug, thiserror::Error)]
pub enum NotTaken {
    /// The facts together cannot be. A sentence.
    #[error("{0}")]
    Refused(String),
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

/// What became of it.
pub struct Taken {
    /// False where there is nothing newer.
    pub anything: bool,
    /// The household as it was, in JSON, where it was changed: it has no ledger.
    pub household_before: Option<String>,
}

/// `why` stands in the ledger beside what is superseded.
pub async fn take(
    connection: &mut SqliteConnection,
    actor: &Actor,
    enquiry: EnquiryId,
    row: &EnquiryRow,
    officers: &Officers,
    why: &str,
) -> Result<Taken, NotTaken> {
    let recorded = Recorded::load(connection, enquiry).await?;
    if recorded.as_ref().is_some_and(|recorded| recorded.are_others(row)) {
        return Err(NotTaken::Refused(whose::OTHERS.to_owned()));
    }
    let ledger = pipeline::load(connection, enquiry).await?;
    let amendments = amendments(&ledger, row, officers);
    let amended = !amendments.is_empty();
    if amended {
        pipeline::amend(connection, actor, enquiry, amendments, why).await.map_err(refused)?;
    }
    let household_before = match recorded {
        Some(recorded) => take_household(connection, actor, recorded, row).await?,
        None => None,
    };
    let noted = take_notes(connection, actor, enquiry, row).await?;
    Ok(Taken { anything: amended || household_before.is_some() || noted, household_before })
}

/// The household of a known row, as it is.
struct Recorded {
    household: Household,
    people: Vec<Applicant>,
}

impl Recorded {
    async fn load(connection: &mut SqliteConnection, enquiry: EnquiryId) -> sqlx::Result<Option<Recorded>> {
        let Some(id) = households::find_of(connection, enquiry).await? else { return Ok(None) };
        let Some(household) = households::find(connection, id).await? else { return Ok(None) };
        let people = households::list_applicants(connection, id).await?;
        Ok(Some(Recorded { household, people }))
    }

    fn are_others(&self, row: &EnquiryRow) -> bool {
        let recorded = whose::marks(&self.people, self.household.postcode.as_deref());
        whose::are_others(&recorded, &whose::marks(&row.applicants, row.postcode.as_deref()))
    }
}

fn refused(error: ActionError) -> NotTaken {
    match error {
        ActionError::Database(error) => NotTaken::Database(error),
        other => NotTaken::Refused(other.to_string()),
    }
}

fn amendments(ledger: &Ledger, row: &EnquiryRow, officers: &Officers) -> Vec<Amendment> {
    let mut amendments: Vec<Amendment> = row.milestones.iter().filter_map(|it| milestone(ledger, it)).collect();
    let facts = row.facts();
    amendments.extend(facts.attributes.iter().filter_map(|it| attribute(ledger, it, officers)));
    amendments.extend(row.pause.as_ref().and_then(|it| pause(ledger, it)));
    amendments.extend(row.in_touch.as_ref().and_then(|it| in_touch(ledger, it)));
    amendments
}

fn milestone(ledger: &Ledger, new: &Milestone) -> Option<Amendment> {
    let facts = ledger.facts();
    let mut of_kind: Vec<&Entry<Milestone>> =
        ledger.milestones.iter().filter(|it| it.in_force() && it.fact.kind == new.kind).collect();
    of_kind.sort_by_key(|it| it.fact.on);
    let shown = match new.kind {
        MilestoneKind::Closed => facts.closure().and_then(|it| of_kind.iter().find(|entry| entry.fact == *it)),
        _ => of_kind.first(),
    };
    let old = of_kind.iter().find(|it| it.fact.on == new.on).or(shown);
    let Some(old) = old else { return Some(Amendment::Record(Fact::Milestone(new.clone()))) };
    let reason = new.close_reason.clone().filter(|reason| !is_unknown(reason)).or(old.fact.close_reason.clone());
    let fact = Milestone {
        kind: new.kind,
        on: new.on,
        result: new.result.or(old.fact.result),
        close_reason: reason,
        places: new.places.or(old.fact.places),
        duplicate_of: None,
    }
    .instead_of(&old.fact);
    (fact != old.fact).then_some(Amendment::Correct(Place::Milestone(old.id), Fact::Milestone(fact)))
}

/// A reason that only stands for there being none.
fn is_unknown(reason: &ReasonCode) -> bool {
    *reason == ReasonCode::unknown(true) || *reason == ReasonCode::unknown(false)
}

fn attribute(ledger: &Ledger, new: &Attribute, officers: &Officers) -> Option<Amendment> {
    let user = new.value.as_ref().filter(|_| new.name == AttributeName::Officer).and_then(|it| officers.get(it));
    let of_name = ledger.attributes.iter().filter(|it| it.in_force() && it.fact.name == new.name);
    match of_name.max_by_key(|it| (it.fact.from, it.root)) {
        None => Some(Amendment::Record(Fact::Attribute(Attribute { user: user.copied(), ..new.clone() }))),
        Some(old) if is_same(new.name, old.fact.value.as_deref(), new.value.as_deref()) => None,
        Some(old) => {
            let fact = Attribute { value: new.value.clone(), user: user.copied(), ..old.fact.clone() };
            Some(Amendment::Correct(Place::Attribute(old.id), Fact::Attribute(fact)))
        }
    }
}

fn is_same(name: AttributeName, old: Option<&str>, new: Option<&str>) -> bool {
    match (name, old, new) {
        (AttributeName::HubReference | AttributeName::Hub, Some(old), Some(new)) => squeeze(old) == squeeze(new),
        (_, old, new) => old == new,
    }
}

/// One that begins after the last has ended is another one.
fn pause(ledger: &Ledger, new: &Pause) -> Option<Amendment> {
    let in_force = ledger.pauses.iter().filter(|it| it.in_force());
    let last = in_force.max_by_key(|it| it.fact.from).filter(|it| it.fact.to.is_none_or(|to| to > new.from));
    let Some(old) = last else { return Some(Amendment::Record(Fact::Pause(new.clone()))) };
    let reason = if new.reason == PauseReason::NotRecorded { old.fact.reason } else { new.reason };
    let fact = Pause { from: new.from, to: new.to.or(old.fact.to), reason };
    (fact != old.fact).then_some(Amendment::Correct(Place::Pause(old.id), Fact::Pause(fact)))
}

fn in_touch(ledger: &Ledger, new: &InTouch) -> Option<Amendment> {
    let in_force = ledger.in_touch.iter().filter(|it| it.in_force());
    let last = in_force.max_by_key(|it| it.fact.from).filter(|it| it.fact.to.is_none_or(|to| to > new.from));
    let Some(old) = last else { return Some(Amendment::Record(Fact::InTouch(new.clone()))) };
    let contact_again_on = new.contact_again_on.or(old.fact.contact_again_on);
    let fact = InTouch { from: new.from, to: old.fact.to, contact_again_on };
    (fact != old.fact).then_some(Amendment::Correct(Place::InTouch(old.id), Fact::InTouch(fact)))
}

async fn take_household(
    connection: &mut SqliteConnection,
    actor: &Actor,
    Recorded { household: old, people }: Recorded,
    row: &EnquiryRow,
) -> Result<Option<String>, NotTaken> {
    let household = Household {
        address: newer(old.address.as_ref(), row.address.as_ref()),
        postcode: newer(old.postcode.as_ref(), row.postcode.as_ref()),
        ..old.clone()
    };
    let gone = queries::list_gone(connection, old.id).await?;
    let applicants = merged(&people, &without(&row.applicants, &gone));
    if household == old && applicants == people {
        return Ok(None);
    }
    let before = serde_json::to_string(&HouseholdForm { household: old, applicants: people })
        .map_err(|error| sqlx::Error::Encode(error.into()))?;
    let form = HouseholdForm { household, applicants };
    households::update(connection, actor, &form).await.map_err(|error| match error {
        households::ActionError::Database(error) => NotTaken::Database(error),
        other @ households::ActionError::Stale => NotTaken::Refused(other.to_string()),
    })?;
    Ok(Some(before))
}

/// Another spelling is nothing new.
fn newer(old: Option<&String>, new: Option<&String>) -> Option<String> {
    match (old, new) {
        (Some(old), Some(new)) if squeeze(old) == squeeze(new) => Some(old.clone()),
        (old, new) => new.or(old).cloned(),
    }
}

/// Somebody who has left by a separation does not come back by a file that was made before.
fn without(row: &[Applicant], gone: &[String]) -> Vec<Applicant> {
    let is_gone = |name: &str| gone.iter().any(|it| squeeze(it) == squeeze(name));
    row.iter().filter(|it| !is_gone(&it.name)).cloned().collect()
}

/// Telephones and e-mails are added to; a name that an old encoding garbled never replaces a better one.
fn merged(old: &[Applicant], new: &[Applicant]) -> Vec<Applicant> {
    let mut people = old.to_vec();
    let is_named = |people: &[Applicant], name: &str| people.iter().any(|it| squeeze(&it.name) == squeeze(name));
    for (at, person) in new.iter().enumerate() {
        let by_name = people.iter().position(|it| squeeze(&it.name) == squeeze(&person.name));
        let by_place = || Some(at).filter(|at| people.get(*at).is_some_and(|it| !is_named(new, &it.name)));
        match by_name.or_else(by_place).and_then(|at| people.get_mut(at)) {
            Some(known) => {
                if squeeze(&known.name) != squeeze(&person.name) && !name::garbled(&person.name) {
                    known.name.clone_from(&person.name);
                }
                known.phone = joined(known.phones(), person.phones());
                known.email = joined(known.emails(), person.emails());
            }
            None => people.push(person.clone()),
        }
    }
    people
}

fn joined<'a>(old: impl Iterator<Item = &'a str>, new: impl Iterator<Item = &'a str>) -> Option<String> {
    let mut all: Vec<&str> = Vec::new();
    for text in old.chain(new) {
        if !all.iter().any(|other| other.eq_ignore_ascii_case(text)) {
            all.push(text);
        }
    }
    (!all.is_empty()).then(|| all.join("; "))
}

/// Lines that nobody has noted yet, as one note of today.
async fn take_notes(
    connection: &mut SqliteConnection,
    actor: &Actor,
    enquiry: EnquiryId,
    row: &EnquiryRow,
) -> Result<bool, NotTaken> {
    let Some(new) = &row.notes else { return Ok(false) };
    let on = actor.at.london_day();
    let known = exports::load(connection, &[enquiry], on).await?;
    let known: Vec<String> =
        known.iter().flat_map(|it| it.row.notes.iter()).flat_map(|it| it.lines()).map(squeeze).collect();
    let unknown: Vec<&str> =
        new.lines().filter(|line| !squeeze(line).is_empty() && !known.contains(&squeeze(line))).collect();
    if unknown.is_empty() {
        return Ok(false);
    }
    let note = NewNote { kind: NoteKind::Note, on, body: unknown.join("\n") };
    notes::add(connection, actor, enquiry, &note).await?;
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(name: &str, phone: &str) -> Applicant {
        Applicant { name: name.to_owned(), phone: Some(phone.to_owned()).filter(|it| !it.is_empty()), email: None }
    }

    #[test]
    fn who_has_left_does_not_come_back_by_an_old_file() {
        let (priya, tom) = (person("Priya Nair", "07700900001"), person("Tom Reed", "07700900002"));
        let row = without(&[tom, priya.clone()], &["tom REED".to_owned()]);
        assert_eq!(merged(std::slice::from_ref(&priya), &row), [priya]);
    }

    #[test]
    fn people_are_added_to_and_better_names_stay() {
        let old = [person("Łukasz Wiśniewski", "07700900123")];
        for (new, merged_people) in [
            (
                vec![person("?ukasz Wi?niewski", "07700900124")],
                vec![person("Łukasz Wiśniewski", "07700900123; 07700900124")],
            ),
            (vec![person("lukasz wisniewski", "07700900123")], old.to_vec()),
            (vec![person("Łukasz Nowak", "")], vec![person("Łukasz Nowak", "07700900123")]),
            (vec![person("Łukasz Wiśniewski", ""), person("Ann Lee", "")], vec![old[0].clone(), person("Ann Lee", "")]),
            (vec![], old.to_vec()),
        ] {
            assert_eq!(merged(&old, &new), merged_people, "{new:?}");
        }
    }
}
