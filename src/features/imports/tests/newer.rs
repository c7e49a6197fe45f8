//! Newer facts of rows that are known: taken where they are asked for, each as a correction.

use super::taking::*;
use crate::domain::enquiry_row::Column;
use crate::domain::ledger::AttributeName;
use crate::domain::milestone::MilestoneKind;
use crate::features::pipeline;

#[tokio::test]
async fn newer_facts_are_taken_where_they_are_asked_for() {
    let service = Service::new().await;
    let report = service.example(TRACKER, UPDATED).await;
    assert_eq!((report.created, report.updated, report.not_updated.len()), (176, 3, 0));
    let all = service.all().await;
    let kelly = all.iter().find(|it| it.row.applicants[0].name == "Kelly Robson").unwrap();
    assert_eq!(kelly.row.cell(Column::AssessmentStartedOn), "2024-04-22");
    assert_eq!(kelly.row.applicants[0].email.as_deref(), Some("kelly.robson26@example.com"));
    assert_eq!(kelly.row.hub_reference.as_deref(), Some("FWNE-24-0076"));
    assert_eq!(kelly.row.notes.as_deref(), Some("c/f from 23-24"));
    service.assert_sound().await;
    let again = service.example(TRACKER, UPDATED).await;
    assert_eq!((again.created, again.updated), (0, 0));
    assert!(again.already_known_rows.iter().all(|it| !it.differs));
}

#[tokio::test]
async fn a_different_value_is_a_correction_and_a_blank_erases_nothing() {
    let service = Service::new().await;
    let header = "reference,received_on,applicant_1_name,source,initial_visit_on,panel_on,closed_on,close_reason,notes,officer\n";
    service.text(&format!("{header}R1,2024-04-03,Ann Lee,Radio,2024-05-01,,,,keen,Jan Teal\n"), TAKEN).await;
    let blank = service.text(&format!("{header}R1,2024-04-03,Ann Lee,,,,,,,\n"), UPDATED).await;
    assert_eq!((blank.updated, blank.already_known_rows[0].differs), (0, false));
    let row = "R1,2024-04-03,Ann Lee,Leaflet,2024-05-02,,2024-06-01,health,keen,Moira Fenn";
    let report = service.text(&format!("{header}{row}\n"), UPDATED).await;
    assert_eq!((report.created, report.updated), (0, 1));
    let one = service.one("R1").await;
    let cells =
        [Column::Source, Column::InitialVisitOn, Column::ClosedOn, Column::CloseReason, Column::Officer, Column::Notes];
    assert_eq!(
        cells.map(|it| one.row.cell(it)),
        ["Leaflet", "2024-05-02", "2024-06-01", "health", "Moira Fenn", "keen"]
    );
    let mut connection = service.db.read().acquire().await.unwrap();
    let ledger = pipeline::load(&mut connection, one.id).await.unwrap();
    let visits = ledger.milestones.iter().filter(|it| it.fact.kind == MilestoneKind::InitialVisit);
    let superseded: Vec<_> = visits.filter_map(|it| it.superseded.as_ref()).map(|it| it.why.as_str()).collect();
    assert_eq!(superseded, ["import: brought.csv"]);
    drop(connection);

    // What cannot be leaves the enquiry as it is, and is said.
    let report = service.text(&format!("{header}R1,2024-04-03,Ann Lee,,,2024-07-01,,,\n"), UPDATED).await;
    assert_eq!(report.updated, 1);
    let report = service.text("reference,received_on,approved_on\nR1,2024-04-03,2024-07-02\n", UPDATED).await;
    assert_eq!((report.updated, report.not_updated.len()), (0, 1));
    assert!(report.not_updated[0].problem.contains("closed"), "{}", report.not_updated[0].problem);
    service.assert_sound().await;
}

#[tokio::test]
async fn an_officer_since_the_day_received_moves_with_it() {
    let service = Service::new().await;
    let header = "reference,received_on,applicant_1_name,officer\n";
    let rows = "R1,2024-04-03,Ann Lee,Jan Teal\nR2,2024-04-03,Bob Lee,Jan Teal\nR3,2024-04-03,Cy Lee,Jan Teal\n";
    service.text(&format!("{header}{rows}"), TAKEN).await;
    let newer = "R1,2024-03-01,Ann Lee,Jan Teal\nR2,2024-03-01,Bob Lee,Moira Fenn\nR3,2024-03-01,Cy Lee,\n";
    assert_eq!(service.text(&format!("{header}{newer}"), UPDATED).await.updated, 3);
    for (reference, officer) in [("R1", "Jan Teal"), ("R2", "Moira Fenn"), ("R3", "Jan Teal")] {
        let one = service.one(reference).await;
        let mut connection = service.db.read().acquire().await.unwrap();
        let facts = pipeline::load(&mut connection, one.id).await.unwrap().facts();
        let officers: Vec<_> = facts.attributes.iter().map(|it| (it.value.as_deref(), it.from)).collect();
        assert_eq!(officers, [(Some(officer), Some("2024-03-01".parse().unwrap()))], "{reference}");
    }
    assert_eq!(service.text(&format!("{header}{newer}"), UPDATED).await.updated, 0);
    service.assert_sound().await;

    // The hub's day first; the service's own later, and with it the officer's.
    let (header, row) = ("reference,enquired_on,received_on,applicant_1_name,officer\n", "R4,2024-04-03,");
    service.text(&format!("{header}{row},Di Lee,Jan Teal\n"), TAKEN).await;
    service.text(&format!("{header}{row}2024-04-05,Di Lee,Moira Fenn\n"), UPDATED).await;
    let one = service.one("R4").await;
    assert_eq!(one.row.officer.as_deref(), Some("Moira Fenn"));
    let mut connection = service.db.read().acquire().await.unwrap();
    let facts = pipeline::load(&mut connection, one.id).await.unwrap().facts();
    assert_eq!(facts.latest_attribute(AttributeName::Officer).unwrap().from, Some("2024-04-05".parse().unwrap()));
    drop(connection);
    service.assert_sound().await;
}
