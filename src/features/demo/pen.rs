//! Writing a story down as an office does: mostly on the day, sometimes late, now and then wrong and put right.

use super::decks::{Decks, ends_with_us};
use super::diary::{at_desk, minutes, open_day};
use super::dice::Dice;
use super::staff::{Desk, MANAGER};
use super::story::{Event, What, officer};
use super::words::{self, Occasion};
use crate::domain::day::Day;
use crate::domain::instant::Instant;
use crate::domain::ledger::{AttributeName, Fact, Milestone};
use crate::domain::milestone::{MilestoneKind, MilestoneResult};
use crate::domain::pause::{InTouch, Pause, PauseReason};
use crate::domain::reason::ReasonCode;
use crate::features::enquiries::{NewEnquiry, NewNote};

pub struct Pen<'a> {
    pub dice: &'a mut Dice,
    pub decks: &'a mut Decks,
    /// When the last thing happened.
    pub day: Day,
    pub events: Vec<Event>,
    names: String,
    desk: Desk,
    logged: Instant,
    /// When the last thing was written down.
    latest: Instant,
}

impl<'a> Pen<'a> {
    /// Begins with the enquiry, logged on the day it was received.
    pub fn begin(
        dice: &'a mut Dice,
        decks: &'a mut Decks,
        desk: Desk,
        enquiry: NewEnquiry,
        names: String,
        received: Day,
    ) -> Pen<'a> {
        let at = at_desk(received, dice);
        let events = vec![Event { at, by: desk, what: What::Log(Box::new(enquiry)) }];
        Pen { dice, decks, day: received, events, names, desk, logged: at, latest: at }
    }

    /// Until the next thing happens, on a day when the office is open.
    pub fn wait(&mut self, median: f64, spread: f64) {
        self.day = open_day(self.day.plus_days(self.dice.days(median, spread)));
    }

    /// Given to somebody: at once, or by the manager when she comes to it.
    pub fn assign(&mut self, to: Desk, from: Day) {
        let at = at_desk(open_day(from), self.dice).max(self.logged.plus_milliseconds(minutes(3)));
        self.desk = to;
        self.push(at, MANAGER, What::Assign { to, from: open_day(from) });
    }

    pub fn happened(&mut self, kind: MilestoneKind) {
        self.happened_with(kind, None);
    }

    pub fn happened_with(&mut self, kind: MilestoneKind, result: Option<MilestoneResult>) {
        let right = Milestone::new(kind, self.day).with_result(result);
        // Of repeats the earliest counts: a second panel is not written down before the first.
        let at = if is_taken_in_turn(kind) { self.in_turn(3) } else { self.soon_or_late() };
        if self.dice.chance(0.03) {
            self.first_wrong(&right, at);
        } else {
            self.record(at, Fact::Milestone(right));
        }
    }

    /// A date typed a day or more too early, and found out later. Too early only: it cannot be in the future.
    fn first_wrong(&mut self, right: &Milestone, at: Instant) {
        let earliest = self.latest_day_before(right.on);
        let slip = i64::from(self.dice.between(1, 7)).min(earliest.days_until(right.on));
        let wrong = Milestone { on: right.on.plus_days(-i32::try_from(slip).unwrap_or(0)), ..right.clone() };
        self.record(at, Fact::Milestone(wrong.clone()));
        if wrong != *right {
            let found = open_day(at.london_day().plus_days(self.dice.between(1, 75)));
            let at = at_desk(found, self.dice).max(at.plus_milliseconds(minutes(20)));
            let why = self.dice.one_of(words::CORRECTIONS);
            let (old, new) = (Fact::Milestone(wrong), Fact::Milestone(right.clone()));
            self.push(at, self.desk, What::Correct { old, new, why });
        }
    }

    /// The last day on which anything happened in the story so far.
    fn latest_day_before(&self, day: Day) -> Day {
        let received = self.logged.london_day();
        let recorded = self.events.iter().filter_map(|event| match &event.what {
            What::Record(Fact::Milestone(it)) | What::Correct { new: Fact::Milestone(it), .. } => Some(it.on),
            _ => None,
        });
        recorded.filter(|on| *on <= day).fold(received, Day::max)
    }

    /// Recorded, and withdrawn a few days later: it had not happened.
    pub fn recorded_by_mistake(&mut self, milestone: Milestone, why: &'static str) {
        let at = self.in_turn(0);
        let old = Fact::Milestone(milestone);
        self.record(at, old.clone());
        let wait = self.dice.between(1, 4);
        self.day = open_day(self.day.plus_days(wait));
        let at = self.in_turn(0);
        self.push(at, self.desk, What::Withdraw { old, why });
    }

    pub fn closed(&mut self, reason: &str) {
        let at = self.in_turn(2);
        let right = Milestone::closed(self.day, ReasonCode(reason.to_owned()));
        let unknown = Milestone::closed(self.day, ReasonCode::unknown(reason.starts_with("AW")));
        if self.dice.chance(0.06) && unknown != right && !ends_with_us(reason) {
            self.record(at, Fact::Milestone(unknown.clone()));
            let found = open_day(at.london_day().plus_days(self.dice.between(2, 40)));
            let at = at_desk(found, self.dice).max(at.plus_milliseconds(minutes(20)));
            let (old, new) = (Fact::Milestone(unknown), Fact::Milestone(right));
            let why = "they told us the reason when we rang";
            self.latest = self.latest.max(at);
            self.push(at, self.desk, What::Correct { old, new, why });
        } else {
            self.record(at, Fact::Milestone(right));
        }
    }

    pub fn reopened(&mut self) {
        let at = self.in_turn(0);
        self.record(at, Fact::Milestone(Milestone::new(MilestoneKind::Reopened, self.day)));
    }

    pub fn approved(&mut self, places: i64) {
        let at = self.in_turn(2);
        let approval = Milestone { places: Some(places), ..Milestone::new(MilestoneKind::Approved, self.day) };
        self.record(at, Fact::Milestone(approval));
    }

    /// From the day on, for some weeks; nobody knows at first for how long.
    pub fn paused(&mut self, reason: PauseReason) {
        let open = Pause { from: self.day, to: None, reason };
        let at = self.in_turn(1);
        self.record(at, Fact::Pause(open.clone()));
        self.note(Occasion::Paused);
        let median = if reason == PauseReason::PregnancyOrNewBaby { 150.0 } else { 60.0 };
        self.day = open_day(self.day.plus_days(self.dice.days(median, 0.5).max(7)));
        let over = Pause { to: Some(self.day), ..open.clone() };
        let at = self.in_turn(1);
        self.push(
            at,
            self.desk,
            What::Correct { old: Fact::Pause(open), new: Fact::Pause(over), why: "they are ready to go on" },
        );
    }

    /// Not ready now. Returns what is in force, to be ended or put off.
    pub fn kept_in_touch(&mut self, months: i32) -> InTouch {
        let in_touch =
            InTouch { from: self.day, to: None, contact_again_on: Some(open_day(self.day.plus_months(months))) };
        let at = self.in_turn(1);
        self.record(at, Fact::InTouch(in_touch.clone()));
        self.note(Occasion::InTouch);
        in_touch
    }

    pub fn changes_in_touch(&mut self, old: &InTouch, new: InTouch, why: &'static str) {
        let at = self.in_turn(1);
        self.push(at, self.desk, What::Correct { old: Fact::InTouch(old.clone()), new: Fact::InTouch(new), why });
    }

    pub fn sets(&mut self, name: AttributeName, value: &str, why: &'static str) {
        let at = self.in_turn(0);
        self.push(at, self.desk, What::Set { name, value: value.to_owned(), why });
    }

    /// A sentence or two beside what happened on the day.
    pub fn note(&mut self, occasion: Occasion) {
        let (kind, body) = words::note(occasion, &self.names, self.dice);
        let at = self.in_turn(0);
        self.push(at, self.desk, What::Note(NewNote { kind, on: self.day, body }));
    }

    /// Puts what was not written down in the order of things (a temporary approval's extension) where it belongs.
    pub fn happened_on(&mut self, kind: MilestoneKind, on: Day) {
        let day = std::mem::replace(&mut self.day, on);
        let at = self.soon_or_late();
        self.record(at, Fact::Milestone(Milestone::new(kind, on)));
        self.day = day;
    }

    /// Everything that the leaver had and did after the handover is her successor's.
    pub fn finish(mut self, handover: Instant, leaver: Desk, successor: Desk) -> Vec<Event> {
        self.events.sort_by_key(|event| event.at);
        let index = self.events.partition_point(|event| event.at <= handover);
        let (before, after) = self.events.split_at_mut(index);
        for event in after.iter_mut().filter(|event| event.by == leaver) {
            event.by = successor;
        }
        if has_open_case(before, leaver) {
            let what = What::Assign { to: successor, from: handover.london_day() };
            self.events.insert(index, Event { at: handover, by: MANAGER, what });
        }
        self.events
    }

    fn record(&mut self, at: Instant, fact: Fact) {
        self.push(at, self.desk, What::Record(fact));
    }

    fn push(&mut self, at: Instant, by: Desk, what: What) {
        self.events.push(Event { at, by, what });
    }

    /// Seven in ten on the day, most others within three, and a few when somebody tidies up.
    fn soon_or_late(&mut self) -> Instant {
        let late = match self.dice.between(1, 100) {
            1..=70 => 0,
            71..=93 => self.dice.between(1, 3),
            _ => self.dice.between(6, 45),
        };
        let at = at_desk(open_day(self.day.plus_days(late)), self.dice);
        at.max(self.logged.plus_milliseconds(minutes(self.dice.between(4, 40))))
    }

    /// After all that was written down before, at most some days late.
    fn in_turn(&mut self, late: i32) -> Instant {
        let late = self.dice.between(0, late);
        let at = at_desk(open_day(self.day.plus_days(late)), self.dice);
        let by_then = self.events.iter().map(|event| event.at).filter(|at| at.london_day() <= self.day);
        let latest = by_then.fold(self.latest, Instant::max);
        self.latest = at.max(latest.plus_milliseconds(minutes(self.dice.between(2, 25))));
        self.latest
    }
}

fn has_open_case(events: &[Event], desk: Desk) -> bool {
    let (mut theirs, mut open) = (false, true);
    for event in events {
        match &event.what {
            What::Log(enquiry) => {
                let names = enquiry.facts.attributes.iter().filter_map(|it| it.value.as_deref());
                theirs = names.into_iter().any(|name| name == desk.person().name);
            }
            What::Assign { to, .. } => theirs = *to == desk,
            What::Record(Fact::Milestone(it)) if it.kind == MilestoneKind::Reopened => open = true,
            What::Record(Fact::Milestone(it)) => {
                open &= !matches!(it.kind, MilestoneKind::Closed | MilestoneKind::Approved);
            }
            What::Withdraw { .. } => open = true,
            _ => {}
        }
    }
    theirs && open
}

fn is_taken_in_turn(kind: MilestoneKind) -> bool {
    use MilestoneKind as K;
    matches!(kind, K::PanelRecommendation | K::PanelMinutesFinal | K::DecisionMade)
}

/// An enquiry's first officer, known when it is logged.
pub fn takes_it(desk: Desk, enquiry: &mut NewEnquiry, from: Day) {
    enquiry.facts.attributes.push(officer(desk, from));
}
