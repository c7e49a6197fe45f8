//! Undoing a whole import: nothing is deleted, what was known stays known, and the file can be brought again.

use std::path::Path;
use std::sync::Arc;

use axum::http::StatusCode;
use hearth::domain::actor::Actor;
use hearth::domain::day::{Day, Period};
use hearth::domain::fostering::TypeFilter;
use hearth::domain::ids::{ImportId, UserId};
use hearth::domain::instant::Instant;
use hearth::domain::question::{Basis, Dimension, Question};
use hearth::domain::role::Role;
use hearth::features::imports::{self, Limits, Mapping, Newer, Options, Report, Request};
use hearth::features::{audit, households, pipeline, reports};

use serde_json::Value;

use crate::imports::press;
use crate::support::TestApp;

const EXAMPLES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/examples");

async fn bring(app: &TestApp, path: &Path, by: UserId, newer: Newer) -> Report {
    let reasons = pipeline::list_close_reasons(&mut app.state.db.read().acquire().await.unwrap()).await.unwrap();
    let mapping = match std::fs::read_to_string(path.with_extension("mapping.toml")) {
        Ok(text) => Mapping::parse(&text, &reasons).unwrap(),
        Err(_) => Mapping::canonical(),
    };
    let today = app.now().london_day();
    let request = Request { mapping, reasons, today, only_sheet: None, limits: Limits::COMMAND };
    let actor = Actor { user: by, ..Actor::command_line(app.now()) };
    let options = Options { newer, dry_run: false };
    imports::import(&app.state.db, &actor, Arc::new(request), path, options, Arc::new(|_| {})).await.unwrap()
}

pub async fn bring_example(app: &TestApp, file: &str) -> Report {
    bring(app, &Path::new(EXAMPLES).join(file), UserId::COMMAND_LINE, Newer::None).await
}

pub async fn text(app: &TestApp, text: &str, newer: Newer) -> Report {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("weekly.csv");
    std::fs::write(&path, text).unwrap();
    bring(app, &path, UserId::COMMAND_LINE, newer).await
}

/// Two years by source, as known at an instant.
async fn known_at(app: &TestApp, instant: Instant) -> Value {
    let day = |text: &str| text.parse::<Day>().unwrap();
    let question = Question {
        period: Period { from: day("2023-04-01"), to: day("2025-10-14") },
        as_at: day("2025-10-14"),
        known_at: instant,
        by: Some(Dimension::Source),
        types: TypeFilter::All,
        basis: Basis::Cohort,
    };
    let report = reports::funnel(&app.state.db, &question, app.now()).await.unwrap();
    serde_json::to_value(&report).unwrap()["groups"].clone()
}

pub async fn sound(app: &TestApp) {
    let mut connection = app.state.db.read().acquire().await.unwrap();
    assert_eq!(pipeline::disagreements(&mut connection).await.unwrap(), pipeline::Disagreements::default());
    assert_eq!(households::disagreements(&mut connection).await.unwrap(), []);
    assert!(audit::verify(&mut connection).await.unwrap().is_ok());
}

const STANDING: &str = "select count(*) from enquiry_now";

#[tokio::test]
async fn an_undone_import_counts_nowhere_and_what_was_known_stays_known() {
    let app = TestApp::new().await;
    let before = (app.now(), known_at(&app, app.now()).await);
    app.pass_minutes(1);
    let first = bring_example(&app, "council-tracker-2024-25.xlsx").await;
    assert_eq!(first.created, 176);
    let between = (app.now(), known_at(&app, app.now()).await);
    assert_ne!(before.1, between.1);
    app.pass_minutes(10);

    let mut manager = app.sign_in(Role::Manager).await;
    let made = manager.get("/settings/imports/1").await;
    assert!(made.attribute("[aria-labelledby=made] a", "href").starts_with("/enquiries/"));
    let list = manager.get("/settings/imports").await;
    assert!(list.text("#imports tbody tr").contains("176"), "{}", list.text("#imports"));
    let page = manager.get("/settings/imports/1/undoings/new").await;
    assert!(
        page.text("main").contains("The 176 enquiries that it made count nowhere from now on"),
        "{}",
        page.text("main")
    );
    assert!(press(&mut manager, &page, "main form", &[]).await.has("#undone"));
    assert_eq!(app.count(STANDING).await, 0);
    sound(&app).await;

    let after = known_at(&app, app.now()).await;
    assert_eq!(after, before.1, "nothing of it counts any more");
    assert_eq!(known_at(&app, between.0).await, between.1, "a report as known in between is what it was");
    assert_eq!(known_at(&app, before.0).await, before.1);

    app.pass_minutes(10);
    let again = bring_example(&app, "council-tracker-2024-25.xlsx").await;
    assert_eq!((again.created, again.already_known, again.refused), (176, first.already_known, first.refused));
    assert_eq!(app.count(STANDING).await, 176);
    sound(&app).await;
    assert_eq!(known_at(&app, between.0).await, between.1);
    let references = "select count(*) from enquiry join enquiry_now on enquiry_now.enquiry_id = enquiry.id \
                      where reference like '%undone%'";
    assert_eq!(app.count(references).await, 0);
    let twice = manager.submit(&page, "main form", &[]).await;
    assert_eq!(twice.status, StatusCode::CONFLICT);
    assert_eq!(app.count(STANDING).await, 176);
}

#[tokio::test]
async fn a_record_of_an_undone_import_says_why_it_is_gone() {
    let app = TestApp::new().await;
    bring_example(&app, "simple.csv").await;
    let mut manager = app.sign_in(Role::Manager).await;
    // Restricted to the manager alone, before it goes.
    let form = manager.get("/enquiries/2/restriction").await;
    assert_eq!(form.status, StatusCode::OK);
    let actor = Actor::command_line(app.now());
    let mut write = app.state.db.write().await.unwrap();
    sqlx::query("update enquiry set restricted = 1 where id = 2").execute(&mut *write).await.unwrap();
    imports::undo(&mut write, &actor, ImportId(1), &|_| {}).await.unwrap();
    write.commit().await.unwrap();
    for path in ["/enquiries/1", "/enquiries/1/history", "/enquiries/1/notes/new"] {
        let page = manager.get(path).await;
        assert_eq!((page.status, page.text("h1").as_str()), (StatusCode::GONE, "This record is no longer there"));
        let said = page.text("main");
        assert!(said.contains("came with the file “simple.csv”. Command line undid that import on"), "{said}");
    }
    // Nothing is said of a restricted one, to whoever sees only their own, or where nothing ever was.
    assert_eq!(manager.get("/enquiries/2").await.status, StatusCode::NOT_FOUND);
    assert_eq!(manager.get("/enquiries/4000").await.status, StatusCode::NOT_FOUND);
    let mut worker = app.sign_in(Role::SocialWorker).await;
    assert_eq!(worker.get("/enquiries/1").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn what_has_been_built_on_is_named_and_stays() {
    let app = TestApp::new().await;
    bring_example(&app, "simple.csv").await;
    app.pass_minutes(5);
    let mut manager = app.sign_in(Role::Manager).await;
    // Looking builds nothing.
    manager.get("/enquiries/3").await;
    audit::write_openings(&app.state).await.unwrap();
    assert!(manager.get("/settings/imports/1/undoings/new").await.has("main form"));

    let note = manager.get("/enquiries/3/notes/new").await;
    let saved = manager.submit(&note, "main form", &[("body", "Rang back")]).await;
    assert!(saved.status.is_redirection(), "{}", saved.body);
    let page = manager.get("/settings/imports/1/undoings/new").await;
    assert!(!page.has("main form"));
    assert_eq!(page.attribute("main .list a", "href"), "/enquiries/3");
    assert!(page.text("main .list li").contains("Added a note"), "{}", page.text("main .list"));
    let refused = manager.post("/settings/imports/1/undoings", &[]).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert!(refused.text(".error-summary").contains("built on"), "{}", refused.text("main"));
    assert_eq!(app.count(STANDING).await, 60);
    sound(&app).await;
}

#[tokio::test]
async fn known_enquiries_become_what_they_were() {
    let app = TestApp::new().await;
    let header = "reference,received_on,applicant_1_name,applicant_1_phone,postcode,source,initial_visit_on,notes\n";
    text(&app, &format!("{header}A,2025-04-01,Ann Lee,07700900123,TS1 1XX,Radio,2025-05-02,Keen\n"), Newer::None).await;
    let before = known_at(&app, app.now()).await;
    let standing = "select json_group_array(json_object('visit', initial_visit_on, 'source', source, 'stage', stage, \
                    'approved', approved_on, 'officer', officer, 'name', display_name)) from enquiry_now";
    let stood: String = sqlx::query_scalar(standing).fetch_one(app.state.db.read()).await.unwrap();
    app.pass_minutes(10);
    let newer =
        "A,2025-04-01,Ann Lee,07700900999,TS1 2YY,Facebook,2025-05-04,Has moved\nB,2025-06-01,Bo Ray,07700900888,,,,\n";
    let report = text(&app, &format!("{header}{newer}"), Newer::All).await;
    assert_eq!((report.created, report.updated), (1, 1));
    let between = (app.now(), known_at(&app, app.now()).await);
    assert_ne!(between.1, before);
    app.pass_minutes(10);

    let mut manager = app.sign_in(Role::Manager).await;
    let page = manager.get("/settings/imports/2/undoings/new").await;
    assert!(page.text("main").contains("The known enquiry that took newer facts"), "{}", page.text("main"));
    assert!(press(&mut manager, &page, "main form", &[]).await.has("#undone"));
    let stands: String = sqlx::query_scalar(standing).fetch_one(app.state.db.read()).await.unwrap();
    assert_eq!(stands, stood);
    for (sql, expected) in [
        ("select count(*) from household where postcode = 'TS1 1XX'", 1),
        ("select count(*) from member where phone like '%900999%'", 0),
        ("select count(*) from note where superseded_at is null", 1),
        ("select count(*) from import_change where household_before is not null", 0),
    ] {
        assert_eq!(app.count(sql).await, expected, "{sql}");
    }
    sound(&app).await;
    assert_eq!(known_at(&app, between.0).await, between.1);
    // The first import has been built on: by the second, and by its undoing.
    let first = manager.get("/settings/imports/1/undoings/new").await;
    assert!(!first.has("main form"), "{}", first.text("main"));
}

/// One file changed the household for one of its enquiries and then for the other.
#[tokio::test]
async fn a_household_of_two_enquiries_becomes_what_it_was_before_both() {
    let app = TestApp::new().await;
    let header = "reference,received_on,applicant_1_name,applicant_1_phone,postcode\n";
    text(&app, &format!("{header}A,2021-04-01,Ann Lee,07700900123,TS1 1XX\n"), Newer::None).await;
    text(&app, &format!("{header}B,2025-04-01,Ann Lee,07700900123,TS1 1XX\n"), Newer::None).await;
    let mut write = app.state.db.write().await.unwrap();
    sqlx::query("update enquiry set household_id = 1").execute(&mut *write).await.unwrap();
    write.commit().await.unwrap();
    app.pass_minutes(10);
    let newer = "A,2021-04-01,Ann Lee,07700900123,TS1 2YY\nB,2025-04-01,Ann Lee,07700900999,TS1 3ZZ\n";
    assert_eq!(text(&app, &format!("{header}{newer}"), Newer::All).await.updated, 2);
    assert_eq!(app.count("select count(*) from household where id = 1 and postcode = 'TS1 3ZZ'").await, 1);
    app.pass_minutes(10);

    let mut manager = app.sign_in(Role::Manager).await;
    let page = manager.get("/settings/imports/3/undoings/new").await;
    assert!(press(&mut manager, &page, "main form", &[]).await.has("#undone"), "{}", page.text("main"));
    let sql = "select group_concat(postcode || ' ' || phone) from household join member \
               on member.household_id = household.id where household.id = 1";
    let stands: String = sqlx::query_scalar(sql).fetch_one(app.state.db.read()).await.unwrap();
    assert_eq!(stands, "TS1 1XX 07700900123");
}

#[tokio::test]
async fn what_an_import_said_of_a_source_is_undone_also_under_its_new_name() {
    let app = TestApp::new().await;
    let header = "reference,received_on,applicant_1_name,source\n";
    text(&app, &format!("{header}A,2025-04-01,Ann Lee,Radio\n"), Newer::None).await;
    app.pass_minutes(10);
    text(&app, &format!("{header}A,2025-04-01,Ann Lee,Facebook\n"), Newer::All).await;
    app.pass_minutes(10);
    let mut admin = app.sign_in(Role::Admin).await;
    let page = admin.get("/settings/sources/3").await;
    admin.submit(&page, "#source", &[("name", "Social media")]).await.location();
    assert_eq!(app.count("select count(*) from enquiry_now where source = 'Social media'").await, 1);
    let between = (app.now(), known_at(&app, app.now()).await);
    app.pass_minutes(10);

    let mut manager = app.sign_in(Role::Manager).await;
    let page = manager.get("/settings/imports/2/undoings/new").await;
    assert!(press(&mut manager, &page, "main form", &[]).await.has("#undone"), "{}", page.text("main"));
    assert_eq!(app.count("select count(*) from enquiry_now where source = 'Radio'").await, 1);
    sound(&app).await;
    assert_eq!(known_at(&app, between.0).await, between.1);
}
