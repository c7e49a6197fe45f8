//! Days as people type them: `today`, `last friday`, `3 april`, `3/4/24`, always day first. What was understood is
//! said back by the form.

use super::date_grammar::{DateOrder, NotADay, Strictness, WrittenDay, whole};
use super::tokens::tokens;
use super::weekday::named as weekday_of;
use crate::domain::day::Day;

#[cfg(test)]
mod tests;

/// Reads a day. A day without a year is the last one that is not in the future; a weekday is the last one before
/// today. The error is a sentence for the person.
pub fn parse(text: &str, today: Day) -> Result<Day, String> {
    match relative(&text.to_lowercase(), today) {
        Some(day) => Ok(day),
        None => written(text, |written| written.on_or_before(today)),
    }
}

fn written(text: &str, day_of: impl FnOnce(WrittenDay) -> Option<Day>) -> Result<Day, String> {
    let disagrees = |why: NotADay| format!("“{}” {why}", text.trim());
    match whole(&tokens(text), DateOrder::Dmy, Strictness::Typed) {
        Some(Ok(written)) if !written.week_only => {
            let day = day_of(written).ok_or_else(|| refusal(text.trim()))?;
            written.agreeing(day).map_err(disagrees)
        }
        Some(Err(why @ NotADay::OtherWeekday { .. })) => Err(disagrees(why)),
        _ => Err(refusal(text.trim())),
    }
}

/// Reads a day that lies ahead, for what is still to do: a day without a year is the next one that is not in the past,
/// a weekday the next one after today.
pub fn parse_ahead(text: &str, today: Day) -> Result<Day, String> {
    let lower = text.trim().to_lowercase();
    let found = match weekday_of(lower.strip_prefix("on ").unwrap_or(&lower)) {
        Some(weekday) => today.0.nth_weekday(1, weekday).ok().map(Day),
        None => later(&lower, today).or_else(|| relative(&lower, today)),
    };
    match found {
        Some(day) => Ok(day),
        None => written(text, |written| written.on_or_after(today)),
    }
}

/// "in 3 days", "in 2 weeks".
fn later(text: &str, today: Day) -> Option<Day> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let (number, unit) = match words.as_slice() {
        ["in", number, unit] => (number.parse::<i32>().ok().filter(|n| (0..=520).contains(n))?, *unit),
        _ => return None,
    };
    match unit {
        "day" | "days" => Some(today.plus_days(number)),
        "week" | "weeks" => Some(today.plus_days(7 * number)),
        "month" | "months" => Some(today.plus_months(number)),
        _ => None,
    }
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
