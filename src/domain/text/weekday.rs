//! A weekday that somebody wrote beside a date: the two must agree, or one of them is wrong.

use jiff::civil::Weekday;

use super::tokens::{Token, word};
use crate::domain::day::Day;

/// `wed`, `Wednesday` in small letters.
pub fn named(word: &str) -> Option<Weekday> {
    const DAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    let found = DAYS.iter().position(|day| word.len() >= 3 && day.starts_with(word))?;
    Weekday::from_monday_zero_offset(i8::try_from(found).ok()?).ok()
}

/// The first weekday among these.
pub fn among(tokens: &[Token]) -> Option<Weekday> {
    tokens.iter().find_map(|token| named(word(Some(token))?))
}

/// The weekday that stands right before a date among words: `approved Wed. 9/8/23`.
pub fn right_before(tokens: &[Token]) -> Option<Weekday> {
    let before = tokens.iter().rev().find(|token| !matches!(token, Token::Mark('.' | ',')));
    named(word(before)?)
}

/// `says Wednesday, but 8 September 2023 is a Friday`.
pub fn disagreement(said: Weekday, day: Day, instead: Option<Day>) -> String {
    let instead = instead.map(|day| format!("; with day and month the other way round it is {}", day.words()));
    let (words, is) = (day.words(), name(day.0.weekday()));
    format!("says {}, but {words} is a {is}{}", name(said), instead.unwrap_or_default())
}

fn name(weekday: Weekday) -> &'static str {
    match weekday {
        Weekday::Monday => "Monday",
        Weekday::Tuesday => "Tuesday",
        Weekday::Wednesday => "Wednesday",
        Weekday::Thursday => "Thursday",
        Weekday::Friday => "Friday",
        Weekday::Saturday => "Saturday",
        Weekday::Sunday => "Sunday",
    }
}
