//! E-mail addresses, as people put them into cells.

/// The addresses of a cell and what else stood in it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Emails {
    pub addresses: Vec<String>,
    pub rest: String,
}

/// Several in one cell are separated by anything that an address cannot hold.
pub fn split(cell: &str) -> Emails {
    let mut emails = Emails::default();
    for word in cell.split_inclusive(|it: char| it.is_whitespace() || matches!(it, ';' | ',' | '/' | '|')) {
        match address(word) {
            Some(address) => emails.addresses.push(address.to_owned()),
            None => emails.rest.push_str(word),
        }
    }
    emails
}

fn address(word: &str) -> Option<&str> {
    let word = word.trim_matches(|it: char| !it.is_alphanumeric() && !matches!(it, '_' | '+'));
    let word = word.strip_prefix("mailto:").unwrap_or(word);
    parse(word).ok()
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("“{0}” is not an e-mail address such as name@example.org")]
pub struct NotAnEmail(pub String);

/// One address: something, an @, and a domain with a dot. Whether it can be delivered, only sending shows.
pub fn parse(text: &str) -> Result<&str, NotAnEmail> {
    let refused = || NotAnEmail(text.to_owned());
    let text = text.trim();
    let (local, domain) = text.split_once('@').ok_or_else(refused)?;
    let plain = |it: char| !it.is_whitespace() && !it.is_control() && !matches!(it, '@' | ',' | ';' | '<' | '>' | '"');
    let domain_is_whole =
        domain.contains('.') && domain.split('.').all(|label| !label.is_empty() && !label.starts_with('-'));
    if local.is_empty() || !domain_is_whole || !local.chars().all(plain) || !domain.chars().all(plain) {
        return Err(refused());
    }
    Ok(text)
}

/// For comparing.
pub fn compared(address: &str) -> String {
    address.trim().to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_found_among_other_words() {
        for (cell, addresses, rest) in [
            ("a@example.org", &["a@example.org"][..], ""),
            ("a@example.org; b@example.com", &["a@example.org", "b@example.com"], ""),
            ("07700 900271; a.b@example.com", &["a.b@example.com"], "07700 900271; "),
            ("Ann <ann@example.org>", &["ann@example.org"], "Ann "),
            ("mailto:ann@example.org.", &["ann@example.org"], ""),
            ("see letter", &[], "see letter"),
        ] {
            let found = split(cell);
            assert_eq!((found.addresses, found.rest.trim_end()), (words(addresses), rest.trim_end()), "{cell}");
        }
    }

    fn words(words: &[&str]) -> Vec<String> {
        words.iter().map(|word| (*word).to_owned()).collect()
    }

    #[test]
    fn what_cannot_be_an_address_is_refused() {
        for text in ["", "ann", "ann@", "@example.org", "ann@example", "a b@example.org", "a@b@example.org", "a@x..y"] {
            assert!(parse(text).is_err(), "{text}");
        }
        assert_eq!(parse(" o'neill+home@example.co.uk "), Ok("o'neill+home@example.co.uk"));
    }
}
