//! A database file that is missing, damaged, somebody else's or too new.

use std::path::Path;

use crate::support::load::{Load, add_person, next_email};
use crate::support::{Place, on_database};

#[test]
fn a_missing_database_is_never_replaced_by_an_empty_one() {
    let place = Place::new();
    assert!(place.run(&["doctor"]).error.contains("there is no database at"));
    assert!(place.serve().stop().success());
    std::fs::rename(&place.database, place.path("away.db")).unwrap();
    for command in [&["serve", "--listen", "127.0.0.1:0"][..], &["migrate"], &["doctor"], &["backup", "backups"]] {
        let said = place.run(command);
        assert_eq!(said.code, Some(1), "{command:?}");
        assert!(said.error.contains("but there was one before"), "{command:?}: {}", said.error);
        assert!(!place.database.exists(), "{command:?}");
    }
    std::fs::rename(place.path("away.db"), &place.database).unwrap();
    assert!(place.serve().stop().success());
}

#[test]
fn a_damaged_database_is_refused_in_a_sentence_left_as_it_is_and_comes_back_by_a_restore() {
    let place = Place::new();
    let (service, browser) = place.serve_signed_in();
    let saved = next_email();
    add_person(&browser, &saved).unwrap();
    let backup = back_up(&place);
    assert!(service.stop().success());

    let whole = std::fs::read(&place.database).unwrap();
    let (mut header, mut page) = (whole.clone(), whole.clone());
    header[..64].fill(0);
    page[4096 * 6..4096 * 7].fill(0x5a);
    let damages =
        [("header", header), ("page", page), ("truncated", whole[..whole.len() / 3].to_vec()), ("empty", Vec::new())];
    for (what, bytes) in damages {
        std::fs::write(&place.database, &bytes).unwrap();
        for command in [&["serve", "--listen", "127.0.0.1:0"][..], &["migrate"], &["doctor"]] {
            let said = place.run(command);
            assert_eq!(said.code, Some(1), "{what}, {command:?}: {}", said.out);
            assert!(said.error.starts_with("hearth: "), "{what}: {}", said.error);
            assert!(!said.error.contains("panicked"), "{what}: {}", said.error);
            if command[0] != "doctor" {
                assert!(said.error.contains("is damaged"), "{what}, {command:?}: {}", said.error);
            }
        }
        let said = place.run(&["backup", "others"]);
        assert_eq!(said.code, Some(1), "{what}: a damaged database makes no backup: {}", said.out);

        let said = place.run(&["restore", &backup]);
        assert!(said.ok, "{what}: {}", said.error);
        let emails: Vec<_> = place.people().into_iter().map(|person| person.email).collect();
        assert_eq!(emails, std::slice::from_ref(&saved), "{what}");
        place.doctor();
        assert!(place.serve().stop().success(), "{what}");
        remove_kept(&place);
    }
}

/// Somebody copies a backup over the database by hand, and the log of the killed service is still there. SQLite says
/// nothing; we must.
#[test]
fn a_copy_over_a_log_that_was_left_behind_is_found() {
    let place = Place::new();
    let (service, browser) = place.serve_signed_in();
    let load = Load::start(&browser, 2);
    load.until(20);
    let backup = back_up(&place);
    load.until(120);
    service.kill();
    load.end();
    let log = place.path("hearth.db-wal");
    assert!(log.metadata().unwrap().len() > 0, "the log holds what was not folded in yet");
    std::fs::copy(&backup, &place.database).unwrap();

    let said = place.run(&["serve", "--listen", "127.0.0.1:0"]);
    assert_eq!(said.code, Some(1));
    assert!(said.error.contains("is damaged"), "{}", said.error);
    let said = place.run(&["restore", &backup]);
    assert!(said.ok, "{}", said.error);
    place.doctor();
    assert!(place.serve().stop().success());
}

#[test]
fn a_newer_schema_is_refused() {
    let place = Place::new();
    assert!(place.run(&["migrate"]).ok);
    on_database(&place.database, async |connection| {
        sqlx::query("insert into _sqlx_migrations values (9999, 'later', 0, 1, x'00', 0)")
            .execute(connection)
            .await
            .unwrap();
    });
    for command in [&["serve", "--listen", "127.0.0.1:0"][..], &["migrate"], &["doctor"], &["backup", "backups"]] {
        let said = place.run(command);
        assert_eq!(said.code, Some(1), "{command:?}");
        assert!(said.error.contains("written by a newer Hearth (schema 9999"), "{command:?}: {}", said.error);
    }
}

#[test]
fn what_is_not_a_database_of_ours_is_left_alone() {
    let place = Place::new();
    std::fs::write(&place.database, "Dear Sir or Madam,\n".repeat(400)).unwrap();
    let before = std::fs::read(&place.database).unwrap();
    for command in [&["serve", "--listen", "127.0.0.1:0"][..], &["migrate"], &["doctor"], &["backup", "backups"]] {
        assert_eq!(place.run(command).code, Some(1), "{command:?}");
    }
    assert!(std::fs::read(&place.database).unwrap() == before);
}

/// Takes a backup and returns where it is.
pub fn back_up(place: &Place) -> String {
    let said = place.run(&["backup", "backups"]);
    assert!(said.ok, "{}", said.error);
    place.path(said.out.lines().next().unwrap()).to_str().unwrap().to_owned()
}

/// So that the next restore within the same second finds its name free.
pub fn remove_kept(place: &Place) {
    for entry in std::fs::read_dir(place.folder.path()).unwrap() {
        let path = entry.unwrap().path();
        let name = Path::new(path.file_name().unwrap()).to_string_lossy().into_owned();
        if name.contains(".replaced-") {
            std::fs::remove_file(path).unwrap();
        }
    }
}
