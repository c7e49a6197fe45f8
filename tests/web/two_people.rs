//! Two people on one record: neither loses a word.

use axum::http::StatusCode;
use hearth::domain::ids::EnquiryId;
use hearth::domain::role::Role;

use crate::given;
use crate::support::{Client, Page, TestApp};

const FORM: &str = "form.form";

struct Two {
    app: TestApp,
    id: EnquiryId,
    priya: Client,
    tom: Client,
}

async fn two(enquiry: given::Enquiry) -> Two {
    let app = TestApp::new().await;
    let (priya, tom) =
        (app.person("Priya Nair", &[Role::Officer]).await, app.person("Tom Ashworth", &[Role::Officer]).await);
    let id = enquiry.create(&app).await;
    Two { id, priya: app.sign_in_as(priya).await, tom: app.sign_in_as(tom).await, app }
}

impl Two {
    /// Both open the form at `path`; Priya saves first. Returns what Tom sees.
    async fn both(&mut self, path: &str, priya: &[(&str, &str)], tom: &[(&str, &str)]) -> Page {
        let hers = self.priya.get(path).await;
        let his = self.tom.get(path).await;
        assert_eq!(self.priya.submit(&hers, FORM, priya).await.status, StatusCode::SEE_OTHER);
        let answer = self.tom.submit(&his, FORM, tom).await;
        assert_eq!(answer.status, StatusCode::CONFLICT, "{}", answer.body);
        assert!(answer.text(".conflict").contains("Priya Nair"), "{}", answer.text(".conflict"));
        answer
    }

    async fn first_change(&mut self, noun: &str) -> String {
        let page = self.priya.get(&format!("/enquiries/{}", self.id)).await;
        page.attribute(&format!(".timeline a[href*='/{noun}/'][href$=corrections]"), "href")
    }
}

#[tokio::test]
async fn a_note_edited_twice_shows_both_texts() {
    let mut two = two(given::enquiry().note("2025-10-02", "As it was")).await;
    let path = two.first_change("notes").await;
    let answer = two.both(&path, &[("body", "Priya’s words")], &[("body", "Tom’s words")]).await;
    let both = answer.text(".versions");
    assert!(both.contains("Priya’s words") && both.contains("Tom’s words"));
    assert_eq!(answer.text("textarea"), "Tom’s words");
    let saved = two.tom.submit(&answer, FORM, &[("body", "Priya’s words and Tom’s words")]).await;
    let page = two.tom.follow(&saved).await;
    assert_eq!(page.text("blockquote"), "Priya’s words and Tom’s words");
    let earlier = page.text(".versions-of");
    assert!(earlier.contains("As it was") && earlier.contains("Priya’s words"), "{earlier}");
}

#[tokio::test]
async fn a_household_changed_twice_shows_both_versions_and_takes_the_second_over() {
    let mut two = two(given::enquiry().named("Amira Rahman").postcode("SR6 9PQ")).await;
    let path = format!("/enquiries/{}/household", two.id);
    let priya = [("phone_1", "07700 900417"), ("contact_hours", "After six")];
    let tom = [("name_2", "Joel Carter"), ("email_2", "joel@example.org")];
    let answer = two.both(&path, &priya, &tom).await;
    let both = answer.text(".versions");
    assert!(both.contains("Amira Rahman, 07700900417") && both.contains("Joel Carter"));
    assert_eq!(answer.attribute("#name_2", "value"), "Joel Carter");
    assert_eq!(answer.attribute("#phone_1", "value"), "07700900417", "what he has not touched is hers");
    let saved = two.tom.submit(&answer, FORM, &[]).await;
    let page = two.tom.follow(&saved).await;
    assert!(page.text("main").contains("07700 900417") && page.text("main").contains("joel@example.org"));
    assert_eq!(page.text("h1"), "Amira Rahman and Joel Carter");
    assert!(page.text(".safe").contains("After six"));
    assert_eq!(two.app.count("select version from household").await, 3);
    assert_eq!(two.app.count("select count(*) from audit where action = 'household_changed'").await, 2);
}

#[tokio::test]
async fn a_date_corrected_twice_shows_both_dates() {
    let mut two = two(given::enquiry().received("2025-03-03").visited("2025-03-12")).await;
    let path = two.first_change("milestones").await;
    let priya = [("on", "11/3/25"), ("why", "Priya’s reason")];
    let tom = [("on", "10/3/25"), ("why", "Tom’s reason")];
    let answer = two.both(&path, &priya, &tom).await;
    let conflict = answer.text(".conflict");
    for words in ["Tue 11 Mar 2025", "Mon 10 Mar 2025", "“Priya’s reason”"] {
        assert!(conflict.contains(words), "{conflict}");
    }
    assert_eq!(answer.attribute("#why", "value"), "Tom’s reason");
    let saved = two.tom.submit(&answer, FORM, &[]).await;
    let page = two.tom.follow(&saved).await;
    assert_eq!(page.texts(".timeline .correction").len(), 2);
    assert_eq!(two.app.count("select count(*) from milestone where kind = 'initial_visit'").await, 3);
}

#[tokio::test]
async fn a_date_withdrawn_meanwhile_can_be_recorded_again() {
    let mut two = two(given::enquiry().received("2025-03-03").visited("2025-03-12")).await;
    let path = two.first_change("milestones").await;
    let his = two.tom.get(&path).await;
    let withdrawal = two.priya.get(&path.replace("corrections", "withdrawals")).await;
    two.priya.submit(&withdrawal, FORM, &[("why", "Another family")]).await.location();
    let answer = two.tom.submit(&his, FORM, &[("on", "10/3/25"), ("why", "Diary")]).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    assert!(answer.text(".conflict").contains("Priya Nair withdrew this"));
    let saved = two.tom.submit(&answer, FORM, &[]).await;
    let page = two.tom.follow(&saved).await;
    assert_eq!(page.texts(".facts .tag"), ["Visited"]);
}

#[tokio::test]
async fn details_and_officers_changed_twice_show_both() {
    let mut two = two(given::enquiry().source("Radio")).await;
    let path = format!("/enquiries/{}/details", two.id);
    let answer = two.both(&path, &[("source", "Leaflet")], &[("source", "Friend"), ("campaign", "Spring")]).await;
    let both = answer.text(".versions");
    assert!(both.contains("Leaflet") && both.contains("Friend") && both.contains("Spring"));
    two.tom.submit(&answer, FORM, &[]).await.location();
    let now = "select count(*) from enquiry_now where source = 'Friend' and campaign = 'Spring'";
    assert_eq!(two.app.count(now).await, 1);

    let (ann, ben) = (two.app.person("Ann", &[Role::Officer]).await, two.app.person("Ben", &[Role::Officer]).await);
    let path = format!("/enquiries/{}/assignments/new", two.id);
    let answer = two.both(&path, &[("officer", &ann.to_string())], &[("officer", &ben.to_string())]).await;
    assert!(answer.text(".versions").contains("Ann") && answer.text(".versions").contains("Ben"));
    let sentence = answer.text(".conflict");
    assert!(sentence.contains("gave this enquiry to Ann") && sentence.contains("you chose Ben"), "{sentence}");
    two.tom.submit(&answer, FORM, &[]).await.location();
    assert_eq!(two.app.count("select count(*) from enquiry_now where officer = 'Ben'").await, 1);
}

#[tokio::test]
async fn of_the_details_nobody_wipes_what_the_other_recorded() {
    let mut two = two(given::enquiry()).await;
    let path = format!("/enquiries/{}/details", two.id);
    let hers = [("source", "Radio"), ("fostering_type", "long_term")];
    let answer = two.both(&path, &hers, &[("campaign", "Spring")]).await;
    assert_eq!(answer.texts(".versions h3"), ["Campaign"], "he never touched the source");
    assert_eq!(answer.attribute("#source", "value"), "Radio");
    two.tom.submit(&answer, FORM, &[]).await.location();
    let now = "select count(*) from enquiry_now \
        where source = 'Radio' and fostering_type = 'long_term' and campaign = 'Spring'";
    assert_eq!(two.app.count(now).await, 1);
}

#[tokio::test]
async fn of_a_pause_keeping_in_touch_and_a_note_neither() {
    let pause = given::enquiry().received("2025-03-03").paused("2025-05-01", "").note("2025-10-02", "As it was");
    let mut two = two(pause).await;
    let path = two.first_change("pauses").await;
    let (hers, his) = ([("to", "1/7/25"), ("why", "Hers")], [("reason", "work"), ("why", "His")]);
    let answer = two.both(&path, &hers, &his).await;
    assert_eq!(answer.texts(".versions h3"), ["Reason"], "he never touched the end");
    two.tom.submit(&answer, FORM, &[]).await.location();
    let now = "select count(*) from pause where to_on = '2025-07-01' and reason = 'work' and superseded_at is null";
    assert_eq!(two.app.count(now).await, 1);

    let path = two.first_change("notes").await;
    let answer = two.both(&path, &[("on", "1/10/25")], &[("body", "Tom’s words")]).await;
    assert_eq!(answer.texts(".versions h3"), ["Text"], "he never touched the day");
    two.tom.submit(&answer, FORM, &[]).await.location();
    let now = "select count(*) from note \
        where happened_on = '2025-10-01' and body = 'Tom’s words' and superseded_at is null";
    assert_eq!(two.app.count(now).await, 1);
}

#[tokio::test]
async fn of_a_draft_only_what_was_written_is_put_over_the_others() {
    let mut two = two(given::enquiry().note("2025-10-02", "As it was")).await;
    let path = two.first_change("notes").await;
    let his = two.tom.get(&path).await;
    let drafts = format!("/enquiries/{}/notes/drafts", two.id);
    two.tom.submit_to(&his, FORM, &drafts, &[("body", "Tom’s words")]).await;
    let draft = two.tom.get(&path).await;
    let hers = two.priya.get(&path).await;
    two.priya.submit(&hers, FORM, &[("on", "1/10/25")]).await.location();
    let answer = two.tom.submit(&draft, FORM, &[]).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    assert_eq!(answer.texts(".versions h3"), ["Text"]);
    assert!(answer.attribute("#on", "value").contains("1 Oct"), "{}", answer.attribute("#on", "value"));
}

#[tokio::test]
async fn of_a_planned_visit_and_a_task_neither() {
    let mut two = two(given::enquiry().received("2025-09-01")).await;
    let plan = two.priya.get(&format!("/enquiries/{}/appointments/new", two.id)).await;
    let visit = [("on", "tomorrow"), ("at", "17:30"), ("place", "At home")];
    two.priya.submit(&plan, FORM, &visit).await.location();
    let id = two.app.count("select max(id) from appointment").await;
    let path = format!("/enquiries/{}/appointments/{id}/corrections", two.id);
    let (hers, his) = ([("at", "10:00"), ("why", "Hers")], [("place", "The office"), ("why", "His")]);
    let answer = two.both(&path, &hers, &his).await;
    assert_eq!(answer.texts(".versions h3"), ["Where"], "he never touched the time");
    two.tom.submit(&answer, FORM, &[]).await.location();
    let now =
        "select count(*) from appointment where starts_at = '10:00' and place = 'The office' and superseded_at is null";
    assert_eq!(two.app.count(now).await, 1);

    let new = two.priya.get(&format!("/enquiries/{}/tasks/new", two.id)).await;
    two.priya.submit(&new, FORM, &[("what", "Send the handbook"), ("due_on", "tomorrow")]).await.location();
    let id = two.app.count("select max(id) from task").await;
    let path = format!("/tasks/{id}");
    let (hers, his) = (two.priya.get(&path).await, two.tom.get(&path).await);
    two.priya.submit(&hers, "#correction", &[("what", "Send both handbooks")]).await.location();
    let answer = two.tom.submit(&his, "#correction", &[("whose", "nobody")]).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    assert_eq!(answer.texts(".versions h3"), ["Whose"], "he never touched what is to be done");
    two.tom.submit(&answer, "#correction", &[]).await.location();
    let now = "select count(*) from task \
        where what = 'Send both handbooks' and user_id is null and superseded_at is null";
    assert_eq!(two.app.count(now).await, 1);
}

#[tokio::test]
async fn a_pause_ended_twice_shows_both_ends() {
    let mut two = two(given::enquiry().received("2025-03-03").paused("2025-05-01", "")).await;
    let path = two.first_change("pauses").await.replace("corrections", "endings");
    let answer = two.both(&path, &[("to", "1/7/25")], &[("to", "1/8/25")]).await;
    let both = answer.text(".versions");
    assert!(both.contains("Tue 1 Jul 2025") && both.contains("Fri 1 Aug 2025"), "{both}");
    two.tom.submit(&answer, FORM, &[]).await.location();
    assert_eq!(two.app.count("select count(*) from enquiry_now where paused_to = '2025-08-01'").await, 1);
}

#[tokio::test]
async fn of_two_who_record_one_visit_the_second_is_told_who_was_first() {
    let mut two = two(given::enquiry().received("2025-09-01").contacted("2025-09-02")).await;
    let path = format!("/enquiries/{}/milestones/new?kind=initial_visit", two.id);
    let (hers, his) = (two.priya.get(&path).await, two.tom.get(&path).await);
    two.priya.submit(&hers, FORM, &[("on", "9/10/25")]).await.location();
    let answer = two.tom.submit(&his, FORM, &[("on", "9/10/25")]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.errors()[0].starts_with("Priya Nair recorded it already, on 14 October"), "{:?}", answer.errors());
    let visits = "select count(*) from milestone where kind = 'initial_visit'";
    assert_eq!(two.app.count(visits).await, 1);
    // Planned for today, recorded on the record's page and then on Today: one visit too.
    let plan = two.priya.get(&format!("/enquiries/{}/appointments/new", two.id)).await;
    two.priya.submit(&plan, FORM, &[("on", "today"), ("at", "17:30")]).await.location();
    two.tom.submit(&answer, FORM, &[("on", "today")]).await.location();
    let today = two.priya.get("/today").await;
    two.priya.submit(&today, "[aria-labelledby=visits] form", &[]).await.location();
    assert_eq!(two.app.count("select count(*) from appointment where state = 'kept'").await, 1);
    assert_eq!(two.app.count(visits).await, 2);
    // On another day it is another visit.
    let answer = two.tom.get(&path).await;
    two.tom.submit(&answer, FORM, &[("on", "10/10/25")]).await.location();
    assert_eq!(two.app.count(visits).await, 3);
}

#[tokio::test]
async fn a_second_visit_of_the_same_days_is_asked_about() {
    let mut two = two(given::enquiry().contacted("2025-10-02")).await;
    let path = format!("/enquiries/{}/milestones/new?kind=initial_visit", two.id);
    let asked = two.both(&path, &[("on", "2025-10-07")], &[("on", "2025-10-08")]).await;
    let sentence = asked.text(".conflict");
    assert!(
        sentence.contains("While you had this open, Priya Nair recorded “Initial visit” on Tue 7 Oct 2025"),
        "{sentence}"
    );
    assert_eq!(asked.attribute("#on", "value"), "2025-10-08");
    let visits = "select count(*) from milestone where kind = 'initial_visit' and superseded_at is null";
    assert_eq!(two.app.count(visits).await, 1);
    // Asked once: now it is another one.
    assert_eq!(two.tom.submit(&asked, FORM, &[]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(two.app.count(visits).await, 2);
    let third = two.tom.get(&path).await;
    assert_eq!(two.tom.submit(&third, FORM, &[("on", "2025-10-09")]).await.status, StatusCode::SEE_OTHER);
}
