//! Worked by hand against a calendar and the lists that gov.uk publishes.

use proptest::prelude::*;

use super::*;

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

fn special(on: &str, holiday: bool) -> SpecialDay {
    SpecialDay { on: day(on), holiday, name: "special".to_owned() }
}

/// What was moved or added in these years.
fn england() -> WorkingDays {
    WorkingDays::new([
        special("2020-05-04", false),
        special("2020-05-08", true),
        special("2022-05-30", false),
        special("2022-06-02", true),
        special("2022-06-03", true),
        special("2022-09-19", true),
        special("2023-05-08", true),
    ])
}

/// Tables of the ecclesiastical calendar; 2038 and 2285 are the latest and the earliest that can be met.
#[test]
fn easter_is_where_the_tables_have_it() {
    for easter in [
        "1990-04-15",
        "2000-04-23",
        "2008-03-23",
        "2011-04-24",
        "2016-03-27",
        "2018-04-01",
        "2019-04-21",
        "2020-04-12",
        "2021-04-04",
        "2022-04-17",
        "2023-04-09",
        "2024-03-31",
        "2025-04-20",
        "2026-04-05",
        "2027-03-28",
        "2030-04-21",
        "2038-04-25",
        "2285-03-22",
    ] {
        let easter = day(easter);
        assert_eq!(easter_sunday(easter.0.year()), easter);
    }
}

#[test]
fn bank_holidays_are_those_that_were_observed() {
    let observed = |year| {
        let days = england().bank_holidays(year);
        days.iter().map(|holiday| holiday.on.to_string()[5..].to_owned()).collect::<Vec<_>>().join(" ")
    };
    for (year, days) in [
        // The early May holiday moved from Monday 4 May to Friday 8 May, 75 years after the war in Europe ended.
        // Boxing Day, a Saturday, was had on Monday 28 December.
        (2020, "01-01 04-10 04-13 05-08 05-25 08-31 12-25 12-28"),
        // Christmas Day was a Saturday, Boxing Day a Sunday: Monday 27 and Tuesday 28.
        (2021, "01-01 04-02 04-05 05-03 05-31 08-30 12-27 12-28"),
        // New Year's Day was a Saturday. The spring holiday moved from 30 May to Thursday 2 June, with one more on
        // Friday 3 June; 19 September was the state funeral. Christmas Day was a Sunday, had on Tuesday 27.
        (2022, "01-03 04-15 04-18 05-02 06-02 06-03 08-29 09-19 12-26 12-27"),
        // New Year's Day was a Sunday; one more on 8 May for the coronation.
        (2023, "01-02 04-07 04-10 05-01 05-08 05-29 08-28 12-25 12-26"),
        (2024, "01-01 03-29 04-01 05-06 05-27 08-26 12-25 12-26"),
        (2025, "01-01 04-18 04-21 05-05 05-26 08-25 12-25 12-26"),
        (2026, "01-01 04-03 04-06 05-04 05-25 08-31 12-25 12-28"),
        (2028, "01-03 04-14 04-17 05-01 05-29 08-28 12-25 12-26"),
    ] {
        assert_eq!(observed(year), days, "{year}");
    }
}

#[test]
fn so_many_working_days_later() {
    for (start, days, due, why) in [
        ("2025-03-03", 1, "2025-03-04", "Monday to Tuesday"),
        ("2025-03-07", 1, "2025-03-10", "Friday to Monday"),
        ("2025-03-08", 1, "2025-03-10", "day one of a Saturday is Monday"),
        ("2025-03-09", 1, "2025-03-10", "and of a Sunday"),
        // Thu 17; Good Friday 18 and Easter Monday 21 April are none: Tue 22 is day 1, Mon 28 day 5.
        ("2025-04-17", 1, "2025-04-22", "over Easter"),
        ("2025-04-17", 5, "2025-04-28", "over Easter"),
        ("2025-04-18", 1, "2025-04-22", "from Good Friday itself"),
        // Tue 24 December 2024: 25 and 26 are none, Fri 27 is day 1, Mon 30 day 2, Tue 31 day 3, Wed 1 none, Thu 2 day 4,
        // Fri 3 day 5, Mon 6 day 6, Tue 7 day 7.
        ("2024-12-24", 7, "2025-01-07", "over Christmas and the new year"),
        // Fri 24 December 2021: 27 and 28 stand in, 29, 30, 31 are days 1 to 3, Mon 3 January stands in, Tue 4 is day 4.
        ("2021-12-24", 4, "2022-01-04", "substitute days"),
        // Fri 1 May 2020: Mon 4 was worked that year, Thu 7 is day 4, Fri 8 none, Mon 11 day 5.
        ("2020-05-01", 1, "2020-05-04", "the moved holiday is worked"),
        ("2020-05-01", 5, "2020-05-11", "and had on the Friday"),
        // Fri 27 May 2022: Mon 30, Tue 31, Wed 1 are days 1 to 3, Thu 2 and Fri 3 none, Mon 6 day 4.
        ("2022-05-27", 4, "2022-06-06", "two together"),
        ("2022-09-16", 1, "2022-09-20", "the state funeral"),
        // Fri 28 April 2023: Mon 1 none, Tue 2 to Fri 5 are days 1 to 4, Mon 8 none, Tue 9 day 5.
        ("2023-04-28", 5, "2023-05-09", "two holidays in May"),
        // Wed 28 February 2024: Thu 29 is day 1. In 2023 the 28th was a Tuesday, and 1 March day 1.
        ("2024-02-28", 1, "2024-02-29", "a leap day is a day"),
        ("2023-02-28", 1, "2023-03-01", "and is not there in other years"),
        // The clocks go forward in the night to Sun 30 March 2025 and back in that to Sun 26 October.
        ("2025-03-28", 1, "2025-03-31", "clocks forward"),
        ("2025-10-24", 1, "2025-10-27", "clocks back"),
        ("2025-03-08", 0, "2025-03-08", "none"),
    ] {
        assert_eq!(england().plus(day(start), days), day(due), "{why}");
        assert_eq!(england().between(day(start), day(due)), days, "{why}, counted");
    }
}

#[test]
fn a_moment_belongs_to_its_london_day_at_both_clock_changes() {
    use crate::domain::instant::Instant;
    for (instant, london, due) in [
        // Summer time begins on Sunday 30 March 2025 at 01:00 UTC: until then London's day is UTC's.
        ("2025-03-29T23:30:00Z", "2025-03-29", "2025-03-31"),
        ("2025-03-30T00:30:00Z", "2025-03-30", "2025-03-31"),
        // Half past eleven in UTC is already Monday: its day one is Tuesday.
        ("2025-03-30T23:30:00Z", "2025-03-31", "2025-04-01"),
        // It ends on Sunday 26 October at 01:00 UTC.
        ("2025-10-25T23:30:00Z", "2025-10-26", "2025-10-27"),
        ("2025-10-26T23:30:00Z", "2025-10-26", "2025-10-27"),
    ] {
        let received = Instant::parse(instant).unwrap().london_day();
        assert_eq!(received, day(london), "{instant}");
        assert_eq!(england().plus(received, 1), day(due), "{instant}");
    }
}

#[test]
fn an_official_list_says_what_was_moved_and_added() {
    let listed = |days: &[&str]| -> Vec<BankHoliday> {
        days.iter().map(|on| BankHoliday { on: day(on), name: "holiday".to_owned() }).collect()
    };
    let of_2020 = [
        "2020-01-01",
        "2020-04-10",
        "2020-04-13",
        "2020-05-08",
        "2020-05-25",
        "2020-08-31",
        "2020-12-25",
        "2020-12-28",
    ];
    let read = official(&listed(&of_2020)).unwrap();
    assert_eq!(read.years, [2020]);
    let special: Vec<_> = read.special.iter().map(|it| (it.on, it.holiday)).collect();
    assert_eq!(special, [(day("2020-05-04"), false), (day("2020-05-08"), true)]);
    assert_eq!(WorkingDays::new(read.special).plus(day("2020-05-01"), 5), day("2020-05-11"));

    let usual: Vec<_> = by_rule(2025).map(|(on, _)| on.to_string()).collect();
    let usual: Vec<_> = usual.iter().map(String::as_str).collect();
    assert_eq!(official(&listed(&usual)).unwrap().special, []);
    assert_eq!(official(&listed(&usual[..7])), Err(NotOfficial::Partial(2025, 7)));
    assert_eq!(official(&listed(&[&usual[..], &usual[..1]].concat())), Err(NotOfficial::Twice(day("2025-01-01"))));
    assert_eq!(official(&listed(&["2021-12-25"])), Err(NotOfficial::Weekend(day("2021-12-25"))));
    assert_eq!(official(&[]), Err(NotOfficial::Empty));
}

prop_compose! {
    fn any_day()(after in 0_i32..40_000) -> Day {
        day("1990-01-01").plus_days(after)
    }
}

proptest! {
    #[test]
    fn counting_in_one_go_is_counting_one_by_one(from in any_day(), days in 0_i32..900) {
        let to = from.plus_days(days);
        let one_by_one = (1..=days).filter(|after| england().is_working(from.plus_days(*after))).count();
        prop_assert_eq!(england().between(from, to), one_by_one as i64);
        prop_assert_eq!(england().between(to, from), 0);
    }

    #[test]
    fn the_day_reached_is_worked_and_is_that_many_away(from in any_day(), days in 1_i64..60) {
        let reached = england().plus(from, days);
        prop_assert!(england().is_working(reached));
        prop_assert_eq!(england().between(from, reached), days);
    }

    #[test]
    fn a_year_has_eight_holidays_on_eight_weekdays(year in 1990_i16..2200) {
        let holidays: std::collections::BTreeSet<_> = by_rule(year).map(|(on, _)| on).collect();
        prop_assert_eq!(holidays.len(), 8);
        prop_assert!(holidays.iter().all(|on| is_weekday(*on) && on.0.year() == year));
    }
}
