//! What happened with one household and who wrote it down when. A story is told to its end; what lies after today is
//! left out when it is played.

use crate::domain::day::Day;
use crate::domain::instant::Instant;
use crate::domain::ledger::{Attribute, AttributeName, Fact, Facts};
use crate::features::enquiries::{NewEnquiry, NewNote};

use super::staff::Desk;

/// One thing that somebody did at their desk.
#[derive(Debug, Clone)]
pub struct Event {
    pub at: Instant,
    pub by: Desk,
    pub what: What,
}

#[derive(Debug, Clone)]
pub enum What {
    Log(Box<NewEnquiry>),
    Record(Fact),
    Correct {
        old: Fact,
        new: Fact,
        why: &'static str,
    },
    Withdraw {
        old: Fact,
        why: &'static str,
    },
    Assign {
        to: Desk,
        from: Day,
    },
    Set {
        name: AttributeName,
        value: String,
        why: &'static str,
    },
    Note(NewNote),
    /// Does what the rules have asked for so far.
    ClearTasks,
}

/// The events of one enquiry, oldest first; the first logs it.
#[derive(Debug, Clone)]
pub struct Story {
    pub events: Vec<Event>,
    /// A family that comes back: the story of their first enquiry.
    pub returns: Option<usize>,
}

impl Story {
    pub fn logged_at(&self) -> Instant {
        self.events[0].at
    }

    pub fn enquiry(&self) -> &NewEnquiry {
        match &self.events[0].what {
            What::Log(enquiry) => enquiry,
            _ => unreachable!("a story begins with its enquiry"),
        }
    }

    /// What is known of it at an instant, from the story itself.
    pub fn facts_at(&self, instant: Instant) -> Facts {
        let mut known: Vec<Fact> = Vec::new();
        for event in self.events.iter().take_while(|event| event.at <= instant) {
            apply(&mut known, event);
        }
        let mut facts = Facts::default();
        for fact in known {
            match fact {
                Fact::Milestone(milestone) => facts.milestones.push(milestone),
                Fact::Attribute(attribute) => facts.attributes.push(attribute),
                Fact::Pause(pause) => facts.pauses.push(pause),
                Fact::InTouch(in_touch) => facts.in_touch.push(in_touch),
            }
        }
        facts.milestones.sort_by_key(|milestone| milestone.on);
        facts.attributes.sort_by_key(|attribute| attribute.from);
        facts.pauses.sort_by_key(|pause| pause.from);
        facts.in_touch.sort_by_key(|in_touch| in_touch.from);
        facts
    }
}

fn apply(known: &mut Vec<Fact>, event: &Event) {
    match &event.what {
        What::Log(enquiry) => {
            let facts = enquiry.facts.clone();
            known.extend(facts.milestones.into_iter().map(Fact::Milestone));
            known.extend(facts.attributes.into_iter().map(Fact::Attribute));
        }
        What::Record(fact) => known.push(fact.clone()),
        What::Correct { old, new, .. } => {
            known.retain(|fact| fact != old);
            known.push(new.clone());
        }
        What::Withdraw { old, .. } => known.retain(|fact| fact != old),
        What::Assign { to, from } => known.push(Fact::Attribute(officer(*to, *from))),
        What::Set { name, value, .. } => {
            known.retain(|fact| !matches!(fact, Fact::Attribute(it) if it.name == *name));
            let attribute = Attribute { name: *name, value: Some(value.clone()), user: None, from: None };
            known.push(Fact::Attribute(attribute));
        }
        What::Note(_) | What::ClearTasks => {}
    }
}

/// The account is linked when the story is played, and only then known.
pub fn officer(desk: Desk, from: Day) -> Attribute {
    Attribute { name: AttributeName::Officer, value: Some(desk.person().name.to_owned()), user: None, from: Some(from) }
}
