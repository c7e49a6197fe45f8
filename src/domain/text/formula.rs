//! Cells that a spreadsheet would run as a formula: how exports make them harmless and import undoes it.

/// What a spreadsheet takes as the beginning of a formula.
pub fn starts_one(text: &str) -> bool {
    text.starts_with(['=', '+', '-', '@', '\t', '\r'])
}

/// With an apostrophe in front where it would otherwise be run. Undone by [`restored`], whatever the text.
pub fn harmless(text: &str) -> String {
    let is_formula = starts_one(text) && text.parse::<f64>().is_err();
    // What begins with an apostrophe and a formula's sign gets another one, so that taking one off is always right.
    let looks_harmless = text.strip_prefix('\'').is_some_and(|rest| starts_one(rest.trim_start_matches('\'')));
    if is_formula || looks_harmless { format!("'{text}") } else { text.to_owned() }
}

/// What [`harmless`] was given.
pub fn restored(text: &str) -> &str {
    text.strip_prefix('\'').filter(|rest| starts_one(rest.trim_start_matches('\''))).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_made_harmless_comes_back_as_it_was() {
        for text in ["=1+1", "'=1+1", "''-x", "+353 1 234", "plain", "'quoted'", "", "'", "-", "@here", "\tx", "'-1"] {
            let sent = harmless(text);
            assert!(!starts_one(&sent), "{text}");
            assert_eq!(restored(&sent), text);
        }
        // A number is a number.
        assert_eq!(harmless("-12.5"), "-12.5");
        assert_eq!(restored("-12.5"), "-12.5");
    }
}
