//! Separations undone, and what stands in the way: work on either household, a later separation, a merge.

use axum::http::StatusCode;
use hearth::domain::role::Role;

use crate::given;
use crate::separation::{Couple, FORM, NOT_NOW, OWN, PRIYA, both, couple};
use crate::support::{Page, TestApp};

const DAY: i64 = 24 * 60;

#[tokio::test]
async fn a_separation_is_undone_exactly_and_can_be_recorded_again() {
    let mut it = couple().await;
    let without_clocks = |page: &Page| page.text(".identity").split("Time limit").next().unwrap_or_default().to_owned();
    let before = without_clocks(&it.record(it.second).await);
    let people = it.officer.get("/enquiries/2/people").await.text(".split");
    it.separated(&OWN).await;
    it.app.pass_minutes(29 * DAY);
    it.officer = it.app.sign_in(Role::Officer).await;
    let undone = it.undo().await;
    let page = it.officer.follow(&undone).await;
    assert!(page.text("main").contains("they are one household again"), "{}", page.text("main"));
    assert!(!page.has("form[action$=undoings]"));
    assert_eq!(without_clocks(&it.record(it.second).await), before);
    assert_eq!(it.officer.get("/enquiries/2/people").await.text(".split"), people);
    assert_eq!(it.record(3).await.status, StatusCode::GONE);
    // What was known in between stays known; nobody is left in the household that was.
    assert_eq!(it.app.count("select count(*) from milestone where enquiry_id = 3 and superseded_at is null").await, 0);
    assert_eq!(it.app.count("select count(*) from milestone where enquiry_id = 3").await, 1);
    assert_eq!(it.app.count("select count(*) from member where household_id = 2").await, 0);
    assert_eq!(
        it.app
            .count("select count(*) from task where enquiry_id = 3 and superseded_at is null and state = 'open'")
            .await,
        0
    );
    let found = it.officer.get("/search?q=900002").await;
    assert!(found.has("main a[href^='/enquiries/']"), "{}", found.text("main"));
    let history = it.officer.get("/enquiries/2/history").await.text("main");
    assert!(history.contains("Undid a separation"), "{history}");
    it.is_sound().await;
    it.separated(&NOT_NOW).await;
    it.is_sound().await;
}

#[tokio::test]
async fn after_thirty_days_it_is_too_late() {
    let mut it = couple().await;
    let open = it.separated(&OWN).await;
    it.app.pass_minutes(31 * DAY);
    it.officer = it.app.sign_in(Role::Officer).await;
    assert!(it.stands_in_the_way().await.contains("more than 30 days ago"));
    let token = open.attribute("form[action$=undoings] [name=form_token]", "value");
    let late = it.officer.post("/households/separations/1/undoings", &[("form_token", &token)]).await;
    assert_eq!(late.status, StatusCode::CONFLICT);
    assert!(late.text("main").contains("Nothing was undone"), "{}", late.text("main"));
    it.is_sound().await;
}

#[tokio::test]
async fn what_was_built_since_stands_in_the_way_and_the_page_says_what_to_do() {
    let mut it = couple().await;
    it.separated(&OWN).await;
    // A change of the household that stayed can be put back.
    for (language, is_in_the_way) in [("Polish", true), ("", false)] {
        let household = it.officer.get("/enquiries/2/household").await;
        it.officer.submit(&household, FORM, &[("language", language)]).await;
        let page = it.officer.get("/households/separations/1").await;
        assert_eq!(page.text("main").contains("changed the household of those who stayed since"), is_in_the_way);
    }
    // So can a change of the new one.
    for (language, is_in_the_way) in [("Polish", true), ("", false)] {
        let household = it.officer.get("/enquiries/3/household").await;
        it.officer.submit(&household, FORM, &[("language", language)]).await;
        let page = it.officer.get("/households/separations/1").await;
        assert_eq!(page.text("main").contains("changed the household of those who left since"), is_in_the_way);
    }
    // What goes on with the enquiry that stayed is no obstacle; work on the new one is.
    let note = it.officer.get("/enquiries/2/notes/new").await;
    it.officer.submit(&note, FORM, &[("body", "Rang")]).await;
    assert!(it.officer.get("/households/separations/1").await.has("form[action$=undoings]"));
    let note = it.officer.get("/enquiries/3/notes/new").await;
    let sent = it.officer.submit(&note, FORM, &[("body", "Rang too")]).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
    assert!(it.stands_in_the_way().await.contains("has worked on the new household since"));
}

#[tokio::test]
async fn three_part_ways_one_by_one_and_the_latest_is_undone_first() {
    let app = TestApp::new().await;
    let three = both().named("Ann Lee").phone("07700900003").received("2025-08-01").create(&app).await;
    let mut it = Couple { officer: app.sign_in(Role::Officer).await, first: three, second: three, app };
    it.separated(&[("separated_on", "1/9/25"), PRIYA, ("stays", "3 Ann Lee"), ("goes_on", "own")]).await;
    it.separated(&[("separated_on", "1/10/25"), PRIYA, ("goes_on", "own")]).await;
    assert_eq!(it.record(three).await.text("h1"), "Priya Nair");
    assert_eq!(it.record(2).await.text("h1"), "Tom Reed");
    assert_eq!(it.record(3).await.text("h1"), "Ann Lee");
    assert_eq!(it.app.count("select count(*) from enquiry_now").await, 3);
    assert!(it.stands_in_the_way().await.contains("separated again"));
    let page = it.officer.get("/households/separations/2").await;
    it.officer.submit(&page, "form[action$=undoings]", &[]).await;
    assert_eq!(it.undo().await.status, StatusCode::SEE_OTHER);
    assert_eq!(it.record(three).await.text("h1"), "Priya Nair, Tom Reed and Ann Lee");
    it.is_sound().await;
}

/// The couple of `couple`, logged once more with the same people, and merged.
async fn merged() -> Couple {
    let mut it = couple().await;
    both().received("2025-08-03").create(&it.app).await;
    let page = it.officer.get("/households/alike/1/2").await;
    let sent = it.officer.submit(&page, "form#merge", &[]).await;
    assert_eq!(sent.location(), "/households/merges/1", "{}", sent.body);
    it.app.pass_minutes(5);
    it
}

#[tokio::test]
async fn a_household_made_of_two_records_separates_and_is_no_longer_found_by_who_left() {
    let mut it = merged().await;
    assert!(it.officer.get("/search?q=900002").await.has("main a[href='/enquiries/2']"));
    it.separated(&OWN).await;
    let found = it.officer.get("/search?q=900002").await;
    assert!(!found.has("main a[href='/enquiries/2']") && found.has("main a[href='/enquiries/4']"));
    it.is_sound().await;
    let merge = it.officer.get("/households/merges/1").await.text("main");
    assert!(merge.contains("recorded on 14 October 2025, 10:05 that the household has separated"), "{merge}");
    assert_eq!(it.undo().await.status, StatusCode::SEE_OTHER);
    assert!(it.officer.get("/search?q=900002").await.has("main a[href='/enquiries/2']"));
    it.is_sound().await;
    let merge = it.officer.get("/households/merges/1").await;
    let undone = it.officer.submit(&merge, "form[action$=undoings]", &[]).await;
    assert_eq!(undone.status, StatusCode::SEE_OTHER, "{}", undone.body);
    it.is_sound().await;
}

#[tokio::test]
async fn who_left_is_merged_with_another_record_of_theirs_first() {
    let mut it = couple().await;
    it.separated(&OWN).await;
    it.app.pass_minutes(5);
    given::enquiry().named("Tom Reed").phone("07700900002").received("2020-01-01").create(&it.app).await;
    let page = it.officer.get("/households/alike/3/2").await;
    let sent = it.officer.submit(&page, "form#merge", &[("fate_3", "back")]).await;
    assert_eq!(sent.location(), "/households/merges/1", "{}", sent.body);
    assert!(it.stands_in_the_way().await.contains("Undo that merge first"));
    let people = it.officer.get("/enquiries/4/people").await;
    assert!(people.text("[aria-labelledby=before]").contains("E-000002"), "{}", people.text("main"));
    it.is_sound().await;
    let merge = it.officer.get("/households/merges/1").await;
    it.officer.submit(&merge, "form[action$=undoings]", &[]).await;
    assert_eq!(it.undo().await.status, StatusCode::SEE_OTHER);
    it.is_sound().await;
}
