//! What happens to a database file over its life, good and bad.

use std::path::{Path, PathBuf};

use sqlx::migrate::Migrator;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{Connection, SqliteConnection};

use super::*;

struct Place {
    _folder: tempfile::TempDir,
    path: PathBuf,
}

fn place() -> Place {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("hearth.db");
    Place { _folder: folder, path }
}

async fn made(path: &Path) {
    Db::open(path, Gate::Alone).await.unwrap().close().await;
}

async fn raw(path: &Path) -> SqliteConnection {
    let options = SqliteConnectOptions::new().filename(path).create_if_missing(true);
    SqliteConnection::connect_with(&options).await.unwrap()
}

async fn refusal(path: &Path, gate: Gate) -> OpenError {
    match Db::open(path, gate).await {
        Ok(_) => panic!("opened"),
        Err(error) => error,
    }
}

#[tokio::test]
async fn a_first_start_makes_a_private_database_and_says_so_beside_it() {
    let place = place();
    assert!(matches!(refusal(&place.path, Gate::Beside).await, OpenError::NotYet(_)));
    let db = Db::open(&place.path, Gate::Alone).await.unwrap();
    for suffix in ["", files::LOG, files::SHARED_MEMORY, ".lock"] {
        let file = files::beside(&place.path, suffix);
        assert!(file.exists(), "{file:?}");
        assert_eq!(files::open_to_others(&file).unwrap(), None, "{file:?}");
    }
    let mode: String = sqlx::query_scalar("pragma journal_mode").fetch_one(db.writer()).await.unwrap();
    let synchronous: i64 = sqlx::query_scalar("pragma synchronous").fetch_one(db.writer()).await.unwrap();
    let keys: i64 = sqlx::query_scalar("pragma foreign_keys").fetch_one(db.read()).await.unwrap();
    assert_eq!((mode.as_str(), synchronous, keys), ("wal", 2, 1));
    assert!(sqlx::query("delete from setting").execute(db.read()).await.is_err(), "readers only read");
}

#[tokio::test]
async fn a_file_that_others_could_read_is_closed_to_them() {
    let place = place();
    made(&place.path).await;
    std::fs::set_permissions(&place.path, std::os::unix::fs::PermissionsExt::from_mode(0o644)).unwrap();
    made(&place.path).await;
    assert_eq!(files::open_to_others(&place.path).unwrap(), None);
}

#[tokio::test]
async fn two_services_on_one_database_are_refused_but_commands_run_beside_one() {
    let place = place();
    let first = Db::open(&place.path, Gate::Alone).await.unwrap();
    assert!(matches!(refusal(&place.path, Gate::Alone).await, OpenError::Lock(LockError::Held(_))));
    Db::open(&place.path, Gate::Beside).await.unwrap().close().await;
    first.close().await;
    made(&place.path).await;
}

#[tokio::test]
async fn a_database_that_vanished_or_was_emptied_is_not_replaced_by_a_new_one() {
    let place = place();
    made(&place.path).await;
    std::fs::rename(&place.path, files::beside(&place.path, ".away")).unwrap();
    for gate in [Gate::Alone, Gate::Beside] {
        assert!(matches!(refusal(&place.path, gate).await, OpenError::Missing(_)));
        assert!(!place.path.exists());
    }
    std::fs::write(&place.path, "").unwrap();
    assert!(matches!(refusal(&place.path, Gate::Alone).await, OpenError::Damaged(..)));
    assert_eq!(std::fs::metadata(&place.path).unwrap().len(), 0);
    // A database in which there is nothing is as empty as no bytes.
    let mut hollow = raw(&place.path).await;
    sqlx::query("pragma application_id = 0x48727468").execute(&mut hollow).await.unwrap();
    hollow.close().await.unwrap();
    assert!(matches!(refusal(&place.path, Gate::Alone).await, OpenError::Damaged(..)));
    std::fs::rename(files::beside(&place.path, ".away"), &place.path).unwrap();
    made(&place.path).await;
}

#[tokio::test]
async fn a_first_start_that_was_killed_can_be_tried_again() {
    let place = place();
    drop(hold(&place.path).unwrap());
    made(&place.path).await;

    let other = self::place();
    drop(hold(&other.path).unwrap());
    drop(files::create_private(&other.path).unwrap());
    made(&other.path).await;
}

#[tokio::test]
async fn what_is_not_ours_is_left_alone() {
    let place = place();
    let mut other = raw(&place.path).await;
    sqlx::raw_sql("create table parish (name text)").execute(&mut other).await.unwrap();
    other.close().await.unwrap();
    assert!(matches!(refusal(&place.path, Gate::Alone).await, OpenError::NotOurs(_)));

    let letter = self::place();
    std::fs::write(&letter.path, "Dear Sir or Madam, ".repeat(500)).unwrap();
    assert!(matches!(refusal(&letter.path, Gate::Alone).await, OpenError::Damaged(..)));
    assert!(std::fs::read_to_string(&letter.path).unwrap().starts_with("Dear Sir"));
}

#[tokio::test]
async fn damage_anywhere_in_the_file_stops_the_start() {
    let place = place();
    made(&place.path).await;
    let whole = std::fs::read(&place.path).unwrap();
    let page = 4096;
    let mut header = whole.clone();
    header[..16].fill(0);
    let mut middle = whole.clone();
    middle[page * 5..page * 6].fill(0xa5);
    let truncated = whole[..whole.len() / 2].to_vec();
    for (what, bytes) in [("header", header), ("page", middle), ("end", truncated)] {
        std::fs::write(&place.path, &bytes).unwrap();
        let error = refusal(&place.path, Gate::Alone).await;
        assert!(matches!(error, OpenError::Damaged(..)), "{what}: {error}");
        assert!(std::fs::read(&place.path).unwrap() == bytes, "{what}: left as it was found");
    }
}

#[tokio::test]
async fn a_newer_schema_is_refused() {
    let place = place();
    made(&place.path).await;
    let mut newer = raw(&place.path).await;
    sqlx::query("insert into _sqlx_migrations values (9999, 'later', 0, 1, x'00', 0)")
        .execute(&mut newer)
        .await
        .unwrap();
    newer.close().await.unwrap();
    for gate in [Gate::Alone, Gate::Beside] {
        let error = refusal(&place.path, gate).await;
        assert!(matches!(error, OpenError::Newer { found: 9999, .. }), "{error}");
    }
}

#[tokio::test]
async fn an_older_schema_is_brought_up_to_date_and_kept_as_it_was() {
    let place = place();
    let all = MIGRATIONS.iter().cloned().collect::<Vec<_>>();
    let (last, before) = all.split_last().unwrap();
    let mut older = raw(&place.path).await;
    sqlx::query("pragma application_id = 0x48727468").execute(&mut older).await.unwrap();
    Migrator::with_migrations(before.to_vec()).run(&mut older).await.unwrap();
    sqlx::query("insert into household (id, address, created_at, created_by) values (7, 'Kept', 0, 1)")
        .execute(&mut older)
        .await
        .unwrap();
    older.close().await.unwrap();

    assert!(matches!(refusal(&place.path, Gate::Beside).await, OpenError::Older { .. }));
    made(&place.path).await;
    made(&place.path).await;

    let kept = files::beside(&place.path, &format!(".before-schema-{}", last.version));
    let mut copy = copy::open_copy(&kept).await.unwrap();
    let examined = copy::examine(&mut copy).await.unwrap();
    assert_eq!((examined.schema, examined.rows["household"]), (last.version - 1, 1));
    assert_eq!(files::open_to_others(&kept).unwrap(), None);
    let manifest: copy::Manifest = serde_json::from_slice(&std::fs::read(copy::manifest_of(&kept)).unwrap()).unwrap();
    assert_eq!((manifest.bytes, manifest.sha256), copy::fingerprint(&kept).unwrap());
    assert!(!files::beside(&kept, "-2").exists(), "one migration, one backup");
}

#[tokio::test]
async fn a_copy_never_overwrites_and_leaves_nothing_when_it_fails() {
    let place = place();
    made(&place.path).await;
    let to = files::beside(&place.path, ".copy");
    std::fs::write(&to, "mine").unwrap();
    assert!(copy::vacuum_into(&place.path, &to).await.is_err());
    assert_eq!(std::fs::read(&to).unwrap(), b"mine");
    let nowhere = files::beside(&place.path, ".none");
    assert!(copy::vacuum_into(&nowhere, &files::beside(&place.path, ".other")).await.is_err());
    assert!(!files::beside(&place.path, ".other").exists());
    assert!(!nowhere.exists());
}

/// SQLite rolls back by itself when the disk is full; the next write must not suffer for it.
#[tokio::test]
async fn after_a_full_disk_writing_goes_on() {
    let place = place();
    let db = Db::open(&place.path, Gate::Alone).await.unwrap();
    sqlx::raw_sql("pragma max_page_count = 1").execute(db.writer()).await.unwrap();
    let mut write = db.write().await.unwrap();
    let full =
        sqlx::query("insert into household (address, created_at, created_by) values (hex(zeroblob(900000)), 0, 1)")
            .execute(&mut *write)
            .await
            .unwrap_err();
    assert_eq!(Trouble::of(&full), Some(Trouble::Full));
    drop(write);
    // The limit was the connection's own; with it goes the transaction that is none.
    let mut write = db.write().await.unwrap();
    sqlx::query("update setting set value = '11' where name = 'small_number'").execute(&mut *write).await.unwrap();
    write.commit().await.unwrap();
}

/// As `.cargo/config.toml` says: whoever builds it otherwise gets pages a third slower.
#[tokio::test]
async fn sqlite_is_built_for_many_readers() {
    let place = place();
    let db = Db::open(&place.path, Gate::Alone).await.unwrap();
    let built: Vec<String> =
        sqlx::query_scalar("select compile_options from pragma_compile_options").fetch_all(db.read()).await.unwrap();
    let has = |option: &str| built.iter().any(|it| it.starts_with(option));
    assert!(has("ENABLE_QPSG") && has("DEFAULT_MEMSTATUS=0"), "{built:?}");
    assert!(!has("ENABLE_MEMORY_MANAGEMENT") && !has("ENABLE_STAT4"), "{built:?}");
}
