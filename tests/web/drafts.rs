//! Nothing typed is lost: drafts of notes.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use hearth::domain::role::Role;
use hearth::features::notes;

use crate::given;
use crate::support::TestApp;

const FORM: &str = "form.form";
const DAY: i64 = 24 * 60 * 60 * 1000;

#[tokio::test]
async fn a_draft_comes_back_to_its_writer_alone_and_goes_when_the_note_is_saved() {
    let app = TestApp::new().await;
    let id = given::enquiry().create(&app).await;
    let (new, drafts) = (format!("/enquiries/{id}/notes/new"), format!("/enquiries/{id}/notes/drafts"));
    let mut writer = app.sign_in(Role::Officer).await;
    let page = writer.get(&new).await;
    let kept = writer.submit_to(&page, FORM, &drafts, &[("body", "They would like"), ("on", "31 foo")]).await;
    assert_eq!(kept.status, StatusCode::SEE_OTHER);
    assert_eq!(app.count("select count(*) from note").await, 0);

    let page = writer.get(&format!("/enquiries/{id}/notes")).await;
    assert!(page.body.contains("You began a note on 14 October 2025"), "{}", page.text("main"));
    let page = writer.get(&new).await;
    assert_eq!(page.text("textarea").trim(), "They would like");
    assert!(page.body.contains("31 foo"), "what cannot be read is kept as well");
    let mut other = app.sign_in(Role::Manager).await;
    for path in [&new, &format!("/enquiries/{id}/notes")] {
        assert!(!other.get(path).await.body.contains("They would like"));
    }

    let fields = [("body", "They would like to foster"), ("on", "today")];
    let saved = writer.submit(&page, FORM, &fields).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{:?}", saved.errors());
    // What was typed last arrives late: the note is saved, so it is no draft.
    writer.submit_to(&page, FORM, &drafts, &[("body", "They would like to fost")]).await;
    assert_eq!(app.count("select count(*) from note_draft").await, 0);
    assert_eq!(app.count("select count(*) from note").await, 1);
}

#[tokio::test]
async fn a_draft_of_a_change_does_not_overwrite_what_somebody_else_has_written_since() {
    let app = TestApp::new().await;
    let id = given::enquiry().create(&app).await;
    let (mut one, mut two) = (app.sign_in(Role::Officer).await, app.sign_in(Role::Manager).await);
    let page = one.get(&format!("/enquiries/{id}/notes/new")).await;
    one.submit(&page, FORM, &[("body", "First")]).await;

    let page = one.get(&format!("/enquiries/{id}/notes/1/corrections")).await;
    one.submit_to(&page, FORM, &format!("/enquiries/{id}/notes/drafts"), &[("body", "First, with more")]).await;
    let page = two.get(&format!("/enquiries/{id}/notes/1/corrections")).await;
    two.submit(&page, FORM, &[("body", "Second")]).await;

    let page = one.get(&format!("/enquiries/{id}/notes/2/corrections")).await;
    assert_eq!(page.text("textarea").trim(), "First, with more");
    let answer = one.submit(&page, FORM, &[]).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    assert!(answer.body.contains("Second") && answer.body.contains("First, with more"));
    let saved = one.submit(&answer, FORM, &[]).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{:?}", saved.errors());
    assert_eq!(app.count("select count(*) from note_draft").await, 0);
    assert_eq!(
        app.count("select count(*) from note where superseded_at is null and body = 'First, with more'").await,
        1
    );
}

#[tokio::test]
async fn a_draft_is_thrown_away_when_asked_when_emptied_and_when_it_is_old() {
    let app = TestApp::new().await;
    let id = given::enquiry().create(&app).await;
    let (new, drafts) = (format!("/enquiries/{id}/notes/new"), format!("/enquiries/{id}/notes/drafts"));
    let mut writer = app.sign_in(Role::Officer).await;
    let page = writer.get(&new).await;
    writer.submit_to(&page, FORM, &drafts, &[("body", "Half")]).await;
    let page = writer.get(&new).await;
    writer.submit(&page, ".notice form", &[]).await;
    assert_eq!(app.count("select count(*) from note_draft").await, 0);

    writer.submit_to(&page, FORM, &drafts, &[("body", "Half")]).await;
    assert!(writer.get(&format!("/enquiries/{id}")).await.body.contains("You began a note on"));
    let emptied = writer.submit_to(&page, FORM, &drafts, &[("body", " ")]).await;
    assert!(writer.follow(&emptied).await.body.contains("Nothing was written, so there is no draft"));
    assert_eq!(app.count("select count(*) from note_draft").await, 0);

    writer.submit_to(&page, FORM, &drafts, &[("body", "Half")]).await;
    let almost = app.now().plus_milliseconds(notes::DRAFT_DAYS * DAY);
    assert_eq!(notes::forget_drafts(&app.state.db, almost).await.unwrap(), 0);
    assert_eq!(notes::forget_drafts(&app.state.db, almost.plus_milliseconds(1)).await.unwrap(), 1);
}

#[tokio::test]
async fn what_another_tab_kept_outlives_a_save_that_says_something_else() {
    let app = TestApp::new().await;
    let id = given::enquiry().create(&app).await;
    let (new, drafts) = (format!("/enquiries/{id}/notes/new"), format!("/enquiries/{id}/notes/drafts"));
    let mut writer = app.sign_in(Role::Officer).await;
    let (one, other) = (writer.get(&new).await, writer.get(&new).await);
    writer.submit_to(&one, FORM, &drafts, &[("body", "AAA first")]).await;
    let kept = app.now().to_string();
    app.pass_minutes(1);
    writer.submit_to(&other, FORM, &drafts, &[("body", "BBB second")]).await;
    writer.submit(&one, FORM, &[("body", "AAA first"), ("kept", &kept)]).await.location();
    let page = writer.get(&new).await;
    assert_eq!(page.text("textarea").trim(), "BBB second");
    // Rewritten, and saved before it was kept again: the page knows that the draft is its own.
    writer.submit(&page, FORM, &[("body", "CCC third")]).await.location();
    assert_eq!(app.count("select count(*) from note_draft").await, 0);
    assert_eq!(app.count("select count(*) from note").await, 2);
}

#[tokio::test]
async fn a_draft_that_is_the_beginning_of_what_is_saved_goes() {
    let app = TestApp::new().await;
    let id = given::enquiry().create(&app).await;
    let drafts = format!("/enquiries/{id}/notes/drafts");
    let mut writer = app.sign_in(Role::Officer).await;
    let page = writer.get(&format!("/enquiries/{id}/notes/new")).await;
    writer.submit_to(&page, FORM, &drafts, &[("body", "Rang them.\r\nThey would ")]).await;
    writer.submit(&page, FORM, &[("body", "Rang them.\r\nThey would like to foster")]).await.location();
    assert_eq!(app.count("select count(*) from note_draft").await, 0);

    let page = writer.get(&format!("/enquiries/{id}/notes/1/corrections")).await;
    writer.submit_to(&page, FORM, &drafts, &[("body", "Another tab's words")]).await;
    writer.submit(&page, FORM, &[("body", "Rang them twice")]).await.location();
    let page = writer.get(&format!("/enquiries/{id}/notes/2/corrections")).await;
    assert_eq!(page.text("textarea").trim(), "Another tab's words");
}

#[tokio::test]
async fn while_somebody_types_the_draft_is_kept_and_said_in_place() {
    let app = TestApp::new().await;
    let id = given::enquiry().create(&app).await;
    let mut writer = app.sign_in(Role::Officer).await;
    let page = writer.get(&format!("/enquiries/{id}/notes/new")).await;
    assert!(page.has(&format!("[hx-post='/enquiries/{id}/notes/drafts'] textarea")));
    assert!(page.has("#draft-said"));
    assert!(page.has("#ending[data-idle='1740'][hidden]"), "every page knows how long its session lasts");
    assert_eq!(writer.get("/account/stay").await.status, StatusCode::NO_CONTENT);
    let mut writer = writer.htmx();
    let said = writer.submit_to(&page, FORM, &format!("/enquiries/{id}/notes/drafts"), &[("body", "Half")]).await;
    assert!(said.text("body").contains("Nobody else sees it"), "{}", said.body);
    assert_eq!(said.attribute("input[name=kept]", "value"), app.now().to_string());
}

#[tokio::test]
async fn a_draft_that_comes_after_the_session_ended_leaves_the_note_where_it_is() {
    let app = TestApp::new().await;
    let id = given::enquiry().create(&app).await;
    let mut writer = app.sign_in(Role::Officer).await;
    let page = writer.get(&format!("/enquiries/{id}/notes/new")).await;
    writer.set_cookie("hearth", "a session that is over");
    let body = page.fields(FORM).iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("&");
    let request = Request::post(format!("/enquiries/{id}/notes/drafts"))
        .header("content-type", "application/x-www-form-urlencoded")
        .header("sec-fetch-site", "same-origin")
        .header("hx-request", "true")
        .header("hx-source", "div")
        .body(Body::from(format!("{body}&body=Half")))
        .unwrap();
    let answer = writer.send(request).await;
    assert_eq!((answer.status, answer.header("hx-retarget")), (StatusCode::FORBIDDEN, "#messages"));
    assert!(answer.header("hx-redirect").is_empty() && answer.text("p").contains("still on this page"));
}
