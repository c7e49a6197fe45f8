//! Backups taken while people write, and restores that are killed.

use std::collections::BTreeSet;
use std::process::Stdio;
use std::time::Duration;

use crate::damaged::{back_up, remove_kept};
use crate::support::load::{Load, add_person, next_email};
use crate::support::{Person, Place, people_in};

#[test]
fn a_backup_taken_while_people_write_holds_what_was_saved_before_it() {
    let place = Place::new();
    let (service, browser) = place.serve_signed_in();
    let load = Load::start(&browser, 3);
    let mut last = None;
    for round in 1..=3 {
        load.until(round * 15);
        let before: BTreeSet<_> = place.people().into_iter().map(|person| person.email).collect();
        let said = place.run(&["backup", &format!("backups-{round}")]);
        assert!(said.ok, "{}", said.error);
        let backup = place.path(said.out.lines().next().unwrap());
        let in_it = people_in(&backup);
        assert!(in_it.iter().all(Person::is_whole));
        let in_it: BTreeSet<_> = in_it.into_iter().map(|person| person.email).collect();
        assert!(before.is_subset(&in_it));
        last = Some((backup, in_it));
    }
    load.end();
    assert!(service.stop().success());
    let (backup, in_it) = last.unwrap();
    let said = place.run(&["restore", backup.to_str().unwrap()]);
    assert!(said.ok, "{}", said.error);
    assert_eq!(place.people().into_iter().map(|person| person.email).collect::<BTreeSet<_>>(), in_it);
    place.doctor();

    // Nobody's session comes back with a backup; the password does.
    let service = place.serve();
    let browser = browser.at(&service);
    assert_ne!(browser.get("/people").unwrap().status, 200);
    browser.sign_in();
    assert_eq!(browser.get("/people").unwrap().status, 200);
}

#[test]
fn a_backup_that_is_killed_leaves_nothing_that_looks_like_one() {
    let place = Place::new();
    assert!(place.run(&["migrate"]).ok);
    for delay in (0..60).step_by(3) {
        let mut child =
            place.command(&["backup", "backups"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(delay));
        child.kill().unwrap();
        child.wait().unwrap();
        let Ok(entries) = std::fs::read_dir(place.path("backups")) else { continue };
        for path in entries.map(|entry| entry.unwrap().path()) {
            if path.extension().is_some_and(|ending| ending == "db") {
                let said = place.run(&["restore", path.to_str().unwrap()]);
                assert!(said.ok, "after {delay} ms: {}", said.error);
                remove_kept(&place);
                std::fs::remove_file(path).unwrap();
            }
        }
    }
    // What the killed ones left unfinished goes with the next one.
    std::thread::sleep(Duration::from_millis(1_000));
    back_up(&place);
    let names = std::fs::read_dir(place.path("backups")).unwrap().map(|entry| entry.unwrap().file_name());
    let unfinished: Vec<_> = names.filter(|name| name.to_string_lossy().contains(".part")).collect();
    assert!(unfinished.is_empty(), "{unfinished:?}");
}

#[test]
fn a_restore_that_is_killed_leaves_the_old_database_or_the_new_one() {
    let place = Place::new();
    let (service, browser) = place.serve_signed_in();
    let first = next_email();
    add_person(&browser, &first).unwrap();
    let backup = back_up(&place);
    assert!(service.stop().success());
    let old = [first.clone()];
    for delay in (0..70).step_by(2) {
        // What the backup does not hold, written as the service would have been when it was killed.
        let service = place.serve();
        let signed_in = browser.at(&service);
        if signed_in.get("/people").unwrap().status != 200 {
            // The restore before this one succeeded, and ended every session.
            signed_in.sign_in();
        }
        let second = next_email();
        assert_eq!(add_person(&signed_in, &second).unwrap().status, 200);
        service.kill();
        let newer: Vec<_> = place.people().into_iter().map(|person| person.email).collect();
        assert!(newer.contains(&second));

        let mut child =
            place.command(&["restore", &backup]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(delay));
        child.kill().unwrap();
        child.wait().unwrap();

        place.doctor();
        let people: Vec<_> = place.people().into_iter().map(|person| person.email).collect();
        assert!(people == newer || people == old, "after {delay} ms: {people:?}");
        remove_kept(&place);
    }
    assert!(place.run(&["restore", &backup]).ok);
    assert_eq!(place.people().into_iter().map(|person| person.email).collect::<Vec<_>>(), old);
}
