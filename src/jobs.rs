//! What the service does by itself: one table of job, how often, function.

use std::time::Duration;

use futures::future::BoxFuture;
use tokio::task::JoinSet;

use crate::features::{audit, backups, households, imports, notes, pipeline};
use crate::web::AppState;

struct Job {
    name: &'static str,
    every: Duration,
    /// Once more when the service stops: nothing may wait for a start that may never come.
    at_stop: bool,
    run: fn(AppState) -> BoxFuture<'static, anyhow::Result<()>>,
}

const JOBS: &[Job] = &[
    Job { name: "write openings", every: Duration::from_millis(500), at_stop: true, run: write_openings },
    Job { name: "delete old uploads", every: Duration::from_secs(10 * 60), at_stop: false, run: delete_old_uploads },
    Job { name: "forget drafts", every: Duration::from_secs(60 * 60), at_stop: false, run: forget_drafts },
    Job { name: "work out time limits", every: Duration::from_millis(500), at_stop: false, run: work_out_limits },
    Job { name: "find likenesses", every: Duration::from_secs(1), at_stop: false, run: find_likenesses },
    Job { name: "back up", every: Duration::from_secs(15 * 60), at_stop: false, run: back_up },
];

/// Runs until it is dropped or stopped.
pub struct Jobs {
    state: AppState,
    running: JoinSet<()>,
}

pub fn start(state: &AppState) -> Jobs {
    let mut running = JoinSet::new();
    for job in JOBS {
        let state = state.clone();
        running.spawn(async move {
            loop {
                tokio::time::sleep(job.every).await;
                attempt(job, &state).await;
            }
        });
    }
    Jobs { state: state.clone(), running }
}

impl Jobs {
    pub async fn stop(mut self) {
        self.running.shutdown().await;
        for job in JOBS.iter().filter(|job| job.at_stop) {
            attempt(job, &self.state).await;
        }
    }
}

/// On a task of its own: stopping in the middle must not tear a job apart.
async fn attempt(job: &'static Job, state: &AppState) {
    match tokio::spawn((job.run)(state.clone())).await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::warn!(job = job.name, error = format!("{error:#}"), "a job failed"),
        Err(error) => tracing::error!(job = job.name, %error, "a job panicked"),
    }
}

fn write_openings(state: AppState) -> BoxFuture<'static, anyhow::Result<()>> {
    Box::pin(async move { Ok(audit::write_openings(&state).await?) })
}

/// People's data: a file that nobody took in is gone after a day.
fn delete_old_uploads(state: AppState) -> BoxFuture<'static, anyhow::Result<()>> {
    Box::pin(async move { imports::delete_old(&state, state.clock.now()).await })
}

fn forget_drafts(state: AppState) -> BoxFuture<'static, anyhow::Result<()>> {
    Box::pin(async move {
        let forgotten = notes::forget_drafts(&state.db, state.clock.now()).await?;
        if forgotten > 0 {
            tracing::info!(forgotten, "old drafts are deleted");
        }
        Ok(())
    })
}

/// Of households that were recorded by an earlier version.
fn find_likenesses(state: AppState) -> BoxFuture<'static, anyhow::Result<()>> {
    Box::pin(async move { Ok(households::work_out_likenesses(&state.db).await?) })
}

/// After a change of the limits or of the special days: page by page, so that nobody waits long for the one writer.
fn work_out_limits(state: AppState) -> BoxFuture<'static, anyhow::Result<()>> {
    Box::pin(async move { Ok(pipeline::work_out_limits(&state.db).await?) })
}

/// Where a folder is set; tried again until the day has one.
fn back_up(state: AppState) -> BoxFuture<'static, anyhow::Result<()>> {
    Box::pin(async move {
        let Some(folder) = &state.config.backups else { return Ok(()) };
        if let Some(taken) = backups::take_daily(&state.config.database, folder, state.clock.now()).await? {
            tracing::info!(backup = %taken.path.display(), removed = taken.removed.len(), "backed up");
        }
        Ok(())
    })
}
