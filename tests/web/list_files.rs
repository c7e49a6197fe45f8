//! The list as a file: exactly what it shows, in its order, with its columns; with an entry in the audit; harmless.

use std::io::Cursor;

use axum::http::StatusCode;
use calamine::{Data, Reader, Xlsx};
use hearth::domain::role::Role;

use crate::given;
use crate::support::{Client, Page, TestApp};

async fn some(app: &TestApp) {
    for number in 0..60 {
        let given = given::enquiry().named(&format!("Person {:03}", (number * 7) % 60)).postcode("SR6 9PQ");
        let given = given.received(if number % 2 == 0 { "2025-09-01" } else { "2025-09-02" });
        let given = if number % 3 == 0 { given.officer("Jan Teal", None) } else { given };
        let given = if number % 5 == 0 { given.paused("2025-10-01", "2025-12-01") } else { given };
        given.create(app).await;
    }
}

/// What every page of the list shows, row by row: reference, name, and the cells.
async fn shown(client: &mut Client, query: &str) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    let mut page = client.get(&format!("/enquiries?{query}")).await;
    loop {
        let count = page.texts("tbody tr").len();
        for at in 1..=count {
            let row = format!("tbody tr:nth-child({at})");
            let mut cells = vec![page.text(&format!("{row} .who-name"))];
            cells.extend(page.texts(&format!("{row} td[data-label]")));
            rows.push(cells);
        }
        if !page.has("[rel=next]") {
            return rows;
        }
        page = client.get(&page.attribute("[rel=next]", "href")).await;
    }
}

fn csv(page: &Page) -> Vec<Vec<String>> {
    let text = page.body.trim_start_matches('\u{feff}');
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
    reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect()
}

/// As a page has it: days in words, and nothing between two parts of a cell.
fn as_shown(cell: &str) -> String {
    match cell.parse::<hearth::domain::day::Day>() {
        Ok(day) => day.short(),
        Err(_) => cell.replace(", ", " "),
    }
}

#[tokio::test]
async fn a_csv_is_exactly_what_the_list_shows() {
    let app = TestApp::new().await;
    some(&app).await;
    let mut officer = app.sign_in(Role::Officer).await;
    for query in [
        "",
        "sort=name",
        "sort=officer&order=desc&columns=stage,state,limit,officer,received,days,hub",
        "officer=unassigned&state=paused&state=open&sort=last",
        "q=person&sort=name&columns=state",
    ] {
        let list = officer.get(&format!("/enquiries?{query}")).await;
        let file = officer.get(&list.attribute(".files a", "href")).await;
        assert_eq!(file.status, StatusCode::OK);
        let mut rows = csv(&file);
        let head = rows.remove(0);
        assert_eq!(head[..3], ["Reference", "Household", "Postcode"]);
        let columns: Vec<_> = list.texts("thead th").iter().skip(1).map(|it| it.replace([' ', '↑', '↓'], "")).collect();
        let named: Vec<_> = head[3..].iter().map(|it| it.replace(' ', "")).collect();
        assert_eq!(named, columns, "{query}");
        let taken: Vec<Vec<_>> = rows
            .iter()
            .map(|row| std::iter::once(row[1].clone()).chain(row[3..].iter().map(|cell| as_shown(cell))).collect())
            .collect();
        assert_eq!(taken, shown(&mut officer, query).await, "{query}");
    }
}

#[tokio::test]
async fn a_workbook_has_the_same_rows_with_days_and_numbers() {
    let app = TestApp::new().await;
    some(&app).await;
    let mut officer = app.sign_in(Role::Officer).await;
    let query = "sort=name&columns=officer,received,days";
    let rows = csv(&officer.get(&format!("/enquiries.csv?{query}")).await);
    let bytes = officer.get_bytes(&format!("/enquiries.xlsx?{query}")).await;
    let mut book = Xlsx::new(Cursor::new(bytes)).unwrap();
    let sheet = book.worksheet_range("Enquiries").unwrap();
    assert_eq!(sheet.height(), rows.len());
    for (row, cells) in sheet.rows().zip(&rows) {
        assert_eq!(row[1].to_string(), cells[1]);
        assert_eq!(row[3].to_string(), cells[3]);
    }
    let last = sheet.rows().next_back().unwrap();
    assert!(matches!(last[4], Data::DateTime(_)), "{:?}", last[4]);
    assert!(matches!(last[5], Data::Float(_)), "{:?}", last[5]);
}

#[tokio::test]
async fn a_file_is_named_by_service_and_day_and_leaves_its_trace() {
    let app = TestApp::new().await;
    some(&app).await;
    let mut officer = app.sign_in(Role::Officer).await;
    let file = officer.get("/enquiries.csv?q=person&stage=new").await;
    let name = "fostering-service-enquiries-2025-10-14.csv";
    assert_eq!(file.header("content-disposition"), format!("attachment; filename=\"{name}\""));
    let traced = "select count(*) from audit
        where action = 'enquiries_exported' and json_extract(detail, '$.enquiries') = 60
            and json_extract(detail, '$.file') = 'fostering-service-enquiries-2025-10-14.csv'
            and json_extract(detail, '$.searched') = 1
            and detail like '%stage=new%' and detail not like '%person%'";
    assert_eq!(app.count(traced).await, 1);
    for (role, status) in [
        (Role::Officer, StatusCode::OK),
        (Role::Manager, StatusCode::OK),
        (Role::SocialWorker, StatusCode::FORBIDDEN),
        (Role::Board, StatusCode::FORBIDDEN),
    ] {
        let mut client = app.sign_in(role).await;
        assert_eq!(client.get("/enquiries.csv").await.status, status, "{}", role.code());
        assert_eq!(client.get("/enquiries.xlsx").await.status, status, "{}", role.code());
    }
}

#[tokio::test]
async fn a_restricted_record_is_in_nobody_elses_file_and_no_cell_is_a_formula() {
    let app = TestApp::new().await;
    let named = app.person("Jan Teal", &[Role::Officer]).await;
    given::enquiry().named("A Colleague").restricted_to(&[named]).create(&app).await;
    given::enquiry().named("=cmd()").source("@SUM(A1)").create(&app).await;
    let (mut named, mut other) = (app.sign_in_as(named).await, app.sign_in(Role::Manager).await);
    assert!(named.get("/enquiries.csv").await.body.contains("A Colleague"));
    let file = other.get("/enquiries.csv").await;
    assert!(!file.body.contains("A Colleague"));
    let rows = csv(&file);
    assert_eq!(rows.len(), 2);
    assert!(rows[1].iter().any(|cell| cell == "'=cmd()") && rows[1].iter().any(|cell| cell == "'@SUM(A1)"), "{rows:?}");
    let mut book = Xlsx::new(Cursor::new(other.get_bytes("/enquiries.xlsx").await)).unwrap();
    let sheet = book.worksheet_range("Enquiries").unwrap();
    assert_eq!(sheet.get((1, 1)).unwrap().to_string(), "'=cmd()");
}
