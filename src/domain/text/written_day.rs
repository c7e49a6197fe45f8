//! Dates as they stand in other people's files: in a cell of their own, or among words.

pub use super::date_grammar::{DateOrder, NotADay, WrittenDay};
use super::date_grammar::{Strictness, Token, dates, leading_words, month, tokens, whole, word};

#[cfg(test)]
mod tests;

/// The whole text is one date, with no more than a weekday, a time or `w/c` beside it.
pub fn parse(text: &str, order: DateOrder) -> Result<WrittenDay, NotADay> {
    let tokens = tokens(text);
    whole(&tokens, order, Strictness::WholeCell).unwrap_or_else(|| Err(why_not(&tokens, order)))
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

fn month_alone(tokens: &[Token]) -> bool {
    let is_month = |token: &Token| word(Some(token)).is_some_and(|word| month(word).is_some());
    tokens.iter().any(is_month) && tokens.iter().all(|token| is_month(token) || !matches!(token, Token::Word(_)))
}
