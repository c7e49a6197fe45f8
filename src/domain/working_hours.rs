//! When the office answers: how long somebody has waited is counted in these hours, bank holidays left out.

use super::day::Day;
use super::instant::Instant;
use super::time_of_day::TimeOfDay;
use super::working_days::WorkingDays;

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
        let (mut day, last, mut minutes) = (from.london_day(), to.london_day(), 0);
        while day <= last {
            if let (true, Some(opens), Some(shuts)) =
                (self.is_worked(day, days), self.opens.on(day), self.shuts.on(day))
            {
                let waited = shuts.min(to).as_millisecond() - opens.max(from).as_millisecond();
                minutes += waited.max(0) / 60_000;
            }
            day = day.plus_days(1);
        }
        minutes
    }

    fn is_worked(&self, day: Day, days: &WorkingDays) -> bool {
        let weekday = usize::from(day.0.weekday().to_monday_zero_offset().unsigned_abs());
        // A bank holiday is always had on a weekday.
        self.weekdays[weekday] && (weekday >= 5 || days.is_working(day))
    }
}

/// "25 minutes", "3 hours".
pub fn in_words(minutes: i64) -> String {
    match minutes {
        1 => "1 minute".to_owned(),
        minutes if minutes < 60 => format!("{minutes} minutes"),
        minutes if minutes < 120 => "1 hour".to_owned(),
        minutes => format!("{} hours", minutes / 60),
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
    fn minutes_read_as_words() {
        for (minutes, words) in
            [(0, "0 minutes"), (1, "1 minute"), (59, "59 minutes"), (119, "1 hour"), (600, "10 hours")]
        {
            assert_eq!(in_words(minutes), words);
        }
        assert_eq!(WorkingHours::parse_weekdays("11111"), None);
    }
}
