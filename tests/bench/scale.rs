//! The database that is measured: made once by the demonstration's generator, kept under `target/bench`.

use std::path::PathBuf;
use std::time::Instant as Stopwatch;

use anyhow::Context;
use hearth::db::{Db, Gate};
use hearth::domain::instant::Instant;
use hearth::domain::password::Password;
use hearth::features::demo::{self, Plan};

/// With those who come back and those who come twice, a little more than so many enquiries.
pub const HOUSEHOLDS: usize = 196_000;
const YEARS: i32 = 10;
/// Tuesday 14 October 2025, 10:00 in London: always the same database.
pub const NOW: &str = "2025-10-14T09:00:00Z";

pub fn plan(households: usize) -> anyhow::Result<Plan> {
    let now = Instant::parse(NOW).map_err(anyhow::Error::msg)?;
    Ok(Plan { households, years: YEARS, seed: 1, now })
}

pub fn folder() -> anyhow::Result<PathBuf> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("target/bench");
    std::fs::create_dir_all(&folder).context("cannot make target/bench")?;
    Ok(folder)
}

/// Opened, and made first where it is not there yet or has another schema.
pub async fn database(households: usize) -> anyhow::Result<Db> {
    let known = hearth::db::known_schema();
    let path = folder()?.join(format!("hearth-{households}-schema-{known}.db"));
    let finished = path.with_extension("finished");
    if !finished.exists() {
        for suffix in ["", "-wal", "-shm", ".lock"] {
            let mut old = path.clone().into_os_string();
            old.push(suffix);
            let _ = std::fs::remove_file(old);
        }
        make(households, &path).await?;
        std::fs::write(&finished, "")?;
    }
    Ok(Db::open(&path, Gate::Alone).await?)
}

async fn make(households: usize, path: &std::path::Path) -> anyhow::Result<()> {
    let started = Stopwatch::now();
    let db = Db::open(path, Gate::Alone).await?;
    let password = Password::parse("kettle brick ocean lantern", &[])?;
    let bar = indicatif::ProgressBar::new(1);
    demo::build(&db, &plan(households)?, password, |played| {
        bar.set_length(played.of as u64);
        bar.set_position(played.events as u64);
    })
    .await?;
    bar.finish_and_clear();
    db.close().await;
    println!("Made {} in {} s", path.display(), started.elapsed().as_secs());
    Ok(())
}
