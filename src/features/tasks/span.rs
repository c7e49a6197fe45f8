//! Which tasks were made at once, as an address holds it.

use std::str::FromStr;

use crate::domain::ids::TaskId;

/// Tasks that were made in one transaction: writers take turns, so they follow each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    pub first: TaskId,
    pub last: TaskId,
}

impl std::fmt::Display for Span {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}-{}", self.first, self.last)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoSpan;

impl FromStr for Span {
    type Err = NoSpan;

    fn from_str(text: &str) -> Result<Span, NoSpan> {
        let (first, last) = text.split_once('-').ok_or(NoSpan)?;
        match (first.parse(), last.parse()) {
            (Ok(first), Ok(last)) => Ok(Span { first, last }),
            _ => Err(NoSpan),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_is_read_as_it_is_written() {
        let span = Span { first: TaskId(12), last: TaskId(59) };
        assert_eq!((span.to_string().as_str(), "12-59".parse()), ("12-59", Ok(span)));
        for wrong in ["", "12", "12-", "a-b"] {
            assert_eq!(wrong.parse::<Span>(), Err(NoSpan), "{wrong}");
        }
    }
}
