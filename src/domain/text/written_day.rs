//! Dates in words and figures, as people write them. Which of day and month comes first is told, never guessed.

use std::str::FromStr;

use jiff::civil::Date;

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

    /// Eight years hold a 29 February, also around 1900 and 2100.
    fn in_years(self, years: std::ops::RangeInclusive<i16>, other: Day) -> impl Iterator<Item = Day> {
        years.filter_map(move |years| Date::new(other.0.year().checked_add(years)?, self.month, self.day).ok().map(Day))
    }
}

/// The whole text is one date, with no more than a weekday, a time or `w/c` beside it.
pub fn parse(text: &str, order: DateOrder) -> Result<WrittenDay, NotADay> {
    let tokens = tokens(text);
    let begins = leading_words(&tokens);
    if let Some((found, ends)) = date_at(&tokens, begins.at, order, Strictness::WholeCell)
        && only_a_time(tokens.get(ends..).unwrap_or_default())
    {
        return found.map(|day| WrittenDay { week_only: begins.week, ..day });
    }
    Err(why_not(&tokens, order))
}

/// The date somewhere among words; None where there is none.
pub fn find(text: &str, order: DateOrder) -> Result<Option<WrittenDay>, NotADay> {
    let tokens = tokens(text);
    match dates(&tokens, order, Strictness::AmongWords).as_slice() {
        [] => Ok(None),
        [(at, found)] => {
            let week_only = (0..*at).any(|from| {
                let begins = leading_words(tokens.get(from..*at).unwrap_or_default());
                begins.week && from + begins.at == *at
            });
            found.map(|day| Some(WrittenDay { week_only, ..day }))
        }
        [_, _, ..] => Err(NotADay::TwoDates),
    }
}

fn why_not(tokens: &[Token], order: DateOrder) -> NotADay {
    let begins = leading_words(tokens).at;
    match dates(tokens, order, Strictness::WholeCell).as_slice() {
        [(_, Err(why))] => *why,
        [_, _, ..] => NotADay::TwoDates,
        _ if month_alone(tokens.get(begins..).unwrap_or_default()) => NotADay::MonthAlone,
        _ => NotADay::Unreadable,
    }
}

fn dates(tokens: &[Token], order: DateOrder, strictness: Strictness) -> Vec<(usize, Result<WrittenDay, NotADay>)> {
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

/// How much is taken for a date: in a date's own cell `12/7` is one, among words it may be anything.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Strictness {
    WholeCell,
    AmongWords,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    Figures(String),
    Word(String),
    Mark(char),
}

fn tokens(text: &str) -> Vec<Token> {
    let mut tokens: Vec<Token> = Vec::new();
    let mut apart = true;
    for it in text.chars() {
        match tokens.last_mut() {
            Some(Token::Figures(figures)) if !apart && it.is_ascii_digit() => figures.push(it),
            Some(Token::Word(word)) if !apart && it.is_alphabetic() => word.extend(it.to_lowercase()),
            _ if it.is_ascii_digit() => tokens.push(Token::Figures(it.to_string())),
            _ if it.is_alphabetic() => tokens.push(Token::Word(it.to_lowercase().collect())),
            _ if it.is_whitespace() => {}
            _ => tokens.push(Token::Mark(it)),
        }
        apart = it.is_whitespace();
    }
    tokens
}

fn figures(token: Option<&Token>) -> Option<&str> {
    match token {
        Some(Token::Figures(figures)) => Some(figures),
        _ => None,
    }
}

fn word(token: Option<&Token>) -> Option<&str> {
    match token {
        Some(Token::Word(word)) => Some(word),
        _ => None,
    }
}

fn is_mark(token: Option<&Token>, marks: &[char]) -> bool {
    matches!(token, Some(Token::Mark(mark)) if marks.contains(mark))
}

/// A day or a month in figures.
fn short(token: Option<&Token>) -> Option<&str> {
    figures(token).filter(|figures| figures.len() <= 2)
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
    if first.len() == 8 && (first.starts_with("19") || first.starts_with("20")) && strictness == Strictness::WholeCell {
        let (year, rest) = first.split_at(4);
        let (month, day) = rest.split_at(2);
        return Some((written(year, month, day), at + 1));
    }
    let separated = |at: usize| is_mark(tokens.get(at), SEPARATORS);
    let spaced = strictness == Strictness::WholeCell && figures(tokens.get(at + 1)).is_some();
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

/// `April 3, 2024`, `Apr 3rd`. `Apr 24` may be a year: no date.
fn month_then_day(tokens: &[Token], at: usize, strictness: Strictness) -> Option<(Result<WrittenDay, NotADay>, usize)> {
    let month = month(word(tokens.get(at))?)?;
    let day_at = at + 1 + usize::from(is_mark(tokens.get(at + 1), &['.', '-']));
    let day = short(tokens.get(day_at))?;
    let ordinal = word(tokens.get(day_at + 1)).is_some_and(is_ordinal);
    let (year, ends) = year_at(tokens, day_at + 1 + usize::from(ordinal));
    let certain = year.is_some() || ordinal || (day.len() == 1 && strictness == Strictness::WholeCell);
    certain.then(|| (dated(year, Some(month), day), ends))
}

/// `12/7`, in a date's own cell only.
fn without_year(
    tokens: &[Token],
    at: usize,
    order: DateOrder,
    strictness: Strictness,
) -> Option<(Result<WrittenDay, NotADay>, usize)> {
    let (first, second) = (short(tokens.get(at))?, short(tokens.get(at + 2))?);
    if strictness == Strictness::AmongWords || !is_mark(tokens.get(at + 1), &['/', '.', '-']) {
        return None;
    }
    let (day, month) = if order == DateOrder::Dmy { (first, second) } else { (second, first) };
    Some((dated(None, month.parse().ok(), day), at + 3))
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
    Ok(WrittenDay { day, month, year, week_only: false })
}

fn full_year(figures: &str) -> Result<i16, NotADay> {
    let year: i16 = figures.parse().map_err(|_| NotADay::Impossible)?;
    match figures.len() {
        4 => Ok(year),
        2 if year < 70 => Ok(2000 + year),
        2 => Ok(1900 + year),
        _ => Err(NotADay::Impossible),
    }
}

fn is_ordinal(word: &str) -> bool {
    matches!(word, "st" | "nd" | "rd" | "th")
}

fn month(word: &str) -> Option<i8> {
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

/// Monday is 0.
pub(super) fn weekday(word: &str) -> Option<u8> {
    const DAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    let found = DAYS.iter().position(|day| word.len() >= 3 && day.starts_with(word))?;
    u8::try_from(found).ok()
}

struct LeadingWords {
    at: usize,
    week: bool,
}

/// Weekdays and "week commencing" in front of a date.
fn leading_words(tokens: &[Token]) -> LeadingWords {
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
            ((Some(name), _), _) if weekday(name).is_some() || matches!(name, "the" | "on" | "tues" | "thurs") => {
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
            weekday(word).is_some() || matches!(word.as_str(), "t" | "z" | "at" | "am" | "pm" | "a" | "p" | "m" | "hrs")
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

fn month_alone(tokens: &[Token]) -> bool {
    let is_month = |token: &Token| word(Some(token)).is_some_and(|word| month(word).is_some());
    tokens.iter().any(is_month) && tokens.iter().all(|token| is_month(token) || !matches!(token, Token::Word(_)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(text: &str, order: DateOrder) -> Result<String, NotADay> {
        parse(text, order).map(|written| match written.with_its_year() {
            Some(day) => format!("{}{day}", if written.week_only { "week " } else { "" }),
            None => format!("{}{}-{}", if written.week_only { "week " } else { "" }, written.month, written.day),
        })
    }

    #[test]
    fn days_first_unless_told_otherwise() {
        for (text, read) in [
            ("03/04/24", "2024-04-03"),
            ("3/4/2024", "2024-04-03"),
            ("12.9.24", "2024-09-12"),
            ("12. 9. 24", "2024-09-12"),
            ("12 - 9 - 2024", "2024-09-12"),
            ("12 9 2024", "2024-09-12"),
            ("3rd Apr 2024", "2024-04-03"),
            ("3 April, 2024", "2024-04-03"),
            ("1st of May 2024", "2024-05-01"),
            ("03-Apr-24", "2024-04-03"),
            ("3Apr24", "2024-04-03"),
            ("3 apr ’24", "2024-04-03"),
            ("4 Sept 2024", "2024-09-04"),
            ("April 3, 2024", "2024-04-03"),
            ("Apr 3rd 2024", "2024-04-03"),
            ("2024-04-03", "2024-04-03"),
            ("2024/04/03", "2024-04-03"),
            ("2024.4.3", "2024-04-03"),
            ("20240403", "2024-04-03"),
            ("2024-04-03T10:30:00", "2024-04-03"),
            ("2024-04-03 00:00:00.000", "2024-04-03"),
            ("3/4/2024 10:30", "2024-04-03"),
            ("3/4/24 2pm", "2024-04-03"),
            ("3/4/24 at 10.30 am", "2024-04-03"),
            ("Wed 3/4/24", "2024-04-03"),
            ("Wednesday, 3rd April 2024", "2024-04-03"),
            ("3/4/24 (Wed)", "2024-04-03"),
            ("w/c 8 April 2024", "week 2024-04-08"),
            ("W/C 8/4/24", "week 2024-04-08"),
            ("w/c Mon 8th April", "week 4-8"),
            ("week commencing 8 April", "week 4-8"),
            ("wc 8 April 2024", "week 2024-04-08"),
            ("9th Jan", "1-9"),
            ("9 January", "1-9"),
            ("Jan 9", "1-9"),
            ("12/7", "7-12"),
            ("29 Feb", "2-29"),
            ("10 Jan 10:30", "1-10"),
            ("1/1/1924", "1924-01-01"),
            ("1/1/89", "1989-01-01"),
        ] {
            assert_eq!(day(text, DateOrder::Dmy).as_deref(), Ok(read), "{text}");
        }
    }

    #[test]
    fn day_and_month_are_never_swapped_to_make_one_fit() {
        for (text, order, why) in [
            ("04/13/2024", DateOrder::Dmy, NotADay::Impossible),
            ("13/04/2024", DateOrder::Mdy, NotADay::Impossible),
            ("03/04/2024", DateOrder::Ymd, NotADay::YearNotFirst),
            ("3/4/24", DateOrder::Ymd, NotADay::YearNotFirst),
            ("24-13-04", DateOrder::Ymd, NotADay::Impossible),
        ] {
            assert_eq!(day(text, order), Err(why), "{text}");
        }
        assert_eq!(day("04/13/2024", DateOrder::Mdy).as_deref(), Ok("2024-04-13"));
        assert_eq!(day("24-04-03", DateOrder::Ymd).as_deref(), Ok("2024-04-03"));
        assert_eq!(day("3 April 2024", DateOrder::Ymd).as_deref(), Ok("2024-04-03"));
    }

    #[test]
    fn what_is_no_single_day_is_refused() {
        use NotADay as N;
        for (text, why) in [
            ("30/02/2024", N::Impossible),
            ("31.04.24", N::Impossible),
            ("31 June 2024", N::Impossible),
            ("29/02/2023", N::Impossible),
            ("2024-13-01", N::Impossible),
            ("0/0/0000", N::Impossible),
            ("12/9/224", N::Impossible),
            ("12/07/24 & 19/07/24", N::TwoDates),
            ("12/7 or 13/7", N::TwoDates),
            ("12/07/24-19/07/24", N::TwoDates),
            ("9 Jan and 10 Jan", N::TwoDates),
            ("May 2024", N::MonthAlone),
            ("may", N::MonthAlone),
            ("Apr 24", N::MonthAlone),
            ("Apr-24", N::MonthAlone),
            ("ask Jan", N::Unreadable),
            ("see Jan", N::Unreadable),
            ("2024", N::Unreadable),
            ("soon", N::Unreadable),
            ("", N::Unreadable),
            ("12/9/24 maybe", N::Unreadable),
            ("12/9/24 17", N::Unreadable),
        ] {
            assert_eq!(day(text, DateOrder::Dmy), Err(why), "{text}");
        }
    }

    #[test]
    fn dates_are_found_among_words() {
        let found = |text: &str| find(text, DateOrder::Dmy).map(|day| day.map(|day| (day.day, day.month, day.year)));
        assert_eq!(found("Approved 12.9.24"), Ok(Some((12, 9, Some(2024)))));
        assert_eq!(found("withdrew 26th Mar 2025 - worried re allegations"), Ok(Some((26, 3, Some(2025)))));
        assert_eq!(found("Transferred to Teesmoor 2/10/24"), Ok(Some((2, 10, Some(2024)))));
        assert_eq!(found("withdrew 9 Jan"), Ok(Some((9, 1, None))));
        assert_eq!(found("Approved 31.2.24"), Err(NotADay::Impossible));
        assert_eq!(found("Approved 1.2.24, told 3.2.24"), Err(NotADay::TwoDates));
        for none in
            ["approved (2 places)", "works 24/7", "KIT 6m", "no response x3", "not now, maybe in March", "see Jan"]
        {
            assert_eq!(found(none), Ok(None), "{none}");
        }
        assert_eq!(find("withdrawn w/c 8 April 2024", DateOrder::Dmy).unwrap().map(|it| it.week_only), Some(true));
    }

    #[test]
    fn a_year_is_found_on_the_right_side() {
        let ninth = parse("9th Jan", DateOrder::Dmy).unwrap();
        let on: Day = "2024-12-12".parse().unwrap();
        assert_eq!(ninth.on_or_after(on).map(|day| day.to_string()).as_deref(), Some("2025-01-09"));
        assert_eq!(ninth.on_or_before(on).map(|day| day.to_string()).as_deref(), Some("2024-01-09"));
        let leap = parse("29 Feb", DateOrder::Dmy).unwrap();
        assert_eq!(leap.on_or_after(on).map(|day| day.to_string()).as_deref(), Some("2028-02-29"));
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in ".{0,60}") {
            for order in [DateOrder::Dmy, DateOrder::Mdy, DateOrder::Ymd] {
                let _ = parse(&text, order);
                let _ = find(&text, order);
            }
        }

        #[test]
        fn every_day_comes_back(days in 0i32..40_000) {
            let day = Day(Date::constant(1990, 1, 1)).plus_days(days);
            for format in ["%d/%m/%Y", "%-d %B %Y", "%Y-%m-%d", "%a %-d %b %Y", "%-d.%-m.%Y"] {
                let text = day.0.strftime(format).to_string();
                prop_assert_eq!(parse(&text, DateOrder::Dmy).ok().and_then(WrittenDay::with_its_year), Some(day));
            }
        }
    }
}
