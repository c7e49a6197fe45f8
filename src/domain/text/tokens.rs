//! A text as figures, words and marks, to be read as a date.

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Token {
    Figures(String),
    Word(String),
    Mark(char),
}

pub fn tokens(text: &str) -> Vec<Token> {
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

pub fn figures(token: Option<&Token>) -> Option<&str> {
    match token {
        Some(Token::Figures(figures)) => Some(figures),
        _ => None,
    }
}

pub fn word(token: Option<&Token>) -> Option<&str> {
    match token {
        Some(Token::Word(word)) => Some(word),
        _ => None,
    }
}

pub fn is_mark(token: Option<&Token>, marks: &[char]) -> bool {
    matches!(token, Some(Token::Mark(mark)) if marks.contains(mark))
}

/// A day or a month in figures.
pub fn short(token: Option<&Token>) -> Option<&str> {
    figures(token).filter(|figures| figures.len() <= 2)
}
