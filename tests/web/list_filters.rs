//! The filters of the list as a form and an address: what is typed stays, and what is not understood is named.

use axum::http::StatusCode;
use hearth::domain::role::Role;

use crate::enquiry_list::{names, some_enquiries};
use crate::support::TestApp;

#[tokio::test]
async fn the_form_of_the_filters_is_the_address_again() {
    let app = TestApp::new().await;
    some_enquiries(&app).await;
    let mut officer = app.sign_in(Role::Officer).await;
    for query in ["", "stage=new&state=open&from=2025-05-01&sort=name&order=desc", "state=any", "officer=me"] {
        let page = officer.get(&format!("/enquiries?{query}")).await;
        let again = officer.submit(&page, "#filters", &[]).await;
        assert_eq!(page.texts(".applied .off"), again.texts(".applied .off"), "{query}");
        assert_eq!(names(&page), names(&again), "{query}");
    }
}

#[tokio::test]
async fn what_is_too_short_to_look_for_is_said_and_not_passed_over() {
    let app = TestApp::new().await;
    some_enquiries(&app).await;
    let mut officer = app.sign_in(Role::Officer).await;
    for (typed, said) in [("q=a", true), ("q=%F0%9F%A6%8A", true), ("q=ab", false), ("", false)] {
        let page = officer.get(&format!("/enquiries?{typed}")).await;
        assert_eq!(page.has("#results .notice.warn"), said, "{typed}");
    }
}

#[tokio::test]
async fn a_wrong_day_is_said_and_what_was_typed_stays() {
    let app = TestApp::new().await;
    let mut officer = app.sign_in(Role::Officer).await;
    let page = officer.get("/enquiries?from=31+april").await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.errors()[0].contains("is not a date"));
    assert_eq!(page.attribute("#from", "value"), "31 april");
}

#[tokio::test]
async fn a_filter_that_is_not_understood_is_named_and_filters_nothing() {
    let app = TestApp::new().await;
    some_enquiries(&app).await;
    let mut officer = app.sign_in(Role::Officer).await;
    for (query, said) in [
        ("stage=zzz", "The stage “zzz” is not known, so it is left out"),
        ("kind=zzz", "The kind “zzz” is not known, so it is left out"),
        ("state=zzz", "The state “zzz” is not known, so it is left out"),
        ("limit=zzz", "The time limit “zzz” is not known, so it is left out"),
        ("sort=zzz", "The order “zzz” is not known, so it is left out"),
        ("order=up", "The order “up” is not known, so it is left out"),
        ("stagee=new", "“stagee” is not a filter, so it is left out"),
        ("view=99", "This view is not here: it was deleted, or is not shared any more"),
        ("columns=zzz", "The columns “zzz” are not known, so the usual ones are shown"),
        ("after=zzz", "The page in the address is not known, so the list begins at its beginning"),
    ] {
        let page = officer.get(&format!("/enquiries?{query}")).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{query}");
        assert_eq!(page.errors(), [said], "{query}");
        assert_eq!(names(&page).len(), 6, "{query}");
        let file = officer.get(&format!("/enquiries.csv?{query}")).await;
        assert_eq!(file.location(), format!("/enquiries?{query}"), "the page says what a file cannot");
    }
    let page = officer.get("/enquiries?stage=zzz&stage=stage_2").await;
    assert_eq!(names(&page), ["Carys Llŷr-Pugh"]);
    assert_eq!(page.attribute(".error-summary a", "href"), "#stage");
    assert!(page.has("#stage"));
}
