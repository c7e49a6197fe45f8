//! What comes after a separation: the two are not merged again, those who stay are asked anew how to reach them safely,
//! and whoever left without an enquiry can be corrected and is recognised.

use axum::http::StatusCode;

use crate::given;
use crate::separation::{FORM, NOT_NOW, OWN, couple};

#[tokio::test]
async fn a_separated_pair_is_not_merged_again_and_the_page_says_what_to_do() {
    let mut it = couple().await;
    it.separated(&OWN).await;
    let page = it.officer.get("/households/alike/1/2").await;
    let said = page.text("main");
    assert!(said.contains("They separated on 1 October 2025, so they are two households and are not merged"), "{said}");
    assert!(page.has(".notice a[href='/households/separations/1']"));
    assert!(
        !page.has("form#merge") && !page.has("form[action$=distinctions]") && !page.has("form[action$=withdrawals]")
    );
    // Whoever sends a form all the same is told so, and nothing is done.
    let other = given::enquiry().named("Ann Lee").create(&it.app).await;
    let form = it.officer.get(&format!("/households/alike/1/{}", given::household_of(&it.app, other).await)).await;
    let token = form.attribute("form#merge [name=form_token]", "value");
    let values = [("form_token", token.as_str()), ("fate_3", "back")];
    let refused = it.officer.post("/households/alike/1/2/merges", &values).await;
    assert!(refused.status.is_client_error(), "{}", refused.status);
    assert_eq!(it.app.count("select count(*) from household_merge").await, 0);
    assert_eq!(it.undo().await.status, StatusCode::SEE_OTHER);
    it.is_sound().await;
}

#[tokio::test]
async fn who_stays_is_asked_again_whether_a_message_is_safe_when_a_telephone_has_left() {
    let mut it = couple().await;
    let household = it.officer.get("/enquiries/2/household").await;
    let values = [("message_allowed", "yes"), ("contact_hours", "After six"), ("consent_to_contact", "yes")];
    it.officer.submit(&household, FORM, &values).await.location();
    it.separated(&NOT_NOW).await;
    let safe = it.record(2).await.text(".safe");
    assert!(safe.contains("Leave a messageNot asked") && safe.contains("WhenNot recorded"), "{safe}");
    assert!(safe.contains("Consent to contactYes"), "{safe}");
    assert_eq!(it.undo().await.status, StatusCode::SEE_OTHER);
    let safe = it.record(2).await.text(".safe");
    assert!(safe.contains("Leave a messageYes") && safe.contains("WhenAfter six"), "{safe}");
    it.is_sound().await;
}

#[tokio::test]
async fn whoever_left_without_an_enquiry_has_a_page_for_their_details() {
    let mut it = couple().await;
    let page = it.separated(&NOT_NOW).await;
    let href = page.attribute("a[href$='/separations/1/household']", "href");
    let form = it.officer.get(&href).await;
    assert_eq!(form.text("h1"), "Change the details of Tom Reed");
    let wrong = it.officer.submit(&form, FORM, &[("phone_1", "12")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    let values = [("phone_1", "07700 900055"), ("postcode", "SR2 7AA"), ("message_allowed", "no")];
    let sent = it.officer.submit(&form, FORM, &values).await;
    assert_eq!(sent.location(), "/households/separations/1");
    assert!(it.officer.get("/households/separations/1").await.text("main").contains("07700 900055"));
    let audited = "select count(*) from audit where action = 'household_changed' and household_id = 2";
    assert_eq!(it.app.count(audited).await, 1);
    assert_eq!(it.officer.get("/search?q=900055").await.texts(".results h3"), ["Tom Reed SR2 7AA"]);
    let stale = it.officer.submit(&form, FORM, &[("phone_1", "07700 900066")]).await;
    assert_eq!(stale.status, StatusCode::CONFLICT, "whoever comes second sees both versions");
    assert_eq!(stale.attribute("#phone_1", "value"), "07700 900066");
    assert!(it.stands_in_the_way().await.contains("changed the household of those who left since"));
    // Once they have an enquiry, that record is the place.
    let known = given::enquiry().of(hearth::domain::ids::HouseholdId(2));
    known.named("Tom Reed").create(&it.app).await;
    assert_eq!(it.officer.get(&href).await.location(), "/enquiries/3/household");
    it.is_sound().await;
}

#[tokio::test]
async fn whoever_left_without_an_enquiry_and_comes_with_a_file_is_recognised() {
    let mut it = couple().await;
    it.separated(&NOT_NOW).await;
    // As a file or a form makes it that does not say which household it is.
    given::enquiry().named("Tom Reed").phone("07700900002").received("2025-10-10").create(&it.app).await;
    let list = it.officer.get("/households/alike").await.text(".twins-list");
    assert!(list.contains("Left E-000002 on 1 Oct 2025, without an enquiry") && list.contains("E-000003"), "{list}");
    assert!(list.contains("Known from before they separated"), "{list}");
    let record = it.record(3).await;
    assert!(record.text("[aria-labelledby=alike]").contains("Tom Reed Left E-000002 on 1 Oct 2025"));
    let compare = it.officer.get(&record.attribute("[aria-labelledby=alike] a[href^='/households']", "href")).await;
    let sent = it.officer.submit(&compare, "form#merge", &[]).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
    let before = it.officer.get("/enquiries/3/people").await.text("[aria-labelledby=before]");
    assert!(before.contains("E-000001") && before.contains("E-000002"), "{before}");
    let history = it.officer.get("/enquiries/3/history").await.text("main");
    assert!(history.contains("With E-000002"), "{history}");
    it.is_sound().await;
    let merge = it.officer.get("/households/merges/1").await;
    assert_eq!(it.officer.submit(&merge, "form[action$=undoings]", &[]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(it.officer.get("/households/alike").await.texts(".twins-list > li").len(), 1);
    it.is_sound().await;
}
