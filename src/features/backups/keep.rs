//! Which backups are kept: the newest of each of so many days, weeks and months. Pure.

use std::collections::BTreeSet;

use jiff::civil::Date;

use crate::domain::instant::Instant;

/// Of the days, weeks and months that have a backup at all: an installation that was off for a month loses none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Keep {
    pub daily: usize,
    pub weekly: usize,
    pub monthly: usize,
}

impl Keep {
    pub const USUAL: Keep = Keep { daily: 7, weekly: 5, monthly: 12 };

    /// Which of these are kept; the newest always is.
    pub fn kept(self, taken: &[Instant]) -> BTreeSet<Instant> {
        let mut newest_first = taken.to_vec();
        newest_first.sort_by(|a, b| b.cmp(a));
        let mut kept: BTreeSet<Instant> = newest_first.first().copied().into_iter().collect();
        kept.extend(newest_of_each(&newest_first, self.daily, |day| (day.year(), day.day_of_year())));
        kept.extend(newest_of_each(&newest_first, self.weekly, |day| {
            let week = day.iso_week_date();
            (week.year(), i16::from(week.week()))
        }));
        kept.extend(newest_of_each(&newest_first, self.monthly, |day| (day.year(), i16::from(day.month()))));
        kept
    }
}

fn newest_of_each<'a, P: PartialEq + 'a>(
    newest_first: &'a [Instant],
    count: usize,
    period: impl Fn(Date) -> P + 'a,
) -> impl Iterator<Item = Instant> + 'a {
    let mut last = None;
    newest_first
        .iter()
        .filter(move |taken| {
            let this = period(taken.london_day().0);
            let first = last.as_ref() != Some(&this);
            last = Some(this);
            first
        })
        .take(count)
        .copied()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(text: &str) -> Instant {
        Instant::parse(text).unwrap()
    }

    #[test]
    fn a_year_of_nights_leaves_seven_days_five_weeks_and_twelve_months() {
        let last = at("2026-11-22T01:45:00Z");
        let nights: Vec<_> = (0..400).map(|night| last.plus_milliseconds(-night * 86_400_000)).collect();
        let kept: Vec<_> = Keep::USUAL.kept(&nights).into_iter().rev().map(|it| it.london_day().to_string()).collect();
        assert_eq!(
            kept,
            [
                "2026-11-22",
                "2026-11-21",
                "2026-11-20",
                "2026-11-19",
                "2026-11-18",
                "2026-11-17",
                "2026-11-16",
                "2026-11-15",
                "2026-11-08",
                "2026-11-01",
                "2026-10-31",
                "2026-10-25",
                "2026-09-30",
                "2026-08-31",
                "2026-07-31",
                "2026-06-30",
                "2026-05-31",
                "2026-04-30",
                "2026-03-31",
                "2026-02-28",
                "2026-01-31",
                "2025-12-31",
            ]
        );
    }

    #[test]
    fn the_newest_of_a_day_stands_for_it_and_days_are_london_days() {
        let evening = at("2026-07-01T22:30:00Z");
        let after_midnight_in_london = at("2026-07-01T23:30:00Z");
        let rule = Keep { daily: 2, weekly: 0, monthly: 0 };
        let noon = at("2026-07-01T11:00:00Z");
        let kept = rule.kept(&[noon, evening, after_midnight_in_london]);
        assert_eq!(kept.into_iter().collect::<Vec<_>>(), [evening, after_midnight_in_london]);
    }

    proptest! {
        #[test]
        fn the_newest_is_always_kept_and_never_too_many(
            taken in prop::collection::vec(1_600_000_000_000_i64..1_800_000_000_000, 1..200),
            daily in 0_usize..10, weekly in 0_usize..10, monthly in 0_usize..20,
        ) {
            let taken: Vec<_> = taken.into_iter().map(Instant::from_millisecond).collect();
            let kept = Keep { daily, weekly, monthly }.kept(&taken);
            prop_assert!(kept.contains(taken.iter().max().unwrap()));
            prop_assert!(kept.len() <= (daily + weekly + monthly).max(1));
            prop_assert!(kept.iter().all(|it| taken.contains(it)));
            // Taking away what is not kept, and asking again, takes away no more.
            let left: Vec<_> = kept.iter().copied().collect();
            prop_assert_eq!(Keep { daily, weekly, monthly }.kept(&left), kept);
        }
    }
}
