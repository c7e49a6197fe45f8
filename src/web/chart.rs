//! Where the parts of a chart go. Knows sizes and proportions, not what they mean; the marks are in the templates.

use std::fmt;

use crate::domain::interval::Interval;

/// A length or a place in a drawing; written with one decimal.
#[derive(Debug, Clone, Copy, Default, PartialEq, PartialOrd)]
pub struct Px(pub f64);

impl fmt::Display for Px {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.1}", self.0)
    }
}

/// From nothing to a greatest value, along a width. Bars begin at nothing, always.
#[derive(Debug, Clone, Copy)]
pub struct Scale {
    pub left: f64,
    pub width: f64,
    pub greatest: f64,
}

impl Scale {
    /// How long a value is.
    pub fn length(self, value: f64) -> Px {
        let part = if self.greatest > 0.0 { (value / self.greatest).clamp(0.0, 1.0) } else { 0.0 };
        Px(part * self.width)
    }

    pub fn at(self, value: f64) -> Px {
        Px(self.left + self.length(value).0)
    }

    /// An interval as a path: a line with a stroke across each end.
    pub fn whisker(self, interval: Interval, middle: f64, reach: f64) -> String {
        let (low, high) = (self.at(interval.low), self.at(interval.high));
        let (middle, top, height) = (Px(middle), Px(middle - reach), Px(2.0 * reach));
        format!("M{low} {middle}H{high}M{low} {top}v{height}M{high} {top}v{height}")
    }

    /// An interval as a plain line.
    pub fn line(self, interval: Interval, middle: f64) -> String {
        format!("M{} {}H{}", self.at(interval.low), Px(middle), self.at(interval.high))
    }
}

/// Horizontal bars under each other.
#[derive(Debug, Clone, Copy)]
pub struct Bars {
    pub scale: Scale,
    pub top: f64,
    pub thickness: f64,
    /// From one bar's top to the next.
    pub step: f64,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Bar {
    pub y: Px,
    pub width: Px,
    /// The pale bar behind it.
    pub ghost: Option<Px>,
    pub whisker: Option<String>,
    /// Where text beside the bar stands.
    pub baseline: Px,
    /// Where text between this bar and the next stands.
    pub between: Px,
}

impl Bars {
    /// `before` is what the bar is compared with; `interval` is in the values' own unit.
    pub fn bar(&self, number: usize, value: f64, before: Option<f64>, interval: Option<Interval>) -> Bar {
        let y = self.top + self.step * number as f64;
        let middle = y + self.thickness / 2.0;
        Bar {
            y: Px(y),
            width: self.scale.length(value),
            ghost: before.map(|before| self.scale.length(before)),
            whisker: interval.map(|interval| self.scale.whisker(interval, middle, 5.0)),
            baseline: Px(middle + 5.0),
            between: Px((y + self.thickness + y + self.step) / 2.0 + 5.0),
        }
    }

    pub fn height(&self, bars: usize) -> Px {
        Px(self.top * 2.0 + self.step * bars.saturating_sub(1) as f64 + self.thickness)
    }
}

/// The next of 5, 10, 20, 30, 50 and 100% that holds a proportion: the end of an axis.
pub fn axis_end(greatest: f64) -> f64 {
    [0.05, 0.1, 0.2, 0.3, 0.5].into_iter().find(|end| greatest <= *end).unwrap_or(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCALE: Scale = Scale { left: 116.0, width: 400.0, greatest: 412.0 };

    #[test]
    fn lengths_are_in_proportion_and_never_leave_the_drawing() {
        assert_eq!(SCALE.length(412.0).to_string(), "400.0");
        assert_eq!(SCALE.length(371.0).to_string(), "360.2");
        assert_eq!(SCALE.length(500.0).to_string(), "400.0");
        assert_eq!(SCALE.at(0.0).to_string(), "116.0");
        assert_eq!(Scale { greatest: 0.0, ..SCALE }.length(3.0).to_string(), "0.0");
    }

    #[test]
    fn a_bar_has_its_whisker_in_its_middle() {
        let bars = Bars { scale: SCALE, top: 8.0, thickness: 26.0, step: 56.0 };
        let bar = bars.bar(1, 371.0, Some(412.0), Some(Interval { low: 357.5, high: 381.4 }));
        assert_eq!((bar.y, bar.ghost), (Px(64.0), Some(Px(400.0))));
        assert_eq!(bar.whisker.as_deref(), Some("M463.1 77.0H486.3M463.1 72.0v10.0M486.3 72.0v10.0"));
        assert_eq!(bars.height(7), Px(378.0));
    }

    #[test]
    fn an_axis_ends_at_a_round_number() {
        for (greatest, end) in [(0.0, 0.05), (0.05, 0.05), (0.051, 0.1), (0.299, 0.3), (0.7, 1.0)] {
            assert_eq!(axis_end(greatest), end);
        }
    }
}
