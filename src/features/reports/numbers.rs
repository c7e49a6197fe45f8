//! Figures as people read them. Files carry them unrounded.

use crate::domain::interval::Interval;
pub use crate::domain::text::grouped as count;

/// `35.9%`; `low` for what is more than nothing and rounds to it; `z` where there is nothing to divide by.
pub fn percent(proportion: Option<f64>) -> String {
    match proportion {
        None => "z".to_owned(),
        Some(proportion) if proportion > 0.0 && proportion < 0.0005 => "low".to_owned(),
        Some(proportion) => format!("{:.1}%", proportion * 100.0),
    }
}

/// `36%`, for the narrow space of a chart.
pub fn whole_percent(proportion: Option<f64>) -> String {
    proportion.map_or_else(|| "z".to_owned(), |proportion| format!("{:.0}%", proportion * 100.0))
}

/// `31.4 to 40.7%`.
pub fn interval(interval: Option<Interval>) -> String {
    interval
        .map_or_else(|| "z".to_owned(), |Interval { low, high }| format!("{:.1} to {:.1}%", low * 100.0, high * 100.0))
}

/// How wide a column of a table in a terminal is, in characters: the service's words may be longer than the standard.
pub fn widest<'a>(words: impl Iterator<Item = &'a str>, at_least: usize) -> usize {
    words.map(|word| word.chars().count()).chain([at_least]).max().unwrap_or(at_least)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_rounded_but_nothing_is_not_something() {
        for (proportion, text) in
            [(Some(0.359_1), "35.9%"), (Some(1.0), "100.0%"), (Some(0.0), "0.0%"), (Some(0.0004), "low"), (None, "z")]
        {
            assert_eq!(percent(proportion), text);
        }
        assert_eq!(interval(Some(Interval { low: 0.314_1, high: 0.407 })), "31.4 to 40.7%");
        for (number, text) in [(0, "0"), (999, "999"), (1000, "1,000"), (1_234_567, "1,234,567"), (-12_345, "-12,345")]
        {
            assert_eq!(count(number), text);
        }
    }
}
