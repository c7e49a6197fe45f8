//! Undoing an import beside the requests: how far it is, what becomes of it when nobody waits, what is put back.

use std::sync::Mutex;

use axum::http::StatusCode;
use hearth::domain::actor::Actor;
use hearth::domain::ids::ImportId;
use hearth::domain::role::Role;
use hearth::features::imports::{self, Newer};
use hearth::features::search;
use hearth::web::work::Progress;

use super::{IMPORTS, press, settled};
use crate::import_undo::{bring_example, sound, text};
use crate::support::TestApp;

const IMPORT: &str = "/settings/imports/1";
const UNDOING: &str = "/settings/imports/1/undoings";
const STANDING: &str = "select count(*) from enquiry_now";
const UNDOINGS: &str = "select count(*) from audit where action = 'import_undone' and enquiry_id is null";

/// As the product calls the piece of work.
const PIECE: &str = "undoing import 1";

#[tokio::test]
async fn what_takes_longer_than_a_moment_shows_how_far_it_is_and_happens_once() {
    let app = TestApp::new().await;
    bring_example(&app, "simple.csv").await;
    app.pass_minutes(5);
    let (mut manager, mut other) = (app.sign_in(Role::Manager).await, app.sign_in(Role::Manager).await);
    let page = manager.get(&format!("{UNDOING}/new")).await;
    // Somebody else is writing, so that it cannot end within the moment.
    let busy = app.state.db.write().await.unwrap();
    let sent = manager.submit(&page, "main form", &[]).await;
    assert_eq!(sent.location(), UNDOING);
    let waiting = manager.follow(&sent).await;
    assert!(waiting.has("#progress[hx-get] progress"), "{}", waiting.text("main"));
    assert!(waiting.text("#progress").contains("You can leave this page"), "{}", waiting.text("main"));
    // Left, and come back to; pressed again, and by somebody else.
    assert!(manager.get(IMPORTS).await.text("#imports").contains("Being undone"));
    assert!(manager.get(IMPORT).await.has(&format!(".head a[href='{UNDOING}']")));
    assert_eq!(manager.submit(&page, "main form", &[]).await.location(), UNDOING);
    assert_eq!(other.post(UNDOING, &[]).await.location(), UNDOING);
    assert_eq!(app.count(STANDING).await, 60);

    busy.rollback().await.unwrap();
    let done = settled(&mut other, UNDOING).await;
    assert!(done.has("#undone") && !done.has("#not-undone"), "{}", done.text("main"));
    assert_eq!(manager.get(UNDOING).await.location(), IMPORT);
    assert_eq!((app.count(STANDING).await, app.count(UNDOINGS).await), (0, 1));
    sound(&app).await;
}

#[tokio::test]
async fn why_it_could_not_be_undone_is_said_to_whoever_comes_back() {
    let app = TestApp::new().await;
    bring_example(&app, "simple.csv").await;
    app.pass_minutes(5);
    let mut manager = app.sign_in(Role::Manager).await;
    let note = manager.get("/enquiries/3/notes/new").await;
    manager.submit(&note, "main form", &[("body", "Rang back")]).await.location();
    let busy = app.state.db.write().await.unwrap();
    assert_eq!(manager.post(UNDOING, &[]).await.location(), UNDOING);
    busy.rollback().await.unwrap();

    let refused = settled(&mut manager, UNDOING).await;
    assert_eq!(refused.text("h1"), "simple.csv");
    let said = refused.text("#not-undone");
    for words in ["Manager tried on 14 October 2025, 10:05.", "built on this import since", "Nothing has changed."] {
        assert!(said.contains(words), "{said}");
    }
    assert_eq!((app.count(STANDING).await, app.count(UNDOINGS).await), (60, 0));
    // Whoever waits is told at once, and what has been built on is named.
    let again = manager.post(UNDOING, &[]).await;
    assert_eq!(again.status, StatusCode::CONFLICT);
    assert!(again.text(".error-summary").contains("built on") && again.has("main .list a"), "{}", again.text("main"));
    sound(&app).await;
}

#[tokio::test]
async fn how_far_it_is_stands_on_the_page_and_one_that_was_stopped_has_not_happened() {
    let app = TestApp::new().await;
    bring_example(&app, "simple.csv").await;
    app.pass_minutes(5);
    let mut manager = app.sign_in(Role::Manager).await;
    let piece = app.state.work.begin(PIECE).unwrap();
    piece.tell(Progress { done: 4_000, of: Some(19_000) });
    let page = manager.get(UNDOING).await;
    assert!(page.text("#progress").contains("4,000 of 19,000 enquiries taken back"), "{}", page.text("main"));
    assert_eq!(page.attribute("#progress progress", "value"), "21");
    let part = manager.clone().htmx().get(UNDOING).await;
    assert!(part.has("#progress progress") && !part.has("h1"), "{}", part.body);
    assert_eq!(manager.post(UNDOING, &[]).await.location(), UNDOING, "it is under way already");

    // As a service that was stopped in the middle leaves it.
    drop(piece);
    let stopped = manager.get(UNDOING).await;
    assert_eq!(stopped.status, StatusCode::OK);
    assert!(!stopped.has("#progress[hx-get]") && !stopped.has("progress"), "{}", stopped.text("main"));
    assert!(stopped.text("#progress").contains("nothing of this import has changed"), "{}", stopped.text("main"));
    assert!(!manager.get(IMPORT).await.has("#not-undone"));
    assert_eq!(app.count(STANDING).await, 60);
    let again = manager.get(&stopped.attribute("#progress a.button", "href")).await;
    assert!(press(&mut manager, &again, "main form", &[]).await.has("#undone"));
    assert_eq!((app.count(STANDING).await, app.count(UNDOINGS).await), (0, 1));
    assert_eq!(manager.get("/settings/imports/2/undoings").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn it_tells_batch_by_batch_how_many_are_taken_back() {
    let app = TestApp::new().await;
    let letter = |number: usize| char::from(b"abcdefghij"[number % 10]);
    let row = |number: usize| {
        let name: String = [number / 1_000, number / 100, number / 10, number].map(letter).iter().collect();
        format!("R{number},2025-04-01,Ann L{name}\n")
    };
    let rows: String = (0..1_200).map(row).collect();
    let report = text(&app, &format!("reference,received_on,applicant_1_name\n{rows}"), Newer::None).await;
    assert_eq!(report.created, 1_200);
    app.pass_minutes(5);
    assert_eq!(undo(&app, 1).await, [(0, Some(1_200)), (1_000, Some(1_200)), (1_200, Some(1_200))]);
    assert_eq!((app.count(STANDING).await, app.count("select count(*) from limit_now").await), (0, 0));
    sound(&app).await;
    assert!(search::agrees(&mut app.state.db.read().acquire().await.unwrap()).await.unwrap());
}

#[tokio::test]
async fn several_known_enquiries_are_put_back_together() {
    let app = TestApp::new().await;
    let header = "reference,received_on,applicant_1_name,applicant_1_phone,source,initial_visit_on\n";
    let known = "A,2025-04-01,Ann Lee,07700900123,Radio,2025-05-02\nB,2025-04-02,Bo Ray,07700900124,Radio,\n";
    text(&app, &format!("{header}{known}"), Newer::None).await;
    let standing = "select json_group_array(json_object('visit', initial_visit_on, 'source', source, 'stage', stage, \
                    'name', display_name)) from enquiry_now";
    let stood: String = sqlx::query_scalar(standing).fetch_one(app.state.db.read()).await.unwrap();
    app.pass_minutes(5);
    let newer = "A,2025-04-01,Ann Lee,07700900999,Facebook,2025-05-04\nB,2025-04-02,Bo Ray,07700900998,Facebook,\n\
                 C,2025-05-01,Cy May,,,\n";
    let report = text(&app, &format!("{header}{newer}"), Newer::All).await;
    assert_eq!((report.created, report.updated), (1, 2));
    app.pass_minutes(5);
    assert_eq!(undo(&app, 2).await, [(0, Some(3)), (1, Some(3)), (3, Some(3))]);
    let stands: String = sqlx::query_scalar(standing).fetch_one(app.state.db.read()).await.unwrap();
    assert_eq!(stands, stood);
    for (sql, expected) in [
        ("select count(*) from member where phone like '%90012%'", 2),
        ("select count(*) from member where phone like '%90099%'", 0),
        ("select count(*) from audit where action = 'import_undone' and enquiry_id is not null", 2),
        (UNDOINGS, 1),
    ] {
        assert_eq!(app.count(sql).await, expected, "{sql}");
    }
    sound(&app).await;
    assert!(search::agrees(&mut app.state.db.read().acquire().await.unwrap()).await.unwrap());
}

/// What it tells of how far it is.
async fn undo(app: &TestApp, import: i64) -> Vec<(usize, Option<usize>)> {
    let told = Mutex::new(Vec::new());
    let mut write = app.state.db.write().await.unwrap();
    let actor = Actor::command_line(app.now());
    let tell = |Progress { done, of }: Progress| told.lock().unwrap().push((done, of));
    imports::undo(&mut write, &actor, ImportId(import), &tell).await.unwrap();
    write.commit().await.unwrap();
    told.into_inner().unwrap()
}
