use super::*;

#[test]
fn days_are_read_as_people_write_them() {
    // A Thursday.
    let today: Day = "2025-04-10".parse().unwrap();
    for (text, day) in [
        ("today", "2025-04-10"),
        (" Yesterday ", "2025-04-09"),
        ("tomorrow", "2025-04-11"),
        ("monday", "2025-04-07"),
        ("last thursday", "2025-04-03"),
        ("thu", "2025-04-03"),
        ("next fri", "2025-04-11"),
        ("3 days ago", "2025-04-07"),
        ("2 weeks ago", "2025-03-27"),
        ("3 april", "2025-04-03"),
        ("3rd of April", "2025-04-03"),
        ("april 3", "2025-04-03"),
        ("11 april", "2024-04-11"),
        ("29 feb", "2024-02-29"),
        ("3/4/24", "2024-04-03"),
        ("3/4", "2025-04-03"),
        ("03.04.2024", "2024-04-03"),
        ("3-apr-24", "2024-04-03"),
        ("2024-04-03", "2024-04-03"),
        ("Wed 3 April 2024", "2024-04-03"),
        ("1 sept 98", "1998-09-01"),
        ("1/1/45", "2045-01-01"),
        ("april 3 24", "2024-04-03"),
        ("march 24", "2025-03-24"),
        ("3 4", "2025-04-03"),
        ("3 4 24", "2024-04-03"),
        ("the 3rd of april", "2025-04-03"),
    ] {
        assert_eq!(parse(text, today).map(|found| found.to_string()).as_deref(), Ok(day), "{text}");
    }
}

#[test]
fn a_weekday_beside_a_day_must_be_its_own() {
    let today: Day = "2025-04-10".parse().unwrap();
    for (text, sentence) in [
        ("Tue 3 April 2024", "“Tue 3 April 2024” says Tuesday, but 3 April 2024 is a Wednesday"),
        ("tue 3/4", "“tue 3/4” says Tuesday, but 3 April 2025 is a Thursday"),
    ] {
        assert_eq!(parse(text, today).unwrap_err(), sentence);
    }
    assert!(parse_ahead("wed 12 april", today).unwrap_err().contains("12 April 2025 is a Saturday"));
    assert_eq!(parse_ahead("sat 12 april", today).unwrap().to_string(), "2025-04-12");
}

#[test]
fn what_is_no_day_is_refused_with_a_sentence() {
    let today: Day = "2025-04-10".parse().unwrap();
    for text in [
        "",
        "soon",
        "31 april",
        "29/2/25",
        "4/13/24",
        "3",
        "3/4/024",
        "2025-02-30",
        "1/2/3/4",
        "m",
        "99999 days ago",
        "w/c 7 april",
        "april 2024",
        "3/4 and 4/4",
    ] {
        assert!(parse(text, today).unwrap_err().contains("is not a date"), "{text}");
    }
}

#[test]
fn days_that_lie_ahead_are_read_as_people_write_them() {
    // A Thursday.
    let today: Day = "2025-04-10".parse().unwrap();
    for (text, day) in [
        ("today", "2025-04-10"),
        ("tomorrow", "2025-04-11"),
        ("tuesday", "2025-04-15"),
        ("on Tue", "2025-04-15"),
        ("thursday", "2025-04-17"),
        ("next fri", "2025-04-11"),
        ("in 2 weeks", "2025-04-24"),
        ("in 3 days", "2025-04-13"),
        ("in 1 month", "2025-05-10"),
        ("10 april", "2025-04-10"),
        ("9 april", "2026-04-09"),
        ("3 may", "2025-05-03"),
        ("2/1", "2026-01-02"),
        ("29 feb", "2028-02-29"),
        // What is written with its year is that day, past or not.
        ("9 april 2025", "2025-04-09"),
        ("9/4/25", "2025-04-09"),
        ("2025-04-09", "2025-04-09"),
        ("yesterday", "2025-04-09"),
    ] {
        assert_eq!(parse_ahead(text, today).map(|found| found.to_string()).as_deref(), Ok(day), "{text}");
    }
    assert!(parse_ahead("soon", today).is_err());
    assert!(parse_ahead("in many days", today).is_err());
}
