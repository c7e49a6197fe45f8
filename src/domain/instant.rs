//! Instants: UTC, to the millisecond.

use std::fmt;
use std::sync::LazyLock;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::day::Day;

/// Milliseconds since 1970 in UTC. Truncated at the source, so that what is stored compares as what was meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant(i64);

impl Instant {
    pub fn from_millisecond(millisecond: i64) -> Instant {
        Instant(millisecond)
    }

    pub fn as_millisecond(self) -> i64 {
        self.0
    }

    pub fn timestamp(self) -> Timestamp {
        Timestamp::from_millisecond(self.0).unwrap_or(Timestamp::MAX)
    }

    /// The London day in which it lies.
    pub fn london_day(self) -> Day {
        Day(self.timestamp().to_zoned(london().clone()).date())
    }

    /// London wall time, `14 October 2025, 08:12`.
    pub fn london_text(self) -> String {
        self.timestamp().to_zoned(london().clone()).strftime("%-d %B %Y, %H:%M").to_string()
    }

    /// `08:12`, where the day is said.
    pub fn london_time(self) -> String {
        self.timestamp().to_zoned(london().clone()).strftime("%H:%M").to_string()
    }

    #[must_use]
    pub fn plus_milliseconds(self, milliseconds: i64) -> Instant {
        Instant(self.0.saturating_add(milliseconds))
    }

    /// A date with a time and no zone, `2025-10-02T09:30`, by the clock in London. None for anything else.
    pub fn of_london(text: &str) -> Option<Instant> {
        let wall: jiff::civil::DateTime = text.contains(':').then(|| text.parse().ok())??;
        wall.to_zoned(london().clone()).ok().map(|zoned| Instant(zoned.timestamp().as_millisecond()))
    }

    /// The last millisecond of a London day. After the last day of the calendar comes nothing.
    pub fn end_of(day: Day) -> Instant {
        if day.plus_days(1) == day {
            return Instant::from(Timestamp::MAX);
        }
        Instant::start_of(day.plus_days(1)).plus_milliseconds(-1)
    }

    /// Midnight in London, at the start of the day.
    pub fn start_of(day: Day) -> Instant {
        day.0
            .to_zoned(london().clone())
            .map_or_else(|_| Instant::past_the_calendar(day), |zoned| Instant(zoned.timestamp().as_millisecond()))
    }

    /// Where the first and the last day have no midnight: before or after everything.
    fn past_the_calendar(day: Day) -> Instant {
        Instant::from(if day.0.year() > 0 { Timestamp::MAX } else { Timestamp::MIN })
    }

    /// RFC 3339, or a bare date for the whole of that London day (its last millisecond).
    pub fn parse(text: &str) -> Result<Instant, String> {
        if let Ok(day) = text.parse::<Day>() {
            return Ok(Instant::end_of(day));
        }
        text.parse::<Timestamp>().map(Instant::from).map_err(|_| {
            format!("“{text}” is neither an instant such as 2025-10-02T09:30:00Z nor a date such as 2025-10-02")
        })
    }
}

impl From<Timestamp> for Instant {
    fn from(timestamp: Timestamp) -> Instant {
        Instant(timestamp.as_millisecond())
    }
}

/// RFC 3339 with three decimals: `2025-10-02T22:59:59.999Z`.
impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.3}", self.timestamp())
    }
}

impl serde::Serialize for Instant {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Legal days are London days. Looked up once: Today asks hundreds of times.
pub(super) fn london() -> &'static TimeZone {
    static LONDON: LazyLock<TimeZone> = LazyLock::new(|| TimeZone::get("Europe/London").unwrap_or(TimeZone::UTC));
    &LONDON
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bare_date_is_the_whole_london_day() {
        assert_eq!(Instant::parse("2025-10-02").unwrap().to_string(), "2025-10-02T22:59:59.999Z");
        assert_eq!(Instant::parse("2025-01-02").unwrap().to_string(), "2025-01-02T23:59:59.999Z");
        // The day on which the clocks go back has 25 hours.
        assert_eq!(Instant::parse("2025-10-26").unwrap().to_string(), "2025-10-26T23:59:59.999Z");
    }

    #[test]
    fn an_instant_late_in_the_evening_of_summer_time_is_the_next_london_day() {
        assert_eq!(Instant::parse("2025-07-01T23:30:00Z").unwrap().london_day().to_string(), "2025-07-02");
        assert_eq!(Instant::parse("2025-12-01T23:30:00Z").unwrap().london_day().to_string(), "2025-12-01");
    }

    #[test]
    fn a_time_without_a_zone_is_by_the_clock_in_london() {
        let at = |text| Instant::of_london(text).map(|at| at.to_string());
        assert_eq!(at("2025-10-02T09:30").unwrap(), "2025-10-02T08:30:00.000Z");
        assert_eq!(at("2025-12-02 09:30:15").unwrap(), "2025-12-02T09:30:15.000Z");
        for text in ["2025-10-02", "9:30", "2 Oct 9:30", ""] {
            assert_eq!(at(text), None, "{text}");
        }
    }

    #[test]
    fn fractions_have_a_fixed_width() {
        assert_eq!(Instant::parse("2025-07-01T23:30:00Z").unwrap().to_string(), "2025-07-01T23:30:00.000Z");
        assert_eq!(Instant::parse("2025-07-01T23:30:00.1239Z").unwrap().to_string(), "2025-07-01T23:30:00.123Z");
    }
}
