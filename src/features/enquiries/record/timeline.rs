//! What has happened, newest first, with what was corrected and what was withdrawn.

use std::collections::BTreeMap;

use super::ladder::{days, once};
use super::related::RelatedView;
use crate::domain::day::Day;
use crate::domain::ids::{EnquiryId, EntryId, RootId, UserId};
use crate::domain::instant::Instant;
use crate::domain::ledger::{Attribute, AttributeName, Entry, Ledger, Milestone};
use crate::domain::milestone::{MilestoneKind, MilestoneResult};
use crate::domain::pause::{InTouch, Pause};
use crate::domain::reason::CloseReason;
use crate::domain::standing::State;
use crate::features::notes::Note;

pub struct Event {
    order: (Day, Instant, i64),
    pub when: String,
    /// `mile`, `mile fixed`, `gone` or nothing.
    pub class: &'static str,
    pub title: String,
    pub meta: String,
    pub body: String,
    pub more: Vec<String>,
    pub corrections: Vec<Correction>,
    /// Who withdrew it, when and why.
    pub withdrawn: Option<String>,
    pub actions: Vec<(&'static str, String)>,
}

/// "Date corrected on 14 March by Priya Nair: 12 March to 11 March. “Diary was a day out.”"
pub struct Correction {
    pub what: &'static str,
    pub when: String,
    pub by: String,
    pub old: String,
    pub new: String,
    pub why: String,
}

pub struct Names<'a> {
    pub people: &'a BTreeMap<UserId, String>,
    pub reasons: &'a [CloseReason],
}

impl Names<'_> {
    fn person(&self, id: UserId) -> String {
        self.people.get(&id).cloned().unwrap_or_default()
    }

    fn close_reason(&self, milestone: &Milestone) -> String {
        let reason = self.reasons.iter().find(|reason| Some(&reason.code) == milestone.close_reason.as_ref());
        reason.map(once).unwrap_or_default()
    }
}

pub fn timeline(enquiry: EnquiryId, ledger: &Ledger, notes: &[Note], names: &Names<'_>, today: Day) -> Vec<Event> {
    let mut events = milestones(enquiry, ledger, names);
    events.extend(pauses(enquiry, &ledger.pauses, names, today));
    events.extend(in_touch(enquiry, &ledger.in_touch, names, today));
    events.extend(attributes(&ledger.attributes, names));
    events.extend(written(enquiry, notes));
    events.sort_by_key(|event| std::cmp::Reverse(event.order));
    for event in &mut events {
        event.when = event.order.0.short_seen_from(today);
    }
    events
}

/// The versions of each fact, the first one first.
fn by_root<F>(entries: &[Entry<F>]) -> Vec<Vec<&Entry<F>>> {
    let mut roots: BTreeMap<RootId, Vec<&Entry<F>>> = BTreeMap::new();
    for entry in entries {
        roots.entry(entry.root).or_default().push(entry);
    }
    roots.into_values().collect()
}

/// An event of the last version of a fact: struck through when it was withdrawn.
fn event<F>(versions: &[&Entry<F>], on: Day, title: &str, names: &Names<'_>) -> Option<Event> {
    let (first, last) = (versions.first()?, versions.last()?);
    let withdrawn = last.superseded.as_ref().map(|superseded| {
        let (at, by) = (superseded.at.london_day().words(), names.person(superseded.by));
        format!("Withdrawn on {at} by {by}: “{}”", superseded.why)
    });
    Some(Event {
        order: (on, first.recorded.at, first.root.0),
        when: String::new(),
        class: if withdrawn.is_some() { "gone" } else { "" },
        title: title.to_owned(),
        meta: names.person(first.recorded.by),
        body: String::new(),
        more: Vec::new(),
        corrections: Vec::new(),
        withdrawn,
        actions: Vec::new(),
    })
}

/// Each version beside the one that replaced it. None where nothing that is shown has changed.
fn corrections<F>(
    versions: &[&Entry<F>],
    names: &Names<'_>,
    differ: impl Fn(&F, &F) -> Option<(&'static str, String, String)>,
) -> Vec<Correction> {
    let pairs = versions.iter().zip(versions.iter().skip(1));
    pairs
        .filter_map(|(old, new)| {
            let (what, from, to) = differ(&old.fact, &new.fact)?;
            let superseded = old.superseded.as_ref()?;
            Some(Correction {
                what,
                when: superseded.at.london_day().words(),
                by: names.person(superseded.by),
                old: from,
                new: to,
                why: superseded.why.clone(),
            })
        })
        .collect()
}

fn milestones(enquiry: EnquiryId, ledger: &Ledger, names: &Names<'_>) -> Vec<Event> {
    let one = |versions: Vec<&Entry<Milestone>>| {
        let last = versions.last()?;
        let mut event = event(&versions, last.fact.on, last.fact.kind.label(), names)?;
        event.corrections = corrections(&versions, names, |old, new| milestones_differ(old, new, names));
        event.more = milestone_detail(&last.fact, ledger, names);
        if last.in_force() {
            event.class = if event.corrections.is_empty() { "mile" } else { "mile fixed" };
            event.actions = changes(enquiry, "milestones", last.id);
        }
        Some(event)
    };
    by_root(&ledger.milestones).into_iter().filter_map(one).collect()
}

fn milestones_differ(old: &Milestone, new: &Milestone, names: &Names<'_>) -> Option<(&'static str, String, String)> {
    let result = |it: &Milestone| it.result.map_or("not known", MilestoneResult::label).to_owned();
    let places = |it: &Milestone| it.places.map_or("not known".to_owned(), |places| places.to_string());
    if old.on != new.on {
        Some(("Date", old.on.long(), new.on.long()))
    } else if old.result != new.result {
        Some(("Result", result(old), result(new)))
    } else if old.places != new.places {
        Some(("Approved places", places(old), places(new)))
    } else if old.close_reason != new.close_reason {
        Some(("Reason", names.close_reason(old), names.close_reason(new)))
    } else {
        None
    }
}

fn milestone_detail(milestone: &Milestone, ledger: &Ledger, names: &Names<'_>) -> Vec<String> {
    let mut more = Vec::new();
    if !milestone.kind.results().is_empty() {
        more.push(format!("Result: {}", milestone.result.map_or("not known", MilestoneResult::label)));
    }
    more.extend(milestone.places.map(|places| format!("Approved places: {places}")));
    if milestone.kind == MilestoneKind::Closed {
        more.push(names.close_reason(milestone));
    }
    if milestone.kind == MilestoneKind::EnquiryReceived {
        let facts = ledger.facts();
        for name in [AttributeName::Source, AttributeName::Campaign, AttributeName::Hub, AttributeName::HubReference] {
            more.extend(facts.attribute(name).map(|value| format!("{}: {value}", name.label())));
        }
    }
    more
}

fn changes(enquiry: EnquiryId, noun: &str, entry: EntryId) -> Vec<(&'static str, String)> {
    // Withdrawing is offered there too.
    vec![("Correct", format!("/enquiries/{enquiry}/{noun}/{entry}/corrections"))]
}

fn pauses(enquiry: EnquiryId, pauses: &[Entry<Pause>], names: &Names<'_>, today: Day) -> Vec<Event> {
    let until = |pause: &Pause| pause.to.map_or("no end".to_owned(), Day::long);
    let differ = |old: &Pause, new: &Pause| {
        if old.from != new.from {
            Some(("Start", old.from.long(), new.from.long()))
        } else if old.to.is_some() && old.to != new.to {
            Some(("End", until(old), until(new)))
        } else if old.reason != new.reason {
            Some(("Reason", old.reason.label().to_owned(), new.reason.label().to_owned()))
        } else {
            None
        }
    };
    let one = |versions: Vec<&Entry<Pause>>| {
        let last = versions.last()?;
        let mut event = event(&versions, last.fact.from, "Paused", names)?;
        event.more = vec![format!("{}, {}", last.fact.reason.label(), lasted(last.fact.from, last.fact.to, today))];
        event.corrections = corrections(&versions, names, differ);
        if last.in_force() {
            event.actions = span_changes(enquiry, "pauses", last.id, last.fact.to.is_none());
        }
        Some(event)
    };
    by_root(pauses).into_iter().filter_map(one).collect()
}

fn in_touch(enquiry: EnquiryId, entries: &[Entry<InTouch>], names: &Names<'_>, today: Day) -> Vec<Event> {
    let day = |day: Option<Day>| day.map_or("no day".to_owned(), Day::long);
    let differ = |old: &InTouch, new: &InTouch| {
        if old.from != new.from {
            Some(("Start", old.from.long(), new.from.long()))
        } else if old.contact_again_on != new.contact_again_on {
            Some(("Contact again", day(old.contact_again_on), day(new.contact_again_on)))
        } else if old.to.is_some() && old.to != new.to {
            Some(("End", day(old.to), day(new.to)))
        } else {
            None
        }
    };
    let one = |versions: Vec<&Entry<InTouch>>| {
        let last = versions.last()?;
        let mut event = event(&versions, last.fact.from, State::InTouch.label(), names)?;
        event.more.extend(last.fact.contact_again_on.map(|on| format!("Contact again on {}", on.long())));
        event.more.push(lasted(last.fact.from, last.fact.to, today));
        event.corrections = corrections(&versions, names, differ);
        if last.in_force() {
            event.actions = span_changes(enquiry, "in-touch", last.id, last.fact.to.is_none());
        }
        Some(event)
    };
    by_root(entries).into_iter().filter_map(one).collect()
}

fn lasted(from: Day, to: Option<Day>, today: Day) -> String {
    match to {
        Some(to) if to > today => format!("goes on from {}", to.long()),
        Some(to) => format!("until {}, {}", to.long(), days(from.days_until(to))),
        None => "no end yet".to_owned(),
    }
}

fn span_changes(enquiry: EnquiryId, noun: &str, entry: EntryId, runs: bool) -> Vec<(&'static str, String)> {
    let end = runs.then(|| ("End", format!("/enquiries/{enquiry}/{noun}/{entry}/endings")));
    end.into_iter().chain(changes(enquiry, noun, entry)).collect()
}

/// Whose it was from when; of what else is recorded, only changes: what it began with stands beside the enquiry.
fn attributes(entries: &[Entry<Attribute>], names: &Names<'_>) -> Vec<Event> {
    by_root(entries).into_iter().filter_map(|versions| attribute(&versions, names)).collect()
}

fn attribute(versions: &[&Entry<Attribute>], names: &Names<'_>) -> Option<Event> {
    let last = versions.last()?;
    let differ = |old: &Attribute, new: &Attribute| {
        (old.value != new.value).then(|| (new.name.label(), attribute_value(old), attribute_value(new)))
    };
    match last.fact.from {
        Some(from) => {
            let title = last.fact.value.as_ref().map_or("Unassigned".to_owned(), |name| format!("Given to {name}"));
            let mut event = event(versions, from, &title, names)?;
            event.corrections = corrections(versions, names, differ);
            Some(event)
        }
        None if versions.len() > 1 || !last.in_force() => {
            let on = last.recorded.at.london_day();
            let mut event = event(versions, on, last.fact.name.label(), names)?;
            event.corrections = corrections(versions, names, differ);
            event.meta = String::new();
            Some(event)
        }
        None => None,
    }
}

fn attribute_value(attribute: &Attribute) -> String {
    let Some(value) = attribute.value.clone() else {
        let nobody = attribute.name == AttributeName::Officer;
        return if nobody { "unassigned" } else { "nothing" }.to_owned();
    };
    match (attribute.name, value.parse::<crate::domain::fostering::FosteringType>()) {
        (AttributeName::FosteringType, Ok(kind)) => kind.label().to_owned(),
        _ => value,
    }
}

fn written(enquiry: EnquiryId, notes: &[Note]) -> impl Iterator<Item = Event> {
    notes.iter().map(move |note| Event {
        order: (note.on, note.recorded_at, note.root.0),
        when: String::new(),
        class: "",
        title: note.kind.label().to_owned(),
        meta: note.by.clone(),
        body: note.body.clone(),
        more: edited(note).into_iter().collect(),
        corrections: Vec::new(),
        withdrawn: None,
        actions: vec![("Edit", format!("/enquiries/{enquiry}/notes/{}/corrections", note.id))],
    })
}

/// On the two records that go on from it.
pub fn add_separations(events: &mut Vec<Event>, related: &RelatedView, today: Day) {
    let about = related.separations.iter().filter(|it| it.is_about);
    events.extend(about.map(|it| Event {
        order: (it.on, it.at, it.id.0),
        when: it.on.short_seen_from(today),
        class: "mile",
        title: it.what(),
        meta: it.by.clone(),
        body: String::new(),
        more: it.goes_on.iter().map(|(_, reference)| it.goes_on_as(reference)).collect(),
        corrections: Vec::new(),
        withdrawn: None,
        actions:
            related.may_merge.then(|| ("Open", format!("/households/separations/{}", it.id))).into_iter().collect(),
    }));
    events.sort_by_key(|event| std::cmp::Reverse(event.order));
}

pub fn edited(note: &Note) -> Option<String> {
    (note.id != note.root).then(|| format!("Edited on {}", note.recorded_at.london_text()))
}
