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

    fn twelve_hours_later(self) -> TimeOfDay {
        TimeOfDay(self.0.wrapping_add(jiff::SignedDuration::from_hours(12)))
    }

    /// `2pm`, `2:30pm`.
    fn in_words(self) -> String {
        let hour = (self.0.hour() + 11) % 12 + 1;
        let half = if self.0.hour() < 12 { "am" } else { "pm" };
        if self.0.minute() == 0 { format!("{hour}{half}") } else { format!("{hour}:{:02}{half}", self.0.minute()) }
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

/// As people write it: `9:30`, `17.30`, `1730`, `5pm`, `9.30 am`, `17`, `half past 2pm`, `noon`.
impl FromStr for TimeOfDay {
    type Err = NotATime;

    fn from_str(text: &str) -> Result<TimeOfDay, NotATime> {
        let text = text.trim();
        let read = read(&text.to_lowercase()).ok_or_else(|| NotATime::Unread(text.to_owned()))?;
        if read.either_half {
            let (am, pm) = (read.time.in_words(), read.time.twelve_hours_later().in_words());
            return Err(NotATime::EitherHalf { text: text.to_owned(), am, pm });
        }
        Ok(read.time)
    }
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotATime {
    #[error("“{0}” is not a time. Write it like 9:30 or 5pm")]
    Unread(String),
    /// Nobody visits at two in the morning, but an office may open at seven.
    #[error("“{text}” may be morning or afternoon. Write {am} or {pm}")]
    EitherHalf { text: String, am: String, pm: String },
}

struct Read {
    time: TimeOfDay,
    /// From one to before eight, with nothing that says of which half of the day.
    either_half: bool,
}

/// What stands before the hour, and how many minutes it adds.
const BEFORE_THE_HOUR: [(&str, i64); 3] = [("half past ", 30), ("quarter past ", 15), ("quarter to ", -15)];

fn read(text: &str) -> Option<Read> {
    if matches!(text, "noon" | "midday" | "12 noon") {
        return Some(Read { time: TimeOfDay::new(12, 0)?, either_half: false });
    }
    let (text, half) = match (text.strip_suffix("am"), text.strip_suffix("pm")) {
        (Some(text), _) => (text.trim_end(), Some(0)),
        (_, Some(text)) => (text.trim_end(), Some(12)),
        _ => (text, None),
    };
    let text_begins = |words: &(&str, i64)| text.strip_prefix(words.0).map(|hour| (hour.trim(), words.1));
    let (hour, minutes) = match BEFORE_THE_HOUR.iter().find_map(text_begins) {
        Some(in_words) => in_words,
        None => figures(text)?,
    };
    let number: i8 = if is_figures(hour) { hour.parse().ok()? } else { return None };
    let in_day = match half {
        Some(half) if (1..=12).contains(&number) => number % 12 + half,
        Some(_) => return None,
        None => number,
    };
    let minutes = i64::from(in_day) * 60 + minutes;
    let time = TimeOfDay::new(i8::try_from(minutes.div_euclid(60)).ok()?, i8::try_from(minutes.rem_euclid(60)).ok()?)?;
    Some(Read { time, either_half: half.is_none() && (1..8).contains(&number) && !hour.starts_with('0') })
}

/// The hour as it is written, and the minutes.
fn figures(text: &str) -> Option<(&str, i64)> {
    let (hour, minutes) = match text.split_once([':', '.']) {
        Some((hour, minutes)) if minutes.len() == 2 => (hour, minutes),
        Some(_) => return None,
        // 1430, as a diary may have it.
        None if text.len() == 4 && is_figures(text) => (text.get(..2)?, text.get(2..)?),
        None => (text, "00"),
    };
    let minutes: i64 = if is_figures(minutes) { minutes.parse().ok()? } else { return None };
    (minutes < 60).then_some((hour, minutes))
}

fn is_figures(text: &str) -> bool {
    text.bytes().all(|it| it.is_ascii_digit())
}

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
            ("2:30pm", "14:30"),
            ("07:30", "07:30"),
            ("8", "08:00"),
            ("half past 2pm", "14:30"),
            ("Half past 9", "09:30"),
            ("quarter past 10", "10:15"),
            ("quarter to 12 pm", "11:45"),
            ("quarter to 3pm", "14:45"),
            ("noon", "12:00"),
        ] {
            assert_eq!(text.parse::<TimeOfDay>().map(|time| time.to_string()).as_deref(), Ok(time), "{text}");
        }
        for text in [
            "",
            "soon",
            "25:00",
            "9:5",
            "9:60",
            "13pm",
            "0am",
            "-1",
            "9:30:00",
            "2460",
            "12345",
            "1+30",
            "half past",
            "half past ten",
            "quarter to 0",
            "9:+5",
            "+9",
        ] {
            assert!(text.parse::<TimeOfDay>().is_err(), "{text}");
        }
    }

    #[test]
    fn an_hour_that_may_be_of_either_half_is_asked_about() {
        for (text, sentence) in [
            ("2", "“2” may be morning or afternoon. Write 2am or 2pm"),
            ("7.30", "“7.30” may be morning or afternoon. Write 7:30am or 7:30pm"),
            ("Half past 2", "“Half past 2” may be morning or afternoon. Write 2:30am or 2:30pm"),
            ("quarter to 1", "“quarter to 1” may be morning or afternoon. Write 12:45am or 12:45pm"),
        ] {
            let refused = text.parse::<TimeOfDay>().map_err(|refused| refused.to_string());
            assert_eq!(refused, Err(sentence.to_owned()));
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
        assert_eq!(at("1:30am", "2025-03-30"), None, "the clocks go forward from 1:00 to 2:00");
        let first = Some("2025-10-26T00:30:00.000Z");
        assert_eq!(at("1:30am", "2025-10-26").as_deref(), first, "the clocks go back from 2:00 to 1:00");
    }
}
