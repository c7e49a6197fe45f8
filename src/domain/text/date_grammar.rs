//! How dates are written, in words and figures: what a member of staff types and what stands in a file's cell are
//! read by one grammar. Which of day and month comes first is told, never guessed.

use std::ops::RangeInclusive;
use std::str::FromStr;

use jiff::civil::{Date, Weekday};

use super::tokens::{Token, figures, is_mark, short, word};
use super::weekday;
use crate::domain::day::Day;

/// In which order day, month and year stand in figures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DateOrder {
    Dmy,
    Mdy,
    Ymd,
}

impl DateOrder {
    pub fn code(self) -> &'static str {
        match self {
            DateOrder::Dmy => "dmy",
            DateOrder::Mdy => "mdy",
            DateOrder::Ymd => "ymd",
        }
    }
}

impl FromStr for DateOrder {
    type Err = String;

    fn from_str(text: &str) -> Result<DateOrder, String> {
        match text {
            "dmy" => Ok(DateOrder::Dmy),
            "mdy" => Ok(DateOrder::Mdy),
            "ymd" => Ok(DateOrder::Ymd),
            other => Err(format!("“{other}” is not an order of dates: dmy, mdy or ymd")),
        }
    }
}

/// What was written: perhaps without a year, perhaps only the week.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WrittenDay {
    pub day: i8,
    pub month: i8,
    pub year: Option<i16>,
    /// `w/c 8 April`: some day of the week that begins then.
    pub week_only: bool,
    /// That stands beside it.
    pub weekday: Option<Weekday>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotADay {
    #[error("is not a date")]
    Impossible,
    #[error("is not a date")]
    Unreadable,
    #[error("is a month, not a day")]
    MonthAlone,
    #[error("holds two dates; one is wanted")]
    TwoDates,
    /// `instead`: what it would be with day and month the other way round.
    #[error("{}", weekday::disagreement(*said, *day, *instead))]
    OtherWeekday { said: Weekday, day: Day, instead: Option<Day> },
    #[error("does not begin with the year; say in which order dates are written (dmy or mdy)")]
    YearNotFirst,
}

impl WrittenDay {
    /// None where the year was not written.
    pub fn with_its_year(self) -> Option<Day> {
        Date::new(self.year?, self.month, self.day).ok().map(Day)
    }

    /// With its year; where none was written, the first such day on or after another.
    pub fn on_or_after(self, other: Day) -> Option<Day> {
        self.with_its_year().or_else(|| self.in_years(0..=8, other).find(|day| *day >= other))
    }

    /// With its year; where none was written, the latest such day not after another.
    pub fn on_or_before(self, other: Day) -> Option<Day> {
        self.with_its_year().or_else(|| self.in_years(-8..=0, other).filter(|day| *day <= other).last())
    }

    /// The day it is taken for, unless another weekday stands beside it.
    pub fn agreeing(self, day: Day) -> Result<Day, NotADay> {
        match self.weekday.filter(|said| *said != day.0.weekday()) {
            Some(said) => Err(NotADay::OtherWeekday { said, day, instead: None }),
            None => Ok(day),
        }
    }

    /// With its year, if there is one; and as the weekday beside it says, if there is one.
    pub fn with_weekday(self, weekday: Option<Weekday>) -> Result<WrittenDay, NotADay> {
        let written = WrittenDay { weekday, ..self };
        self.with_its_year().map_or(Ok(written), |day| written.agreeing(day).map(|_| written))
    }

    /// Eight years hold a 29 February, also around 1900 and 2100.
    fn in_years(self, years: RangeInclusive<i16>, other: Day) -> impl Iterator<Item = Day> {
        years.filter_map(move |years| Date::new(other.0.year().checked_add(years)?, self.month, self.day).ok().map(Day))
    }
}

/// How much is taken for a date.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Strictness {
    /// What was understood is said back: `april 24` and `3 4` are days.
    Typed,
    /// A date's own cell: `12/7` is one, `Apr 24` may be a year.
    WholeCell,
    /// Among words, figures may be anything.
    AmongWords,
}

/// The whole text as one date, with no more than a weekday, a time or `w/c` beside it; None where it is something else.
pub fn whole(tokens: &[Token], order: DateOrder, strictness: Strictness) -> Option<Result<WrittenDay, NotADay>> {
    let begins = leading_words(tokens);
    let (found, ends) = date_at(tokens, begins.at, order, strictness)?;
    let (before, behind) = (tokens.get(..begins.at).unwrap_or_default(), tokens.get(ends..).unwrap_or_default());
    let said = weekday::among(before).or_else(|| weekday::among(behind));
    only_a_time(behind).then(|| WrittenDay { week_only: begins.week, ..found? }.with_weekday(said))
}

/// Every date in the text, and the token with which it begins.
pub fn dates(tokens: &[Token], order: DateOrder, strictness: Strictness) -> Vec<(usize, Result<WrittenDay, NotADay>)> {
    let (mut found, mut at) = (Vec::new(), 0);
    while at < tokens.len() {
        match date_at(tokens, at, order, strictness) {
            Some((date, ends)) => {
                found.push((at, date));
                at = ends.max(at + 1);
            }
            None => at += 1,
        }
    }
    found
}

const SEPARATORS: &[char] = &['/', '-', '.', '\\', '–', '‑'];

/// The date that begins with a token, and the token behind it.
fn date_at(
    tokens: &[Token],
    at: usize,
    order: DateOrder,
    strictness: Strictness,
) -> Option<(Result<WrittenDay, NotADay>, usize)> {
    in_figures(tokens, at, order, strictness)
        .or_else(|| day_then_month(tokens, at))
        .or_else(|| month_then_day(tokens, at, strictness))
        .or_else(|| without_year(tokens, at, order, strictness))
}

/// `12.9.24`, `2024-04-03`, and in a date's own cell `20240403`.
fn in_figures(
    tokens: &[Token],
    at: usize,
    order: DateOrder,
    strictness: Strictness,
) -> Option<(Result<WrittenDay, NotADay>, usize)> {
    let first = figures(tokens.get(at))?;
    if first.len() == 8 && (first.starts_with("19") || first.starts_with("20")) && strictness != Strictness::AmongWords
    {
        let (year, rest) = first.split_at(4);
        let (month, day) = rest.split_at(2);
        return Some((written(year, month, day), at + 1));
    }
    let separated = |at: usize| is_mark(tokens.get(at), SEPARATORS);
    let spaced = strictness != Strictness::AmongWords && figures(tokens.get(at + 1)).is_some();
    let step = match (separated(at + 1) && separated(at + 3), spaced) {
        (true, _) => 2,
        (false, true) => 1,
        (false, false) => return None,
    };
    let (second, third) = (short(tokens.get(at + step))?, figures(tokens.get(at + 2 * step))?);
    let ends = at + 2 * step + 1;
    if first.len() == 4 && third.len() <= 2 {
        return Some((written(first, second, third), ends));
    }
    if first.len() > 2 || (strictness == Strictness::AmongWords && !matches!(third.len(), 2 | 4)) {
        return None;
    }
    let date = match order {
        DateOrder::Dmy => written(third, second, first),
        DateOrder::Mdy => written(third, first, second),
        DateOrder::Ymd if third.len() > 2 || first.len() < 2 => Err(NotADay::YearNotFirst),
        DateOrder::Ymd => written(first, second, third),
    };
    Some((date, ends))
}

/// `3rd Apr 2024`, `1st of May 2024`, `03-Apr-24`, `9th Jan`.
fn day_then_month(tokens: &[Token], at: usize) -> Option<(Result<WrittenDay, NotADay>, usize)> {
    let day = short(tokens.get(at))?;
    let mut next = at + 1;
    next += usize::from(word(tokens.get(next)).is_some_and(is_ordinal));
    next += usize::from(word(tokens.get(next)) == Some("of"));
    next += usize::from(is_mark(tokens.get(next), &['-', '/', '.', ' ', '–', '‑', ',']));
    let month = month(word(tokens.get(next))?)?;
    let (year, ends) = year_at(tokens, next + 1);
    Some((dated(year, Some(month), day), ends))
}

/// `April 3, 2024`, `Apr 3rd`. `Apr 24` may be a year: a day only where somebody sees what was understood.
fn month_then_day(tokens: &[Token], at: usize, strictness: Strictness) -> Option<(Result<WrittenDay, NotADay>, usize)> {
    let month = month(word(tokens.get(at))?)?;
    let day_at = at + 1 + usize::from(is_mark(tokens.get(at + 1), &['.', '-']));
    let day = short(tokens.get(day_at))?;
    let ordinal = word(tokens.get(day_at + 1)).is_some_and(is_ordinal);
    let (year, ends) = year_at(tokens, day_at + 1 + usize::from(ordinal));
    let certain = year.is_some()
        || ordinal
        || match strictness {
            Strictness::Typed => true,
            Strictness::WholeCell => day.len() == 1,
            Strictness::AmongWords => false,
        };
    certain.then(|| (dated(year, Some(month), day), ends))
}

/// `12/7`, where the text is nothing but a date; `12 7` where somebody sees what was understood.
fn without_year(
    tokens: &[Token],
    at: usize,
    order: DateOrder,
    strictness: Strictness,
) -> Option<(Result<WrittenDay, NotADay>, usize)> {
    let step = match (is_mark(tokens.get(at + 1), &['/', '.', '-']), strictness) {
        (true, Strictness::Typed | Strictness::WholeCell) => 2,
        (false, Strictness::Typed) => 1,
        _ => return None,
    };
    let (first, second) = (short(tokens.get(at))?, short(tokens.get(at + step))?);
    let (day, month) = if order == DateOrder::Dmy { (first, second) } else { (second, first) };
    Some((dated(None, month.parse().ok(), day), at + step + 1))
}

/// The year behind a day and a month, if there is one; `10 Jan 10:30` has a time there.
fn year_at(tokens: &[Token], at: usize) -> (Option<&str>, usize) {
    let mut next = at;
    while is_mark(tokens.get(next), &['-', '/', '.', ',', '\'', '’', '‘', '–', '‑']) {
        next += 1;
    }
    let is_time = is_mark(tokens.get(next + 1), &[':']);
    match figures(tokens.get(next)).filter(|figures| matches!(figures.len(), 2 | 4) && !is_time) {
        Some(year) => (Some(year), next + 1),
        None => (None, at),
    }
}

fn written(year: &str, month: &str, day: &str) -> Result<WrittenDay, NotADay> {
    dated(Some(year), month.parse().ok(), day)
}

fn dated(year: Option<&str>, month: Option<i8>, day: &str) -> Result<WrittenDay, NotADay> {
    let year = year.map(full_year).transpose()?;
    let (month, day) = month.zip(day.parse().ok()).ok_or(NotADay::Impossible)?;
    // Without a year, 29 February may be one.
    Date::new(year.unwrap_or(2024), month, day).map_err(|_| NotADay::Impossible)?;
    Ok(WrittenDay { day, month, year, week_only: false, weekday: None })
}

/// Two figures are a year from 1950 to 2049.
fn full_year(figures: &str) -> Result<i16, NotADay> {
    let year: i16 = figures.parse().map_err(|_| NotADay::Impossible)?;
    match figures.len() {
        4 => Ok(year),
        2 if year < 50 => Ok(2000 + year),
        2 => Ok(1900 + year),
        _ => Err(NotADay::Impossible),
    }
}

fn is_ordinal(word: &str) -> bool {
    matches!(word, "st" | "nd" | "rd" | "th")
}

pub fn month(word: &str) -> Option<i8> {
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
    let found = MONTHS.iter().position(|month| word.len() >= 3 && (month.starts_with(word)))?;
    i8::try_from(found + 1).ok()
}

pub struct LeadingWords {
    pub at: usize,
    pub week: bool,
}

/// Weekdays and "week commencing" in front of a date.
pub fn leading_words(tokens: &[Token]) -> LeadingWords {
    let (mut at, mut week) = (0, false);
    loop {
        let two = (word(tokens.get(at)), word(tokens.get(at + 1)));
        let three = (two.0, tokens.get(at + 1), word(tokens.get(at + 2)));
        match (two, three) {
            (_, (Some("w"), Some(Token::Mark('/' | '.')), Some("c" | "b"))) => (at, week) = (at + 3, true),
            ((Some("wc" | "wb"), _), _) => (at, week) = (at + 1, true),
            ((Some("week" | "wk"), Some("commencing" | "beginning" | "starting" | "comm" | "com" | "of")), _) => {
                (at, week) = (at + 2, true);
            }
            ((Some(name), _), _)
                if weekday::named(name).is_some() || matches!(name, "the" | "on" | "tues" | "thurs") =>
            {
                at += 1;
            }
            _ if at > 0 && is_mark(tokens.get(at), &['.', ',', ':']) => at += 1,
            _ => return LeadingWords { at, week },
        }
    }
}

/// Behind a date: nothing, a weekday, a time of day.
fn only_a_time(rest: &[Token]) -> bool {
    rest.iter().all(|token| match token {
        Token::Mark(mark) => matches!(mark, ':' | '.' | ',' | '(' | ')' | '+'),
        Token::Word(word) => {
            weekday::named(word).is_some()
                || matches!(word.as_str(), "t" | "z" | "at" | "am" | "pm" | "a" | "p" | "m" | "hrs")
        }
        Token::Figures(figures) => figures.len() <= 2 || figures.len() == 3 && rest.contains(&Token::Mark('.')),
    }) && is_time(rest)
}

/// Figures behind a date have a colon, a point or "am" beside them.
fn is_time(rest: &[Token]) -> bool {
    let has_figures = rest.iter().any(|token| matches!(token, Token::Figures(_)));
    let says_so = rest.iter().any(|token| match token {
        Token::Mark(mark) => matches!(mark, ':' | '.'),
        Token::Word(word) => matches!(word.as_str(), "am" | "pm" | "hrs"),
        Token::Figures(_) => false,
    });
    !has_figures || says_so
}
