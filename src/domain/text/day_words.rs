//! Days as people type them: `today`, `last friday`, `3 april`, `3/4/24`, always day first. What was understood is
//! said back by the form.

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

use crate::domain::day::Day;

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];
const WEEKDAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/// A year of two figures lies at most so many years ahead; else it is of the century before.
const YEARS_AHEAD: i16 = 20;

/// Reads a day. A day without a year is the last one that is not in the future; a weekday is the last one before
/// today. The error is a sentence for the person.
pub fn parse(text: &str, today: Day) -> Result<Day, String> {
    let lower = text.trim().to_lowercase();
    relative(&lower, today).or_else(|| iso(&lower)).or_else(|| parts(&lower, today)).ok_or_else(|| refusal(text.trim()))
}

fn refusal(text: &str) -> String {
    format!("“{text}” is not a date. Write it like 3 April 2025, 3/4/25 or today")
}

fn relative(text: &str, today: Day) -> Option<Day> {
    let words: Vec<&str> = text.split_whitespace().collect();
    match words.as_slice() {
        ["today" | "now"] => Some(today),
        ["yesterday"] => Some(today.plus_days(-1)),
        ["tomorrow"] => Some(today.plus_days(1)),
        ["last" | "on", weekday] | [weekday] if weekday_of(weekday).is_some() => {
            let day = today.0.nth_weekday(-1, weekday_of(weekday)?).ok()?;
            Some(Day(day))
        }
        ["next", weekday] => Some(Day(today.0.nth_weekday(1, weekday_of(weekday)?).ok()?)),
        [number, "day" | "days", "ago"] => {
            number.parse().ok().filter(|n| (0..=3660).contains(n)).map(|n: i32| today.plus_days(-n))
        }
        [number, "week" | "weeks", "ago"] => {
            number.parse().ok().filter(|n| (0..=520).contains(n)).map(|n: i32| today.plus_days(-7 * n))
        }
        _ => None,
    }
}

fn weekday_of(word: &str) -> Option<Weekday> {
    let at = WEEKDAYS.iter().position(|name| word.len() >= 3 && name.starts_with(word))?;
    Weekday::from_monday_zero_offset(i8::try_from(at).ok()?).ok()
}

fn iso(text: &str) -> Option<Day> {
    text.parse().ok()
}

/// Day, month and perhaps year, apart by spaces, strokes, dots or hyphens; the month as a word or a number.
fn parts(text: &str, today: Day) -> Option<Day> {
    let mut words: Vec<&str> = text
        .split(|c: char| c.is_whitespace() || matches!(c, '/' | '.' | '-' | ','))
        .filter(|word| !word.is_empty())
        .collect();
    if words.len() > 2 && weekday_of(words[0]).is_some() {
        words.remove(0);
    }
    words.retain(|word| *word != "of" && *word != "the");
    let (day, month, year) = match words.as_slice() {
        [day, month] => (day, month, None),
        [day, month, year] => (day, month, Some(year_of(year, today)?)),
        _ => return None,
    };
    // "april 3" is as clear as "3 april"; "4/3" is always the fourth of March.
    let (day, month) = if month_word(day).is_some() { (month, day) } else { (day, month) };
    let day: i8 =
        ["st", "nd", "rd", "th"].iter().find_map(|ending| day.strip_suffix(ending)).unwrap_or(day).parse().ok()?;
    let month = month_word(month).or_else(|| month.parse().ok())?;
    match year {
        Some(year) => Date::new(year, month, day).ok().map(Day),
        None => latest(month, day, today),
    }
}

fn month_word(word: &str) -> Option<i8> {
    let at = MONTHS
        .iter()
        .position(|name| word.len() >= 3 && (name.starts_with(word) || (word == "sept" && *name == "september")))?;
    i8::try_from(at + 1).ok()
}

fn year_of(word: &str, today: Day) -> Option<i16> {
    let year: i16 = word.parse().ok()?;
    match word.len() {
        4 => Some(year),
        2 => {
            let this_century = today.0.year() / 100 * 100 + year;
            Some(if this_century > today.0.year() + YEARS_AHEAD { this_century - 100 } else { this_century })
        }
        _ => None,
    }
}

/// 29 February may be years ago.
fn latest(month: i8, day: i8, today: Day) -> Option<Day> {
    (0..=8_i64)
        .filter_map(|back| Date::new(today.0.checked_sub(back.years()).ok()?.year(), month, day).ok())
        .map(Day)
        .find(|found| *found <= today)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_as_people_write_them() {
        // A Thursday.
        let today: Day = "2025-04-10".parse().unwrap();
        for (text, day) in [
            ("today", "2025-04-10"),
            (" Yesterday ", "2025-04-09"),
            ("tomorrow", "2025-04-11"),
            ("monday", "2025-04-07"),
            ("last thursday", "2025-04-03"),
            ("thu", "2025-04-03"),
            ("next fri", "2025-04-11"),
            ("3 days ago", "2025-04-07"),
            ("2 weeks ago", "2025-03-27"),
            ("3 april", "2025-04-03"),
            ("3rd of April", "2025-04-03"),
            ("april 3", "2025-04-03"),
            ("11 april", "2024-04-11"),
            ("29 feb", "2024-02-29"),
            ("3/4/24", "2024-04-03"),
            ("3/4", "2025-04-03"),
            ("03.04.2024", "2024-04-03"),
            ("3-apr-24", "2024-04-03"),
            ("2024-04-03", "2024-04-03"),
            ("Wed 3 April 2024", "2024-04-03"),
            ("1 sept 98", "1998-09-01"),
            ("1/1/45", "2045-01-01"),
        ] {
            assert_eq!(parse(text, today).map(|found| found.to_string()).as_deref(), Ok(day), "{text}");
        }
    }

    #[test]
    fn what_is_no_day_is_refused_with_a_sentence() {
        let today: Day = "2025-04-10".parse().unwrap();
        for text in [
            "",
            "soon",
            "31 april",
            "29/2/25",
            "4/13/24",
            "3",
            "3/4/024",
            "2025-02-30",
            "1/2/3/4",
            "m",
            "99999 days ago",
        ] {
            assert!(parse(text, today).unwrap_err().contains("is not a date"), "{text}");
        }
    }
}
