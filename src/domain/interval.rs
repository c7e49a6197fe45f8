//! The Wilson interval of a proportion: honest for small numbers, and never below 0 or above 1.

/// The two-sided 95% point of the normal distribution (counting rule 8).
const Z: f64 = 1.959_963_984_540_054;

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    pub low: f64,
    pub high: f64,
}

impl Interval {
    pub fn contains(self, proportion: f64) -> bool {
        self.low <= proportion && proportion <= self.high
    }
}

/// 95%, without continuity correction, of `count` among `all`; None among none (counting rule 8).
pub fn wilson(count: i64, all: i64) -> Option<Interval> {
    if all <= 0 {
        return None;
    }
    let (k, n) = (count as f64, all as f64);
    let squared = Z * Z;
    let middle = (k + squared / 2.0) / (n + squared);
    let half = Z / (n + squared) * (k * (n - k) / n + squared / 4.0).sqrt();
    // Arithmetic alone would leave 1e-17 where the rule says exactly 0 at none and 1 at all.
    let low = if count == 0 { 0.0 } else { middle - half };
    let high = if count == all { 1.0 } else { middle + half };
    Some(Interval { low, high })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Worked with 40 digits, by another program.
    #[test]
    fn known_intervals() {
        for (count, all, low, high) in [
            (110, 120, 0.853_377_678_359, 0.954_106_349_625),
            (371, 412, 0.867_777_230_206, 0.925_794_437_554),
            (22, 412, 0.035_524_564_602, 0.079_522_787_714),
            (1, 2, 0.094_531_205_734, 0.905_468_794_266),
        ] {
            let interval = wilson(count, all).unwrap();
            assert!((interval.low - low).abs() < 1e-11, "{count} of {all}: {interval:?}");
            assert!((interval.high - high).abs() < 1e-11, "{count} of {all}: {interval:?}");
        }
    }

    #[test]
    fn exactly_nought_at_none_and_one_at_all() {
        let none = wilson(0, 9).unwrap();
        let all = wilson(9, 9).unwrap();
        assert_eq!(none.low, 0.0);
        assert_eq!(all.high, 1.0);
        // z²/(n + z²) at none, and what is left of 1 at all.
        assert!((none.high - 0.299_15).abs() < 1e-5, "{none:?}");
        assert!((all.low - (1.0 - none.high)).abs() < 1e-15);
        assert_eq!(wilson(0, 0), None);
    }

    proptest! {
        #[test]
        fn it_holds_the_proportion_and_stays_between_nought_and_one(all in 1_i64..5_000, part in 0.0_f64..=1.0) {
            let count = (part * all as f64).round() as i64;
            let interval = wilson(count, all).unwrap();
            prop_assert!(0.0 <= interval.low && interval.high <= 1.0);
            prop_assert!(interval.contains(count as f64 / all as f64));
        }
    }
}
