//! Legal dates: calendar days, without a time or a zone.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use jiff::{Span, ToSpan};

/// A calendar day; ISO 8601 in files, JSON and the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct Day(pub Date);

impl Day {
    #[must_use]
    pub fn plus_days(self, days: i32) -> Day {
        self.plus(days.days())
    }

    /// The same day number, or the last day of a shorter month.
    #[must_use]
    pub fn plus_months(self, months: i32) -> Day {
        self.plus(months.months())
    }

    /// Calendar days from here to `later`; negative when that is earlier.
    pub fn days_until(self, later: Day) -> i64 {
        self.0.until(later.0).map_or(0, |span| i64::from(span.get_days()))
    }

    /// `Tue 11 Mar 2025`.
    pub fn long(self) -> String {
        self.0.strftime("%a %-d %b %Y").to_string()
    }

    /// `11 March 2025`.
    pub fn words(self) -> String {
        self.0.strftime("%-d %B %Y").to_string()
    }

    /// `11 Mar 2025`.
    pub fn short(self) -> String {
        self.0.strftime("%-d %b %Y").to_string()
    }

    /// `Tue 11 Mar`, where the year is clear from what stands before.
    pub fn long_without_year(self) -> String {
        self.0.strftime("%a %-d %b").to_string()
    }

    /// `Tue 11 Mar`, with the year where it is another than today's.
    pub fn long_seen_from(self, today: Day) -> String {
        if self.0.year() == today.0.year() { self.long_without_year() } else { self.long() }
    }

    /// `11 Mar`, with the year where it is another than today's.
    pub fn short_seen_from(self, today: Day) -> String {
        if self.0.year() == today.0.year() { self.0.strftime("%-d %b").to_string() } else { self.short() }
    }

    pub fn quarter(self) -> Quarter {
        let (year, month) = (self.0.year(), self.0.month());
        match month {
            1..=3 => Quarter { year: year - 1, number: 4 },
            _ => Quarter { year, number: (month - 1) / 3 },
        }
    }

    fn plus(self, span: Span) -> Day {
        Day(self.0.saturating_add(span))
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// ISO 8601 only, `2025-03-11`: what a person types is read by the forms.
impl FromStr for Day {
    type Err = NotADay;

    fn from_str(text: &str) -> Result<Day, NotADay> {
        if text.len() != 10 {
            return Err(NotADay(text.to_owned()));
        }
        text.parse().map(Day).map_err(|_| NotADay(text.to_owned()))
    }
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("“{0}” is not a date such as 2025-03-31")]
pub struct NotADay(pub String);

/// A quarter of the financial year, which begins on 1 April: Q1 is April to June.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Quarter {
    /// The calendar year in which the financial year begins.
    pub year: i16,
    /// 1 to 4.
    pub number: i8,
}

impl Quarter {
    /// 1 April for the first, and so on.
    pub fn first_day(self) -> Day {
        let april = jiff::civil::date(self.year, 4, 1);
        Day(april).plus_months(i32::from(self.number - 1) * 3)
    }

    pub fn last_day(self) -> Day {
        self.first_day().plus_months(3).plus_days(-1)
    }
}

/// `2025-Q1` is April to June 2025.
impl fmt::Display for Quarter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-Q{}", self.year, self.number)
    }
}

/// Both ends are in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    pub from: Day,
    pub to: Day,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    #[test]
    fn quarters_follow_the_financial_year() {
        for (date, quarter) in [
            ("2025-03-31", "2024-Q4"),
            ("2025-04-01", "2025-Q1"),
            ("2025-06-30", "2025-Q1"),
            ("2025-07-01", "2025-Q2"),
            ("2025-12-31", "2025-Q3"),
            ("2026-01-01", "2025-Q4"),
        ] {
            assert_eq!(day(date).quarter().to_string(), quarter);
        }
    }

    #[test]
    fn a_quarter_holds_its_first_and_its_last_day() {
        for (date, first, last) in [
            ("2025-02-11", "2025-01-01", "2025-03-31"),
            ("2025-06-30", "2025-04-01", "2025-06-30"),
            ("2024-12-31", "2024-10-01", "2024-12-31"),
        ] {
            let quarter = day(date).quarter();
            assert_eq!((quarter.first_day(), quarter.last_day()), (day(first), day(last)));
            assert_eq!((day(first).quarter(), day(last).quarter()), (quarter, quarter));
        }
    }

    #[test]
    fn months_end_on_the_last_day_of_a_shorter_month() {
        assert_eq!(day("2024-01-31").plus_months(1), day("2024-02-29"));
        assert_eq!(day("2023-08-31").plus_months(6), day("2024-02-29"));
    }

    #[test]
    fn only_iso_dates_are_read() {
        assert!("2025-02-29".parse::<Day>().is_err());
        assert!("20250228".parse::<Day>().is_err());
        assert!("2025-02-28".parse::<Day>().is_ok());
    }

    #[test]
    fn days_until_counts_across_months_and_years() {
        assert_eq!(day("2024-02-28").days_until(day("2025-03-01")), 367);
        assert_eq!(day("2024-03-01").days_until(day("2024-02-28")), -2);
    }
}
