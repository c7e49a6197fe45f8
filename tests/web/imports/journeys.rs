//! The example files, from the upload to what stands in the database, and back.

use std::fs;

use axum::http::StatusCode;
use hearth::domain::role::Role;
use serde_json::Value;

use super::{EXAMPLES, IMPORTS, counts, example, kept, press, send_file, settled, to_preview, upload};
use crate::support::TestApp;

fn truth(file: &str) -> Value {
    let stem = file.rsplit_once('.').unwrap().0;
    serde_json::from_str(&fs::read_to_string(format!("{EXAMPLES}/{stem}.truth.json")).unwrap()).unwrap()
}

/// Everything that the canonical file holds of each enquiry, by the command line's own export.
async fn exported(app: &TestApp) -> Vec<Vec<String>> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("all.csv");
    let actor = hearth::domain::actor::Actor::command_line(app.now());
    hearth::features::exports::export(&app.state.db, &actor, &path, |_| {}).await.unwrap();
    let mut reader = csv::Reader::from_path(&path).unwrap();
    reader.records().map(|record| record.unwrap().iter().map(str::to_owned).collect()).collect()
}

/// The same file by the command's own function.
async fn by_command(file: &str) -> Vec<Vec<String>> {
    let app = TestApp::new().await;
    crate::import_undo::bring_example(&app, file).await;
    exported(&app).await
}

#[tokio::test]
async fn every_example_gives_through_the_pages_what_it_gives_by_the_command() {
    for file in ["simple.csv", "all-columns.csv", "council-tracker-2024-25.xlsx", "hub-weekly-referrals.csv"] {
        let app = TestApp::new().await;
        let mut manager = app.sign_in(Role::Manager).await;
        let mut page = upload(&mut manager, file, &example(file)).await;
        assert_eq!(page.text("h1"), "What is in each column?", "{file}: {}", page.text("main"));
        let mapping = file.replace(".csv", "").replace(".xlsx", "") + ".mapping.toml";
        if let Ok(bytes) = fs::read(format!("{EXAMPLES}/{mapping}")) {
            let sent = send_file(&mut manager, &page, "#send-mapping", "mapping_file", &mapping, &bytes).await;
            page = settled(&mut manager, &sent.location()).await;
        }
        let preview = to_preview(&mut manager, &page).await;
        assert_eq!(preview.text("h1"), "What would become of each row", "{file}: {}", preview.text("main"));
        let truth = truth(file);
        let refused = truth["refused"].as_array().map_or(0, Vec::len);
        let rows = usize::try_from(truth["rows"].as_u64().unwrap()).unwrap();
        let [new, known, said_refused, said_rows] = counts(&preview);
        assert_eq!((said_refused, said_rows, new + known + refused), (refused, rows, rows), "{file}");
        assert_eq!(app.count("select count(*) from enquiry").await, 0, "nothing is written before it is confirmed");

        let result = press(&mut manager, &preview, "#confirm", &[]).await;
        assert_eq!(result.text("h1"), file);
        assert_eq!(result.text(".counts dd"), new.to_string(), "{file}");
        assert_eq!(app.count("select count(*) from enquiry_now").await, i64::try_from(new).unwrap());
        assert_eq!(exported(&app).await, by_command(file).await, "{file}");
        assert_eq!(kept(&app), ["problems"], "the file is deleted once it is in");
        for (action, count) in [("import_file_uploaded", 1), ("enquiries_imported", 1)] {
            let sql = match action {
                "import_file_uploaded" => "select count(*) from audit where action = 'import_file_uploaded'",
                _ => "select count(*) from audit where action = 'enquiries_imported'",
            };
            assert_eq!(app.count(sql).await, count);
        }
    }
}

#[tokio::test]
async fn refused_rows_are_corrected_and_brought_back_as_the_same_kind_of_file() {
    let app = TestApp::new().await;
    let mut manager = app.sign_in(Role::Manager).await;
    let header = "received_on,applicant_1_name,postcode,notes\n";
    let rows = "2025-04-01,Ann Lee,TS1 1XX,=keen\n30/02/2025,Bo Ray,TS1 2XX,\n2025-04-03,Cy May,TS1 3XX,\n";
    let page = upload(&mut manager, "weekly.csv", format!("{header}{rows}").as_bytes()).await;
    let preview = to_preview(&mut manager, &page).await;
    assert_eq!(counts(&preview), [2, 0, 1, 3]);
    assert!(preview.text("#lines").contains("received_on"), "{}", preview.text("#lines"));
    let result = press(&mut manager, &preview, "#confirm", &[]).await;
    let link = result.attribute("main a[href$='/problems']", "href");
    let problems = manager.get(&link).await;
    assert_eq!(problems.header("content-type"), "text/csv; charset=utf-8");
    let lines: Vec<&str> = problems.body.lines().collect();
    let mark = "received_on,applicant_1_name,postcode,notes,problem,Hearth mapping 1/1: ";
    assert!(lines[0].starts_with(mark), "{}", lines[0]);
    assert!(lines[1].starts_with("30/02/2025,Bo Ray,TS1 2XX,,received_on: “30/02/2025” is not a date"), "{}", lines[1]);
    assert_eq!(lines.len(), 2);

    let corrected = problems.body.replace("30/02/2025,Bo", "28/02/2025,Bo");
    let page = upload(&mut manager, "corrected.csv", corrected.as_bytes()).await;
    let preview = to_preview(&mut manager, &page).await;
    assert_eq!(counts(&preview), [1, 0, 0, 1], "{}", preview.text("main"));
    press(&mut manager, &preview, "#confirm", &[]).await;
    assert_eq!(app.count("select count(*) from enquiry_now").await, 3);
    // Nobody else's, and gone after a day.
    assert_eq!(app.sign_in(Role::Manager).await.get(&link).await.status, StatusCode::NOT_FOUND);
    app.pass_minutes(24 * 60 + 1);
    hearth::features::imports::delete_old(&app.state, app.now()).await.unwrap();
    assert!(kept(&app).is_empty());
}

#[tokio::test]
async fn a_workbooks_refused_rows_are_a_workbook_that_the_same_mapping_reads() {
    let app = TestApp::new().await;
    let mut manager = app.sign_in(Role::Manager).await;
    let file = "council-tracker-2024-25.xlsx";
    let mapping = example("council-tracker-2024-25.mapping.toml");
    let bring = async |manager: &mut crate::support::Client, name: &str, bytes: &[u8]| {
        let page = upload(manager, name, bytes).await;
        let sent = send_file(manager, &page, "#send-mapping", "mapping_file", "tracker.toml", &mapping).await;
        let page = settled(manager, &sent.location()).await;
        to_preview(manager, &page).await
    };
    let preview = bring(&mut manager, file, &example(file)).await;
    let [_, _, refused, _] = counts(&preview);
    let result = press(&mut manager, &preview, "#confirm", &[]).await;
    let link = result.attribute("main a[href$='/problems']", "href");
    let bytes = manager.get_bytes(&link).await;
    assert!(bytes.starts_with(b"PK"));
    // Without the mapping being sent again: the file carries it.
    let page = upload(&mut manager, "to-correct.xlsx", &bytes).await;
    assert!(page.text("#note").contains("carries the mapping"), "{}", page.text("main"));
    let again = to_preview(&mut manager, &page).await;
    assert_eq!(counts(&again), [0, 0, refused, refused], "what was refused is refused again, and it is all of it");
    assert!(again.text("main").contains("There is nothing to take in"));
}

/// Months first, a hub for all of them, and a word of this file's own: none of it can be guessed from what comes back.
#[tokio::test]
async fn a_corrected_file_is_read_as_the_first_was() {
    let app = TestApp::new().await;
    let mut manager = app.sign_in(Role::Manager).await;
    let mapping = "date_order = \"mdy\"\nhub = { name = \"Foster Tees\", always = true }\n[columns]\n\"Seen\" = \
                   \"received_on\"\n\"Who\" = \"applicants.name\"\n\"How\" = \"source\"\n[words.source]\n\"fb*\" = \
                   \"Facebook\"\n";
    let rows = "Seen,Who,How\n04/05/2025,Ann Lee,fb ad\n04/31/2025,Bo Ray,fb page\n";
    let page = upload(&mut manager, "months.csv", rows.as_bytes()).await;
    let sent = send_file(&mut manager, &page, "#send-mapping", "mapping_file", "m.toml", mapping.as_bytes()).await;
    let page = settled(&mut manager, &sent.location()).await;
    let preview = to_preview(&mut manager, &page).await;
    let result = press(&mut manager, &preview, "#confirm", &[]).await;
    let problems = manager.get(&result.attribute("main a[href$='/problems']", "href")).await.body;
    let corrected = problems.replace("04/31/2025", "05/04/2025");

    let page = upload(&mut manager, "corrected.csv", corrected.as_bytes()).await;
    assert!(page.text("#note").contains("filled in as they were"), "{}", page.text("main"));
    assert!(!page.text("table").contains("Hearth mapping"), "{}", page.text("table"));
    let preview = to_preview(&mut manager, &page).await;
    assert_eq!(counts(&preview), [1, 0, 0, 1], "{}", preview.text("main"));
    press(&mut manager, &preview, "#confirm", &[]).await;
    let rows = exported(&app).await;
    let has = |row: &Vec<String>, cell: &str| row.iter().any(|it| it == cell);
    let of_bo = rows.iter().find(|row| has(row, "Bo Ray")).unwrap();
    for cell in ["2025-05-04", "Foster Tees", "Facebook"] {
        assert!(has(of_bo, cell), "{cell}: {of_bo:?}");
    }

    // What somebody has made of it is no mapping: that is said, and the file is read like any other.
    for (from, to) in [("mdy", "ydm"), ("received_on", "refused_on"), ("%7B", "%5B")] {
        let page = upload(&mut manager, "tampered.csv", problems.replace(from, to).as_bytes()).await;
        let note = page.text("#note");
        assert!(note.contains("cannot be used"), "{to}: {note}");
        press(&mut manager, &page, "form[action$='/cancellations']", &[]).await;
    }
}

#[tokio::test]
async fn a_mapping_is_saved_by_name_and_offered_for_the_next_file_with_the_same_headers() {
    let app = TestApp::new().await;
    let mut manager = app.sign_in(Role::Manager).await;
    let first = "Came in,Who,Worker\n3/4/25,Ann Lee,Jan Teal\n";
    let page = upload(&mut manager, "april.csv", first.as_bytes()).await;
    // Nothing in these headers says what they are.
    let sheets = manager.get(&page.attribute("nav[aria-label=Steps] a", "href")).await;
    assert!(sheets.has("input[type=radio]"), "{}", page.text("main"));
    let page = press(&mut manager, &sheets, "main form", &[("header-0", "1")]).await;
    let columns =
        [("column-0", "received_on"), ("column-1", "applicants.name"), ("column-2", "officer"), ("then", "show")];
    let page = press(&mut manager, &page, "#columns", &columns).await;
    assert!(page.text("#columns table").contains("3/4/25 → 3 April 2025"), "{}", page.text("#columns table"));
    let saved = press(&mut manager, &page, "#save-mapping", &[("mapping_name", "Front desk")]).await;
    assert!(saved.text("main").contains("Front desk"));
    let file = manager.get(&saved.attribute("a[href$='/mapping']", "href")).await;
    assert!(
        file.header("content-disposition").contains("april.mapping.toml"),
        "{}",
        file.header("content-disposition")
    );
    assert!(file.body.contains("\"Came in\" = \"received_on\""), "{}", file.body);

    let next = "Who,Came in,Worker\nBo Ray,4/4/25,Jan Teal\n";
    let page = upload(&mut manager, "may.csv", next.as_bytes()).await;
    let sheets = manager.get(&page.attribute("nav[aria-label=Steps] a", "href")).await;
    let page = press(&mut manager, &sheets, "main form", &[("header-0", "1")]).await;
    assert!(page.text("#note").contains("“Front desk”"), "{}", page.text("main"));
    let preview = to_preview(&mut manager, &page).await;
    assert_eq!(counts(&preview), [1, 0, 0, 1]);
    let list = manager.get(IMPORTS).await;
    assert!(list.text("section[aria-labelledby=mappings]").contains("Front desk"));
    let gone = press(&mut manager, &list, "section[aria-labelledby=mappings] form", &[]).await;
    assert!(!gone.has("section[aria-labelledby=mappings]"));
}

#[tokio::test]
async fn reasons_inside_outcomes_are_offered_and_not_lost() {
    let app = TestApp::new().await;
    let mut manager = app.sign_in(Role::Manager).await;
    let text = "Date received,Name,Outcome\n03/02/2025,Ann Lee,Withdrew - work\n04/02/2025,Bo Ray,Withdrew - the dog\n\
                05/02/2025,Cy May,Ongoing\n";
    let page = upload(&mut manager, "outcomes.csv", text.as_bytes()).await;
    let words = press(&mut manager, &page, "#columns", &[("then", "words")]).await;
    let reasons = words.texts("section[aria-labelledby=close_reason-words] tbody th");
    assert_eq!(reasons, ["Withdrew - the dog", "Withdrew - work"], "what is unknown first, and nothing that goes on");
    assert_eq!(words.attribute("#close_reason-1 option[selected]", "value"), "work_or_childcare");
}

#[tokio::test]
async fn words_are_listed_with_how_often_and_become_what_is_chosen() {
    let app = TestApp::new().await;
    let mut manager = app.sign_in(Role::Manager).await;
    let header = "Date of enquiry,Name,Outcome,Reason,Source\n";
    let rows =
        "1/4/25,Ann Lee,W/D 2.5.25,no spare room,FB\n2/4/25,Bo Ray,Went quiet,,FB\n3/4/25,Cy May,Went quiet,,fb page\n";
    let page = upload(&mut manager, "words.csv", format!("{header}{rows}").as_bytes()).await;
    let words = press(&mut manager, &page, "#columns", &[("then", "words")]).await;
    let outcomes = words.text("section[aria-labelledby=outcome-words] tbody");
    assert!(outcomes.starts_with("Went quiet 2"), "{outcomes}");
    assert_eq!(words.attribute("#outcome-1 option[selected]", "value"), "applicant_withdrew");
    assert_eq!(words.attribute("#close_reason-0 option[selected]", "value"), "no_spare_room");
    let refused = press(&mut manager, &words, "#words", &[("then", "check")]).await;
    assert_eq!(counts(&refused), [1, 0, 2, 3]);
    let words = manager.get(&words_of(&refused)).await;
    let chosen = [("outcome-0", "in_touch"), ("source-0", "Facebook"), ("source-1", "Facebook"), ("then", "check")];
    let preview = press(&mut manager, &words, "#words", &chosen).await;
    assert_eq!(counts(&preview), [3, 0, 0, 3], "{}", preview.text("main"));
    press(&mut manager, &preview, "#confirm", &[]).await;
    for (sql, count) in [
        ("select count(*) from enquiry_now where in_touch_from is not null", 2),
        ("select count(*) from enquiry_now where source = 'Facebook'", 3),
        ("select count(*) from enquiry_now where close_reason = 'no_spare_room' and closed_on = '2025-05-02'", 1),
    ] {
        assert_eq!(app.count(sql).await, count, "{sql}");
    }
}

fn words_of(page: &crate::support::Page) -> String {
    page.attribute("nav[aria-label=Steps] a[href$='/words']", "href")
}
