//! The import of a whole file by the program itself: how long, and how much memory at its highest.

use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant as Stopwatch};

use anyhow::{Context, bail};

use super::{csv_file, scale};

const BUDGET: Duration = Duration::from_secs(90);
const BUDGET_MB: u64 = 300;

pub async fn measure(households: usize) -> anyhow::Result<()> {
    let folder = scale::folder()?;
    let file = folder.join(format!("enquiries-{households}.csv"));
    let rows = csv_file::write(&scale::plan(households)?, &file)?;
    let database = folder.join("import.db");
    for suffix in ["", "-wal", "-shm", ".lock"] {
        let _ = std::fs::remove_file(folder.join(format!("import.db{suffix}")));
    }
    let migrated = hearth().arg("migrate").arg("--database").arg(&database).status()?;
    if !migrated.success() {
        bail!("the database for the import was not made");
    }
    println!("\n| import | rows | time | peak memory | budget | |\n|---|--:|--:|--:|--:|---|");
    for what in ["a new file", "the same file again"] {
        let started = Stopwatch::now();
        let child = hearth().args(["import", "enquiries"]).arg(&file).arg("--database").arg(&database).spawn()?;
        let (status, peak) = wait(child)?;
        let took = started.elapsed();
        // Some rows of an invented file are the same approach twice, and may be refused or known: that is no failure.
        if status.code().is_none_or(|code| code > 1) {
            bail!("the import ended with {status}");
        }
        let verdict = if took <= BUDGET && peak <= BUDGET_MB { "within" } else { "OVER" };
        println!(
            "| {what} | {rows} | {:.1} s | {peak} MB | {} s, {BUDGET_MB} MB | {verdict} |",
            took.as_secs_f64(),
            BUDGET.as_secs()
        );
    }
    Ok(())
}

fn hearth() -> Command {
    let mut command = Command::new(PathBuf::from(env!("CARGO_BIN_EXE_hearth")));
    command.stdout(Stdio::null());
    command
}

/// Waits for the end, looking at the highest memory so far (Linux) ten times a second.
fn wait(mut child: Child) -> anyhow::Result<(ExitStatus, u64)> {
    let status = format!("/proc/{}/status", child.id());
    let mut peak = 0;
    loop {
        if let Some(kilobytes) = std::fs::read_to_string(&status).ok().as_deref().and_then(highest) {
            peak = peak.max(kilobytes / 1024);
        }
        if let Some(ended) = child.try_wait().context("cannot wait for the import")? {
            return Ok((ended, peak));
        }
        std::thread::sleep(Duration::from_millis(100));
    }
}

fn highest(status: &str) -> Option<u64> {
    status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?.trim().trim_end_matches(" kB").parse().ok()
}
