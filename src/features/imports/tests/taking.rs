//! Files taken into a database, brought again, and written out.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::{Value, json};
use tempfile::TempDir;

use super::examples::{assert_same, said};
use super::{EXAMPLES, reasons, today};
use crate::db::{Db, Gate};
use crate::domain::actor::Actor;
use crate::domain::enquiry_row::Column;
use crate::domain::ids::EnquiryId;
use crate::domain::instant::Instant;
use crate::domain::ledger::AttributeName;
use crate::features::exports::{self, Exported};
use crate::features::imports::{Limits, Mapping, Newer, Options, Place, ReadRow, Report, Request, Target, import};
use crate::features::{households, pipeline};

pub const TRACKER: &str = "council-tracker-2024-25.xlsx";
pub const HUB: &str = "hub-weekly-referrals.csv";
pub const TAKEN: Options = Options { newer: Newer::None, dry_run: false };
pub const UPDATED: Options = Options { newer: Newer::All, dry_run: false };

pub fn request(mapping: Mapping) -> Request {
    Request { mapping, reasons: reasons(), today: today(), only_sheet: None, limits: Limits::COMMAND }
}

pub struct Service {
    pub folder: TempDir,
    pub db: Db,
}

impl Service {
    pub async fn new() -> Service {
        let folder = tempfile::tempdir().unwrap();
        let db = Db::open(&folder.path().join("hearth.db"), Gate::Alone).await.unwrap();
        Service { folder, db }
    }

    pub fn actor(&self) -> Actor {
        Actor::command_line(Instant::start_of(today()).plus_milliseconds(9 * 3_600_000))
    }

    pub async fn import(&self, path: &Path, mapping: Mapping, options: Options) -> Report {
        let request = Arc::new(request(mapping));
        import(&self.db, &self.actor(), request, path, options, Arc::new(|_| {})).await.unwrap()
    }

    pub async fn example(&self, file: &str, options: Options) -> Report {
        let stem = format!("{EXAMPLES}/{}", file.rsplit_once('.').unwrap().0);
        let mapping = match fs::read_to_string(format!("{stem}.mapping.toml")) {
            Ok(text) => Mapping::parse(&text, &reasons()).unwrap(),
            Err(_) => Mapping::canonical(),
        };
        self.import(Path::new(&format!("{EXAMPLES}/{file}")), mapping, options).await
    }

    pub async fn text(&self, text: &str, options: Options) -> Report {
        let path = self.folder.path().join("brought.csv");
        fs::write(&path, text).unwrap();
        self.import(&path, Mapping::canonical(), options).await
    }

    pub async fn all(&self) -> Vec<Exported> {
        let mut connection = self.db.read().acquire().await.unwrap();
        let ids: Vec<EnquiryId> = (1..=1_000).map(EnquiryId).collect();
        exports::load(&mut connection, &ids, today()).await.unwrap()
    }

    pub async fn one(&self, reference: &str) -> Exported {
        let found = self.all().await.into_iter().find(|it| it.row.reference.as_deref() == Some(reference));
        found.unwrap_or_else(|| panic!("there is no {reference}"))
    }

    pub async fn export(&self, name: &str) -> PathBuf {
        let path = self.folder.path().join(name);
        exports::export(&self.db, &self.actor(), &path, |_| {}).await.unwrap();
        path
    }

    pub async fn assert_sound(&self) {
        let mut connection = self.db.read().acquire().await.unwrap();
        assert_eq!(pipeline::disagreements(&mut connection).await.unwrap(), pipeline::Disagreements::default());
        assert_eq!(households::disagreements(&mut connection).await.unwrap(), []);
    }
}

pub fn truth(file: &str) -> Value {
    let path = format!("{EXAMPLES}/{}.truth.json", file.rsplit_once('.').unwrap().0);
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

pub fn keys(list: &Value, keys: &[&str]) -> Vec<Vec<Value>> {
    let list = list.as_array().unwrap();
    list.iter().map(|it| keys.iter().map(|key| it.get(key).cloned().unwrap_or_default()).collect()).collect()
}

/// Which row of a file each of its new enquiries came from, in the order in which they were made.
pub fn places_of_new(report: &Report, truth: &Value) -> Vec<Place> {
    let known: Vec<&Place> = report.already_known_rows.iter().map(|it| &it.place).collect();
    let place = |it: &Value| Place {
        sheet: it["sheet"].as_str().map(Arc::from),
        row: u32::try_from(it["row"].as_u64().unwrap()).unwrap(),
    };
    let places = truth["enquiries"].as_array().unwrap().iter().map(place);
    places.filter(|place| !known.contains(&place)).collect()
}

pub fn assert_enquiries(made: &[Exported], places: &[Place], truth: &Value) {
    assert_eq!(made.len(), places.len());
    for (exported, place) in made.iter().zip(places) {
        let in_truth = truth["enquiries"].as_array().unwrap().iter();
        let expected = in_truth
            .clone()
            .find(|it| it["row"] == json!(place.row) && it.get("sheet").unwrap_or(&Value::Null) == &json!(place.sheet));
        let expected = expected.unwrap();
        let mut row = exported.row.clone();
        if expected.get("reference").is_none() {
            row.reference = None;
        }
        assert_same(&said(&ReadRow { place: place.clone(), enquiry: row }), expected);
    }
}

#[tokio::test]
async fn the_tracker_makes_exactly_what_it_should_and_nothing_twice() {
    let service = Service::new().await;
    let truth = truth(TRACKER);
    let report = service.example(TRACKER, TAKEN).await;
    let counts = json!({"rows": report.rows, "created": report.created, "already_known": report.already_known});
    for (key, count) in counts.as_object().unwrap() {
        assert_eq!(count, &truth[key], "{key}");
    }
    let of = ["sheet", "row", "of", "by", "differs"];
    assert_eq!(keys(&json!(report.already_known_rows), &of), keys(&truth["already_known_rows"], &of));
    let of = ["sheet", "row", "of", "possible_duplicate"];
    assert_eq!(keys(&json!(report.looks_known), &of), keys(&truth["looks_known"], &of));
    assert_enquiries(&service.all().await, &places_of_new(&report, &truth), &truth);
    service.assert_sound().await;

    let again = service.example(TRACKER, TAKEN).await;
    assert_eq!((again.rows, again.created, again.already_known, again.refused.len()), (192, 0, 180, 12));
    assert!(again.looks_known.is_empty());
    // The three that were carried forward still say something newer; nothing else does.
    let newer: Vec<u32> = again.already_known_rows.iter().filter(|it| it.differs).map(|it| it.place.row).collect();
    assert_eq!(newer, [7, 8, 9]);
    assert_eq!(service.all().await.len(), 176);
}

#[tokio::test]
async fn the_hubs_file_after_the_tracker_finds_what_is_known() {
    let service = Service::new().await;
    let (tracker_truth, truth) = (truth(TRACKER), truth(HUB));
    let tracker = service.example(TRACKER, TAKEN).await;
    let references: HashMap<String, Place> = service
        .all()
        .await
        .iter()
        .zip(places_of_new(&tracker, &tracker_truth))
        .map(|(exported, place)| (exported.row.reference.clone().unwrap(), place))
        .collect();
    let report = service.example(HUB, TAKEN).await;
    let expected = &truth["after_the_council_tracker"];
    let counts = (json!(report.created), json!(report.already_known), json!(report.refused.len()));
    assert_eq!(counts, (expected["created"].clone(), expected["already_known"].clone(), expected["refused"].clone()));
    let place = |of: &Target| match of {
        Target::Stored { enquiry } => json!(references[enquiry]),
        Target::Row(place) => json!(place),
    };
    let in_truth = |it: &Value| json!({"sheet": it["of"].get("sheet"), "row": it["of"]["row"]});
    let known: Vec<_> =
        report.already_known_rows.iter().map(|it| (it.place.row, place(&it.of), it.by.code())).collect();
    let expected: Vec<_> = truth["already_known_rows"].as_array().unwrap().iter().collect();
    assert_eq!(known.len(), expected.len());
    for ((row, of, by), expected) in known.into_iter().zip(expected) {
        assert_eq!((json!(row), of, json!(by)), (expected["row"].clone(), in_truth(expected), expected["by"].clone()));
    }
    let like: Vec<_> =
        report.looks_known.iter().map(|it| (json!(it.place.row), place(&it.of), it.possible_duplicate)).collect();
    let expected: Vec<_> = truth["looks_known"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| (it["row"].clone(), in_truth(it), it["possible_duplicate"] == json!(true)))
        .collect();
    assert_eq!(like, expected);
    let made: Vec<_> = service.all().await.into_iter().skip(176).collect();
    assert_enquiries(&made, &places_of_new(&report, &truth), &truth);

    // Newer facts of the hub: its day and its note are taken, the better names stay.
    let updated = service.example(HUB, UPDATED).await;
    assert_eq!((updated.created, updated.already_known), (0, 36));
    for kept in truth["keep_the_better_name"].as_array().unwrap() {
        let better = kept["database_has"].as_str().unwrap();
        let names = |it: &Exported| it.row.applicants.iter().map(|it| it.name.clone()).collect::<Vec<_>>().join(" & ");
        let all = service.all().await;
        let found = all.iter().find(|it| names(it) == better).unwrap_or_else(|| panic!("{better}"));
        assert_ne!(found.row.cell(Column::EnquiredOn), "");
        assert!(found.row.notes.as_deref().unwrap().contains("Update: still waiting to hear"));
    }
    service.assert_sound().await;
}

#[tokio::test]
async fn the_hubs_file_into_an_empty_database() {
    let service = Service::new().await;
    let truth = truth(HUB);
    let report = service.example(HUB, TAKEN).await;
    let expected = &truth["on_an_empty_database"];
    assert_eq!(json!(report.created), expected["created"]);
    assert_eq!(json!(report.already_known), expected["already_known"]);
    assert_eq!(json!(report.looks_known.len()), expected["looks_known"]);
    assert_eq!(json!(report.refused.len()), expected["refused"]);
    assert_enquiries(&service.all().await, &places_of_new(&report, &truth), &truth);
}

#[tokio::test]
async fn canonical_files_brought_twice_make_nothing_twice() {
    for file in ["simple.csv", "all-columns.csv"] {
        let service = Service::new().await;
        let truth = truth(file);
        let report = service.example(file, TAKEN).await;
        assert_eq!(json!(report.created), truth["created"]);
        assert_enquiries(&service.all().await, &places_of_new(&report, &truth), &truth);
        let again = service.example(file, UPDATED).await;
        assert_eq!((again.created, again.already_known, again.updated), (0, report.rows, 0), "{file}");
        assert!(again.already_known_rows.iter().all(|it| !it.differs && it.by.code() == "reference"));
    }
}

#[tokio::test]
async fn an_export_taken_into_an_empty_database_is_exported_the_same() {
    let service = Service::new().await;
    for file in [TRACKER, HUB, "all-columns.csv", "simple.csv"] {
        service.example(file, TAKEN).await;
    }
    for name in ["first.csv", "first.xlsx"] {
        let first = service.export(name).await;
        let other = Service::new().await;
        let report = other.import(&first, Mapping::canonical(), TAKEN).await;
        assert_eq!((report.refused, report.already_known_rows), (vec![], vec![]), "{name}");
        let second = other.export(name).await;
        assert!(fs::read(&first).unwrap() == fs::read(&second).unwrap(), "{name} differs");
        assert_eq!(service.all().await.len(), other.all().await.len());
        for (one, other) in service.all().await.iter().zip(other.all().await) {
            assert_eq!(one.row, other.row);
        }
    }
    let text = fs::read_to_string(service.export("again.csv").await).unwrap();
    assert!(text.contains("'=asks about"), "the note that starts like a formula is made harmless");
}

#[tokio::test]
async fn a_dry_run_says_the_same_and_writes_nothing() {
    let service = Service::new().await;
    let dry = service.example(TRACKER, Options { newer: Newer::All, dry_run: true }).await;
    assert!(service.all().await.is_empty());
    let taken = service.example(TRACKER, UPDATED).await;
    assert!(taken.updated > 0);
    assert_eq!(Report { dry_run: false, ..dry }, taken);
    let header = "reference,received_on,applicant_1_name,approved_on,closed_on,close_reason\n";
    service.text(&format!("{header}R1,2024-04-03,Ann Lee,,2024-05-01,health\n"), TAKEN).await;
    let dry = Options { newer: Newer::All, dry_run: true };
    let refused = service.text(&format!("{header}R1,2024-04-03,Ann Lee,2024-06-01,,\n"), dry).await;
    assert_eq!((refused.updated, refused.not_updated.len()), (0, 1));
    assert!(refused.table().contains("Known, but not brought up to date"), "{}", refused.table());
    assert!(!refused.table().contains("--update takes them"), "{}", refused.table());
    service.assert_sound().await;
}

#[tokio::test]
async fn references_that_no_file_brought_are_made_around_those_that_one_did() {
    let service = Service::new().await;
    let text = "reference,received_on,applicant_1_name\n,2024-04-03,Ann Lee\nE-000001,2024-04-03,Bob Lee\n,2024-04-03,Cy Lee\nE-000003,2024-04-03,Di Lee\n";
    assert_eq!(service.text(text, TAKEN).await.created, 4);
    let references: Vec<_> = service.all().await.into_iter().filter_map(|it| it.row.reference).collect();
    assert_eq!(references, ["E-000002", "E-000001", "E-000004", "E-000003"]);
}

#[tokio::test]
async fn an_officer_of_exactly_that_name_is_linked() {
    let service = Service::new().await;
    {
        let mut write = service.db.write().await.unwrap();
        for (name, email) in
            [("Jan Teal", "jan@example.org"), ("Moira Fenn", "m1@example.org"), ("Moira Fenn", "m2@example.org")]
        {
            sqlx::query("insert into user (name, email, created_at) values (?, ?, 0)")
                .bind(name)
                .bind(email)
                .execute(&mut *write)
                .await
                .unwrap();
        }
        write.commit().await.unwrap();
    }
    let header = "reference,received_on,applicant_1_name,officer\n";
    let rows = "R1,2024-04-03,Ann Lee,Jan Teal\nR2,2024-04-03,Bob Lee,jan teal\nR3,2024-04-03,Cy Lee,Moira Fenn\n";
    service.text(&format!("{header}{rows}"), TAKEN).await;
    let mut connection = service.db.read().acquire().await.unwrap();
    let mut linked = Vec::new();
    for id in 1..=3 {
        let facts = pipeline::load(&mut connection, EnquiryId(id)).await.unwrap().facts();
        linked.push(facts.latest_attribute(AttributeName::Officer).unwrap().user.is_some());
    }
    assert_eq!(linked, [true, false, false]);
}

#[tokio::test]
async fn the_reference_of_another_family_is_said_whether_or_not_newer_facts_are_asked_for() {
    let service = Service::new().await;
    let header = "reference,received_on,applicant_1_name,applicant_1_phone,postcode\n";
    let layla = "R1,2024-04-03,Layla Darwish,07700900001,SR10 8AF\n";
    service.text(&format!("{header}{layla}"), TAKEN).await;
    let wanda = "R1,2025-02-03,Wanda Nightingale,07700900002,SR1 2AB\n";
    let two = "R2,2025-02-04,Ann Lee,07700900003,TS1 1XX\nR2,2025-02-05,Bob Cole,07700900004,TS2 2XX\n";
    let text = format!("{header}{layla}{wanda}{two}");
    for (options, tried) in
        [(Options { dry_run: true, ..TAKEN }, false), (Options { dry_run: true, ..UPDATED }, true), (TAKEN, false)]
    {
        let report = service.text(&text, options).await;
        let problems: Vec<_> =
            report.already_known_rows.iter().map(|it| (it.place.row, it.problem.is_some())).collect();
        assert_eq!(problems, [(2, false), (3, true), (5, true)]);
        assert_eq!((report.created, report.already_known, report.not_updated.len()), (1, 3, if tried { 2 } else { 0 }));
        let table = report.table();
        let said = table.matches("It has the reference of another family").count();
        assert_eq!(said, 2, "{table}");
        assert!(!table.contains("--update takes them"), "{table}");
        let json = serde_json::to_value(&report).unwrap();
        assert!(json["already_known_rows"][0].get("problem").is_none());
        assert!(
            json["already_known_rows"][1]["problem"].as_str().unwrap().contains("leave it out to log a new enquiry")
        );
    }
}
