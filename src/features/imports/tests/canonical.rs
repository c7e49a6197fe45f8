//! Files with the canonical header row.

use super::{problems, read_text};
use crate::domain::enquiry_row::Column;

#[test]
fn ragged_records_and_unknown_columns_are_said() {
    let text = "reference,received_on,applicant_1_name,shoe size,postcode,\n\
        R1,2024-04-03,Ann Lee,7\n\
        R2,2024-04-03,Ann Lee,7,TS1 1XX,,\n\
        R3,2024-04-03,Bob Lee,7,TS1 1XX,more\n";
    let read = read_text(text, "");
    assert_eq!(read.reading.unknown_columns, ["shoe size", "column F"]);
    assert_eq!(read.reading.refused.len(), 1);
    assert_eq!((read.reading.refused[0].place.row, read.reading.refused[0].column.as_deref()), (3, None));
    assert_eq!(read.rows.len(), 2);
}

#[test]
fn canonical_rows_mean_what_they_say() {
    let header = "received_on,applicant_1_name,applicant_1_phone,closed_on,close_reason,paused_from,paused_to,pause_reason,\
        in_touch,in_touch_from,contact_again_on,approved_on,approved_places,fostering_type,panel_on,panel_recommendation\n";
    for (row, problem) in [
        ("2024-04-03,Ann Lee,,2024-05-01,,,,,,,,,,,,", None),
        ("2024-04-03,,,,,,,,,,,,,,,", None),
        ("2024-04-03,,07700900123,,,,,,,,,,,,,", Some(("applicant_1_name", "no name"))),
        ("03/04/2024,Ann Lee,,,,,,,,,,,,,,", Some(("received_on", "does not begin with the year"))),
        ("2024-04-03,Ann Lee,,,,2024-05-01,2034-01-01,illness,,,,,,,,", None),
        ("2024-04-03,Ann Lee,,,,2024-05-01,2024-04-30,illness,,,,,,,,", Some(("paused_to", "30 April 2024"))),
        ("2024-04-03,Ann Lee,,,,2034-05-01,,illness,,,,,,,,", Some(("paused_from", "future"))),
        ("2024-04-03,Ann Lee,,,,,,,yes,,2034-01-01,,,,,", None),
        ("2024-04-03,Ann Lee,,,,,,,no,,2034-01-01,,,,,", Some(("in_touch", "says no"))),
        ("2024-04-03,Ann Lee,,,,,,,perhaps,,,,,,,", Some(("in_touch", "neither yes nor no"))),
        ("2024-04-03,Ann Lee,,,,,,,,,,2024-09-01,3,,,", None),
        ("2024-04-03,Ann Lee,,,,,,,,,,2024-09-01,33,,,", Some(("approved_places", "“33” is no number"))),
        ("2024-04-03,Ann Lee,,,,,,,,,,,3,,,", Some(("approved_places", "no date of the approval"))),
        ("2024-04-03,Ann Lee,,2024-08-01,health,,,,,,,2024-09-01,,,,", Some(("closed_on", "approved"))),
        ("2024-04-03,Ann Lee,,,,,,,,,,,,Short-term,,", None),
        ("2024-04-03,Ann Lee,,,,,,,,,,,,dogs,,", Some(("fostering_type", "“dogs” is no kind of fostering"))),
        ("2024-04-03,Ann Lee,,,,,,,,,,,,,2024-06-01,Defer", None),
    ] {
        let read = read_text(&format!("{header}{row}\n"), "");
        let found = problems(&read);
        match problem {
            None => assert!(found.is_empty(), "{row}: {found:?}"),
            Some((column, part)) => {
                assert_eq!((found.len(), found[0].1), (1, Some(column)), "{row}: {found:?}");
                assert!(found[0].2.contains(part), "{row}: {found:?}");
            }
        }
    }
}

#[test]
fn closed_without_a_date_is_closed_on_the_last_one() {
    let text = "received_on,applicant_1_name,application_received_on,closed_on,close_reason\n\
        2024-04-03,Ann Lee,2024-06-01,,health\n2024-04-03,Bob Lee,2024-06-01,2024-07-01,\n2024-04-03,Cy Lee,,2024-07-01,whim\n";
    let read = read_text(text, "");
    let closed: Vec<_> =
        read.rows.iter().map(|it| (it.enquiry.cell(Column::ClosedOn), it.enquiry.cell(Column::CloseReason))).collect();
    let owned = |on: &str, why: &str| (on.to_owned(), why.to_owned());
    assert_eq!(
        closed,
        [owned("2024-06-01", "health"), owned("2024-07-01", "AW0"), owned("2024-07-01", "not_recorded")]
    );
    let warned: Vec<_> =
        read.reading.warnings.iter().map(|it| (it.place.row, it.column.as_str(), it.kind.code())).collect();
    assert_eq!(
        warned,
        [
            (2, "close_reason", "close_date_assumed"),
            // Of those who have not applied, and they had.
            (2, "close_reason", "close_reason"),
            // In no list.
            (4, "close_reason", "close_reason"),
        ]
    );
    assert_eq!(read.rows[2].enquiry.notes.as_deref(), Some("Reason: whim"));
}

#[test]
fn a_reason_of_those_who_have_applied_is_pointed_out_where_nobody_has() {
    let text = "received_on,applicant_1_name,application_received_on,closed_on,close_reason\n\
        2024-04-03,Ann Lee,,2024-06-01,AW3\n2024-04-03,Bob Lee,2024-06-01,2024-07-01,AW3\n\
        2024-04-03,Cy Lee,2024-06-01,2024-07-01,not_now\n";
    let read = read_text(text, "");
    let warned: Vec<_> = read.reading.warnings.iter().map(|it| (it.place.row, it.kind.code())).collect();
    assert_eq!((read.rows.len(), warned), (3, vec![(2, "close_reason"), (4, "close_reason")]));
}

#[test]
fn a_row_with_neither_reference_nor_name_is_taken_and_pointed_out() {
    let text = "reference,received_on,applicant_1_name\n,2024-04-03,\nA-1,2024-04-03,\n,2024-04-03,Ann Lee\n";
    let read = read_text(text, "");
    let warned: Vec<_> = read.reading.warnings.iter().map(|it| (it.place.row, it.kind.code())).collect();
    assert_eq!((read.rows.len(), warned), (3, vec![(2, "nothing_to_know_it_by")]));
}

#[test]
fn text_made_harmless_by_an_export_comes_back() {
    let text =
        "received_on,applicant_1_name,notes,address\n2024-04-03,Ann Lee,'=1+1,'-x\n2024-04-03,Bob Lee,''=1+1,'tis\n";
    let read = read_text(text, "");
    let notes: Vec<_> =
        read.rows.iter().map(|it| (it.enquiry.cell(Column::Notes), it.enquiry.cell(Column::Address))).collect();
    let owned = |notes: &str, address: &str| (notes.to_owned(), address.to_owned());
    assert_eq!(notes, [owned("=1+1", "-x"), owned("'=1+1", "'tis")]);
}
