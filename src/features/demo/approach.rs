//! How enquiries reach the council: by whom, by which source, in which campaign.

use super::decks::{Decks, Fate, ends_with_us};
use super::diary::open_day;
use super::dice::Dice;
use super::pen::{Pen, takes_it};
use super::people::{People, given_names};
use super::staff::{HUB, LEAVER, MANAGER, SUCCESSOR, Staff};
use super::story::{Event, Story, What};
use super::words::{self, Occasion};
use super::{course, diary};
use crate::domain::day::Day;
use crate::domain::fostering::FosteringType;
use crate::domain::instant::Instant;
use crate::domain::ledger::{Attribute, AttributeName as A, Facts, Milestone};
use crate::domain::milestone::MilestoneKind as K;
use crate::domain::source::{List, Listed};
use crate::features::enquiries::{NewEnquiry, NewNote, Of};
use crate::features::households::NewHousehold;

const SOURCES: &[(&str, u32)] = &[
    ("Council website", 24),
    ("Facebook", 18),
    ("Friend who fosters", 14),
    ("Search engine", 11),
    ("Community event", 7),
    ("Bus advert", 6),
    ("Local radio", 5),
    ("Word of mouth", 8),
    ("Employer", 3),
    ("Leaflet", 4),
];
const HUB_SOURCES: &[(&str, u32)] =
    &[("Hub website", 40), ("Facebook", 25), ("Search engine", 20), ("Television advert", 8), ("Community event", 7)];

/// What may differ between one household's enquiry and another's.
pub struct Approach {
    pub received: Day,
    pub kinship: bool,
    pub hub: bool,
    pub fate: Fate,
    pub household: NewHousehold,
}

/// Who tells stories, and with what.
pub struct Teller<'a> {
    pub dice: &'a mut Dice,
    pub decks: &'a mut Decks,
    pub people: &'a mut People,
    pub staff: Staff,
}

impl Teller<'_> {
    /// One in twenty comes by the children's team, one in three of the others by the hub.
    pub fn approach(&mut self, received: Day) -> Approach {
        let kinship = self.dice.chance(0.05);
        let hub = !kinship && self.dice.chance(0.34);
        let fate = Fate::of(self.decks, kinship, self.dice);
        Approach { received, kinship, hub, fate, household: self.people.household(self.dice) }
    }

    pub fn story(&mut self, approach: Approach) -> Story {
        let (fate, kinship) = (approach.fate, approach.kinship);
        let kind = if kinship { Some(FosteringType::FamilyAndFriends) } else { self.decks.kinds.deal(self.dice) };
        let handover = self.handover();
        let mut pen = self.begin(approach, kind);
        if kinship {
            course::kinship(&mut pen, fate)
        } else {
            course::mainstream(&mut pen, fate, kind)
        }
        let events = pen.finish(handover, LEAVER, SUCCESSOR);
        Story { events, returns: None }
    }

    /// The same family by another way within a fortnight. Somebody notices; or does not yet, the name being written as
    /// it was heard.
    pub fn duplicate(&mut self, of: &Story, is_noticed: bool) -> Story {
        let Of::New(mut household) = of.enquiry().of.clone() else { unreachable!("duplicates are of new households") };
        if !is_noticed {
            household.applicants.truncate(1);
            household.applicants.iter_mut().for_each(|it| it.name = as_heard(&it.name));
        }
        let first = of.events[0].at.london_day();
        let received = open_day(first.plus_days(self.dice.between(1, 12)));
        let hub = of.enquiry().facts.attributes.iter().all(|it| it.name != A::Hub);
        let approach = Approach { received, kinship: false, hub, fate: Fate::Contact, household };
        let kind = self.decks.kinds.deal(self.dice);
        let handover = self.handover();
        let mut pen = self.begin(approach, kind);
        pen.wait(3.0, 0.8);
        if is_noticed {
            pen.closed("duplicate");
        } else {
            pen.happened(K::FirstContact);
        }
        let events = pen.finish(handover, LEAVER, SUCCESSOR);
        Story { events, returns: None }
    }

    fn handover(&self) -> Instant {
        Instant::start_of(self.staff.handover).plus_milliseconds(diary::minutes(9 * 60 + 30))
    }

    fn begin(&mut self, approach: Approach, kind: Option<FosteringType>) -> Pen<'_> {
        let (received, names) = (approach.received, given_names(&approach.household));
        let officer = self.staff.officer(received, self.dice);
        let mut enquiry = self.enquiry(approach, kind);
        let at_once = self.dice.chance(0.45);
        if at_once {
            takes_it(officer, &mut enquiry, received);
        }
        if self.dice.chance(0.7) {
            let (kind, body) = words::note(Occasion::NewEnquiry, &names, self.dice);
            enquiry.notes.push(NewNote { kind, on: received, body });
        }
        let desk = if at_once { officer } else { MANAGER };
        let mut pen = Pen::begin(self.dice, self.decks, desk, enquiry, names, received);
        if !at_once {
            let later = pen.dice.days(1.6, 0.7).min(6);
            let from = diary::days_later(received, later);
            pen.assign(officer, from);
            pen.day = from;
        }
        pen
    }

    fn enquiry(&mut self, approach: Approach, kind: Option<FosteringType>) -> NewEnquiry {
        let received = approach.received;
        let mut milestones = vec![Milestone::new(K::EnquiryReceived, received)];
        if approach.hub {
            let enquired = received.plus_days(-self.dice.between(1, 6));
            milestones.insert(0, Milestone::new(K::Enquired, enquired));
        }
        let source = match (approach.kinship, approach.hub) {
            (true, _) => Some("Children’s team"),
            (_, true) => Some(self.dice.weighted(HUB_SOURCES)),
            _ => self.dice.chance(0.94).then(|| self.dice.weighted(SOURCES)),
        };
        let campaign = if approach.kinship { None } else { campaign(received, self.dice) };
        let values = [
            (A::Source, source.map(str::to_owned)),
            (A::Campaign, campaign),
            (A::FosteringType, kind.map(|kind| kind.code().to_owned())),
            (A::Hub, approach.hub.then(|| HUB.to_owned())),
        ];
        let attributes = values.into_iter().filter_map(|(name, value)| {
            value.map(|value| Attribute { name, value: Some(value), user: None, from: None })
        });
        let attributes = attributes.collect();
        NewEnquiry {
            reference: None,
            fingerprint: None,
            of: Of::New(approach.household),
            facts: Facts { milestones, attributes, ..Facts::default() },
            notes: Vec::new(),
            import: None,
        }
    }
}

/// The last letter twice: Reed, Reedd.
fn as_heard(name: &str) -> String {
    name.chars().next_back().map_or_else(String::new, |last| format!("{name}{last}"))
}

struct Campaign {
    name: &'static str,
    month: i8,
    first: i8,
    last: i8,
    /// Of the enquiries of those days, as many come by it.
    share: f64,
}

const CAMPAIGNS: &[Campaign] = &[
    Campaign { name: "New year, new start", month: 1, first: 1, last: 31, share: 0.35 },
    Campaign { name: "Foster Care Fortnight", month: 5, first: 8, last: 31, share: 0.5 },
    Campaign { name: "Could you be there", month: 9, first: 1, last: 30, share: 0.2 },
    Campaign { name: "Sons and Daughters Month", month: 10, first: 1, last: 31, share: 0.25 },
];

impl Campaign {
    fn in_year(&self, year: i16) -> Listed {
        let day = |day| jiff::civil::Date::new(year, self.month, day).ok().map(Day);
        let (runs_from, runs_to) = (day(self.first), day(self.last));
        Listed { runs_from, runs_to, ..Listed::new(List::Campaign, &format!("{} {year}", self.name)) }
    }
}

fn campaign(received: Day, dice: &mut Dice) -> Option<String> {
    let (month, day) = (received.0.month(), received.0.day());
    let campaign = CAMPAIGNS.iter().find(|it| it.month == month && (it.first..=it.last).contains(&day))?;
    dice.chance(campaign.share).then(|| format!("{} {}", campaign.name, received.0.year()))
}

/// The sources that the council lists; what else the hub names stays as the hub writes it.
pub fn sources() -> impl Iterator<Item = &'static str> {
    let hubs = HUB_SOURCES.iter().map(|(name, _)| *name).filter(|name| *name != "Television advert");
    SOURCES.iter().map(|(name, _)| *name).chain(hubs).chain(["Children’s team"])
}

/// Each year's campaigns that have begun by the last day.
pub fn campaigns(first: Day, last: Day) -> impl Iterator<Item = Listed> {
    let years = first.0.year()..=last.0.year();
    let all = years.flat_map(|year| CAMPAIGNS.iter().map(move |campaign| campaign.in_year(year)));
    all.filter(move |campaign| campaign.runs_from.is_some_and(|from| first <= from && from <= last))
}

/// The hub counts its referrals to all twelve councils, so that ours have gaps between them.
pub fn number_referrals(stories: &mut [Story], dice: &mut Dice) {
    let enquired = |story: &Story| story.enquiry().facts.first_on(K::Enquired);
    let mut order: Vec<_> = (0..stories.len()).filter(|index| enquired(&stories[*index]).is_some()).collect();
    order.sort_by_key(|index| (enquired(&stories[*index]), stories[*index].logged_at()));
    let (mut year, mut number) = (0, 0);
    for index in order {
        let in_year = enquired(&stories[index]).map_or(0, |day| day.0.year());
        if in_year != year {
            (year, number) = (in_year, 0);
        }
        number += dice.between(2, 22);
        if let Some(Event { what: What::Log(enquiry), .. }) = stories[index].events.first_mut() {
            let reference = Some(format!("FWNE/{:02}/{number:04}", year % 100));
            enquiry.facts.attributes.push(Attribute {
                name: A::HubReference,
                value: reference,
                user: None,
                from: None,
            });
        }
    }
}

/// Whether a family could come back: they ended it themselves, early.
pub fn may_return(reason: &str) -> bool {
    !ends_with_us(reason) && !reason.starts_with("AW")
}
