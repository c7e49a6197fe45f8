//! The ledger of one enquiry: every version of every fact, and what it said at any instant.

use super::day::Day;
use super::fostering::FosteringType;
use super::ids::{EnquiryId, EntryId, RootId, UserId};
use super::instant::Instant;
use super::milestone::{MilestoneKind, MilestoneResult};
use super::pause::{InTouch, Pause};
use super::reason::ReasonCode;
use crate::coded;

/// One version of a fact. Never changed but by superseding it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry<F> {
    pub id: EntryId,
    /// The first version's id: a correction keeps it, a repeat has its own.
    pub root: RootId,
    pub fact: F,
    pub recorded: Stamp,
    pub superseded: Option<Superseded>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp {
    pub at: Instant,
    pub by: UserId,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Superseded {
    pub at: Instant,
    pub by: UserId,
    pub why: String,
}

impl<F> Entry<F> {
    /// Recorded by then, and not superseded by then.
    pub fn known_at(&self, instant: Instant) -> bool {
        self.recorded.at <= instant && self.superseded.as_ref().is_none_or(|superseded| superseded.at > instant)
    }

    pub fn in_force(&self) -> bool {
        self.superseded.is_none()
    }

    /// Not written yet: after everything that is.
    fn planned(fact: F, root: Option<RootId>, recorded: Stamp) -> Entry<F> {
        const LAST: i64 = i64::MAX;
        Entry { id: EntryId(LAST), root: root.unwrap_or(RootId(LAST)), fact, recorded, superseded: None }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Milestone {
    pub kind: MilestoneKind,
    pub on: Day,
    pub result: Option<MilestoneResult>,
    /// Of a closure, always; of anything else, never.
    pub close_reason: Option<ReasonCode>,
    /// Approved places, of an approval.
    pub places: Option<i64>,
    /// Of a closure as a duplicate: the enquiry that goes on, where it is known.
    pub duplicate_of: Option<EnquiryId>,
}

impl Milestone {
    /// A household is approved for so many places at most; a larger number is a slip.
    pub const MOST_PLACES: i64 = 20;

    pub fn new(kind: MilestoneKind, on: Day) -> Milestone {
        Milestone { kind, on, result: None, close_reason: None, places: None, duplicate_of: None }
    }

    pub fn closed(on: Day, reason: ReasonCode) -> Milestone {
        Milestone { close_reason: Some(reason), ..Milestone::new(MilestoneKind::Closed, on) }
    }

    /// As another version of `old`: while it stays a duplicate, it stays one of the same enquiry.
    #[must_use]
    pub fn instead_of(self, old: &Milestone) -> Milestone {
        let duplicate_of = old.duplicate_of.filter(|_| self.close_reason == old.close_reason);
        Milestone { duplicate_of, ..self }
    }

    #[must_use]
    pub fn duplicate_of(self, other: Option<EnquiryId>) -> Milestone {
        Milestone { duplicate_of: other, ..self }
    }

    #[must_use]
    pub fn with_result(self, result: Option<MilestoneResult>) -> Milestone {
        Milestone { result, ..self }
    }
}

coded! {
    /// What reports group by.
    pub enum AttributeName {
        Source = "source", "Source";
        Campaign = "campaign", "Campaign";
        FosteringType = "fostering_type", "Kind of fostering";
        Hub = "hub", "Hub";
        HubReference = "hub_reference", "Hub reference";
        Officer = "officer", "Officer";
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attribute {
    pub name: AttributeName,
    /// None: from then on nobody, or nothing recorded.
    pub value: Option<String>,
    /// The officer's account, where the name is a person's of exactly that name.
    pub user: Option<UserId>,
    /// The day from which the officer has it; None for what holds for the whole enquiry.
    pub from: Option<Day>,
}

/// What a ledger holds, whichever of the four.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fact {
    Milestone(Milestone),
    Attribute(Attribute),
    Pause(Pause),
    InTouch(InTouch),
}

/// One version of a fact, by the ledger it stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    Milestone(EntryId),
    Attribute(EntryId),
    Pause(EntryId),
    InTouch(EntryId),
}

/// Everything ever recorded of one enquiry that a figure depends on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ledger {
    pub milestones: Vec<Entry<Milestone>>,
    pub attributes: Vec<Entry<Attribute>>,
    pub pauses: Vec<Entry<Pause>>,
    pub in_touch: Vec<Entry<InTouch>>,
}

impl Ledger {
    /// What is in force now.
    pub fn facts(&self) -> Facts {
        self.facts_where(Entry::in_force, Entry::in_force, Entry::in_force, Entry::in_force)
    }

    /// What was in force at an instant: a later correction does not change it.
    pub fn facts_known_at(&self, instant: Instant) -> Facts {
        self.facts_where(
            |entry| entry.known_at(instant),
            |entry| entry.known_at(instant),
            |entry| entry.known_at(instant),
            |entry| entry.known_at(instant),
        )
    }

    /// The fact at a place and its root, if that version is in force.
    pub fn in_force(&self, place: Place) -> Option<(Fact, RootId)> {
        match place {
            Place::Milestone(id) => find(&self.milestones, id).map(|it| (Fact::Milestone(it.fact.clone()), it.root)),
            Place::Attribute(id) => find(&self.attributes, id).map(|it| (Fact::Attribute(it.fact.clone()), it.root)),
            Place::Pause(id) => find(&self.pauses, id).map(|it| (Fact::Pause(it.fact.clone()), it.root)),
            Place::InTouch(id) => find(&self.in_touch, id).map(|it| (Fact::InTouch(it.fact.clone()), it.root)),
        }
    }

    /// As it would be with one more fact, or with another version of the fact with that root.
    #[must_use]
    pub fn with(mut self, fact: Fact, root: Option<RootId>, recorded: Stamp) -> Ledger {
        match fact {
            Fact::Milestone(fact) => self.milestones.push(Entry::planned(fact, root, recorded)),
            Fact::Attribute(fact) => self.attributes.push(Entry::planned(fact, root, recorded)),
            Fact::Pause(fact) => self.pauses.push(Entry::planned(fact, root, recorded)),
            Fact::InTouch(fact) => self.in_touch.push(Entry::planned(fact, root, recorded)),
        }
        self
    }

    /// As it would be without the version at that place.
    #[must_use]
    pub fn without(mut self, place: Place) -> Ledger {
        match place {
            Place::Milestone(id) => self.milestones.retain(|entry| entry.id != id),
            Place::Attribute(id) => self.attributes.retain(|entry| entry.id != id),
            Place::Pause(id) => self.pauses.retain(|entry| entry.id != id),
            Place::InTouch(id) => self.in_touch.retain(|entry| entry.id != id),
        }
        self
    }

    fn facts_where(
        &self,
        milestone: impl Fn(&Entry<Milestone>) -> bool,
        attribute: impl Fn(&Entry<Attribute>) -> bool,
        pause: impl Fn(&Entry<Pause>) -> bool,
        in_touch: impl Fn(&Entry<InTouch>) -> bool,
    ) -> Facts {
        Facts {
            milestones: in_order(&self.milestones, milestone, |fact| Some(fact.on)),
            attributes: in_order(&self.attributes, attribute, |fact| fact.from),
            pauses: in_order(&self.pauses, pause, |fact| Some(fact.from)),
            in_touch: in_order(&self.in_touch, in_touch, |fact| Some(fact.from)),
        }
    }
}

fn find<F>(entries: &[Entry<F>], id: EntryId) -> Option<&Entry<F>> {
    entries.iter().find(|entry| entry.id == id && entry.in_force())
}

/// By date; of equal dates, as first recorded.
fn in_order<F: Clone>(
    entries: &[Entry<F>],
    keep: impl Fn(&Entry<F>) -> bool,
    day: impl Fn(&F) -> Option<Day>,
) -> Vec<F> {
    let mut kept: Vec<_> = entries.iter().filter(|entry| keep(entry)).collect();
    kept.sort_by_key(|entry| (day(&entry.fact), entry.root));
    kept.into_iter().map(|entry| entry.fact.clone()).collect()
}

/// What is true of an enquiry as known at some instant, in order of date (of equal dates, as first recorded).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facts {
    pub milestones: Vec<Milestone>,
    pub attributes: Vec<Attribute>,
    pub pauses: Vec<Pause>,
    pub in_touch: Vec<InTouch>,
}

impl Facts {
    /// Of repeats the earliest.
    pub fn first(&self, kind: MilestoneKind) -> Option<&Milestone> {
        self.milestones.iter().find(|milestone| milestone.kind == kind)
    }

    /// Of repeats the latest.
    pub fn last(&self, kind: MilestoneKind) -> Option<&Milestone> {
        self.milestones.iter().rfind(|milestone| milestone.kind == kind)
    }

    pub fn first_on(&self, kind: MilestoneKind) -> Option<Day> {
        self.first(kind).map(|milestone| milestone.on)
    }

    /// The day received, or the day enquired where that is not known (counting rule 1).
    pub fn day_received(&self) -> Option<Day> {
        self.first_on(MilestoneKind::EnquiryReceived).or_else(|| self.first_on(MilestoneKind::Enquired))
    }

    pub fn attribute(&self, name: AttributeName) -> Option<&str> {
        self.latest_attribute(name).and_then(|attribute| attribute.value.as_deref())
    }

    pub fn latest_attribute(&self, name: AttributeName) -> Option<&Attribute> {
        self.attributes.iter().rfind(|attribute| attribute.name == name)
    }

    pub fn fostering_type(&self) -> Option<FosteringType> {
        self.attribute(AttributeName::FosteringType).and_then(|code| code.parse().ok())
    }

    /// What had happened by a day. A pause that had begun keeps the end that is known of it.
    #[must_use]
    pub fn by(&self, day: Day) -> Facts {
        Facts {
            milestones: self.milestones.iter().filter(|it| it.on <= day).cloned().collect(),
            attributes: self.attributes.iter().filter(|it| it.from.is_none_or(|from| from <= day)).cloned().collect(),
            pauses: self.pauses.iter().filter(|it| it.from <= day).cloned().collect(),
            in_touch: self.in_touch.iter().filter(|it| it.from <= day).cloned().collect(),
        }
    }

    /// The closure that holds: the latest one, unless the enquiry was reopened since.
    pub fn closure(&self) -> Option<&Milestone> {
        self.closure_by(Day(jiff::civil::Date::MAX))
    }

    /// The closure that held on a day.
    pub fn closure_by(&self, as_at: Day) -> Option<&Milestone> {
        self.milestones
            .iter()
            .rfind(|milestone| {
                matches!(milestone.kind, MilestoneKind::Closed | MilestoneKind::Reopened) && milestone.on <= as_at
            })
            .filter(|milestone| milestone.kind == MilestoneKind::Closed)
    }
}

/// For tests.
#[cfg(test)]
pub mod given {
    use super::*;

    /// An enquiry received on one day, with what happened on others.
    pub fn facts(received: &str, more: &[(MilestoneKind, &str)]) -> Facts {
        let day = |text: &str| text.parse().unwrap();
        let mut milestones = vec![Milestone::new(MilestoneKind::EnquiryReceived, day(received))];
        milestones.extend(more.iter().map(|(kind, on)| match kind {
            MilestoneKind::Closed => Milestone::closed(day(on), ReasonCode("not_now".to_owned())),
            kind => Milestone::new(*kind, day(on)),
        }));
        milestones.sort_by_key(|it| it.on);
        Facts { milestones, ..Facts::default() }
    }
}
