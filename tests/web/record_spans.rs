//! What ends and what holds for a time: closing and reopening, pauses, keeping in touch.

use axum::http::StatusCode;

use crate::record::{FORM, change_of, couple, fill, officer, save};
use crate::support::TestApp;

#[tokio::test]
async fn closing_offers_the_reasons_of_the_day_and_reopening_goes_on() {
    let app = TestApp::new().await;
    let before = couple().create(&app).await;
    let after = couple().applied("2025-04-02").create(&app).await;
    let mut client = officer(&app).await;

    let page = client.get(&format!("/enquiries/{before}/closures/new")).await;
    assert!(page.has("input[value=no_spare_room]") || page.body.contains("value=\"no_spare_room\""));
    assert!(!page.body.contains("value=\"AW3\""));
    let answer = client.submit(&page, FORM, &[("reason", "AW3")]).await;
    assert_eq!(answer.errors(), ["Choose one of the reasons"]);
    let answer = client.submit(&page, FORM, &[]).await;
    assert_eq!(answer.errors(), ["Choose why it ended"]);

    let page = client.get(&format!("/enquiries/{after}/closures/new")).await;
    assert!(page.body.contains("value=\"AW3\"") && !page.body.contains("value=\"no_spare_room\""));
    let answer = client.submit(&page, FORM, &[("on", "1/9/25"), ("reason", "AW3"), ("note", "Twins are coming")]).await;
    let page = client.follow(&answer).await;
    let state = page.text(".facts .tag.dashed");
    assert_eq!(state, "Closed");
    assert!(page.text(".facts").contains("on Mon 1 Sep 2025, by the applicant: AW3 Household circumstances changed"));
    assert!(page.text(".timeline blockquote").contains("Twins are coming"));
    assert!(page.text(".ladder .ended").contains("Closed Mon 1 Sep 2025"));

    let answer = fill(&mut client, after, "/closures/new", &[("on", "2/9/25"), ("reason", "AW1")]).await;
    assert!(answer.errors()[0].contains("It was closed already on 1 September 2025"));

    let page = save(&mut client, after, "/reopenings/new", &[("on", "1/10/25")]).await;
    assert!(!page.has(".ladder .ended"));
    assert_eq!(page.texts(".facts .tag"), ["Application"]);
}

#[tokio::test]
async fn what_has_ended_is_paused_only_for_the_time_before() {
    let app = TestApp::new().await;
    let id = couple().create(&app).await;
    let mut client = officer(&app).await;
    save(&mut client, id, "/closures/new", &[("on", "1/6/25"), ("reason", "not_now")]).await;
    for (path, more) in [("/pauses/new", [("reason", "work")]), ("/in-touch/new", [("contact_again_on", "")])] {
        let values: Vec<_> = [("from", "1/6/25")].into_iter().chain(more).collect();
        let answer = fill(&mut client, id, path, &values).await;
        assert_eq!(answer.errors(), ["This enquiry ended on 1 June 2025. Reopen it first"], "{path}");
    }
    let earlier = [("from", "1/5/25"), ("to", "20/5/25"), ("reason", "work")];
    let answer = fill(&mut client, id, "/pauses/new", &earlier).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{:?}", answer.errors());
}

#[tokio::test]
async fn a_pause_is_recorded_ended_corrected_and_never_overlaps() {
    let app = TestApp::new().await;
    let id = couple().create(&app).await;
    let mut client = officer(&app).await;
    let turned = [("from", "1/5/25"), ("to", "3/3/25"), ("reason", "illness")];
    let answer = fill(&mut client, id, "/pauses/new", &turned).await;
    assert_eq!(answer.errors(), ["Goes on from: 3 March 2025 is before its start on 1 May 2025"]);
    assert_eq!(answer.attribute(".error-summary a", "href"), "#to", "beside the field that is wrong, by its name");

    let page = save(&mut client, id, "/pauses/new", &[("from", "1/5/25"), ("reason", "illness")]).await;
    assert!(page.text(".facts").contains("Paused since Thu 1 May 2025: illness"));
    assert_eq!(page.text("#next"), "Paused");

    let answer = fill(&mut client, id, "/pauses/new", &[("from", "1/6/25"), ("reason", "work")]).await;
    assert!(answer.errors()[0].contains("the one from 1 May 2025 has not ended by then"), "{:?}", answer.errors());

    let end = change_of(&mut client, id, "pauses", "endings").await;
    let answer = fill(&mut client, id, &end, &[("to", "1/4/25")]).await;
    assert!(answer.errors()[0].contains("is before its start"));
    let page = save(&mut client, id, &end, &[("to", "1/7/25")]).await;
    assert!(!page.text(".facts").contains("Paused"));
    assert!(page.text(".timeline").contains("until Tue 1 Jul 2025, 61 days"));

    let form = change_of(&mut client, id, "pauses", "corrections").await;
    let page = save(&mut client, id, &form, &[("from", "8/5/25"), ("why", "It began a week later")]).await;
    assert!(page.text(".timeline .correction").contains("Start corrected"));
    save(&mut client, id, "/pauses/new", &[("from", "1/7/25"), ("reason", "work")]).await;
}

#[tokio::test]
async fn keeping_in_touch_may_look_ahead_and_ends_when_they_go_on() {
    let app = TestApp::new().await;
    let id = couple().create(&app).await;
    let mut client = officer(&app).await;
    // Without its year it is the last third of April, and nobody would be reminded.
    let answer = fill(&mut client, id, "/in-touch/new", &[("contact_again_on", "3 april")]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.errors()[0].contains("write its year too"), "{:?}", answer.errors());
    let page = save(&mut client, id, "/in-touch/new", &[("contact_again_on", "3/4/2026")]).await;
    assert!(page.text(".facts").contains("Keeping in touch contact again on Fri 3 Apr 2026"));

    let form = change_of(&mut client, id, "in-touch", "corrections").await;
    let page =
        save(&mut client, id, &form, &[("contact_again_on", "1/6/2026"), ("why", "They asked for more time")]).await;
    assert!(page.text(".timeline .correction").contains("Fri 3 Apr 2026 to Mon 1 Jun 2026"));

    let end = change_of(&mut client, id, "in-touch", "endings").await;
    let page = save(&mut client, id, &end, &[]).await;
    assert!(!page.text(".facts").contains("Keeping in touch"));
}

#[tokio::test]
async fn a_reason_typed_for_a_correction_goes_along_to_the_withdrawal() {
    let app = TestApp::new().await;
    let paused = couple().paused("2025-05-01", "").create(&app).await;
    let in_touch = couple().in_touch("2025-05-01", "2025-12-01").create(&app).await;
    let mut client = officer(&app).await;
    for (id, noun) in [(paused, "pauses"), (in_touch, "in-touch")] {
        let correction = change_of(&mut client, id, noun, "corrections").await;
        let page = client.get(&format!("/enquiries/{id}{correction}")).await;
        let to = format!("/enquiries/{id}{}", correction.replace("corrections", "withdrawals"));
        let asked = client.submit_to(&page, FORM, &to, &[("why", "Another family"), ("do", "show")]).await;
        assert_eq!(asked.status, StatusCode::OK, "{}", asked.body);
        assert_eq!(asked.attribute("#why", "value"), "Another family");
        client.submit(&asked, FORM, &[]).await.location();
    }
    assert_eq!(app.count("select count(*) from pause where superseded_at is null").await, 0);
    assert_eq!(app.count("select count(*) from in_touch where superseded_at is null").await, 0);
}
