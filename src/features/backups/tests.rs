use std::path::{Path, PathBuf};

use sqlx::SqliteConnection;
use tempfile::TempDir;

use super::*;
use crate::db::{Db, Gate, copy, files};
use crate::domain::actor::Actor;
use crate::domain::instant::Instant;
use crate::features::condition;

struct Place {
    _folder: TempDir,
    database: PathBuf,
    backups: PathBuf,
}

async fn place() -> Place {
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("hearth.db");
    let place = Place { backups: folder.path().join("backups"), _folder: folder, database };
    write(&place.database, "first").await;
    place
}

/// Something that can be told apart later.
async fn write(database: &Path, address: &str) {
    let db = Db::open(database, Gate::Alone).await.unwrap();
    sqlx::query("insert into household (address, created_at, created_by) values (?, 0, 1)")
        .bind(address)
        .execute(db.writer())
        .await
        .unwrap();
    db.close().await;
}

async fn addresses(database: &Path) -> Vec<String> {
    let db = Db::open(database, Gate::Alone).await.unwrap();
    let problems = condition::examine(&mut db.read().acquire().await.unwrap(), |_| ()).await.problems;
    assert_eq!(problems, Vec::<String>::new());
    let found = sqlx::query_scalar("select address from household order by id").fetch_all(db.read()).await.unwrap();
    db.close().await;
    found
}

fn at(text: &str) -> Instant {
    Instant::parse(text).unwrap()
}

async fn backup(place: &Place, when: &str) -> Taken {
    take(&place.database, &place.backups, at(when), Keep::USUAL, |_| ()).await.unwrap()
}

async fn restoring(place: &Place, file: &Path) -> Result<Restored, BackupError> {
    restoring_at(place, file, "2026-11-23T09:00:00Z").await
}

async fn restoring_at(place: &Place, file: &Path, when: &str) -> Result<Restored, BackupError> {
    restore(&place.database, file, &Actor::command_line(at(when)), false, |_| ()).await
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[tokio::test]
async fn a_backup_is_taken_beside_a_service_and_is_private() {
    let place = place().await;
    let service = Db::open(&place.database, Gate::Alone).await.unwrap();
    let taken = backup(&place, "2026-11-22T01:45:02Z").await;
    assert_eq!(taken.path.file_name().unwrap(), "hearth-2026-11-22T014502Z.db");
    assert_eq!(
        names(&place.backups),
        ["backups.lock", "hearth-2026-11-22T014502Z.db", "hearth-2026-11-22T014502Z.db.json"]
    );
    for name in names(&place.backups) {
        assert_eq!(files::open_to_others(&place.backups.join(name)).unwrap(), None);
    }
    let manifest: copy::Manifest =
        serde_json::from_slice(&std::fs::read(copy::manifest_of(&taken.path)).unwrap()).unwrap();
    assert_eq!(manifest, taken.manifest);
    assert_eq!((manifest.bytes, manifest.sha256), copy::fingerprint(&taken.path).unwrap());
    assert_eq!((manifest.rows["household"], manifest.taken_at.as_deref()), (1, Some("2026-11-22T01:45:02.000Z")));
    service.close().await;
}

#[tokio::test]
async fn an_unsound_database_makes_no_backup_and_takes_no_old_one_away() {
    let place = place().await;
    backup(&place, "2020-01-01T01:00:00Z").await;
    let db = Db::open(&place.database, Gate::Alone).await.unwrap();
    sqlx::raw_sql("pragma foreign_keys = off; insert into enquiry_access values (77, 1)")
        .execute(db.writer())
        .await
        .unwrap();
    let keep = Keep { daily: 1, weekly: 0, monthly: 0 };
    let error = take(&place.database, &place.backups, at("2026-11-22T01:45:02Z"), keep, |_| ()).await.unwrap_err();
    assert!(error.to_string().contains("enquiry that is not there"), "{error}");
    assert_eq!(
        names(&place.backups),
        ["backups.lock", "hearth-2020-01-01T010000Z.db", "hearth-2020-01-01T010000Z.db.json"]
    );
}

#[tokio::test]
async fn old_backups_go_by_rule_and_nothing_else_does() {
    let place = place().await;
    for hour in 1..=3 {
        backup(&place, &format!("2026-11-20T0{hour}:00:00Z")).await;
    }
    let stranger = place.backups.join("hearth-2019-01-01T010000Z.db");
    let letter = place.backups.join("letter.txt");
    let unfinished = place.backups.join("hearth-2026-11-19T010000Z.db.part");
    for file in [&stranger, &letter, &unfinished] {
        std::fs::write(file, "mine").unwrap();
    }
    let taken = backup(&place, "2026-11-22T01:00:00Z").await;
    assert_eq!(taken.removed, Vec::<PathBuf>::new(), "the others went when the next of their day was taken");
    assert_eq!(
        names(&place.backups),
        [
            "backups.lock",
            "hearth-2019-01-01T010000Z.db",
            "hearth-2026-11-20T030000Z.db",
            "hearth-2026-11-20T030000Z.db.json",
            "hearth-2026-11-22T010000Z.db",
            "hearth-2026-11-22T010000Z.db.json",
            "letter.txt",
        ]
    );
}

#[tokio::test]
async fn a_restore_brings_back_what_was_and_keeps_what_it_replaces() {
    let place = place().await;
    let taken = backup(&place, "2026-11-22T01:00:00Z").await;
    write(&place.database, "second").await;
    let restored = restoring(&place, &taken.path).await.unwrap();
    assert_eq!(addresses(&place.database).await, ["first"]);
    let kept = restored.kept.unwrap();
    assert_eq!(kept.file_name().unwrap(), "hearth.db.replaced-2026-11-23T090000Z");
    assert_eq!(addresses(&kept).await, ["first", "second"]);
    assert_eq!(files::open_to_others(&place.database).unwrap(), None);
    assert!(!files::beside(&place.database, ".restoring").exists());
    let db = Db::open(&place.database, Gate::Alone).await.unwrap();
    let last: String =
        sqlx::query_scalar("select action from audit order by id desc limit 1").fetch_one(db.read()).await.unwrap();
    assert_eq!(last, "backup_restored");
}

#[tokio::test]
async fn sessions_and_links_that_ended_since_do_not_come_back_to_life() {
    let place = place().await;
    let db = Db::open(&place.database, Gate::Alone).await.unwrap();
    sqlx::raw_sql(
        "insert into session values (x'01', 1, 0, 0, '', '');
        insert into invitation values (x'02', 'reset', 1, 0, 1, null);
        insert into invitation values (x'03', 'reset', 1, 0, 1, 1);",
    )
    .execute(db.writer())
    .await
    .unwrap();
    db.close().await;
    let taken = backup(&place, "2026-11-22T01:00:00Z").await;
    restoring(&place, &taken.path).await.unwrap();
    let db = Db::open(&place.database, Gate::Alone).await.unwrap();
    let left: (i64, i64) = sqlx::query_as("select (select count(*) from session), (select count(*) from invitation)")
        .fetch_one(db.read())
        .await
        .unwrap();
    assert_eq!(left, (0, 1));
}

/// The log of a killed service belongs to the old file, and must not be applied to the new one.
#[tokio::test]
async fn a_log_left_behind_goes_with_the_file_it_belongs_to() {
    let place = place().await;
    let taken = backup(&place, "2026-11-22T01:00:00Z").await;
    // As after `kill -9`: the second household is in the log only.
    let db = Db::open(&place.database, Gate::Alone).await.unwrap();
    sqlx::query("insert into household (address, created_at, created_by) values ('in the log', 0, 1)")
        .execute(db.writer())
        .await
        .unwrap();
    let log = std::fs::read(files::beside(&place.database, files::LOG)).unwrap();
    let file = std::fs::read(&place.database).unwrap();
    assert!(!log.is_empty());
    db.close().await;

    std::fs::write(&place.database, &file).unwrap();
    std::fs::write(files::beside(&place.database, files::LOG), &log).unwrap();
    let restored = restoring(&place, &taken.path).await.unwrap();
    assert_eq!(addresses(&place.database).await, ["first"]);
    assert_eq!(addresses(&restored.kept.unwrap()).await, ["first", "in the log"]);

    // The same with a file and a log that SQLite can make nothing of: both are kept as they are.
    let (mut broken, mut torn) = (file, log);
    broken[..100].fill(0x7f);
    torn[..32].fill(0x7f);
    std::fs::write(&place.database, &broken).unwrap();
    std::fs::write(files::beside(&place.database, files::LOG), &torn).unwrap();
    let later = Actor::command_line(at("2026-11-24T09:00:00Z"));
    let restored = restore(&place.database, &taken.path, &later, false, |_| ()).await.unwrap();
    let kept = restored.kept.unwrap();
    assert!(std::fs::read(&kept).unwrap() == broken);
    assert!(std::fs::read(files::beside(&kept, files::LOG)).unwrap() == torn);
    assert_eq!(addresses(&place.database).await, ["first"]);
}

#[tokio::test]
async fn a_database_that_is_gone_comes_back() {
    let place = place().await;
    let taken = backup(&place, "2026-11-22T01:00:00Z").await;
    std::fs::remove_file(&place.database).unwrap();
    assert_eq!(restoring(&place, &taken.path).await.unwrap().kept, None);
    assert_eq!(addresses(&place.database).await, ["first"]);
}

#[tokio::test]
async fn what_is_not_a_sound_backup_is_refused_and_changes_nothing() {
    let place = place().await;
    let taken = backup(&place, "2026-11-22T01:00:00Z").await;
    let whole = std::fs::read(&taken.path).unwrap();
    let mut page = whole.clone();
    page[4096 * 4..4096 * 4 + 64].fill(0xff);
    let mut header = whole.clone();
    header[..16].fill(0);
    let before = std::fs::read(&place.database).unwrap();
    let bad = |bytes: &[u8]| std::fs::write(&taken.path, bytes).unwrap();
    let actor = Actor::command_line(at("2026-11-23T09:00:00Z"));
    for (what, bytes) in
        [("page", &page[..]), ("header", &header), ("truncated", &whole[..whole.len() / 2]), ("empty", &[])]
    {
        bad(bytes);
        let error = restoring(&place, &taken.path).await.unwrap_err();
        assert!(matches!(error, BackupError::Changed(_)), "{what}: {error}");
        // The manifest is not all that stands between a damaged file and the database.
        std::fs::rename(copy::manifest_of(&taken.path), place.backups.join("aside")).unwrap();
        assert!(matches!(restoring(&place, &taken.path).await, Err(BackupError::NoManifest(_))), "{what}");
        let error = restore(&place.database, &taken.path, &actor, true, |_| ()).await.unwrap_err();
        assert!(
            matches!(error, BackupError::Damaged(_) | BackupError::Unsound(..) | BackupError::NotOurs(_)),
            "{what}: {error:?}"
        );
        std::fs::rename(place.backups.join("aside"), copy::manifest_of(&taken.path)).unwrap();
        assert!(std::fs::read(&place.database).unwrap() == before, "{what}");
        assert_eq!(names(place.database.parent().unwrap()), ["backups", "hearth.db", "hearth.db.lock"], "{what}");
    }
    assert!(matches!(restoring(&place, &place.backups.join("none.db")).await, Err(BackupError::Io(..))));
    assert!(matches!(restoring(&place, &place.database).await, Err(BackupError::Itself)));
    bad(&whole);
    restoring(&place, &taken.path).await.unwrap();
}

#[tokio::test]
async fn a_newer_backup_is_refused() {
    let place = place().await;
    let taken = backup(&place, "2026-11-22T01:00:00Z").await;
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(&taken.path);
    let mut connection = <SqliteConnection as sqlx::Connection>::connect_with(&options).await.unwrap();
    sqlx::query("insert into _sqlx_migrations values (9999, 'later', 0, 1, x'00', 0)")
        .execute(&mut connection)
        .await
        .unwrap();
    drop(connection);
    std::fs::remove_file(copy::manifest_of(&taken.path)).unwrap();
    let actor = Actor::command_line(at("2026-11-23T09:00:00Z"));
    let error = restore(&place.database, &taken.path, &actor, true, |_| ()).await.unwrap_err();
    assert!(matches!(error, BackupError::Newer { found: 9999, .. }), "{error}");
}

#[tokio::test]
async fn nothing_is_restored_under_somebody_who_has_the_database_open() {
    let place = place().await;
    let taken = backup(&place, "2026-11-22T01:00:00Z").await;
    let service = Db::open(&place.database, Gate::Alone).await.unwrap();
    assert!(matches!(restoring(&place, &taken.path).await, Err(BackupError::Lock(_))));
    service.close().await;
    // An import, say: what it commits next would go to a file that is no longer the database.
    let command = Db::open(&place.database, Gate::Beside).await.unwrap();
    assert!(matches!(restoring(&place, &taken.path).await, Err(BackupError::InUse)));
    command.close().await;
    restoring(&place, &taken.path).await.unwrap();
}

#[tokio::test]
async fn the_service_backs_up_once_a_london_day() {
    let place = place().await;
    let daily = async |when| take_daily(&place.database, &place.backups, at(when)).await.unwrap().is_some();
    assert!(daily("2026-07-01T10:00:00Z").await);
    assert!(!daily("2026-07-01T22:45:00Z").await);
    assert!(daily("2026-07-01T23:15:00Z").await, "it is the second of July in London");
    assert!(!daily("2026-07-02T20:00:00Z").await);
}

#[tokio::test]
async fn the_backups_of_another_database_in_the_same_folder_are_left_alone() {
    let (first, mut second) = (place().await, place().await);
    second.backups.clone_from(&first.backups);
    let older = backup(&first, "2026-11-20T01:00:00Z").await;
    let keep = Keep { daily: 1, weekly: 0, monthly: 0 };
    let taken = take(&second.database, &second.backups, at("2026-11-22T01:00:00Z"), keep, |_| ()).await.unwrap();
    assert_eq!((taken.removed.len(), taken.others), (0, 1));
    assert!(older.path.exists());
    // A backup of today is none of the other's, and a manifest of an earlier Hearth does not say whose it is.
    let daily = take_daily(&first.database, &first.backups, at("2026-11-22T09:00:00Z")).await.unwrap().unwrap();
    let manifest = copy::manifest_of(&older.path);
    let text = std::fs::read_to_string(&manifest).unwrap();
    let mut value: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert!(value.as_object_mut().unwrap().remove("database").is_some());
    std::fs::write(&manifest, value.to_string()).unwrap();
    let last = take(&first.database, &first.backups, at("2026-11-23T01:00:00Z"), keep, |_| ()).await.unwrap();
    let mut gone = vec![older.path, daily.path];
    gone.sort();
    assert_eq!((last.removed, last.others), (gone, 1));
    assert!(taken.path.exists());
}

#[cfg(unix)]
#[tokio::test]
async fn a_restored_database_belongs_to_whom_the_one_before_belonged() {
    use std::os::unix::fs::{MetadataExt, chown};
    let place = place().await;
    let taken = backup(&place, "2026-11-22T01:00:00Z").await;
    let owner = |path: &Path| std::fs::metadata(path).map(|it| (it.uid(), it.gid())).unwrap();
    // Only root can give it away, and only then is there anything that could go wrong.
    let _ = chown(&place.database, Some(65_534), Some(65_533));
    let before = owner(&place.database);
    let restored = restoring(&place, &taken.path).await.unwrap();
    assert_eq!(owner(&place.database), before);
    assert_eq!(owner(&files::beside(&place.database, ".lock")), before);
    assert_eq!(owner(&restored.kept.unwrap()), before);
    // Where none was before, it is the folder's.
    std::fs::remove_file(&place.database).unwrap();
    restoring_at(&place, &taken.path, "2026-11-24T09:00:00Z").await.unwrap();
    assert_eq!(owner(&place.database), owner(place.database.parent().unwrap()));
}
