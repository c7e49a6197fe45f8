//! When the office answers: how long somebody has waited is counted in these hours, bank holidays left out.

use super::day::Day;
use super::instant::Instant;
use super::text::grouped;
use super::time_of_day::TimeOfDay;
use super::working_days::{WorkingDays, is_weekday};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkingHours {
    /// Monday first.
    pub weekdays: [bool; 7],
    pub opens: TimeOfDay,
    pub shuts: TimeOfDay,
}

impl WorkingHours {
    /// Of `1111100`; None for anything else.
    pub fn parse_weekdays(text: &str) -> Option<[bool; 7]> {
        let days: Vec<bool> = text.chars().map(|it| it == '1').collect();
        days.try_into().ok()
    }

    pub fn weekdays_text(&self) -> String {
        self.weekdays.iter().map(|worked| if *worked { '1' } else { '0' }).collect()
    }

    /// Minutes of office hours between two instants; none where the second is not later.
    pub fn minutes_between(&self, days: &WorkingDays, from: Instant, to: Instant) -> i64 {
        let (first, last) = (from.london_day(), to.london_day());
        let mut minutes = self.minutes_on(first, days, from, to);
        if first < last {
            minutes += self.minutes_on(last, days, from, to);
        }
        // Whole days by the clock on the wall, and not one by one: somebody may have waited for years.
        minutes + self.days_between(days, first, last) * (self.shuts.minutes() - self.opens.minutes())
    }

    /// Days on which the office opens, without the first and the last.
    fn days_between(&self, days: &WorkingDays, first: Day, last: Day) -> i64 {
        let span = first.days_until(last) - 1;
        if span < 1 {
            return 0;
        }
        let in_a_week = self.weekdays.iter().filter(|worked| **worked).count() as i64;
        let rest = (1..=span % 7).filter(|ahead| self.opens_on(first.plus_days(*ahead as i32))).count() as i64;
        let holidays = (first.0.year()..=last.0.year()).flat_map(|year| days.bank_holidays(year)).map(|it| it.on);
        let shut = holidays.filter(|on| first < *on && *on < last && is_weekday(*on) && self.opens_on(*on)).count();
        span / 7 * in_a_week + rest - shut as i64
    }

    /// Of one day, as far as it lies between the two.
    fn minutes_on(&self, day: Day, days: &WorkingDays, from: Instant, to: Instant) -> i64 {
        match (self.is_worked(day, days), self.opens.on(day), self.shuts.on(day)) {
            (true, Some(opens), Some(shuts)) => {
                let waited = shuts.min(to).as_millisecond() - opens.max(from).as_millisecond();
                waited.max(0) / 60_000
            }
            _ => 0,
        }
    }

    fn is_worked(&self, day: Day, days: &WorkingDays) -> bool {
        // A bank holiday is always had on a weekday.
        self.opens_on(day) && (!is_weekday(day) || days.is_working(day))
    }

    fn opens_on(&self, day: Day) -> bool {
        self.weekdays[usize::from(day.0.weekday().to_monday_zero_offset().unsigned_abs())]
    }
}

/// "25 minutes", "3 hours".
pub fn in_words(minutes: i64) -> String {
    match minutes {
        1 => "1 minute".to_owned(),
        minutes if minutes < 60 => format!("{minutes} minutes"),
        minutes if minutes < 120 => "1 hour".to_owned(),
        minutes => format!("{} hours", grouped(minutes / 60)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waiting_is_counted_while_the_office_is_open() {
        let office = WorkingHours {
            weekdays: WorkingHours::parse_weekdays("1111100").unwrap(),
            opens: "9:00".parse().unwrap(),
            shuts: "17:00".parse().unwrap(),
        };
        let days = WorkingDays::default();
        for (from, to, minutes) in [
            // A Tuesday in summer time: 10:00 to 11:30 in London.
            ("2025-10-14T09:00:00Z", "2025-10-14T10:30:00Z", 90),
            // Friday 16:30 to Monday 9:15.
            ("2025-10-10T15:30:00Z", "2025-10-13T08:15:00Z", 45),
            // Over the night before opening.
            ("2025-10-13T20:00:00Z", "2025-10-14T08:30:00Z", 30),
            // Maundy Thursday 16:00 to the Tuesday after Easter, 10:00.
            ("2025-04-17T15:00:00Z", "2025-04-22T09:00:00Z", 120),
            // Over the weekend on which the clocks go back: Friday 16:00 to Monday 10:00, in London.
            ("2025-10-24T15:00:00Z", "2025-10-27T10:00:00Z", 120),
            // And on which they go forward.
            ("2025-03-28T16:00:00Z", "2025-03-31T09:00:00Z", 120),
            ("2025-10-14T10:00:00Z", "2025-10-14T09:00:00Z", 0),
            // 253 working days of 2025, and the first day of 2026 is a bank holiday.
            ("2025-01-01T00:00:00Z", "2026-01-01T12:00:00Z", 253 * 480),
        ] {
            let at = |text| Instant::parse(text).unwrap();
            assert_eq!(office.minutes_between(&days, at(from), at(to)), minutes, "{from}");
        }
        let saturdays = WorkingHours { weekdays: WorkingHours::parse_weekdays("1111110").unwrap(), ..office };
        let (friday, monday) = ("2025-10-10T15:30:00Z", "2025-10-13T08:15:00Z");
        let at = |text| Instant::parse(text).unwrap();
        assert_eq!(saturdays.minutes_between(&days, at(friday), at(monday)), 45 + 480);
    }

    #[test]
    fn whole_days_are_counted_as_one_by_one() {
        let days = WorkingDays::default();
        for weekdays in ["1111100", "1111110", "1010001", "0000000"] {
            let office = WorkingHours {
                weekdays: WorkingHours::parse_weekdays(weekdays).unwrap(),
                opens: "9:00".parse().unwrap(),
                shuts: "17:00".parse().unwrap(),
            };
            let first: Day = "2024-12-18".parse().unwrap();
            for length in 0..500 {
                let between = (1..length).filter(|ahead| office.is_worked(first.plus_days(*ahead), &days)).count();
                assert_eq!(office.days_between(&days, first, first.plus_days(length)), between as i64, "{length}");
            }
        }
    }

    #[test]
    fn minutes_read_as_words() {
        for (minutes, words) in [
            (0, "0 minutes"),
            (1, "1 minute"),
            (59, "59 minutes"),
            (119, "1 hour"),
            (600, "10 hours"),
            (60_060, "1,001 hours"),
        ] {
            assert_eq!(in_words(minutes), words);
        }
        assert_eq!(WorkingHours::parse_weekdays("11111"), None);
    }
}
