//! A preview is true when it is confirmed, or it is shown again; what is interrupted leaves nothing.

use axum::http::StatusCode;
use hearth::domain::role::Role;

use super::{IMPORTS, counts, example, kept, press, to_preview, upload};
use crate::given;
use crate::support::TestApp;

const HEADER: &str = "reference,received_on,applicant_1_name,applicant_1_phone,postcode,initial_visit_on\n";

#[tokio::test]
async fn what_changed_meanwhile_shows_the_preview_again() {
    let app = TestApp::new().await;
    let mut manager = app.sign_in(Role::Manager).await;
    let rows = format!("{HEADER}A,2025-04-01,Ann Lee,07700900123,TS1 1XX,\nB,2025-04-02,Bo Ray,07700900124,TS1 2XX,\n");
    let page = upload(&mut manager, "two.csv", rows.as_bytes()).await;
    let preview = to_preview(&mut manager, &page).await;
    assert_eq!(counts(&preview), [2, 0, 0, 2]);
    // Somebody logs one of them by hand.
    given::enquiry().reference("A").named("Ann Lee").received("2025-04-01").create(&app).await;
    let again = press(&mut manager, &preview, "#confirm", &[]).await;
    assert!(again.text("#changed").contains("Nothing has been written yet"), "{}", again.text("main"));
    assert_eq!(counts(&again), [1, 1, 0, 2]);
    assert_eq!(app.count("select count(*) from enquiry").await, 1);
    // The first window's preview is not what stands now.
    let old = press(&mut manager, &preview, "#confirm", &[]).await;
    assert!(old.has("#changed"));
    assert_eq!(app.count("select count(*) from import").await, 0);
    let done = press(&mut manager, &old, "#confirm", &[]).await;
    assert_eq!(done.text(".counts dd"), "1");
    assert_eq!(app.count("select count(*) from enquiry").await, 2);
}

#[tokio::test]
async fn newer_facts_are_taken_row_by_row_or_all() {
    let app = TestApp::new().await;
    for (reference, name, postcode) in
        [("A", "Ann Lee", "TS1 1XX"), ("B", "Bo Ray", "TS1 2XX"), ("C", "Cy May", "TS1 3XX")]
    {
        given::enquiry().reference(reference).named(name).postcode(postcode).received("2025-04-01").create(&app).await;
    }
    app.pass_minutes(5);
    let mut manager = app.sign_in(Role::Manager).await;
    let rows = "A,2025-04-01,Ann Lee,,TS1 1XX,2025-04-09\nB,2025-04-01,Bo Ray,,TS1 2XX,2025-04-10\nC,2025-04-01,Cy May,,TS1 3XX,\n";
    let page = upload(&mut manager, "newer.csv", format!("{HEADER}{rows}").as_bytes()).await;
    let preview = to_preview(&mut manager, &page).await;
    assert_eq!(counts(&preview), [0, 3, 0, 3]);
    assert!(preview.text("main").contains("There is nothing to take in"));
    let shown = preview.text(".beside");
    assert!(shown.contains("Initial visit") && shown.contains("9 April 2025"), "{shown}");
    let all = press(&mut manager, &preview, "#all-newer", &[("which", "all")]).await;
    assert!(all.text("#confirm").contains("newer facts of 2 rows"), "{}", all.text("#confirm"));
    let take = all.attributes("#newer input[name=take]", "value");
    let one = press(&mut manager, &all, "#newer", &[("take", &take[1]), ("which", "these")]).await;
    assert!(one.text("#confirm").contains("newer facts of 1 row"), "{}", one.text("#confirm"));
    let done = press(&mut manager, &one, "#confirm", &[]).await;
    assert_eq!(done.texts(".counts dd"), ["0", "3", "1", "0"]);
    assert_eq!(app.count("select count(*) from enquiry_now where initial_visit_on is not null").await, 1);
    assert_eq!(app.count("select count(*) from enquiry_now where initial_visit_on = '2025-04-10'").await, 1);
}

#[tokio::test]
async fn what_looks_known_is_shown_side_by_side_and_a_restricted_record_says_nothing() {
    let app = TestApp::new().await;
    let ann = given::enquiry().reference("OLD-1").named("Ann Lee").phone("07700900123").postcode("TS1 1XX");
    ann.received("2024-04-01").create(&app).await;
    let zoe = given::enquiry().reference("OLD-2").named("Zoe Secret").phone("07700900777").postcode("TS9 9XX");
    zoe.received("2024-04-01").restricted_to(&[]).create(&app).await;
    let mut manager = app.sign_in(Role::Manager).await;
    let rows = "N1,2025-04-02,Ann Lee,07700900123,TS1 9ZZ,\nN2,2025-04-02,Zoe Secret,07700900777,,\n";
    let page = upload(&mut manager, "like.csv", format!("{HEADER}{rows}").as_bytes()).await;
    let preview = to_preview(&mut manager, &page).await;
    let said = preview.text(".beside-list");
    assert!(said.contains("enquiry OLD-1") && said.contains("TS1 1XX") && said.contains("TS1 9ZZ"), "{said}");
    assert!(said.contains("a restricted record") && !said.contains("OLD-2") && !said.contains("TS9 9XX"), "{said}");
}

#[tokio::test]
async fn thousands_are_written_alike_wherever_they_are_counted() {
    let app = TestApp::new().await;
    let mut manager = app.sign_in(Role::Manager).await;
    let letter = |number: usize| char::from(b"abcdefghij"[number % 10]);
    let row = |number: usize| {
        let name: String = [number / 1_000, number / 100, number / 10, number].map(letter).iter().collect();
        format!("R{number},2025-04-01,Ann L{name},,,\n")
    };
    let rows: String = (0..1_200).map(row).collect();
    let page = upload(&mut manager, "many.csv", format!("{HEADER}{rows}").as_bytes()).await;
    let preview = to_preview(&mut manager, &page).await;
    assert_eq!(preview.texts(".counts dd"), ["1,200", "0", "0", "1,200"]);
    assert_eq!(preview.text("[aria-label='Lists of the preview'] .n"), "1,200");
    assert_eq!(preview.text("#confirm button"), "Take in 1,200 new enquiries");
}

#[tokio::test]
async fn an_interrupted_file_says_that_nothing_was_written_and_is_checked_again() {
    let app = TestApp::new().await;
    let mut manager = app.sign_in(Role::Manager).await;
    let page = upload(&mut manager, "simple.csv", &example("simple.csv")).await;
    let preview = to_preview(&mut manager, &page).await;
    // As a service that was killed in the middle leaves it.
    let mut write = app.state.db.write().await.unwrap();
    sqlx::query("update upload set state = 'importing'").execute(&mut *write).await.unwrap();
    write.commit().await.unwrap();
    let stopped = manager.get(&format!("{IMPORTS}/uploads/1")).await;
    assert!(stopped.text("#progress").contains("Nothing of it was written"), "{}", stopped.text("main"));
    let again = press(&mut manager, &stopped, "#progress form[action$='/readings']", &[]).await;
    assert_eq!(counts(&again), counts(&preview));
    press(&mut manager, &again, "#confirm", &[]).await;
    assert_eq!(app.count("select count(*) from enquiry_now").await, 60);
    // Confirmed twice, it is taken in once.
    let twice = manager.submit(&again, "#confirm", &[]).await;
    assert_eq!(twice.status, StatusCode::CONFLICT);
    assert_eq!(app.count("select count(*) from import").await, 1);
}

#[tokio::test]
async fn a_file_is_its_senders_alone_and_gone_when_it_is_cancelled_or_old() {
    let app = TestApp::new().await;
    let mut manager = app.sign_in(Role::Manager).await;
    let page = upload(&mut manager, "simple.csv", &example("simple.csv")).await;
    assert!(
        page.text("main")
            .contains("The file is deleted when you take it in, when you cancel, or on 15 October 2025, 10:00")
    );
    let mut other = app.sign_in(Role::Manager).await;
    for path in ["", "/columns", "/sheets", "/words", "/preview", "/mapping", "/problems"] {
        let page = other.get(&format!("{IMPORTS}/uploads/1{path}")).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{path}");
    }
    assert!(!kept(&app).is_empty());
    let cancelled = press(&mut manager, &page, "form[action$='/cancellations']", &[]).await;
    assert_eq!(cancelled.text("h1"), "Imports");
    assert!(kept(&app).is_empty());
    assert_eq!(app.count("select count(*) from upload").await, 0);

    upload(&mut manager, "simple.csv", &example("simple.csv")).await;
    app.pass_minutes(24 * 60 - 1);
    hearth::features::imports::delete_old(&app.state, app.now()).await.unwrap();
    assert!(!kept(&app).is_empty());
    app.pass_minutes(2);
    hearth::features::imports::delete_old(&app.state, app.now()).await.unwrap();
    assert!(kept(&app).is_empty());
    assert_eq!(app.count("select count(*) from upload").await, 0);
    assert_eq!(app.count("select count(*) from audit where action = 'import_file_deleted'").await, 2);
}
