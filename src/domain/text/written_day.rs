//! Dates as they stand in other people's files: in a cell of their own, or among words.

use crate::domain::day::Day;

pub use super::date_grammar::{DateOrder, NotADay, WrittenDay};
use super::date_grammar::{Strictness, dates, leading_words, month, whole};
use super::tokens::{Token, tokens, word};
use super::weekday;

#[cfg(test)]
mod tests;

/// The whole text is one date, with no more than a weekday, a time or `w/c` beside it. A weekday settles nothing: day
/// and month are never swapped to make one fit (import rule 6), but what could be meant is said.
pub fn parse(text: &str, order: DateOrder) -> Result<WrittenDay, NotADay> {
    let tokens = tokens(text);
    match whole(&tokens, order, Strictness::WholeCell) {
        Some(Err(NotADay::OtherWeekday { said, day, .. })) => {
            let instead = other_way_round(&tokens, order).filter(|instead| *instead != day);
            Err(NotADay::OtherWeekday { said, day, instead })
        }
        Some(read) => read,
        None => Err(why_not(&tokens, order)),
    }
}

fn other_way_round(tokens: &[Token], order: DateOrder) -> Option<Day> {
    let other = match order {
        DateOrder::Dmy => DateOrder::Mdy,
        DateOrder::Mdy => DateOrder::Dmy,
        DateOrder::Ymd => return None,
    };
    whole(tokens, other, Strictness::WholeCell)?.ok()?.with_its_year()
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
            let said = weekday::right_before(tokens.get(..*at).unwrap_or_default());
            WrittenDay { week_only, ..(*found)? }.with_weekday(said).map(Some)
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

fn month_alone(tokens: &[Token]) -> bool {
    let is_month = |token: &Token| word(Some(token)).is_some_and(|word| month(word).is_some());
    tokens.iter().any(is_month) && tokens.iter().all(|token| is_month(token) || !matches!(token, Token::Word(_)))
}
