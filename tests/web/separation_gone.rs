//! What is left of the enquiry that a separation made, once that is undone: why it is gone, for whom, and what somebody
//! had begun to write on it.

use axum::http::StatusCode;
use hearth::domain::actor::Actor;
use hearth::domain::ids::ImportId;
use hearth::domain::role::Role;
use hearth::features::imports;

use crate::import_undo::bring_example;
use crate::separation::{Couple, FORM, OWN, both, couple};
use crate::support::{Client, TestApp};

const GONE: &str = "This record is no longer there";

/// Keeps a draft of a note on one record.
async fn begin(client: &mut Client, id: i64, words: &str) {
    let form = client.get(&format!("/enquiries/{id}/notes/new")).await;
    let kept = client.submit_to(&form, FORM, &format!("/enquiries/{id}/notes/drafts"), &[("body", words)]).await;
    assert_eq!(kept.status, StatusCode::SEE_OTHER, "{}", kept.body);
}

#[tokio::test]
async fn whoever_is_writing_on_what_would_be_withdrawn_is_named_and_loses_nothing() {
    let mut it = couple().await;
    it.separated(&OWN).await;
    let kerry = it.app.person("Kerry Noble", &[Role::Officer]).await;
    let mut kerry = it.app.sign_in_as(kerry).await;
    let form = kerry.get("/enquiries/3/notes/new").await;
    let before = it.officer.get("/households/separations/1").await.text("[aria-labelledby=undo]");
    assert!(!before.contains("begun"), "{before}");

    begin(&mut kerry, 3, "He has a flat now").await;
    let page = it.officer.get("/households/separations/1").await;
    let said = page.text("[aria-labelledby=undo]");
    assert!(said.contains("Kerry Noble has begun a note on it that is not saved yet."), "{said}");
    assert!(said.contains("It would be kept for them to read, not on any record."), "{said}");
    assert!(!page.body.contains("a flat"), "nobody reads another's");
    let hers = kerry.get("/households/separations/1").await.text("[aria-labelledby=undo]");
    assert!(hers.contains("You have begun a note on it"), "{hers}");
    begin(&mut it.officer, 3, "Rang").await;
    let both = it.officer.get("/households/separations/1").await.text("[aria-labelledby=undo]");
    assert!(both.contains("You and Kerry Noble have begun notes on it"), "{both}");

    assert_eq!(it.undo().await.status, StatusCode::SEE_OTHER);
    let undone = it.officer.get("/households/separations/1").await.text("main");
    assert!(undone.contains("Tom Reed is in the household again; E-000003 was withdrawn."), "{undone}");
    assert!(undone.contains("Kerry Noble had begun to write on E-000003 and not saved it."), "{undone}");
    let saved = kerry.submit(&form, FORM, &[("body", "He has a flat now, with a garden")]).await;
    assert_eq!(saved.status, StatusCode::GONE, "{}", saved.body);
    assert_eq!(it.app.count("select count(*) from note where enquiry_id = 3").await, 0);

    let own = kerry.get("/households/separations/1").await;
    assert!(own.has("main a[href='/enquiries/3']"), "{}", own.text("main"));
    for path in ["/enquiries/3", "/enquiries/3/notes/new", "/enquiries/3/history"] {
        let gone = kerry.get(path).await;
        assert_eq!((gone.status, gone.text("h1").as_str()), (StatusCode::GONE, GONE), "{path}");
        assert_eq!(gone.texts("[aria-labelledby=begun] blockquote"), ["He has a flat now"], "{path}");
    }
    it.is_sound().await;
}

#[tokio::test]
async fn what_was_withdrawn_says_why_it_is_gone_and_where_its_people_are() {
    let mut it = couple().await;
    it.separated(&OWN).await;
    assert_eq!(it.undo().await.status, StatusCode::SEE_OTHER);
    let gone = it.record(3).await;
    assert_eq!((gone.status, gone.text("h1").as_str()), (StatusCode::GONE, GONE));
    let said = gone.text(".lede");
    assert!(said.contains("E-000003 was the enquiry of those who had left E-000002."), "{said}");
    assert!(said.contains("Kerry Blyth undid that separation on 14 October 2025, 10:00"), "{said}");
    assert_eq!(gone.text("main a[href='/enquiries/2']"), "Open E-000002, Priya Nair and Tom Reed");
    assert!(!gone.has("[aria-labelledby=begun]"));
    // With htmx it is a message, as ever.
    let message = it.officer.clone().htmx().get("/enquiries/3").await;
    assert_eq!((message.status, message.header("hx-retarget")), (StatusCode::GONE, "#messages"));

    let history = it.officer.get("/enquiries/2/history").await;
    let line = history.texts("tbody tr").into_iter().find(|line| line.contains("Undid a separation"));
    let line = line.unwrap_or_default();
    assert!(line.contains("Tom Reed is in the household again; E-000003 was withdrawn"), "{line}");
    assert!(history.has("tbody a[href='/households/separations/1']"));
    // Who sees their own cases only is not told, and neither is who asks for what never was.
    let mut worker = it.app.sign_in(Role::SocialWorker).await;
    assert_eq!(worker.get("/enquiries/3").await.status, StatusCode::NOT_FOUND);
    assert_eq!(it.record(4000).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn of_a_restricted_household_nothing_is_said_to_who_is_not_named() {
    let app = TestApp::new().await;
    let named = app.person("Named Person", &[Role::Manager]).await;
    let id = both().received("2025-08-01").restricted_to(&[named]).create(&app).await;
    let mut it = Couple { officer: app.sign_in_as(named).await, first: id, second: id, app };
    it.separated(&OWN).await;
    assert_eq!(it.undo().await.status, StatusCode::SEE_OTHER);
    assert_eq!(it.record(2).await.status, StatusCode::GONE);
    let mut other = it.app.sign_in(Role::Manager).await;
    assert_eq!(other.get("/enquiries/2").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn what_was_restricted_since_is_not_told_by_the_record_that_is_gone() {
    let mut it = couple().await;
    it.separated(&OWN).await;
    assert_eq!(it.undo().await.status, StatusCode::SEE_OTHER);
    let mut write = it.app.state.db.write().await.unwrap();
    sqlx::query("update enquiry set restricted = 1 where id = 2").execute(&mut *write).await.unwrap();
    write.commit().await.unwrap();
    assert_eq!(it.record(3).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn what_was_begun_on_a_record_of_an_undone_import_is_shown_to_its_writer() {
    let app = TestApp::new().await;
    bring_example(&app, "simple.csv").await;
    let (mut writer, mut other) = (app.sign_in(Role::Officer).await, app.sign_in(Role::Manager).await);
    begin(&mut writer, 1, "They have two rooms").await;
    let mut write = app.state.db.write().await.unwrap();
    imports::undo(&mut write, &Actor::command_line(app.now()), ImportId(1), &|_| {}).await.unwrap();
    write.commit().await.unwrap();
    let gone = writer.get("/enquiries/1").await;
    assert_eq!((gone.status, gone.text("h1").as_str()), (StatusCode::GONE, GONE));
    assert!(gone.text(".lede").contains("came with the file “simple.csv”"), "{}", gone.text(".lede"));
    assert!(!gone.text(".lede").contains("(undone"), "{}", gone.text(".lede"));
    assert_eq!(gone.texts("[aria-labelledby=begun] blockquote"), ["They have two rooms"]);
    let theirs = other.get("/enquiries/1").await;
    assert_eq!(theirs.status, StatusCode::GONE);
    assert!(!theirs.has("[aria-labelledby=begun]") && !theirs.body.contains("two rooms"));
}
