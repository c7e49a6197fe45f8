//! Sheets with words of their own, by a mapping.

use serde_json::{Value, json};

use super::examples::said;
use super::{Read, problems, read_bytes, read_text, reasons};
use crate::domain::enquiry_row::Column;
use crate::domain::milestone::MilestoneKind;
use crate::features::imports::{Mapping, WarningKind};

const TRACKER: &str = r#"
blank = ["n/a", "-"]
[columns]
"Date" = "received_on"
"Name" = "applicants.name"
"Contact" = "applicants.contact"
"Visit" = "initial_visit_on"
"Visit (2)" = "initial_visit_on"
"Applied" = "application_received_on"
"Panel" = "panel_on"
"Result" = "panel_recommendation"
"ADM" = "decision_on"
"Outcome" = "outcome"
"Ended" = "ended_on"
"Reason" = "close_reason"
"Notes" = "notes"
[words.outcome]
"app*" = "approved"
"w/d*" = "applicant_withdrew"
"nfa*" = "service_ended"
"kit*" = "in_touch"
"hold*" = "paused"
"open" = "open"
[words.close_reason]
"*spare*" = ["no_spare_room", "AW3"]
"*dbs*" = "safeguarding"
[words.pause_reason]
"*baby*" = "pregnancy_or_new_baby"
"#;

/// One row under the header of [`TRACKER`], its cells by header.
fn tracker_row(cells: &[(&str, &str)]) -> Read {
    let mapping = Mapping::parse(TRACKER, &reasons()).unwrap();
    let all = [("Date", "3/4/24"), ("Name", "Ann Lee")];
    let given = |header: &str| cells.iter().chain(&all).find(|(name, _)| *name == header).map_or("", |it| it.1);
    let mut writer = csv::Writer::from_writer(Vec::new());
    let headers = [
        "Date",
        "Name",
        "Contact",
        "Visit",
        "Visit (2)",
        "Applied",
        "Panel",
        "Result",
        "ADM",
        "Outcome",
        "Ended",
        "Reason",
        "Notes",
    ];
    writer.write_record(headers.map(|name| name.trim_end_matches(" (2)"))).unwrap();
    writer.write_record(headers.map(given)).unwrap();
    read_bytes(writer.into_inner().unwrap(), &mapping).unwrap()
}

fn tracker_problem(cells: &[(&str, &str)]) -> (Option<String>, String) {
    let read = tracker_row(cells);
    let [refused] = read.reading.refused.as_slice() else { panic!("{cells:?} is taken: {:?}", read.rows) };
    (refused.column.clone(), refused.problem.clone())
}

fn tracker_said(cells: &[(&str, &str)]) -> (Value, Vec<&'static str>) {
    let read = tracker_row(cells);
    let [row] = read.rows.as_slice() else { panic!("{:?}", read.reading.refused) };
    (said(row), read.reading.warnings.iter().map(|warning| warning.kind.code()).collect())
}

#[test]
fn endings_take_their_date_from_the_words_else_from_the_row() {
    for (cells, closed_on, reason, ended_by, warnings) in [
        (&[("Outcome", "W/D 12.9.24 no spare rm")][..], "2024-09-12", "no_spare_room", "applicant", &[][..]),
        (
            &[("Outcome", "W/D no spare rm"), ("Visit", "1/5/24")],
            "2024-05-01",
            "no_spare_room",
            "applicant",
            &["close_date_assumed"],
        ),
        (&[("Outcome", "W/D"), ("Ended", "12/9/24")], "2024-09-12", "not_recorded", "applicant", &[]),
        (&[("Outcome", "W/D 9 Jan")], "2025-01-09", "not_recorded", "applicant", &["year_assumed"]),
        (&[("Outcome", "W/D w/c 8 April")], "2024-04-08", "not_recorded", "applicant", &["week_only"]),
        (
            &[("Outcome", "W/D 1/7/24"), ("Applied", "1/6/24"), ("Reason", "no spare room")],
            "2024-07-01",
            "AW3",
            "applicant",
            &[],
        ),
        (
            &[("Outcome", "W/D 1/7/24"), ("Applied", "Yes"), ("Reason", "spare rm")],
            "2024-07-01",
            "AW3",
            "applicant",
            &["yes_without_date"],
        ),
        (&[("Outcome", "W/D 1/7/24"), ("Applied", "Yes")], "2024-07-01", "AW0", "applicant", &["yes_without_date"]),
        (&[("Outcome", "W/D 1/7/24"), ("Applied", "no")], "2024-07-01", "not_recorded", "applicant", &[]),
        (&[("Outcome", "NFA"), ("Reason", "n/a")], "2024-04-03", "service_other", "service", &["close_date_assumed"]),
        (&[("Outcome", "NFA 1/7/24 DBS")], "2024-07-01", "safeguarding", "service", &[]),
        (&[("Outcome", "W/D 1/7/24"), ("Reason", "Health")], "2024-07-01", "health", "applicant", &[]),
    ] {
        let (said, found) = tracker_said(cells);
        let ended = (&said["closed_on"], &said["close_reason"], &said["ended_by"]);
        assert_eq!(ended, (&json!(closed_on), &json!(reason), &json!(ended_by)), "{cells:?}");
        assert_eq!(found, warnings, "{cells:?}");
    }
}

#[test]
fn approval_waiting_and_pauses_are_read_from_words() {
    for (cells, keys, warnings) in [
        (
            &[("Outcome", "Approved"), ("ADM", "9/9/24")][..],
            json!({"outcome": "approved", "milestones": {"decision": "2024-09-09", "approved": "2024-09-09"}}),
            &[][..],
        ),
        (
            &[("Outcome", "Approved 12.9.24"), ("ADM", "9/9/24")],
            json!({"milestones": {"decision": "2024-09-09", "approved": "2024-09-12"}}),
            &[],
        ),
        (
            &[("Outcome", "KIT 6m"), ("Visit", "31/8/24")],
            json!({"outcome": "in_touch", "in_touch_from": "2024-08-31", "contact_again_on": "2025-02-28"}),
            &["contact_date_assumed"],
        ),
        (&[("Outcome", "KIT")], json!({"in_touch_from": "2024-04-03", "contact_again_on": null}), &[]),
        (
            &[("Outcome", "KIT until 1/9/2030")],
            json!({"in_touch_from": "2024-04-03", "contact_again_on": "2030-09-01"}),
            &[],
        ),
        (
            &[("Outcome", "hold - baby due"), ("Visit", "1/5/24")],
            json!({"outcome": "paused", "paused_from": "2024-05-01", "pause_reason": "pregnancy_or_new_baby"}),
            &[],
        ),
        (
            &[("Outcome", "hold 2/5/24"), ("Reason", "new baby")],
            json!({"paused_from": "2024-05-02", "pause_reason": "pregnancy_or_new_baby"}),
            &[],
        ),
        (&[("Outcome", "hold")], json!({"paused_from": "2024-04-03", "pause_reason": "not_recorded"}), &[]),
        (&[("Outcome", "Open"), ("Reason", "Work")], json!({"outcome": "open", "close_reason": null}), &[]),
    ] {
        let (said, found) = tracker_said(cells);
        for (key, value) in keys.as_object().unwrap() {
            assert_eq!(&said[key], value, "{key} of {cells:?}");
        }
        assert_eq!(found, warnings, "{cells:?}");
    }
}

#[test]
fn one_bad_cell_refuses_its_row_and_names_the_column() {
    for (cells, column, part) in [
        (&[("Date", "?")][..], "Date", "“?” is not a date"),
        (&[("Date", "-")], "Date", "no date of the enquiry"),
        (&[("Date", ""), ("Notes", "rang")], "Date", "no date of the enquiry"),
        (&[("Date", "9 Jan")], "Date", "needs a year"),
        (&[("Date", "w/c 8 April")], "Date", "needs a year"),
        (&[("Date", "April 2024")], "Date", "a month, not a day"),
        (&[("Date", "yes")], "Date", "Yes"),
        (&[("Date", "3/4/2034")], "Date", "future"),
        (&[("Name", "n/a")], "Name", "no name"),
        (&[("Name", "=1+1")], "Name", "formula"),
        (&[("Name", "'=1+1")], "Name", "formula"),
        (&[("Name", "@ann")], "Name", "formula"),
        (&[("Visit", "31.04.24")], "Visit", "“31.04.24” is not a date"),
        (&[("Visit (2)", "soon")], "Visit (2)", "“soon” is not a date"),
        (&[("Visit", "1/1/24")], "Visit", "before"),
        (&[("Panel", "1/5/24"), ("Applied", "1/6/24")], "Panel", "before"),
        (&[("Result", "approve")], "Result", "no date for it"),
        (&[("Result", "maybe"), ("Panel", "1/5/24")], "Result", "“maybe” is not one of its codes"),
        (&[("Outcome", "see Jan")], "Outcome", "“see Jan” is no outcome"),
        (&[("Outcome", "Approved")], "Outcome", "no date of the approval"),
        (&[("Outcome", "Approved 31.2.24")], "Outcome", "is not a date"),
        (&[("Outcome", "W/D 1/7/24 or 2/7/24")], "Outcome", "two dates"),
        (&[("Outcome", "W/D 1/7/34")], "Outcome", "future"),
        (&[("Outcome", "W/D 1/7/23")], "Outcome", "before"),
        (&[("Ended", "1/7/24")], "Ended", "no outcome"),
    ] {
        let (named, problem) = tracker_problem(cells);
        assert_eq!(named.as_deref(), Some(column), "{cells:?}: {problem}");
        assert!(problem.contains(part), "{cells:?}: {problem}");
    }
}

#[test]
fn two_columns_of_visits_are_two_visits() {
    let read = tracker_row(&[("Visit", "12/5/24"), ("Visit (2)", "1/5/24")]);
    let visits: Vec<_> =
        read.rows[0].enquiry.milestones.iter().filter(|it| it.kind == MilestoneKind::InitialVisit).collect();
    assert_eq!(visits.iter().map(|it| it.on.to_string()).collect::<Vec<_>>(), ["2024-05-01", "2024-05-12"]);
}

#[test]
fn contacts_in_one_cell_are_telephones_and_e_mails() {
    let cells = [
        ("Name", "Ann & Bob Lee (Low Fold)"),
        ("Contact", "Mob 7700 900271; ann@example.org / 01632 960125"),
        ("Reason", "own reasons"),
        ("Outcome", "W/D 1/5/24"),
        ("Notes", "two\nlines"),
    ];
    let read = tracker_row(&cells);
    let enquiry = &read.rows[0].enquiry;
    assert_eq!(enquiry.applicants[0].phone.as_deref(), Some("07700900271; 01632960125"));
    assert_eq!(enquiry.applicants[0].email.as_deref(), Some("ann@example.org"));
    assert_eq!((enquiry.applicants.len(), enquiry.applicants[1].phone.as_deref()), (2, None));
    assert_eq!(enquiry.notes.as_deref(), Some("two\nlines\nLow Fold\nReason: own reasons"));
}

#[test]
fn without_a_column_of_reasons_the_outcome_says_why_or_stays_in_the_notes() {
    let mapping = "[columns]\n\"Date\" = \"received_on\"\n\"Name\" = \"applicants.name\"\n\"Outcome\" = \"outcome\"\n\
        [words.outcome]\n\"withdr*\" = \"applicant_withdrew\"\n[words.close_reason]\n\"*work\" = \"work_or_childcare\"\n";
    let text = "Date,Name,Outcome\n9/8/23,Ann Lee,Withdrew - work 16/8/23\n9/8/23,Bo Ray,Withdrew - work\n\
        9/8/23,Cy May,Withdrew - dog bites\n9/8/23,Di Ray,Withdrawn 16 Aug 2023\n";
    let read = read_text(text, mapping);
    let of = |row: usize| {
        let enquiry = &read.rows[row].enquiry;
        let closed = enquiry.milestones.iter().find(|it| it.kind == MilestoneKind::Closed).unwrap();
        (closed.close_reason.clone().unwrap().0, enquiry.notes.clone().unwrap_or_default())
    };
    assert_eq!(of(0), ("not_recorded".to_owned(), "Outcome: Withdrew - work 16/8/23".to_owned()));
    assert_eq!(of(1), ("work_or_childcare".to_owned(), String::new()));
    assert_eq!(of(2), ("not_recorded".to_owned(), "Outcome: Withdrew - dog bites".to_owned()));
    assert_eq!(of(3), ("not_recorded".to_owned(), String::new()), "a date says nothing of why");
}

#[test]
fn a_row_whose_weekday_is_not_its_dates_own_is_put_back() {
    let text = "Date,Name,Visit,Outcome\nWed 9/8/23,Ann Lee,Fri 11/8/23,\nWed 9/8/23,Bo Ray,Tue 11/8/23,\n\
        Fri 9/8/23,Cy May,,\n9/8/23,Di Ray,Tue 9 Jan,\n9/8/23,Ed Fox,Mon 9 Jan,\n9/8/23,Flo Gray,,withdrew Tue 16/8/23\n";
    let mapping = "[columns]\n\"Date\" = \"received_on\"\n\"Name\" = \"applicants.name\"\n\"Visit\" = \
        \"initial_visit_on\"\n\"Outcome\" = \"outcome\"\n[words.outcome]\n\"withdrew*\" = \"applicant_withdrew\"\n";
    let read = read_text(text, mapping);
    assert_eq!(
        problems(&read),
        [
            (3, Some("Visit"), "“Tue 11/8/23” says Tuesday, but 11 August 2023 is a Friday"),
            (
                4,
                Some("Date"),
                "“Fri 9/8/23” says Friday, but 9 August 2023 is a Wednesday; with day and month the other way round it \
                 is 8 September 2023"
            ),
            (6, Some("Visit"), "The date says Monday, but 9 January 2024 is a Tuesday"),
            (7, Some("Outcome"), "A date in “withdrew Tue 16/8/23” says Tuesday, but 16 August 2023 is a Wednesday"),
        ]
    );
    assert_eq!(read.rows.iter().map(|it| it.place.row).collect::<Vec<_>>(), [2, 5]);
}

#[test]
fn rows_of_one_group_are_one_enquiry() {
    let mapping = "[columns]\n\"Case\" = \"group\"\n\"Date\" = \"received_on\"\n\"Name\" = \"applicants.name\"\n\
        \"Visit\" = \"initial_visit_on\"\n\"Tel\" = \"applicants.phone\"\n\"Notes\" = \"notes\"\n";
    let text = "Case,Date,Name,Visit,Tel,Notes\n\
        A1,03/04/2024,Ann Lee,12/05/2024,07700900123,first\n\
        B2,04/04/2024,Cy Reed,,,\n\
        a1 ,02/04/2024,Bob Lee,01/05/2024,07700900124,second\n\
        B2,05/04/2024,Cy Reed,31/02/2024,,\n\
        ,06/04/2024,Di Ray,,,\n\
        ,07/04/2024,Ed Fox,,,\n\
        C3,,Flo Gray,,,\nC3,08/04/2024,Flo Gray,,,\n";
    let read = read_text(text, mapping);
    assert_eq!(
        problems(&read),
        [(5, Some("Visit"), "“31/02/2024” is not a date; write one like 31/03/2025 (day/month/year)")]
    );
    assert_eq!(read.reading.rows, 5);
    let first = &read.rows[0].enquiry;
    assert_eq!((read.rows[0].place.row, first.cell(Column::ReceivedOn)), (2, "2024-04-02".to_owned()));
    assert_eq!(first.cell(Column::InitialVisitOn), "2024-05-01");
    assert_eq!(first.milestones.len(), 2);
    assert_eq!(first.applicants.iter().map(|it| it.name.as_str()).collect::<Vec<_>>(), ["Ann Lee", "Bob Lee"]);
    assert_eq!(first.applicants[1].phone.as_deref(), Some("07700900124"));
    assert_eq!(first.notes.as_deref(), Some("first\nsecond"));
    assert_eq!(read.rows.iter().map(|it| it.place.row).collect::<Vec<_>>(), [2, 6, 7, 8]);
}

#[test]
fn two_columns_that_hold_one_date_agree_or_the_row_is_refused_with_both_named() {
    let mapping = "[columns]\n\"Date\" = \"received_on\"\n\"Name\" = \"applicants.name\"\n\"Form in\" = \
        \"application_received_on\"\n\"Applied\" = \"application_received_on\"\n\"First visit\" = \
        \"initial_visit_on\"\n\"Second visit\" = \"initial_visit_on\"\n\"Case\" = \"group\"\n";
    let text = "Date,Name,Form in,Applied,First visit,Second visit,Case\n\
        03/04/2024,Ann Lee,05/05/2024,04/05/2024,,,\n\
        03/04/2024,Bo Ray,05/05/2024,5 May,,,\n\
        03/04/2024,Cy May,,04/05/2024,05/04/2024,19/04/2024,\n\
        03/04/2024,Di Fox,05/05/2024,,,,D4\n04/04/2024,Di Fox,,04/05/2024,,,D4\n";
    let read = read_text(text, mapping);
    let sentence = "4 May 2024 in “Applied”, but 5 May 2024 in “Form in”: both are “Application received”, which has one \
        date. Clear the wrong one";
    assert_eq!(problems(&read), [(2, Some("Applied"), sentence)]);
    let visits = &read.rows[1].enquiry.milestones;
    assert_eq!(visits.iter().filter(|it| it.kind == MilestoneKind::InitialVisit).count(), 2, "a visit may repeat");
    let group = &read.rows[2].enquiry;
    assert_eq!(group.cell(Column::ApplicationReceivedOn), "2024-05-04", "of the rows of a group the earliest");
}

#[test]
fn a_pause_from_before_the_enquiry_is_taken_with_a_warning() {
    let text = "received_on,applicant_1_name,paused_from,in_touch_from\n2024-04-03,Ann Lee,2023-05-01,\n\
        2024-04-03,Bo Ray,2024-05-01,\n2024-04-03,Cy May,,2024-01-02\n";
    let read = read_text(text, "");
    assert_eq!((read.rows.len(), problems(&read).len()), (3, 0));
    let warnings = read.reading.warnings.iter().map(|it| (it.place.row, it.kind, it.column.as_str(), it.text.as_str()));
    let kind = WarningKind::BeforeTheEnquiry;
    assert_eq!(
        warnings.collect::<Vec<_>>(),
        [
            (2, kind, "paused_from", "The pause begins on 1 May 2023, before the enquiry of 3 April 2024"),
            (4, kind, "in_touch_from", "Keeping in touch begins on 2 January 2024, before the enquiry of 3 April 2024"),
        ]
    );
}

#[test]
fn a_file_without_the_date_of_the_enquiry_is_refused_as_a_whole() {
    let refused = |text: &str, mapping: &Mapping| read_bytes(text.as_bytes().to_vec(), mapping).err().unwrap();
    assert!(refused("name,postcode\nAnn,TS1 1XX\n", &Mapping::canonical()).contains("no column holds the date"));
    let said = refused("Our list\nname,postcode\nAnn,TS1 1XX\n", &Mapping::canonical());
    assert!(
        said.ends_with(
            ". Row 2 has “name”, “postcode”. Call the one with the date received_on, or say in a mapping which it is"
        ),
        "{said}"
    );
    let mapping = Mapping::parse(&format!("header = \"Names\"\n{TRACKER}"), &reasons()).unwrap();
    assert!(refused("Date,Name\n3/4/24,Ann\n", &mapping).contains("no cell says “Names”"));
    let said = refused("Names,Postcode\nAnn,TS1 1XX\n", &mapping);
    assert!(
        said.contains("no column for the date of the enquiry") && said.contains("It has “Names”, “Postcode”"),
        "{said}"
    );
}
