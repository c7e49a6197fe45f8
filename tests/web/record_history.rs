//! The history of a record, through the whole service: who opened it and who changed what.

use hearth::domain::role::Role;
use hearth::features::audit;

use crate::record::{couple, officer, save};
use crate::support::TestApp;

#[tokio::test]
async fn openings_and_writes_are_in_the_history_and_no_note_is() {
    let app = TestApp::new().await;
    let id = couple().create(&app).await;
    let mut client = officer(&app).await;
    save(&mut client, id, "/notes/new", &[("body", "Their secret")]).await;
    assert_eq!(app.count("select count(*) from audit where action = 'enquiry_opened'").await, 0);
    audit::write_openings(&app.state).await.unwrap();
    assert_eq!(app.count("select count(*) from audit where action = 'enquiry_opened'").await, 1);
    let page = client.get(&format!("/enquiries/{id}/history")).await;
    let lines = page.texts("tbody tr");
    assert!(lines[0].contains("Recruitment officerOpened the record"), "{lines:?}");
    assert!(lines[1].contains("Added a note or contactNote, 14 Oct 2025"), "{lines:?}");
    assert!(!page.body.contains("Their secret"));
    assert_eq!(app.count("select count(*) from audit where detail like '%secret%'").await, 0);
}

#[tokio::test]
async fn what_one_person_opened_in_a_day_is_one_line() {
    let app = TestApp::new().await;
    let id = couple().create(&app).await;
    let mut client = officer(&app).await;
    let address = format!("/enquiries/{id}");
    for _ in 0..3 {
        client.get(&address).await;
        audit::write_openings(&app.state).await.unwrap();
        app.pass_minutes(20);
    }
    app.sign_in(Role::Manager).await.get(&address).await;
    save(&mut client, id, "/notes/new", &[("body", "Rang back")]).await;
    client.get(&address).await;
    audit::write_openings(&app.state).await.unwrap();
    app.pass_minutes(24 * 60);
    let mut client = officer(&app).await;
    client.get(&address).await;
    audit::write_openings(&app.state).await.unwrap();
    let lines = client.get(&format!("{address}/history")).await.texts("tbody tr");
    let opened: Vec<&String> = lines.iter().filter(|line| line.contains("Opened the record")).collect();
    assert_eq!(opened.len(), 3, "{lines:?}");
    assert!(opened[0].contains("15 October 2025") && !opened[0].contains("times"), "{lines:?}");
    assert!(opened[1].contains("Opened the record 5 times") && opened[1].contains("The first time at"), "{lines:?}");
    assert!(opened[2].contains("Manager") && !opened[2].contains("times"), "{lines:?}");
    assert_eq!(app.count("select count(*) from audit where action = 'enquiry_opened'").await, 7, "nothing is lost");
}
