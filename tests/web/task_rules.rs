//! Rules: a milestone makes a task once, a corrected date moves it, a withdrawn one takes it away.

use axum::http::StatusCode;
use hearth::domain::ids::EnquiryId;
use hearth::domain::role::Role;

use crate::given;
use crate::support::{Client, Page, TestApp};

const FORM: &str = "form.form";

async fn office() -> (TestApp, EnquiryId, Client) {
    let app = TestApp::new().await;
    let priya = app.person("Priya Nair", &[Role::Officer]).await;
    let id = given::enquiry().named("Amira Rahman").officer("Priya Nair", Some(priya)).create(&app).await;
    let client = app.sign_in_as(priya).await;
    (app, id, client)
}

async fn record(client: &mut Client, id: EnquiryId, kind: &str, on: &str) {
    let page = client.get(&format!("/enquiries/{id}/milestones/new?kind={kind}")).await;
    client.submit(&page, FORM, &[("on", on)]).await.location();
}

async fn tasks(client: &mut Client, id: EnquiryId) -> Page {
    client.get(&format!("/enquiries/{id}/tasks")).await
}

/// The page behind a link of the timeline: of the milestone recorded last.
async fn timeline(client: &mut Client, id: EnquiryId, noun: &str) -> Page {
    let record = client.get(&format!("/enquiries/{id}")).await;
    let href = record.attribute(".timeline .mile a[href$=corrections]", "href");
    client.get(&href.replace("corrections", noun)).await
}

#[tokio::test]
async fn a_first_contact_asks_for_the_records_check_and_a_corrected_date_moves_it() {
    let (app, id, mut client) = office().await;
    record(&mut client, id, "first_contact", "13/10/25").await;
    let list = tasks(&mut client, id).await;
    assert!(list.text(".work").contains("Internal records check before the first visit"));
    assert_eq!(list.text(".work .clock"), "Due tomorrow", "two working days after Monday 13 October");
    let correction = timeline(&mut client, id, "corrections").await;
    client.submit(&correction, FORM, &[("on", "10/10/25"), ("why", "Diary")]).await.location();
    assert_eq!(tasks(&mut client, id).await.text(".work .clock"), "Due today");
    let withdrawal = timeline(&mut client, id, "withdrawals").await;
    client.submit(&withdrawal, FORM, &[("why", "Another family")]).await.location();
    let list = tasks(&mut client, id).await;
    assert!(!list.has(".work .clock") && list.body.contains("Not needed: The milestone was withdrawn"));
    record(&mut client, id, "first_contact", "today").await;
    assert_eq!(tasks(&mut client, id).await.text(".work .clock"), "Due Thu 16 Oct");
    assert_eq!(app.count("select count(distinct root_id) from task").await, 1, "once for an enquiry");
}

#[tokio::test]
async fn what_a_person_has_done_stays() {
    let (_app, id, mut client) = office().await;
    record(&mut client, id, "first_contact", "13/10/25").await;
    let list = tasks(&mut client, id).await;
    let task = client.get(&list.attribute(".work a[href^='/tasks/']", "href")).await;
    client.submit(&task, "#correction", &[("due_on", "friday")]).await.location();
    let correction = timeline(&mut client, id, "corrections").await;
    client.submit(&correction, FORM, &[("on", "10/10/25"), ("why", "Diary")]).await.location();
    assert_eq!(tasks(&mut client, id).await.text(".work .clock"), "Due Fri 17 Oct", "a day that a person chose");
    let withdrawal = timeline(&mut client, id, "withdrawals").await;
    client.submit(&withdrawal, FORM, &[("why", "Another family")]).await.location();
    assert!(tasks(&mut client, id).await.has(".work .clock"), "touched tasks stay");
}

#[tokio::test]
async fn an_enquiry_that_has_moved_on_is_asked_for_nothing() {
    let (_app, id, mut client) = office().await;
    record(&mut client, id, "initial_visit", "13/10/25").await;
    record(&mut client, id, "first_contact", "10/10/25").await;
    let list = tasks(&mut client, id).await;
    assert!(list.text(".work").contains("Write up the initial visit"));
    assert!(!list.body.contains("Internal records check"));
}

#[tokio::test]
async fn an_administrator_changes_the_table_with_its_history() {
    let (app, id, mut client) = office().await;
    let mut admin = app.sign_in(Role::Admin).await;
    let list = admin.get("/settings/task-rules").await;
    assert_eq!(list.texts("tbody tr").len(), 5);
    let first = list.attribute("tbody a", "href");
    let page = admin.get(&first).await;
    let wrong = admin.submit(&page, FORM, &[("days", "many"), ("what", "")]).await;
    assert_eq!((wrong.status, wrong.errors().len()), (StatusCode::UNPROCESSABLE_ENTITY, 2));
    let values = [("what", "Look into our own files"), ("days", "1"), ("unit", "calendar_days"), ("role", "manager")];
    admin.submit(&page, FORM, &values).await.location();
    // Somebody who opened the page before sees both versions.
    let stale = admin.submit(&page, FORM, &[("what", "Another text"), ("form_token", &"t".repeat(43))]).await;
    assert_eq!(stale.status, StatusCode::CONFLICT);
    assert!(stale.text(".conflict").contains("Look into our own files"), "{}", stale.text(".conflict"));
    assert!(stale.text("main").contains("Internal records check before the first visit"), "the history");
    record(&mut client, id, "first_contact", "today").await;
    let tasks = tasks(&mut client, id).await;
    assert!(
        tasks.text(".work").contains("Look into our own filesAny manager")
            || tasks.text(".work").contains("Any manager")
    );
    assert_eq!(tasks.text(".work .clock"), "Due tomorrow");
    let new = admin.get("/settings/task-rules/new").await;
    let values = [("milestone", "decision_made"), ("what", "Send the welcome pack"), ("days", "3"), ("active", "")];
    admin.submit(&new, FORM, &values).await.location();
    assert_eq!(admin.get("/settings/task-rules").await.texts("tbody tr").len(), 6);
    assert_eq!(app.count("select count(*) from audit where action = 'task_rule_changed'").await, 2);
}

/// Adds a rule for what is to be done after the initial visit.
async fn add_rule(admin: &mut Client, what: &str, days: &str, active: &str) -> Page {
    let page = admin.get("/settings/task-rules/new").await;
    let values = [("milestone", "initial_visit"), ("what", what), ("days", days), ("active", active)];
    admin.submit(&page, FORM, &values).await
}

#[tokio::test]
async fn one_rule_is_not_written_down_twice() {
    let (app, _, _) = office().await;
    let mut admin = app.sign_in(Role::Admin).await;
    add_rule(&mut admin, "Ring the GP", "3", "").await.location();
    let again = add_rule(&mut admin, "ring  the GP", "3", "yes").await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    let there = "after “Initial visit”, “Ring the GP”, within 3 working days, by the enquiry’s officer.";
    let said = format!("There is this rule already: {there} It is off: put that one in use instead");
    assert_eq!(again.errors(), [said]);
    assert_eq!(again.attribute("#what", "value"), "ring  the GP");
    // By another day it is another rule; changed to the same day it is not.
    add_rule(&mut admin, "Ring the GP", "4", "yes").await.location();
    let list = admin.get("/settings/task-rules").await;
    let at = list.texts("tbody a").iter().rposition(|what| what == "Ring the GP").unwrap();
    let href = list.attributes("tbody a", "href").swap_remove(at);
    let page = admin.get(&href).await;
    let same = admin.submit(&page, FORM, &[("days", "3")]).await;
    assert_eq!(same.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(same.text(".error-summary").contains(there), "{}", same.text(".error-summary"));
    let rules = "select count(*) from task_rule where what = 'Ring the GP' and superseded_at is null";
    assert_eq!(app.count(rules).await, 2);
    // Saved as it is, a rule is no other one.
    let page = admin.get(&href).await;
    admin.submit(&page, FORM, &[]).await.location();
    assert_eq!(app.count(rules).await, 2);
}

#[tokio::test]
async fn the_working_hours_are_a_setting_with_history() {
    let app = TestApp::new().await;
    let mut admin = app.sign_in(Role::Admin).await;
    let page = admin.get("/settings/working-hours").await;
    let stale = admin.get("/settings/working-hours").await;
    let wrong = admin.submit(&page, FORM, &[("opens", "18:00")]).await;
    assert_eq!(wrong.errors(), ["It must shut after it opens"]);
    admin.submit(&page, FORM, &[("opens", "8:30")]).await.location();
    let page = admin.get("/settings/working-hours").await;
    assert!(page.text("main").contains("Friday, 08:30 to 17:00"));
    let answer = admin.submit(&stale, FORM, &[("shuts", "16:00")]).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    assert_eq!(app.count("select count(*) from working_hours").await, 2);
}
