//! What the service does by itself: one table of job, how often, function.

use std::time::Duration;

use futures::future::BoxFuture;
use tokio::task::JoinSet;

use crate::features::audit;
use crate::web::AppState;

struct Job {
    name: &'static str,
    every: Duration,
    run: fn(AppState) -> BoxFuture<'static, anyhow::Result<()>>,
}

const JOBS: &[Job] = &[Job { name: "write openings", every: Duration::from_millis(500), run: write_openings }];

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
    /// Each one last time, so that nothing waits for a start that may never come.
    pub async fn stop(mut self) {
        self.running.shutdown().await;
        for job in JOBS {
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
