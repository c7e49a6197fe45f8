//! `kill -9` at any moment, and two programs that want the same database.

use std::collections::BTreeSet;
use std::process::Stdio;
use std::time::Duration;

use hearth::db::{APPLICATION_ID, MIGRATIONS, copy, known_schema};
use sqlx::Connection;
use sqlx::migrate::Migrator;

use crate::support::facts::{make_enquiries, on_db};
use crate::support::load::Load;
use crate::support::{Person, Place, Service, on_database};

const KILLS: u64 = 50;

#[test]
fn every_acknowledged_save_is_there_after_fifty_kills_and_none_is_half_there() {
    let place = Place::new();
    let (service, browser) = place.serve_signed_in();
    service.kill();
    let mut acknowledged = BTreeSet::new();
    for round in 0..KILLS {
        let service = place.serve();
        let load = Load::start(&browser.at(&service), 4);
        load.until(1);
        // A different moment of the work each time.
        std::thread::sleep(Duration::from_micros(round * 7_919 % 60_000));
        service.kill();
        acknowledged.extend(load.end());

        let people = place.people();
        let half: Vec<&Person> = people.iter().filter(|person| !person.is_whole()).collect();
        assert!(half.is_empty(), "half there: {half:?}");
        let there: BTreeSet<_> = people.into_iter().map(|person| person.email).collect();
        let lost: Vec<_> = acknowledged.difference(&there).collect();
        assert!(lost.is_empty(), "lost: {lost:?}");
        if round % 10 == 9 {
            place.doctor();
        }
    }
    assert!(acknowledged.len() >= KILLS as usize);
}

/// The same with facts in a ledger, which stand in four places: the ledger, `enquiry_now`, the audit, the form's token.
#[test]
fn every_acknowledged_visit_is_in_its_ledger_after_kills_and_stands_everywhere() {
    const ENQUIRIES: i64 = 6;
    let place = Place::new();
    on_db(&place.database, async |db| make_enquiries(db, "2015-12-01", ENQUIRIES as usize).await);
    let (service, browser) = place.serve_signed_in();
    service.kill();
    let mut acknowledged = BTreeSet::new();
    for round in 0..KILLS / 2 {
        let service = place.serve();
        let load = Load::visits(&browser.at(&service), 3, ENQUIRIES);
        load.until(1);
        std::thread::sleep(Duration::from_micros(round * 6_151 % 50_000));
        service.kill();
        acknowledged.extend(load.end());
        let (visits, told, spent) = on_database(&place.database, async |connection| {
            let visits: Vec<String> =
                sqlx::query_scalar("select happened_on from milestone where kind = 'initial_visit' order by id")
                    .fetch_all(&mut *connection)
                    .await
                    .unwrap();
            let (told, spent): (i64, i64) = sqlx::query_as(
                "select (select count(*) from audit where action = 'milestone_recorded'),
                    (select count(*) from form_token)",
            )
            .fetch_one(connection)
            .await
            .unwrap();
            (visits, told, spent)
        });
        assert_eq!((visits.len() as i64, visits.len() as i64), (told, spent), "each in the audit, each form used up");
        let there: BTreeSet<_> = visits.iter().cloned().collect();
        assert_eq!(there.len(), visits.len(), "none twice");
        let lost: Vec<_> = acknowledged.difference(&there).collect();
        assert!(lost.is_empty(), "lost: {lost:?}");
        if round % 5 == 4 {
            place.doctor();
        }
    }
    assert!(acknowledged.len() as u64 >= KILLS / 2);
}

#[test]
fn a_second_service_is_refused_and_a_killed_one_leaves_no_lock() {
    let place = Place::new();
    let service = place.serve();
    std::fs::write(place.path("any.db"), "").unwrap();
    for command in [&["serve", "--listen", "127.0.0.1:0"][..], &["migrate"], &["restore", "any.db"]] {
        let said = place.run(command);
        assert_eq!(said.code, Some(1), "{command:?}");
        assert!(said.error.contains("another Hearth is using"), "{}", said.error);
    }
    service.kill();
    assert!(place.serve().stop().success());
}

#[test]
fn of_two_started_together_one_serves() {
    for _ in 0..5 {
        let place = Place::new();
        let start = || {
            let command = place.command(&["serve", "--listen", "127.0.0.1:0"]);
            std::thread::spawn(|| Service::start(command))
        };
        let both = [start(), start()].map(|starting| starting.join().unwrap());
        let refused: Vec<_> = both.iter().filter_map(|one| one.as_ref().err()).collect();
        assert_eq!(refused.len(), 1);
        assert_eq!(refused[0].code, Some(1));
        assert!(refused[0].error.contains("another Hearth is using"), "{}", refused[0].error);
    }
}

#[test]
fn a_first_start_that_is_killed_is_simply_tried_again() {
    let place = Place::new();
    for delay in 0..25 {
        let mut child = place.command(&["migrate"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(delay));
        child.kill().unwrap();
        child.wait().unwrap();
    }
    assert!(place.run(&["migrate"]).ok);
    place.doctor();
}

#[test]
fn a_migration_that_is_killed_leaves_the_old_schema_or_the_new_one() {
    let last = known_schema();
    for delay in (0..40).step_by(2) {
        let place = Place::new();
        make_older(&place);
        let mut child = place.command(&["migrate"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(delay));
        child.kill().unwrap();
        child.wait().unwrap();

        let said = place.run(&["migrate"]);
        assert!(said.ok, "after {delay} ms: {}", said.error);
        assert_eq!(place.doctor()["rows"]["household"], 1, "after {delay} ms");
        let before = place.path(&format!("hearth.db.before-schema-{last}"));
        let kept = on_database(&before, async |connection| copy::examine(connection).await.unwrap());
        assert!(kept.problems.is_empty());
        assert_eq!((kept.schema < last, kept.rows["household"]), (true, 1));
    }
}

/// A database as the release before this one would have left it.
fn make_older(place: &Place) {
    let all: Vec<_> = MIGRATIONS.iter().cloned().collect();
    let before = Migrator::with_migrations(all[..all.len() - 1].to_vec());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let options = sqlx::sqlite::SqliteConnectOptions::new().filename(&place.database).create_if_missing(true);
        let mut older = sqlx::SqliteConnection::connect_with(&options).await.unwrap();
        let id = sqlx::AssertSqlSafe(format!("pragma application_id = {APPLICATION_ID}"));
        sqlx::query(id).execute(&mut older).await.unwrap();
        before.run(&mut older).await.unwrap();
        sqlx::query("insert into household (id, created_at, created_by) values (7, 0, 1)")
            .execute(&mut older)
            .await
            .unwrap();
        older.close().await.unwrap();
    });
}
