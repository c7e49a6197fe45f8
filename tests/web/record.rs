//! The record of an enquiry, through the whole service: reading it, recording, correcting, withdrawing, closing.

use axum::http::StatusCode;
use hearth::domain::household::Answer;
use hearth::domain::ids::EnquiryId;
use hearth::domain::milestone::MilestoneKind;
use hearth::domain::role::Role;
use hearth::features::audit;

use crate::given::{self, Enquiry};
use crate::support::{Client, Page, TestApp};

pub const FORM: &str = "form.form";

pub async fn record(client: &mut Client, id: EnquiryId) -> Page {
    client.get(&format!("/enquiries/{id}")).await
}

/// Opens a form below the enquiry, fills it in and sends it.
pub async fn fill(client: &mut Client, id: EnquiryId, form: &str, values: &[(&str, &str)]) -> Page {
    let page = client.get(&format!("/enquiries/{id}{form}")).await;
    assert_eq!(page.status, StatusCode::OK, "{form}: {}", page.body);
    client.submit(&page, FORM, values).await
}

/// The same, and on to the record, which it must lead to.
pub async fn save(client: &mut Client, id: EnquiryId, form: &str, values: &[(&str, &str)]) -> Page {
    let answer = fill(client, id, form, values).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{form}: {:?}", answer.errors());
    client.follow(&answer).await
}

/// Where the form of the first fact with that title in the timeline is.
pub async fn change_of(client: &mut Client, id: EnquiryId, noun: &str, action: &str) -> String {
    let page = record(client, id).await;
    let href = page.attribute(&format!(".timeline a[href*='/{noun}/'][href$='{action}']"), "href");
    href.strip_prefix(&format!("/enquiries/{id}")).unwrap().to_owned()
}

pub async fn officer(app: &TestApp) -> Client {
    app.sign_in(Role::Officer).await
}

pub fn couple() -> Enquiry {
    given::enquiry()
        .named("Amira Rahman")
        .phone("07700900417")
        .email("amira@example.org")
        .named("Joel Carter")
        .postcode("SR6 9PQ")
        .received("2025-03-03")
}

#[tokio::test]
async fn the_identity_bar_says_who_where_it_stands_and_how_to_reach_them() {
    let app = TestApp::new().await;
    let id = couple()
        .consent(Answer::No)
        .officer("Priya Nair", None)
        .applied("2025-04-02")
        .stage_1("2025-04-14")
        .stage_2("2025-05-12")
        .create(&app)
        .await;
    let page = record(&mut officer(&app).await, id).await;
    assert_eq!(page.text("h1"), "Amira Rahman and Joel Carter");
    assert_eq!(page.texts(".facts .tag"), ["Stage 1", "Stage 2"]);
    assert_eq!(page.attribute(".facts a[href^='tel:']", "href"), "tel:07700900417");
    assert!(page.text(".facts").contains("07700 900417 (Amira)"));
    assert!(page.text(".safe.careful").contains("Consent to contactNo"));

    let rungs = page.texts(".ladder li");
    assert_eq!(rungs.len(), 9);
    assert_eq!(rungs[1], "In contact not recorded");
    assert_eq!(page.texts(".ladder li.now.lane b"), ["Stage 1", "Stage 2"]);
    assert!(rungs[5].contains("since Mon 12 May, 155 days"), "{}", rungs[5]);
    assert_eq!(page.texts("[aria-current=step]").len(), 2);
    assert_eq!(page.text("#next"), "Stage 1 information complete");
}

#[tokio::test]
async fn a_milestone_is_recorded_corrected_and_withdrawn_and_nothing_disappears() {
    let app = TestApp::new().await;
    let id = couple().create(&app).await;
    let mut client = officer(&app).await;

    let page = save(&mut client, id, "/milestones/new?kind=initial_visit", &[("on", "12/3/25")]).await;
    assert!(page.text(".flash").contains("Initial visit: 12 March 2025 is recorded"));
    assert_eq!(page.texts(".facts .tag"), ["Visited"]);

    let form = change_of(&mut client, id, "milestones", "corrections").await;
    let page = save(&mut client, id, &form, &[("on", "11 March 2025"), ("why", "The diary was a day out")]).await;
    let correction = page.text(".timeline .fixed .correction");
    assert!(correction.contains("Date corrected on 14 October 2025 by Recruitment officer"), "{correction}");
    assert!(correction.contains("Wed 12 Mar 2025 to Tue 11 Mar 2025. “The diary was a day out”"), "{correction}");

    let correction = change_of(&mut client, id, "milestones", "corrections").await;
    let withdrawal = correction.replace("corrections", "withdrawals");
    let page = client.get(&format!("/enquiries/{id}{correction}")).await;
    let to = format!("/enquiries/{id}{withdrawal}");
    let typed = [("on", "soon"), ("why", "Not this family"), ("do", "show")];
    let asked = client.submit_to(&page, "form.form", &to, &typed).await;
    assert_eq!((asked.status, asked.attribute("#why", "value").as_str()), (StatusCode::OK, "Not this family"));
    assert_eq!(record(&mut client, id).await.texts(".facts .tag"), ["Visited"], "nothing is withdrawn yet");
    let answer = fill(&mut client, id, &withdrawal, &[]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(answer.errors().len(), 1);
    let page = save(&mut client, id, &withdrawal, &[("why", "Another family")]).await;
    assert_eq!(page.text(".timeline .gone h3 del"), "Initial visit");
    assert!(page.text(".timeline .gone").contains("Withdrawn on 14 October 2025"));
    assert_eq!(page.texts(".facts .tag"), ["New"]);
    assert_eq!(app.count("select count(*) from milestone where kind = 'initial_visit'").await, 2);
    assert_eq!(app.count("select count(*) from audit where action like 'milestone_%'").await, 3);
}

#[tokio::test]
async fn what_repeats_is_added_and_what_does_not_is_corrected() {
    let app = TestApp::new().await;
    let id = couple().contacted("2025-03-04").visited("2025-03-11").create(&app).await;
    let mut client = officer(&app).await;

    save(&mut client, id, "/milestones/new?kind=initial_visit", &[("on", "20/3/25")]).await;
    let visits = "select count(*) from milestone where kind = 'initial_visit' and superseded_at is null";
    assert_eq!(app.count(visits).await, 2);

    let page = client.get(&format!("/enquiries/{id}/milestones/new?kind=first_contact")).await;
    assert!(page.attribute(".notice a", "href").ends_with("/corrections"));
    let answer = client.submit(&page, FORM, &[("on", "5/3/25")]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(answer.errors(), ["First contact is recorded already, on 4 March 2025. Correct that date instead"]);
    assert_eq!(answer.attribute("#on", "value"), "5/3/25", "what was typed stays");
}

#[tokio::test]
async fn what_cannot_be_is_refused_in_sentences() {
    let app = TestApp::new().await;
    let id = couple().applied("2025-04-02").create(&app).await;
    let mut client = officer(&app).await;
    for (kind, on, sentence) in [
        ("first_contact", "15/10/2025", "is in the future"),
        ("first_contact", "2/3/25", "First contact cannot be on 2 March 2025, before the enquiry of 3 March 2025"),
        (
            "assessment_started",
            "1/4/25",
            "Assessment started cannot be on 1 April 2025, before application received on 2 April 2025",
        ),
        ("first_contact", "soon", "“soon” is not a date"),
        ("first_contact", "", "Enter the date on which it happened"),
    ] {
        let answer = fill(&mut client, id, &format!("/milestones/new?kind={kind}"), &[("on", on)]).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{kind} {on}");
        assert!(answer.errors()[0].contains(sentence), "{:?}", answer.errors());
        assert!(answer.text("title").starts_with("Error: "));
    }
    assert_eq!(app.count("select count(*) from milestone").await, 2);
}

#[tokio::test]
async fn an_enquiry_keeps_the_day_it_began_with() {
    let app = TestApp::new().await;
    let id = couple().create(&app).await;
    let mut client = officer(&app).await;
    let withdrawal =
        change_of(&mut client, id, "milestones", "corrections").await.replace("corrections", "withdrawals");
    let answer = fill(&mut client, id, &withdrawal, &[("why", "Wrong")]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.errors()[0].contains("needs the day it was received"));
}

#[tokio::test]
async fn a_result_and_approved_places_are_kept() {
    let app = TestApp::new().await;
    let id = couple().applied("2025-04-02").create(&app).await;
    let mut client = officer(&app).await;
    let page =
        save(&mut client, id, "/milestones/new?kind=panel_recommendation", &[("on", "1/9/25"), ("result", "defer")])
            .await;
    assert!(page.text(".timeline").contains("Result: Defer"));
    let answer =
        fill(&mut client, id, "/milestones/new?kind=decision_made", &[("on", "9/9/25"), ("result", "defer")]).await;
    assert_eq!(answer.errors(), ["Choose one of the results"]);
    let answer = fill(&mut client, id, "/milestones/new?kind=approved", &[("on", "9/9/25"), ("places", "21")]).await;
    assert_eq!(answer.errors(), ["Enter the number of approved places, from 1 to 20"]);
    let page = save(&mut client, id, "/milestones/new?kind=approved", &[("on", "9/9/25"), ("places", "2")]).await;
    assert!(page.text(".facts").contains("Approved on Tue 9 Sep 2025, 2 places"), "{}", page.text(".facts"));
}

#[tokio::test]
async fn a_double_click_records_once() {
    let app = TestApp::new().await;
    let id = couple().create(&app).await;
    let mut client = officer(&app).await;
    let page = client.get(&format!("/enquiries/{id}/milestones/new?kind=initial_visit")).await;
    let first = client.submit(&page, FORM, &[("on", "12/3/25")]).await;
    let second = client.submit(&page, FORM, &[("on", "12/3/25")]).await;
    assert_eq!(first.location(), second.location());
    assert_eq!(app.count("select count(*) from milestone where kind = 'initial_visit'").await, 1);

    let page = client.get(&format!("/enquiries/{id}/notes/new")).await;
    for _ in 0..2 {
        client.submit(&page, FORM, &[("body", "Once")]).await.location();
    }
    assert_eq!(app.count("select count(*) from note").await, 1);
}

#[tokio::test]
async fn an_enquiry_is_given_to_people_who_may_have_it() {
    let app = TestApp::new().await;
    let priya = app.person("Priya Nair", &[Role::Officer]).await;
    let board = app.person("Ines Marr", &[Role::Board]).await;
    let id = couple().create(&app).await;
    let mut client = officer(&app).await;
    let page = save(&mut client, id, "/assignments/new", &[("officer", &priya.to_string()), ("from", "1/9/25")]).await;
    assert!(page.text(".facts").contains("OfficerPriya Nair"));
    assert!(page.text(".timeline").contains("Given to Priya Nair"));
    let answer = fill(&mut client, id, "/assignments/new", &[("officer", &board.to_string())]).await;
    assert_eq!(answer.errors(), ["Choose one of the people in the list"]);
    let page = save(&mut client, id, "/assignments/new", &[("officer", "unassigned")]).await;
    assert!(page.text(".facts").contains("OfficerUnassigned"));
}

#[tokio::test]
async fn the_details_are_changed_and_a_hubs_reference_is_its_own() {
    let app = TestApp::new().await;
    given::enquiry().hub("Foster with North East", "FWNE/1").create(&app).await;
    let id = couple().source("Radio").create(&app).await;
    let mut client = officer(&app).await;
    let taken = [("hub", "foster with north east"), ("hub_reference", "fwne 1")];
    let answer = fill(&mut client, id, "/details", &taken).await;
    assert!(answer.errors()[0].contains("Another enquiry has this reference"), "{:?}", answer.errors());

    let values = [("source", "Word of mouth"), ("fostering_type", "short_breaks"), ("why", "Asked again")];
    let page = save(&mut client, id, "/details", &values).await;
    assert!(page.text(".facts").contains("Short breaks"));
    assert!(
        page.text(".timeline")
            .contains("Source corrected on 14 October 2025 by Recruitment officer: Radio to Word of mouth")
    );
}

#[tokio::test]
async fn recording_contact_writes_the_first_contact_and_the_note_in_one_step() {
    let app = TestApp::new().await;
    let id = couple().create(&app).await;
    let mut client = officer(&app).await;
    let page = save(&mut client, id, "/notes/new?kind=no_answer", &[("body", "Rang twice")]).await;
    assert_eq!(page.texts(".facts .tag"), ["New"], "an unanswered call is no contact");
    let page = save(&mut client, id, "/notes/new?kind=call", &[("body", "Both in")]).await;
    assert_eq!(page.texts(".facts .tag"), ["In contact"]);
    let page = client.get(&format!("/enquiries/{id}/notes/new?kind=call")).await;
    assert!(!page.body.contains("name=\"first_contact\""), "there is only one first contact");
    assert_eq!(app.count("select count(*) from note").await, 2);
}

#[tokio::test]
async fn a_social_worker_opens_their_own_cases_and_a_restricted_record_is_for_named_people() {
    let app = TestApp::new().await;
    let worker = app.person("Helen Marsh", &[Role::SocialWorker]).await;
    let manager = app.person("Karen Holt", &[Role::Manager]).await;
    let own = couple().officer("Helen Marsh", Some(worker)).create(&app).await;
    let others = couple().create(&app).await;
    let hidden = couple().restricted_to(&[manager]).create(&app).await;

    let mut client = app.sign_in_as(worker).await;
    assert_eq!(record(&mut client, own).await.status, StatusCode::OK);
    save(&mut client, own, "/milestones/new?kind=first_contact", &[("on", "4/3/25")]).await;
    assert!(!record(&mut client, own).await.has("a[href$='/assignments/new']"));
    for form in
        ["", "/people", "/notes", "/history", "/milestones", "/notes/new", "/household", "/details", "/closures/new"]
    {
        assert_eq!(client.get(&format!("/enquiries/{others}{form}")).await.status, StatusCode::FORBIDDEN, "{form}");
        assert_eq!(client.get(&format!("/enquiries/{hidden}{form}")).await.status, StatusCode::NOT_FOUND, "{form}");
    }
    for noun in ["milestones", "notes", "pauses", "in-touch", "closures", "reopenings", "details", "household"] {
        let answer =
            client.post(&format!("/enquiries/{others}/{noun}"), &[("kind", "first_contact"), ("on", "4/3/25")]).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{noun}");
    }
    assert_eq!(record(&mut officer(&app).await, hidden).await.status, StatusCode::NOT_FOUND);
    assert_eq!(record(&mut app.sign_in_as(manager).await, hidden).await.status, StatusCode::OK);
    audit::write_openings(&app.state).await.unwrap();
    let opened = "select count(distinct enquiry_id) from audit where action = 'enquiry_opened'";
    assert_eq!(app.count(opened).await, 2, "what was refused was not opened");
}

#[tokio::test]
async fn other_enquiries_of_the_household_are_linked_as_far_as_they_may_be_opened() {
    let app = TestApp::new().await;
    let manager = app.person("Karen Holt", &[Role::Manager]).await;
    let first = couple().received("2023-03-03").create(&app).await;
    let household = given::household_of(&app, first).await;
    let second = couple().of(household).create(&app).await;
    let hidden = couple().of(household).restricted_to(&[manager]).create(&app).await;
    let page = record(&mut officer(&app).await, second).await;
    assert!(page.has(&format!("#household a, .side-column a[href='/enquiries/{first}']")));
    assert!(!page.body.contains(&format!("/enquiries/{hidden}\"")));
}

#[tokio::test]
async fn payloads_and_very_long_texts_are_shown_as_they_were_typed() {
    let app = TestApp::new().await;
    let payload = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>{{7*7}}";
    let long = "Wolfeschlegelsteinhausenbergerdorff".repeat(5);
    let id = given::enquiry().named(payload).named(&long).received("2025-03-03").source(payload).create(&app).await;
    let mut client = officer(&app).await;
    save(&mut client, id, "/milestones/new?kind=initial_visit", &[("on", "12/3/25")]).await;
    let form = change_of(&mut client, id, "milestones", "corrections").await;
    save(&mut client, id, &form, &[("on", "11/3/25"), ("why", payload)]).await;
    let body = format!("{payload}\n\n{}", "word ".repeat(3_000));
    save(&mut client, id, "/notes/new", &[("body", &body)]).await;
    for section in ["", "/people", "/notes", "/history", "/milestones", "/household", "/details", "/closures/new"] {
        let page = client.get(&format!("/enquiries/{id}{section}")).await;
        assert_eq!(page.status, StatusCode::OK, "{section}");
        assert!(!page.body.contains("<script>alert") && !page.body.contains("<img src=x"), "{section}");
    }
    assert!(client.get(&format!("/enquiries/{id}/notes")).await.text("blockquote").contains(payload));

    let page = fill(&mut client, id, "/notes/new", &[("body", &"x".repeat(20_001))]).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(page.text("textarea").len(), 20_001, "nothing typed is lost");
}

#[tokio::test]
async fn every_date_stands_on_the_page_of_dates() {
    let app = TestApp::new().await;
    let id = couple().visited("2025-03-11").create(&app).await;
    let page = officer(&app).await.get(&format!("/enquiries/{id}/milestones")).await;
    let rows = page.texts(".dates-of li");
    assert_eq!(rows.len(), MilestoneKind::ALL.len() - 1, "what is open cannot be reopened");
    assert!(
        rows.iter().any(|row| row.contains("Initial visit Tue 11 Mar 2025 Correct") && row.contains("Record another"))
    );
}

#[tokio::test]
async fn a_household_takes_whole_numbers_and_postcodes_and_keeps_what_a_file_had() {
    let app = TestApp::new().await;
    let id = given::enquiry().named("Amira Rahman").phone("960123").postcode("by the sea").create(&app).await;
    let mut client = officer(&app).await;

    let page = save(&mut client, id, "/household", &[("address", "1 Harbour View")]).await;
    assert!(page.text(".facts").contains("960123"), "what was recorded is left alone");
    let answer = fill(&mut client, id, "/household", &[("phone_1", "12"), ("postcode", "hello")]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(
        answer.errors(),
        [
            "“12” is not a telephone number such as 01632 960123",
            "“hello” cannot be a postcode. Leave it out if it is not known"
        ]
    );
    let page = save(&mut client, id, "/household", &[("phone_1", "0191 498 0123"), ("postcode", "sr69pq")]).await;
    assert!(page.text(".facts").contains("0191 498 0123"), "{}", page.text(".facts"));
}
