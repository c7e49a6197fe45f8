//! Working days in England: weekends and bank holidays left out. The holidays follow a rule (Banking and Financial
//! Dealings Act 1971, schedule 1, with the substitute days that are proclaimed for those on a weekend); what was moved
//! or added in one year only is data.

use std::collections::BTreeMap;

use jiff::civil::{Date, Weekday, date};

use super::day::Day;
use crate::coded;

/// A day on which the rule does not hold: one more holiday, or a holiday that was moved away from it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpecialDay {
    pub on: Day,
    pub holiday: bool,
    pub name: String,
}

coded! {
    /// Where a special day is known from.
    pub enum Origin {
        BuiltIn = "built_in", "Built in";
        OfficialList = "official_list", "Official list";
        ByHand = "by_hand", "Entered by hand";
    }
}

/// A bank holiday as it is observed: where it falls on a weekend, its substitute weekday.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BankHoliday {
    pub on: Day,
    pub name: String,
}

/// Which days are worked: the rule, and the special days.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WorkingDays {
    /// By day, whether it is a holiday.
    special: BTreeMap<Day, SpecialDay>,
}

impl WorkingDays {
    pub fn new(special: impl IntoIterator<Item = SpecialDay>) -> WorkingDays {
        WorkingDays { special: special.into_iter().map(|day| (day.on, day)).collect() }
    }

    pub fn is_working(&self, day: Day) -> bool {
        is_weekday(day) && !self.is_holiday(day)
    }

    /// The working day that is so many after a day: the first one after it is day one, also when it is none itself
    /// (counting rule 18).
    #[must_use]
    pub fn plus(&self, day: Day, working_days: i64) -> Day {
        let (mut reached, mut left) = (day, working_days);
        while left > 0 {
            reached = reached.plus_days(1);
            left -= i64::from(self.is_working(reached));
        }
        reached
    }

    /// Working days from `after`, not itself counted, to `to`, which is; none where `to` is not later (counting rule
    /// 18).
    pub fn between(&self, after: Day, to: Day) -> i64 {
        if to <= after {
            return 0;
        }
        let years = after.0.year()..=to.0.year();
        let by_rule = years.flat_map(by_rule).filter(|(on, _)| !self.special.contains_key(on)).map(|(on, _)| on);
        let special = self.special.range(after..=to).filter(|(_, day)| day.holiday).map(|(on, _)| *on);
        let holidays = by_rule.chain(special).filter(|on| after < *on && *on <= to && is_weekday(*on)).count();
        weekdays_between(after, to) - i64::try_from(holidays).unwrap_or(0)
    }

    /// The bank holidays of a year as they were observed, in order.
    pub fn bank_holidays(&self, year: i16) -> Vec<BankHoliday> {
        let rule = by_rule(year).filter(|(on, _)| !self.special.contains_key(on));
        let rule = rule.map(|(on, name)| BankHoliday { on, name: name.to_owned() });
        let special = self.special.values().filter(|day| day.holiday && day.on.0.year() == year);
        let mut all: Vec<_> =
            rule.chain(special.map(|day| BankHoliday { on: day.on, name: day.name.clone() })).collect();
        all.sort_by_key(|holiday| holiday.on);
        all
    }

    /// Whether the rule is set aside on a day.
    pub fn is_special(&self, day: Day) -> bool {
        self.special.contains_key(&day)
    }

    pub fn is_holiday(&self, day: Day) -> bool {
        match self.special.get(&day) {
            Some(special) => special.holiday,
            None => by_rule(day.0.year()).any(|(on, _)| on == day),
        }
    }
}

pub fn is_weekday(day: Day) -> bool {
    !matches!(day.0.weekday(), Weekday::Saturday | Weekday::Sunday)
}

/// Mondays to Fridays, the first day not counted, the last one counted.
fn weekdays_between(after: Day, to: Day) -> i64 {
    let days = after.days_until(to);
    let over = days.rem_euclid(7);
    let last_days = (0..over).filter(|back| is_weekday(to.plus_days(-i32::try_from(*back).unwrap_or(0)))).count();
    days / 7 * 5 + i64::try_from(last_days).unwrap_or(0)
}

/// The eight bank holidays of a year in England, as observed.
pub fn by_rule(year: i16) -> impl Iterator<Item = (Day, &'static str)> {
    let (christmas, boxing) = christmas(year);
    let easter = easter_sunday(year);
    [
        (after_weekend(date(year, 1, 1)), "New Year’s Day"),
        (easter.plus_days(-2), "Good Friday"),
        (easter.plus_days(1), "Easter Monday"),
        (first_monday(year, 5), "Early May bank holiday"),
        (last_monday(year, 5), "Spring bank holiday"),
        (last_monday(year, 8), "Summer bank holiday"),
        (christmas, "Christmas Day"),
        (boxing, "Boxing Day"),
    ]
    .into_iter()
}

/// 25 and 26 December; one that falls on a weekend is had on the next weekday that is not the other's.
fn christmas(year: i16) -> (Day, Day) {
    let on = |day: i8| Day(date(year, 12, day));
    match on(25).0.weekday() {
        Weekday::Friday => (on(25), on(28)),
        Weekday::Saturday => (on(27), on(28)),
        Weekday::Sunday => (on(27), on(26)),
        _ => (on(25), on(26)),
    }
}

/// A holiday on a weekend is had on the Monday after it.
fn after_weekend(on: Date) -> Day {
    match on.weekday() {
        Weekday::Saturday => Day(on).plus_days(2),
        Weekday::Sunday => Day(on).plus_days(1),
        _ => Day(on),
    }
}

fn first_monday(year: i16, month: i8) -> Day {
    let first = date(year, month, 1);
    Day(first).plus_days(i32::from(first.weekday().until(Weekday::Monday)))
}

fn last_monday(year: i16, month: i8) -> Day {
    let last = date(year, month, 1).last_of_month();
    Day(last).plus_days(-i32::from(last.weekday().since(Weekday::Monday)))
}

/// The Gregorian computation of Meeus, Jones and Butcher.
fn easter_sunday(year: i16) -> Day {
    let year_number = i32::from(year);
    let golden = year_number.rem_euclid(19);
    let (century, of_century) = (year_number.div_euclid(100), year_number.rem_euclid(100));
    let (leap_centuries, over) = (century / 4, century % 4);
    let moon_drift = (century - (century + 8) / 25 + 1) / 3;
    let epact = (19 * golden + century - leap_centuries - moon_drift + 15) % 30;
    let weekday = (32 + 2 * over + 2 * (of_century / 4) - epact - of_century % 4) % 7;
    let late = (golden + 11 * epact + 22 * weekday) / 451;
    let days = epact + weekday - 7 * late + 114;
    let (month, day) = (days / 31, days % 31 + 1);
    Day(date(year, if month == 3 { 3 } else { 4 }, 1)).plus_days(day - 1)
}

/// What an official list of bank holidays says beyond the rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Official {
    /// The years that it covers whole: for these it is the last word.
    pub years: Vec<i16>,
    pub special: Vec<SpecialDay>,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotOfficial {
    #[error("There is no bank holiday in it")]
    Empty,
    #[error("{0} has {1} bank holidays in it. England has at least eight each year, so this list is not whole")]
    Partial(i16, usize),
    #[error("{} stands in it twice", .0.words())]
    Twice(Day),
    #[error("{} is on a weekend. The list must hold the weekday that stands in for it", .0.words())]
    Weekend(Day),
}

/// Reads an official list against the rule: a day that only the list has is one more holiday, a day that only the rule
/// has was moved away.
pub fn official(listed: &[BankHoliday]) -> Result<Official, NotOfficial> {
    let mut by_year: BTreeMap<i16, BTreeMap<Day, &str>> = BTreeMap::new();
    for holiday in listed {
        if !is_weekday(holiday.on) {
            return Err(NotOfficial::Weekend(holiday.on));
        }
        if by_year.entry(holiday.on.0.year()).or_default().insert(holiday.on, &holiday.name).is_some() {
            return Err(NotOfficial::Twice(holiday.on));
        }
    }
    if by_year.is_empty() {
        return Err(NotOfficial::Empty);
    }
    let mut special = Vec::new();
    for (year, listed) in &by_year {
        if listed.len() < by_rule(*year).count() {
            return Err(NotOfficial::Partial(*year, listed.len()));
        }
        let rule: BTreeMap<Day, &str> = by_rule(*year).collect();
        let added = listed.iter().filter(|(on, _)| !rule.contains_key(on));
        special.extend(added.map(|(on, name)| SpecialDay { on: *on, holiday: true, name: (*name).to_owned() }));
        let moved = rule.iter().filter(|(on, _)| !listed.contains_key(on));
        special.extend(moved.map(|(on, name)| SpecialDay {
            on: *on,
            holiday: false,
            name: format!("{name} was moved"),
        }));
    }
    special.sort_by_key(|day| day.on);
    Ok(Official { years: by_year.into_keys().collect(), special })
}

#[cfg(test)]
mod tests;
