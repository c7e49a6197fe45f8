use jiff::civil::Date;
use proptest::prelude::*;

use super::*;
use crate::domain::day::Day;

fn day(text: &str, order: DateOrder) -> Result<String, NotADay> {
    parse(text, order).map(|written| match written.with_its_year() {
        Some(day) => format!("{}{day}", if written.week_only { "week " } else { "" }),
        None => format!("{}{}-{}", if written.week_only { "week " } else { "" }, written.month, written.day),
    })
}

#[test]
fn days_first_unless_told_otherwise() {
    for (text, read) in [
        ("03/04/24", "2024-04-03"),
        ("3/4/2024", "2024-04-03"),
        ("12.9.24", "2024-09-12"),
        ("12. 9. 24", "2024-09-12"),
        ("12 - 9 - 2024", "2024-09-12"),
        ("12 9 2024", "2024-09-12"),
        ("3rd Apr 2024", "2024-04-03"),
        ("3 April, 2024", "2024-04-03"),
        ("1st of May 2024", "2024-05-01"),
        ("03-Apr-24", "2024-04-03"),
        ("3Apr24", "2024-04-03"),
        ("3 apr ’24", "2024-04-03"),
        ("4 Sept 2024", "2024-09-04"),
        ("April 3, 2024", "2024-04-03"),
        ("Apr 3rd 2024", "2024-04-03"),
        ("2024-04-03", "2024-04-03"),
        ("2024/04/03", "2024-04-03"),
        ("2024.4.3", "2024-04-03"),
        ("20240403", "2024-04-03"),
        ("2024-04-03T10:30:00", "2024-04-03"),
        ("2024-04-03 00:00:00.000", "2024-04-03"),
        ("3/4/2024 10:30", "2024-04-03"),
        ("3/4/24 2pm", "2024-04-03"),
        ("3/4/24 at 10.30 am", "2024-04-03"),
        ("Wed 3/4/24", "2024-04-03"),
        ("Wednesday, 3rd April 2024", "2024-04-03"),
        ("3/4/24 (Wed)", "2024-04-03"),
        ("w/c 8 April 2024", "week 2024-04-08"),
        ("W/C 8/4/24", "week 2024-04-08"),
        ("w/c Mon 8th April", "week 4-8"),
        ("week commencing 8 April", "week 4-8"),
        ("wc 8 April 2024", "week 2024-04-08"),
        ("9th Jan", "1-9"),
        ("9 January", "1-9"),
        ("Jan 9", "1-9"),
        ("12/7", "7-12"),
        ("29 Feb", "2-29"),
        ("10 Jan 10:30", "1-10"),
        ("1/1/1924", "1924-01-01"),
        ("1/1/89", "1989-01-01"),
    ] {
        assert_eq!(day(text, DateOrder::Dmy).as_deref(), Ok(read), "{text}");
    }
}

#[test]
fn day_and_month_are_never_swapped_to_make_one_fit() {
    for (text, order, why) in [
        ("04/13/2024", DateOrder::Dmy, NotADay::Impossible),
        ("13/04/2024", DateOrder::Mdy, NotADay::Impossible),
        ("03/04/2024", DateOrder::Ymd, NotADay::YearNotFirst),
        ("3/4/24", DateOrder::Ymd, NotADay::YearNotFirst),
        ("24-13-04", DateOrder::Ymd, NotADay::Impossible),
    ] {
        assert_eq!(day(text, order), Err(why), "{text}");
    }
    assert_eq!(day("04/13/2024", DateOrder::Mdy).as_deref(), Ok("2024-04-13"));
    assert_eq!(day("24-04-03", DateOrder::Ymd).as_deref(), Ok("2024-04-03"));
    assert_eq!(day("3 April 2024", DateOrder::Ymd).as_deref(), Ok("2024-04-03"));
}

#[test]
fn a_weekday_must_be_the_days_own_and_swaps_nothing() {
    let refused = |text: &str, order| parse(text, order).unwrap_err().to_string();
    assert_eq!(day("Wed 9/8/23", DateOrder::Dmy).as_deref(), Ok("2023-08-09"));
    assert_eq!(day("Fri 9/8/23", DateOrder::Mdy).as_deref(), Ok("2023-09-08"));
    let swapped = "with day and month the other way round it is";
    for (text, order, sentence) in [
        (
            "Wed 9/8/23",
            DateOrder::Mdy,
            format!("says Wednesday, but 8 September 2023 is a Friday; {swapped} 9 August 2023"),
        ),
        (
            "9/8/23 (Fri)",
            DateOrder::Dmy,
            format!("says Friday, but 9 August 2023 is a Wednesday; {swapped} 8 September 2023"),
        ),
        ("Mon 9/8/23", DateOrder::Dmy, "says Monday, but 9 August 2023 is a Wednesday".to_owned()),
        ("Tues. 9th August 2023", DateOrder::Dmy, "says Tuesday, but 9 August 2023 is a Wednesday".to_owned()),
        ("w/c Tue 8 April 2024", DateOrder::Dmy, "says Tuesday, but 8 April 2024 is a Monday".to_owned()),
        ("Thu 2023-08-09", DateOrder::Ymd, "says Thursday, but 9 August 2023 is a Wednesday".to_owned()),
    ] {
        assert_eq!(refused(text, order), sentence, "{text}");
    }
    let among = |text: &str| find(text, DateOrder::Dmy).map(|day| day.and_then(WrittenDay::with_its_year));
    assert!(among("withdrew Tue, 9/8/23").unwrap_err().to_string().starts_with("says Tuesday"));
    assert!(among("withdrew Wed. 9/8/23").unwrap().is_some());
    assert!(among("rang every Tue; withdrew 9/8/23").unwrap().is_some(), "the weekday is not the date's");
    let without_year = parse("Tue 9 Jan", DateOrder::Dmy).unwrap();
    let after = |day: &str| without_year.on_or_after(day.parse().unwrap()).unwrap();
    assert!(without_year.agreeing(after("2023-12-01")).is_ok());
    assert!(without_year.agreeing(after("2024-12-01")).is_err());
}

#[test]
fn what_is_no_single_day_is_refused() {
    use NotADay as N;
    for (text, why) in [
        ("30/02/2024", N::Impossible),
        ("31.04.24", N::Impossible),
        ("31 June 2024", N::Impossible),
        ("29/02/2023", N::Impossible),
        ("2024-13-01", N::Impossible),
        ("0/0/0000", N::Impossible),
        ("12/9/224", N::Impossible),
        ("12/07/24 & 19/07/24", N::TwoDates),
        ("12/7 or 13/7", N::TwoDates),
        ("12/07/24-19/07/24", N::TwoDates),
        ("9 Jan and 10 Jan", N::TwoDates),
        ("May 2024", N::MonthAlone),
        ("may", N::MonthAlone),
        ("Apr 24", N::MonthAlone),
        ("Apr-24", N::MonthAlone),
        ("ask Jan", N::Unreadable),
        ("see Jan", N::Unreadable),
        ("2024", N::Unreadable),
        ("soon", N::Unreadable),
        ("", N::Unreadable),
        ("12/9/24 maybe", N::Unreadable),
        ("12/9/24 17", N::Unreadable),
    ] {
        assert_eq!(day(text, DateOrder::Dmy), Err(why), "{text}");
    }
}

#[test]
fn dates_are_found_among_words() {
    let found = |text: &str| find(text, DateOrder::Dmy).map(|day| day.map(|day| (day.day, day.month, day.year)));
    assert_eq!(found("Approved 12.9.24"), Ok(Some((12, 9, Some(2024)))));
    assert_eq!(found("withdrew 26th Mar 2025 - worried re allegations"), Ok(Some((26, 3, Some(2025)))));
    assert_eq!(found("Transferred to Teesmoor 2/10/24"), Ok(Some((2, 10, Some(2024)))));
    assert_eq!(found("withdrew 9 Jan"), Ok(Some((9, 1, None))));
    assert_eq!(found("Approved 31.2.24"), Err(NotADay::Impossible));
    assert_eq!(found("Approved 1.2.24, told 3.2.24"), Err(NotADay::TwoDates));
    for none in ["approved (2 places)", "works 24/7", "KIT 6m", "no response x3", "not now, maybe in March", "see Jan"]
    {
        assert_eq!(found(none), Ok(None), "{none}");
    }
    assert_eq!(find("withdrawn w/c 8 April 2024", DateOrder::Dmy).unwrap().map(|it| it.week_only), Some(true));
}

#[test]
fn a_year_is_found_on_the_right_side() {
    let ninth = parse("9th Jan", DateOrder::Dmy).unwrap();
    let on: Day = "2024-12-12".parse().unwrap();
    assert_eq!(ninth.on_or_after(on).map(|day| day.to_string()).as_deref(), Some("2025-01-09"));
    assert_eq!(ninth.on_or_before(on).map(|day| day.to_string()).as_deref(), Some("2024-01-09"));
    let leap = parse("29 Feb", DateOrder::Dmy).unwrap();
    assert_eq!(leap.on_or_after(on).map(|day| day.to_string()).as_deref(), Some("2028-02-29"));
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(text in ".{0,60}") {
        for order in [DateOrder::Dmy, DateOrder::Mdy, DateOrder::Ymd] {
            let _ = parse(&text, order);
            let _ = find(&text, order);
        }
    }

    #[test]
    fn every_day_comes_back(days in 0i32..40_000) {
        let day = Day(Date::constant(1990, 1, 1)).plus_days(days);
        for format in ["%d/%m/%Y", "%-d %B %Y", "%Y-%m-%d", "%a %-d %b %Y", "%-d.%-m.%Y"] {
            let text = day.0.strftime(format).to_string();
            prop_assert_eq!(parse(&text, DateOrder::Dmy).ok().and_then(WrittenDay::with_its_year), Some(day));
        }
    }
}
