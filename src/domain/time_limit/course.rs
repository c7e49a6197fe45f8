//! The course of one clock: when it is due, how it ended, and, while it runs, how it stands on a day. Everything but
//! the last is the same on every day, and is stored so.

use super::events::{end, is_shown_by_another, start};
use super::{Clock, Rules, TimeLimit};
use crate::coded;
use crate::domain::day::Day;
use crate::domain::fostering::FosteringType;
use crate::domain::ledger::Facts;
use crate::domain::milestone::MilestoneKind;
use crate::domain::pause::Pause;
use crate::domain::working_days::WorkingDays;

/// A clock that has started.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Timing {
    pub clock: Clock,
    pub limit: TimeLimit,
    pub start: Day,
    /// The day on which the limit is reached. None where it has none: papers wait for a meeting, and while a pause that
    /// puts the limit forward has no end, nobody knows.
    pub due: Option<Day>,
    /// From this day on it is due soon.
    pub soon: Option<Day>,
    /// From this day on it is overdue: the first after the due day that counts. What is due on Friday is not a day over
    /// on Saturday (counting rule 18).
    pub overdue: Option<Day>,
    pub end: Option<Day>,
    pub course: Course,
}

/// Days are working days or calendar days as the limit counts; of a local limit, those in a pause are left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Course {
    Open {
        /// Days left while a pause without an end stops the count.
        left: Option<i64>,
        /// An approval shows that it happened, but not when: once the limit is past, its date counts as missing.
        lapses: bool,
    },
    Met {
        taken: i64,
    },
    Missed {
        taken: i64,
        over: i64,
    },
    /// The enquiry closed first.
    Ended,
    /// Another milestone shows that it happened; its date is missing.
    NotRecorded,
}

coded! {
    /// A course by its name, as it is stored.
    pub enum CourseName {
        Open = "open", "Open";
        Met = "met", "Met";
        Missed = "missed", "Missed";
        Ended = "ended", "Ended";
        NotRecorded = "not_recorded", "Not recorded";
    }
}

impl Course {
    pub fn name(self) -> CourseName {
        match self {
            Course::Open { .. } => CourseName::Open,
            Course::Met { .. } => CourseName::Met,
            Course::Missed { .. } => CourseName::Missed,
            Course::Ended => CourseName::Ended,
            Course::NotRecorded => CourseName::NotRecorded,
        }
    }
}

coded! {
    /// How a clock stands on a day.
    pub enum StateName {
        NotStarted = "not_started", "Not started";
        Running = "running", "Running";
        DueSoon = "due_soon", "Due soon";
        Overdue = "overdue", "Overdue";
        Met = "met", "Met";
        Missed = "missed", "Missed";
        Ended = "ended", "Ended";
        NotRecorded = "not_recorded", "Not recorded";
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    NotStarted,
    /// None where nothing is counted down: papers wait for a meeting.
    Running {
        left: Option<i64>,
    },
    DueSoon {
        left: i64,
    },
    Overdue {
        over: i64,
    },
    Met {
        taken: i64,
    },
    Missed {
        taken: i64,
        over: i64,
    },
    Ended,
    NotRecorded,
}

impl State {
    pub fn name(self) -> StateName {
        match self {
            State::NotStarted => StateName::NotStarted,
            State::Running { .. } => StateName::Running,
            State::DueSoon { .. } => StateName::DueSoon,
            State::Overdue { .. } => StateName::Overdue,
            State::Met { .. } => StateName::Met,
            State::Missed { .. } => StateName::Missed,
            State::Ended => StateName::Ended,
            State::NotRecorded => StateName::NotRecorded,
        }
    }
}

/// Every clock that has started, in the order of the pipeline. The facts are those that had happened by the day that is
/// looked at ([`Facts::by`]). Supported lodgings stay out of fostering's clocks.
pub fn timings(facts: &Facts, rules: &Rules) -> Vec<Timing> {
    if facts.fostering_type() == Some(FosteringType::SupportedLodgings) {
        return Vec::new();
    }
    Clock::ALL.iter().filter_map(|clock| timing(*clock, facts, rules)).collect()
}

fn timing(clock: Clock, facts: &Facts, rules: &Rules) -> Option<Timing> {
    let start = start(clock, facts)?;
    let limit = rules.in_force(clock, start).filter(|limit| limit.in_use)?.clone();
    let count = Count::of(&limit, &facts.pauses, &rules.days);
    let extended = facts.first(MilestoneKind::TemporaryApprovalExtended).is_some();
    let amount = limit.amount_for(extended, facts.fostering_type());
    let end = end(clock, facts);
    let due = count.due(start, amount);
    let course = course(clock, facts, &count, (start, end), (due, amount));
    let due = due.filter(|_| !clock.is_before());
    let (soon, overdue) = (due.map(|due| count.soon(start, due)), due.and_then(|due| count.next(due)));
    Some(Timing { clock, start, due, soon, overdue, end, course, limit })
}

fn course(
    clock: Clock,
    facts: &Facts,
    count: &Count<'_>,
    (start, end): (Day, Option<Day>),
    (due, amount): (Option<Day>, i64),
) -> Course {
    match (end, due) {
        (Some(end), _) if clock.is_before() => {
            let before = count.between(start, end);
            if before >= amount {
                Course::Met { taken: before }
            } else {
                Course::Missed { taken: before, over: amount - before }
            }
        }
        (Some(end), Some(due)) if count.between(due, end) > 0 => {
            Course::Missed { taken: count.between(start, end), over: count.between(due, end) }
        }
        (Some(end), _) => Course::Met { taken: count.between(start, end) },
        (None, _) if is_shown_by_another(clock, facts) => Course::NotRecorded,
        (None, _) if facts.closure().is_some() => Course::Ended,
        (None, due) => {
            let approved = facts.first(MilestoneKind::Approved).is_some();
            if approved && clock == Clock::Representations {
                return Course::Ended;
            }
            let left = count.last_before_open_pause().filter(|_| due.is_none() && !clock.is_before());
            Course::Open {
                left: left.map(|last| count.whole(start, amount) - count.between(start, last)),
                lapses: approved,
            }
        }
    }
}

impl Timing {
    /// How it stands on a day; `pauses` are the enquiry's.
    pub fn state_on(&self, today: Day, pauses: &[Pause], days: &WorkingDays) -> State {
        let (left, lapses) = match self.course {
            Course::Met { taken } => return State::Met { taken },
            Course::Missed { taken, over } => return State::Missed { taken, over },
            Course::Ended => return State::Ended,
            Course::NotRecorded => return State::NotRecorded,
            Course::Open { left, lapses } => (left, lapses),
        };
        let count = Count::of(&self.limit, pauses, days);
        match self.due {
            None => State::Running { left },
            Some(due) if self.overdue.is_some_and(|overdue| overdue <= today) => {
                if lapses {
                    State::NotRecorded
                } else {
                    State::Overdue { over: count.between(due, today) }
                }
            }
            Some(due) => {
                let left = count.between(today, due);
                if self.soon.is_some_and(|soon| soon <= today) {
                    State::DueSoon { left }
                } else {
                    State::Running { left: Some(left) }
                }
            }
        }
    }

    /// The pause that holds on a day while it runs: one that puts it forward, or one that is shown beside it.
    pub fn pause_on<'a>(&self, today: Day, pauses: &'a [Pause]) -> Option<&'a Pause> {
        let open = matches!(self.course, Course::Open { .. });
        pauses.iter().find(|pause| open && pause.holds_on(today))
    }
}

/// How the days of one limit are counted.
struct Count<'a> {
    limit: &'a TimeLimit,
    /// Those that put it forward: a statutory one runs on.
    pauses: &'a [Pause],
    days: &'a WorkingDays,
}

/// Two working days, or fourteen calendar days, or fewer are left.
const SOON_WORKING_DAYS: i64 = 2;
const SOON_CALENDAR_DAYS: i64 = 14;

impl<'a> Count<'a> {
    fn of(limit: &'a TimeLimit, pauses: &'a [Pause], days: &'a WorkingDays) -> Count<'a> {
        Count { limit, pauses: if limit.statutory { &[] } else { pauses }, days }
    }

    fn plain(&self, after: Day, to: Day) -> i64 {
        if self.limit.unit.counts_working_days() { self.days.between(after, to) } else { after.days_until(to).max(0) }
    }

    /// Days that count, the first not included, the last included; none where that is not later.
    fn between(&self, after: Day, to: Day) -> i64 {
        let paused: i64 = self
            .pauses
            .iter()
            .map(|pause| {
                let last = pause.to.map_or(to, |end| end.plus_days(-1).min(to));
                self.plain(pause.from.plus_days(-1).max(after), last)
            })
            .sum();
        self.plain(after, to) - paused
    }

    fn counts(&self, day: Day) -> bool {
        (!self.limit.unit.counts_working_days() || self.days.is_working(day))
            && !self.pauses.iter().any(|pause| pause.holds_on(day))
    }

    /// So many days as the limit has where nothing is paused: months run to the same day number, or the last of a
    /// shorter month (counting rule 18).
    fn whole(&self, start: Day, amount: i64) -> i64 {
        use super::Unit;
        match self.limit.unit {
            Unit::WorkingDays | Unit::CalendarDays => amount,
            Unit::Weeks => amount * 7,
            Unit::Months => start.days_until(start.plus_months(i32::try_from(amount).unwrap_or(i32::MAX))),
        }
    }

    /// None where a pause without an end comes before it.
    fn due(&self, start: Day, amount: i64) -> Option<Day> {
        let whole = self.whole(start, amount);
        if !self.limit.unit.counts_working_days() && self.pauses.is_empty() {
            return Some(start.plus_days(i32::try_from(whole).unwrap_or(i32::MAX)));
        }
        (0..whole).try_fold(start, |day, _| self.next(day))
    }

    /// The next day that counts; None where a pause without an end comes before it.
    fn next(&self, after: Day) -> Option<Day> {
        let stops = self.last_before_open_pause();
        let mut day = after;
        loop {
            if stops.is_some_and(|stops| day >= stops) {
                return None;
            }
            day = day.plus_days(1);
            if self.counts(day) {
                return Some(day);
            }
        }
    }

    /// The day before a pause that has no end.
    fn last_before_open_pause(&self) -> Option<Day> {
        let open = self.pauses.iter().filter(|pause| pause.to.is_none());
        open.map(|pause| pause.from.plus_days(-1)).min()
    }

    /// The first day, from the start on, on which so few are left that it is due soon.
    fn soon(&self, start: Day, due: Day) -> Day {
        let few = if self.limit.unit.counts_working_days() { SOON_WORKING_DAYS } else { SOON_CALENDAR_DAYS };
        let mut day = due;
        while day > start && self.between(day.plus_days(-1), due) <= few {
            day = day.plus_days(-1);
        }
        day
    }
}
