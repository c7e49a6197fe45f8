//! A full disk: while somebody saves, and while a backup is taken.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::support::Place;
use crate::support::browser::Page;
use crate::support::load::{add_person, next_email};

/// A disk of a few megabytes, mounted where this may mount.
struct SmallDisk {
    path: PathBuf,
}

impl SmallDisk {
    fn mount(path: PathBuf, kilobytes: u32) -> Option<SmallDisk> {
        std::fs::create_dir_all(&path).unwrap();
        let size = format!("size={kilobytes}k");
        let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", &size, "tmpfs"]).arg(&path).output();
        mounted.is_ok_and(|done| done.status.success()).then_some(SmallDisk { path })
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.path).output();
    }
}

/// Takes all the room there is, and gives it back when removed.
fn fill(filler: &Path) {
    use std::io::Write;
    let mut file = std::fs::File::create(filler).unwrap();
    for size in [64 * 1024, 4096, 512] {
        while file.write_all(&vec![b'x'; size]).is_ok() {}
    }
}

fn says_full(page: &Page) {
    assert_eq!(page.status, 503, "{}", page.text());
    let words = page.text();
    assert!(words.contains("The disk"), "{words}");
    assert!(words.contains("Nothing was changed"), "{words}");
}

#[test]
fn a_full_disk_refuses_the_save_in_a_sentence_and_loses_nothing() {
    let mut place = Place::new();
    let Some(disk) = SmallDisk::mount(place.path("small"), 6 * 1024) else { return with_a_limit_on_the_file() };
    place.database = disk.path.join("hearth.db");
    let (service, browser) = place.serve_signed_in();
    let mut saved = vec![next_email()];
    assert_eq!(add_person(&browser, &saved[0]).unwrap().status, 200);

    let filler = disk.path.join("filler");
    fill(&filler);
    let refused = loop {
        // The log may still have room in blocks that it holds already.
        let email = next_email();
        let page = add_person(&browser, &email).unwrap();
        if page.status != 200 {
            break page;
        }
        saved.push(email);
    };
    says_full(&refused);
    assert_eq!(browser.get("/people").unwrap().status, 200, "reading goes on");
    assert_eq!(emails(&place), saved);

    std::fs::remove_file(filler).unwrap();
    saved.push(next_email());
    assert_eq!(add_person(&browser, saved.last().unwrap()).unwrap().status, 200, "room again, service again");
    assert!(service.stop().success());
    assert_eq!(emails(&place), saved);
    place.doctor();
}

/// Where nothing may be mounted: no file may grow, and then it may again.
fn with_a_limit_on_the_file() {
    let place = Place::new();
    let (service, browser) = place.serve_signed_in();
    assert!(service.stop().success());
    // In blocks of 512 bytes; a write beyond them fails instead of ending the program.
    let blocks = place.database.metadata().unwrap().len() / 512 + 64;
    let limit = format!("trap '' XFSZ; ulimit -S -f {blocks}");
    let service = crate::support::Service::start(crate::clients::limited(&place, &limit)).unwrap();
    let browser = browser.at(&service);
    let mut saved = Vec::new();
    let refused = loop {
        let email = next_email();
        let page = add_person(&browser, &email).unwrap();
        if page.status != 200 {
            break page;
        }
        saved.push(email);
    };
    says_full(&refused);
    let none = rustix::process::Rlimit { current: None, maximum: None };
    let id = rustix::process::Pid::from_raw(i32::try_from(service.id()).unwrap());
    rustix::process::prlimit(id, rustix::process::Resource::Fsize, none).unwrap();
    saved.push(next_email());
    assert_eq!(add_person(&browser, saved.last().unwrap()).unwrap().status, 200, "room again, service again");
    assert!(service.stop().success());
    assert_eq!(emails(&place), saved);
    place.doctor();
}

#[test]
fn a_backup_that_does_not_fit_leaves_nothing_and_is_told() {
    let place = Place::new();
    assert!(place.run(&["migrate"]).ok);
    let folder = place.path("backups");
    let Some(disk) = SmallDisk::mount(folder.clone(), 64) else { return backup_with_a_limit(&place) };
    let said = place.run(&["backup", "backups"]);
    assert_eq!(said.code, Some(1), "{}", said.out);
    assert!(said.error.contains("The disk is full"), "{}", said.error);
    assert_eq!(names(&folder), ["backups.lock"]);
    drop(disk);
    assert!(place.run(&["backup", "elsewhere"]).ok);
}

fn backup_with_a_limit(place: &Place) {
    let backup = place.command(&["backup", "backups"]);
    let mut limited = Command::new("sh");
    limited.arg("-c").arg(r#"trap '' XFSZ; ulimit -f 100; exec "$0" "$@""#);
    limited.arg(backup.get_program()).args(backup.get_args()).current_dir(place.folder.path());
    let said = crate::support::said(&mut limited);
    assert_eq!(said.code, Some(1), "{}", said.out);
    assert!(said.error.contains("The disk"), "{}", said.error);
    assert_eq!(names(&place.path("backups")), ["backups.lock"]);
    assert!(place.run(&["backup", "backups"]).ok);
}

/// The new file does not fit beside the old one: the old one stays.
#[test]
fn a_restore_that_does_not_fit_changes_nothing() {
    let mut place = Place::new();
    let away = Place::new();
    assert!(away.run(&["migrate"]).ok);
    let backup = crate::damaged::back_up(&away);
    let size = u32::try_from(away.database.metadata().unwrap().len() / 1024).unwrap();
    // Room for the log that migrations leave, too; what is left is filled.
    let disk = SmallDisk::mount(place.path("small"), size * 4);
    let folder = disk.as_ref().map_or_else(|| place.folder.path().to_owned(), |disk| disk.path.clone());
    place.database = folder.join("hearth.db");
    assert!(place.run(&["migrate"]).ok);
    let before = std::fs::read(&place.database).unwrap();
    let filler = folder.join("filler");
    let said = if disk.is_some() {
        fill(&filler);
        place.run(&["restore", &backup])
    } else {
        let restore = place.command(&["restore", &backup]);
        let mut limited = Command::new("sh");
        limited.arg("-c").arg(r#"trap '' XFSZ; ulimit -f 100; exec "$0" "$@""#);
        crate::support::said(limited.arg(restore.get_program()).args(restore.get_args()))
    };
    assert_eq!(said.code, Some(1), "{}", said.out);
    assert!(std::fs::read(&place.database).unwrap() == before);
    assert!(names(&folder).iter().all(|name| !name.contains("restoring") && !name.contains("replaced")));
    // Even reading takes a little room, for what readers and writers share.
    if disk.is_some() {
        std::fs::remove_file(&filler).unwrap();
    }
    place.doctor();
}

fn emails(place: &Place) -> Vec<String> {
    place.people().into_iter().map(|person| person.email).collect()
}

fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}
