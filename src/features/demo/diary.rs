//! When an office works: days, hours, and how busy its months are.

use jiff::civil::Weekday;

use super::dice::Dice;
use crate::domain::day::Day;
use crate::domain::instant::Instant;

const MINUTE: i64 = 60_000;
const OPENS: i64 = 8 * 60 + 45;
const SHUTS: i64 = 17 * 60 + 20;

/// Enquiries of an average month are 100. January's resolutions, Foster Care Fortnight in May, a quiet summer.
const SEASON: [u32; 12] = [150, 112, 104, 96, 128, 102, 84, 72, 118, 112, 100, 52];

pub fn is_open(day: Day) -> bool {
    let holiday = matches!((day.0.month(), day.0.day()), (12, 25 | 26) | (1, 1));
    !holiday && !matches!(day.0.weekday(), Weekday::Saturday | Weekday::Sunday)
}

/// That day or the next on which somebody is in the office.
pub fn open_day(day: Day) -> Day {
    (0..10).map(|later| day.plus_days(later)).find(|day| is_open(*day)).unwrap_or(day)
}

pub fn last_open_day(day: Day) -> Day {
    (0..10).map(|earlier| day.plus_days(-earlier)).find(|day| is_open(*day)).unwrap_or(day)
}

pub fn month(at: Instant) -> (i16, i8) {
    let day = at.london_day();
    (day.0.year(), day.0.month())
}

pub fn days_later(day: Day, open_days: i32) -> Day {
    (0..open_days).fold(open_day(day), |day, _| open_day(day.plus_days(1)))
}

/// Panels sit on Wednesdays.
pub fn panel_day(earliest: Day) -> Day {
    (0..7).map(|later| earliest.plus_days(later)).find(|day| day.0.weekday() == Weekday::Wednesday).unwrap_or(earliest)
}

/// Somewhere in the office hours of a day.
pub fn at_desk(day: Day, dice: &mut Dice) -> Instant {
    let minute = i64::from(dice.between(OPENS as i32, SHUTS as i32));
    Instant::start_of(day).plus_milliseconds(minute * MINUTE + i64::from(dice.between(0, 59_999)))
}

pub fn minutes(count: i32) -> i64 {
    i64::from(count) * MINUTE
}

/// The last day whose office hours are over.
pub fn last_full_day(now: Instant) -> Day {
    let today = now.london_day();
    let over = Instant::start_of(today).plus_milliseconds((SHUTS + 10) * MINUTE) <= now;
    let latest = if over { today } else { today.plus_days(-1) };
    last_open_day(latest)
}

/// The days on which enquiries are received, oldest first: more each year, busier on Mondays.
pub fn arrivals(first: Day, last: Day, count: usize, dice: &mut Dice) -> Vec<Day> {
    let mut days = Vec::new();
    let mut total = 0_u64;
    let mut day = first;
    while day <= last {
        if is_open(day) {
            let season = SEASON[usize::from(day.0.month().unsigned_abs()) - 1];
            let growth = 1000 + first.days_until(day).unsigned_abs() / 5;
            let weekday = 120 - 8 * u64::from(day.0.weekday().to_monday_zero_offset().unsigned_abs());
            total += u64::from(season) * growth * weekday;
            days.push((total, day));
        }
        day = day.plus_days(1);
    }
    let mut arrivals: Vec<_> = (0..count)
        .filter_map(|_| {
            let thrown = dice.below(total);
            days.get(days.partition_point(|(upto, _)| *upto <= thrown)).map(|(_, day)| *day)
        })
        .collect();
    arrivals.sort_unstable();
    arrivals
}
