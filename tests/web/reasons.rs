//! The list of reasons why enquiries end, as an administrator keeps it and officers meet it.

use axum::http::StatusCode;
use hearth::domain::role::Role;

use crate::given;
use crate::support::TestApp;

const FORM: &str = "#reason";
const LIST: &str = "/settings/reasons";

#[tokio::test]
async fn a_reason_is_added_offered_reworded_and_taken_out_of_use_while_records_keep_it() {
    let app = TestApp::new().await;
    let id = given::enquiry().create(&app).await;
    let other = given::enquiry().create(&app).await;
    let (mut admin, mut officer) = (app.sign_in(Role::Admin).await, app.sign_in(Role::Officer).await);
    let page = admin.get("/settings/reasons/new").await;
    let new = [("label", "Caring for a relative"), ("ended_by", "applicant"), ("applies", "before_applying")];
    assert_eq!(admin.submit(&page, FORM, &new).await.location(), LIST);
    let again = admin.submit(&page, FORM, &new).await;
    assert_eq!(again.errors(), ["There is a reason with these words: Caring for a relative"]);

    let close = |id| format!("/enquiries/{id}/closures/new");
    let page = officer.get(&close(id)).await;
    let saved = officer.submit(&page, "form.form", &[("reason", "caring_for_a_relative")]).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{:?}", saved.errors());

    let address = format!("{LIST}/caring_for_a_relative");
    let page = admin.get(&address).await;
    let changed = [("label", "Looks after a relative"), ("in_use", "")];
    assert_eq!(admin.submit(&page, FORM, &changed).await.location(), LIST);
    assert!(admin.get(LIST).await.body.contains("No longer offered"));
    assert!(!officer.get(&close(other)).await.body.contains("caring_for_a_relative"));
    let record = officer.get(&format!("/enquiries/{id}")).await;
    assert!(record.body.contains("Looks after a relative"), "{}", record.text("main"));
    let refused = officer.post(&format!("/enquiries/{other}/closures"), &[("reason", "caring_for_a_relative")]).await;
    assert_ne!(refused.status, StatusCode::SEE_OTHER);
    assert_eq!(app.count("select count(*) from audit where action in ('reason_added', 'reason_changed')").await, 2);
    let history = admin.get(&address).await.texts("section li");
    assert!(history[0].contains("Reason: Caring for a relative → Looks after a relative"), "{history:?}");
    assert!(history[1].starts_with("Added a reason"), "{history:?}");
}

#[tokio::test]
async fn what_rules_and_ofsted_depend_on_cannot_be_changed_nor_added_to() {
    let app = TestApp::new().await;
    let mut admin = app.sign_in(Role::Admin).await;
    for code in ["AW3", "duplicate", "not_recorded", "nonsense"] {
        assert_eq!(admin.get(&format!("{LIST}/{code}")).await.status, StatusCode::NOT_FOUND, "{code}");
        let answer = admin.post(&format!("{LIST}/{code}"), &[("label", "Mine")]).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{code}");
    }
    let page = admin.get("/settings/reasons/new").await;
    let after = [("label", "Our own"), ("ended_by", "applicant"), ("applies", "after_applying")];
    let refused = admin.submit(&page, FORM, &after).await;
    assert_eq!(refused.errors(), ["After applying, an applicant's reasons are Ofsted's. Choose before applying"]);
    assert_eq!(admin.submit(&page, FORM, &[]).await.errors().len(), 3);
    assert_eq!(app.count("select count(*) from close_reason where code = 'our_own'").await, 0);
}

#[tokio::test]
async fn two_administrators_change_one_reason_and_neither_is_overwritten_unseen() {
    let app = TestApp::new().await;
    let (mut one, mut two) = (app.sign_in(Role::Admin).await, app.sign_in(Role::Admin).await);
    let address = format!("{LIST}/not_now");
    let (first, second) = (one.get(&address).await, two.get(&address).await);
    one.submit(&first, FORM, &[("label", "Not at present")]).await.location();
    let conflict = two.submit(&second, FORM, &[("label", "Perhaps later")]).await;
    assert_eq!(conflict.status, StatusCode::CONFLICT);
    let both = conflict.text(".versions");
    assert!(both.contains("Not at present") && both.contains("Perhaps later"), "{both}");
    assert!(conflict.body.contains("value=\"Perhaps later\""));
    assert_eq!(two.submit(&conflict, FORM, &[]).await.location(), LIST);
    assert_eq!(app.count("select count(*) from close_reason where label = 'Perhaps later'").await, 1);

    // One words it anew, the other takes it out of use: both hold.
    let (first, second) = (one.get(&address).await, two.get(&address).await);
    one.submit(&first, FORM, &[("label", "Not yet")]).await.location();
    let conflict = two.submit(&second, FORM, &[("in_use", "")]).await;
    assert_eq!(conflict.status, StatusCode::CONFLICT);
    assert_eq!(conflict.texts(".versions h3"), ["Offered"], "he never touched the words");
    assert_eq!(two.submit(&conflict, FORM, &[]).await.location(), LIST);
    assert_eq!(app.count("select count(*) from close_reason where label = 'Not yet' and in_use = 0").await, 1);
}

#[tokio::test]
async fn whoever_is_past_an_application_ends_with_ofsteds_reasons_though_its_date_is_missing() {
    let app = TestApp::new().await;
    let visited = given::enquiry().visited("2025-10-02").create(&app).await;
    let past = given::enquiry().visited("2025-10-02").stage_2("2025-10-06").panel("2025-10-10").create(&app).await;
    let mut officer = app.sign_in(Role::Officer).await;
    for (id, applied) in [(visited, false), (past, true)] {
        let page = officer.get(&format!("/enquiries/{id}/closures/new")).await;
        assert_eq!(page.text(".lede").contains("They have not applied yet"), !applied);
        let offered = page.attributes("input[name=reason]", "value");
        for (code, after) in [("AW3", true), ("no_spare_room", false), ("not_eligible", applied)] {
            assert_eq!(offered.iter().any(|it| it == code), after == applied, "{code} of {offered:?}");
        }
        let saved = officer.submit(&page, "form.form", &[("reason", "AW3")]).await;
        let expected = if applied { StatusCode::SEE_OTHER } else { StatusCode::UNPROCESSABLE_ENTITY };
        assert_eq!(saved.status, expected, "{:?}", saved.errors());
    }
}
