//! Times as a diary has them: hours and minutes in London, whatever the clocks do in between.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Time;
use jiff::tz::AmbiguousOffset;

use super::day::Day;
use super::instant::{Instant, london};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TimeOfDay(Time);

impl TimeOfDay {
    /// None for what is no time.
    pub fn new(hour: i8, minute: i8) -> Option<TimeOfDay> {
        Time::new(hour, minute, 0, 0).ok().map(TimeOfDay)
    }

    pub fn minutes(self) -> i64 {
        i64::from(self.0.hour()) * 60 + i64::from(self.0.minute())
    }

    /// The instant at which London's clocks show this; of two, when they go back, the first. None for the hour that is
    /// left out when they go forward.
    pub fn on(self, day: Day) -> Option<Instant> {
        let moment = london().to_ambiguous_timestamp(day.0.to_datetime(self.0));
        match moment.offset() {
            AmbiguousOffset::Gap { .. } => None,
            _ => moment.earlier().ok().map(Instant::from),
        }
    }
}

/// `09:30`.
impl fmt::Display for TimeOfDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.0.hour(), self.0.minute())
    }
}

/// As people write it: `9:30`, `17.30`, `1730`, `5pm`, `9.30 am`, `17`.
impl FromStr for TimeOfDay {
    type Err = NotATime;

    fn from_str(text: &str) -> Result<TimeOfDay, NotATime> {
        read(&text.trim().to_lowercase()).ok_or_else(|| NotATime(text.trim().to_owned()))
    }
}

fn read(text: &str) -> Option<TimeOfDay> {
    let (figures, half) = match (text.strip_suffix("am"), text.strip_suffix("pm")) {
        (Some(figures), _) => (figures.trim_end(), Some(0)),
        (_, Some(figures)) => (figures.trim_end(), Some(12)),
        _ => (text, None),
    };
    let (hour, minute) = match figures.split_once([':', '.']) {
        Some((hour, minute)) if minute.len() == 2 => (hour, minute.parse().ok()?),
        Some(_) => return None,
        // 1430, as a diary may have it.
        None if figures.len() == 4 && is_figures(figures) => (figures.get(..2)?, figures.get(2..)?.parse().ok()?),
        None => (figures, 0),
    };
    let hour: i8 = hour.parse().ok()?;
    match half {
        Some(half) if (1..=12).contains(&hour) => TimeOfDay::new(hour % 12 + half, minute),
        Some(_) => None,
        None => TimeOfDay::new(hour, minute),
    }
}

fn is_figures(text: &str) -> bool {
    text.bytes().all(|it| it.is_ascii_digit())
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("“{0}” is not a time. Write it like 9:30 or 5pm")]
pub struct NotATime(pub String);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_as_people_write_them() {
        for (text, time) in [
            ("9:30", "09:30"),
            (" 09:30 ", "09:30"),
            ("17.30", "17:30"),
            ("5pm", "17:00"),
            ("9.30 AM", "09:30"),
            ("12pm", "12:00"),
            ("12am", "00:00"),
            ("17", "17:00"),
            ("1430", "14:30"),
            ("0930", "09:30"),
            ("1130am", "11:30"),
        ] {
            assert_eq!(text.parse::<TimeOfDay>().map(|time| time.to_string()).as_deref(), Ok(time), "{text}");
        }
        for text in ["", "soon", "25:00", "9:5", "9:60", "13pm", "0am", "-1", "9:30:00", "2460", "12345", "1+30"] {
            assert!(text.parse::<TimeOfDay>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_time_is_londons_before_and_after_both_clock_changes() {
        let at = |time: &str, day: &str| {
            time.parse::<TimeOfDay>().unwrap().on(day.parse().unwrap()).map(|instant| instant.to_string())
        };
        for (day, instant) in [
            ("2025-03-29", "2025-03-29T17:30:00.000Z"),
            ("2025-03-31", "2025-03-31T16:30:00.000Z"),
            ("2025-10-25", "2025-10-25T16:30:00.000Z"),
            ("2025-10-27", "2025-10-27T17:30:00.000Z"),
        ] {
            assert_eq!(at("17:30", day).as_deref(), Some(instant));
        }
        assert_eq!(at("1:30", "2025-03-30"), None, "the clocks go forward from 1:00 to 2:00");
        let first = Some("2025-10-26T00:30:00.000Z");
        assert_eq!(at("1:30", "2025-10-26").as_deref(), first, "the clocks go back from 2:00 to 1:00");
    }
}
