//! Addresses that somebody mistyped or kept: each leads somewhere, or says that nothing is there.

use axum::http::StatusCode;
use hearth::domain::role::Role;

use crate::given;
use crate::support::TestApp;

#[tokio::test]
async fn an_id_that_is_no_number_names_nothing() {
    let app = TestApp::new().await;
    let id = given::enquiry().create(&app).await;
    let mut officer = app.sign_in(Role::Officer).await;
    for path in [
        "/enquiries/abc".to_owned(),
        "/enquiries/99999999999999999999".to_owned(),
        "/enquiries/abc/household".to_owned(),
        "/enquiries/abc/notes/new".to_owned(),
        format!("/enquiries/{id}/milestones/x/corrections"),
        format!("/enquiries/{id}/pauses/x/endings"),
    ] {
        let page = officer.get(&path).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{path}");
        assert!(page.has("h1") && page.has("nav"), "{path}: {}", page.body);
    }
}

#[tokio::test]
async fn a_milestone_of_no_kind_leads_to_the_choice() {
    let app = TestApp::new().await;
    let id = given::enquiry().create(&app).await;
    let mut officer = app.sign_in(Role::Officer).await;
    for asked in ["", "?kind=", "?kind=nonsense"] {
        let answer = officer.get(&format!("/enquiries/{id}/milestones/new{asked}")).await;
        let page = officer.follow(&answer).await;
        assert!(page.has("a[href*='milestones/new?kind=initial_visit']"), "{asked}: {}", page.body);
    }
}

#[tokio::test]
async fn what_would_only_be_refused_is_not_offered() {
    let app = TestApp::new().await;
    let mut officer = app.sign_in(Role::Officer).await;
    let (closing, opening) = ("a[href$='/closures/new']", "a[href$='/reopenings/new']");
    let open = given::enquiry().received("2025-03-03");
    let closed = open.clone().closed("2025-04-01", "not_now");
    for (enquiry, offered) in [
        (open.clone(), (true, false)),
        (closed.clone(), (false, true)),
        (closed.reopened("2025-05-01"), (true, false)),
        (open.approved("2025-09-01"), (false, false)),
    ] {
        let id = enquiry.create(&app).await;
        let page = officer.get(&format!("/enquiries/{id}")).await;
        assert_eq!((page.has(closing), page.has(opening)), offered, "{id}");
    }
}

#[tokio::test]
async fn a_household_that_changes_stands_in_the_history_of_each_of_its_enquiries() {
    let app = TestApp::new().await;
    let first = given::enquiry().named("Amira Rahman").received("2024-03-03").create(&app).await;
    let household = given::household_of(&app, first).await;
    let second = given::enquiry().of(household).named("Amira Rahman").create(&app).await;
    let mut officer = app.sign_in(Role::Officer).await;
    let page = officer.get(&format!("/enquiries/{second}/household")).await;
    officer.submit(&page, "form.form", &[("contact_hours", "After six")]).await.location();
    for id in [first, second] {
        let page = officer.get(&format!("/enquiries/{id}/history")).await;
        assert!(page.text("main").contains("Changed the household"), "{}", page.text("main"));
    }
}
