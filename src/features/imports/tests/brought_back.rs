//! Refused rows: written out to be corrected, and brought back.

use std::fs;
use std::path::Path;

use super::taking::{HUB, Service, TAKEN, TRACKER, request};
use super::{EXAMPLES, reasons};
use crate::domain::enquiry_row::Column;
use crate::features::imports::{Limits, Mapping, ProblemsFormat, find_carried, write_problems};

#[tokio::test]
async fn with_a_refused_row_go_the_other_rows_of_its_enquiry() {
    let service = Service::new().await;
    let (source, path) = (service.folder.path().join("cases.csv"), service.folder.path().join("problems.csv"));
    let header = "Case,Date,Name,Visit,Council\n";
    let rows = "A1,03/04/2024,Ann Lee,12/05/2024,Ours\nB2,04/04/2024,Cy Reed,05/05/2024,Ours\n\
        b2 ,05/04/2024,Cy Reed,31/02/2024,Ours\n,06/04/2024,Di Ray,,Ours\n\
        E5,06/04/2024,Someone Else,,Ours\nE5,06/04/2024,Someone Else,,Theirs\n";
    fs::write(&source, format!("{header}{rows}")).unwrap();
    let mapping = "only = { council = [\"Ours\"] }\n[columns]\nCase = \"group\"\nDate = \"received_on\"\n\
        Name = \"applicants.name\"\nVisit = \"initial_visit_on\"\nCouncil = \"council\"\n";
    let mapping = Mapping::parse(mapping, &reasons()).unwrap();
    let report = service.import(&source, mapping.clone(), TAKEN).await;
    assert_eq!((report.created, report.refused.len()), (2, 2));
    let request = request(mapping.clone());
    let mut table = request.open(&source).unwrap();
    let written = write_problems(&mut table, &request, &report.refused, &path, ProblemsFormat::Csv).unwrap();
    let text = fs::read_to_string(&path).unwrap();
    assert_eq!(written, 2, "{text}");
    let sister = "One enquiry with row 4, which was not taken: Visit: “31/02/2024” is not a date";
    assert!(text.contains(sister), "{text}");
    assert!(!text.contains("Someone Else"), "nothing of another council's enquiry is kept");
    fs::write(&path, text.replace("31/02/2024", "28/04/2024")).unwrap();
    let again = service.import(&path, mapping, TAKEN).await;
    assert_eq!((again.rows, again.created), (1, 1));
    let visits: Vec<_> = service.all().await.iter().map(|it| it.row.cell(Column::InitialVisitOn)).collect();
    assert_eq!(visits, ["2024-05-12", "", "2024-04-28"], "of both rows the earliest");
}

#[tokio::test]
async fn refused_rows_can_be_corrected_and_brought_back() {
    let service = Service::new().await;
    let path = service.folder.path().join("problems.csv");
    for (file, taken_rows, written_rows) in [(TRACKER, 12, 12), (HUB, 4, 2)] {
        let report = service.example(file, TAKEN).await;
        assert_eq!(report.refused.len(), taken_rows);
        let stem = file.rsplit_once('.').unwrap().0;
        let mapping = fs::read_to_string(format!("{EXAMPLES}/{stem}.mapping.toml")).unwrap();
        let mapping = Mapping::parse(&mapping, &reasons()).unwrap();
        let request = request(mapping.clone());
        let mut table = request.open(Path::new(&format!("{EXAMPLES}/{file}"))).unwrap();
        assert_eq!(
            write_problems(&mut table, &request, &report.refused, &path, ProblemsFormat::Csv).unwrap(),
            written_rows
        );
        // Nothing of another council's people is in it.
        let text = fs::read_to_string(&path).unwrap();
        assert!(!text.contains("Teesmoor,") && !text.contains("beata.nair52"));
        let again = service.import(&path, mapping.clone(), TAKEN).await;
        assert_eq!((again.rows, again.refused.len()), (written_rows, written_rows), "{:?}", again.refused);
        assert_eq!(again.unknown_columns, ["problem"]);
        let corrected = text.replace("30/02/2024", "29/02/2024").replace("31/02/2025", "28/02/2025");
        fs::write(&path, corrected).unwrap();
        let carried = find_carried(&path, &Limits::COMMAND).unwrap().unwrap().unwrap();
        let mapping = Mapping::of(&carried, &reasons()).unwrap();
        let corrected = service.import(&path, mapping, TAKEN).await;
        assert_eq!((corrected.created, corrected.refused.len()), (1, written_rows - 1));
    }
}
