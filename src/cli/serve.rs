//! `hearth serve`: the service, until it is told to stop.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use anyhow::Context;
use clap::Args;
use tokio::net::TcpListener;
use tokio::signal;
#[cfg(unix)]
use tokio::signal::unix::SignalKind;
use tokio::sync::oneshot;
use tracing_subscriber::EnvFilter;

use crate::app::{self, AppState};
use crate::clock::Clock;
use crate::config::Config;
use crate::db::{Db, Gate};
use crate::domain::actor::Actor;
use crate::features::{glossary, search, users};
use crate::jobs;

/// How long answers that are on their way may take once the service is told to stop.
const LAST_ANSWERS: Duration = Duration::from_secs(20);

/// Serve the pages.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  hearth serve --database /var/lib/hearth/hearth.db --public-url https://hearth.example.gov.uk"
)]
pub struct Serve {}

impl Serve {
    pub async fn run(self, config: Config, clock: Clock) -> anyhow::Result<()> {
        start_logging(&config)?;
        let db = Db::open(&config.database, Gate::Alone).await?;
        search::complete(&db).await?;
        glossary::load(&db).await?;
        serve(AppState::new(db, clock, config)).await
    }
}

/// Answers until SIGTERM or ctrl-c, then finishes what was begun and closes the database.
pub async fn serve(state: AppState) -> anyhow::Result<()> {
    let config = state.config.clone();
    if config.secure_cookies() && !config.https() {
        eprintln!(
            "hearth: warning: nobody can sign in over plain http from elsewhere. Put a proxy with https before it and set HEARTH_PUBLIC_URL"
        );
    }
    let listener =
        TcpListener::bind(config.listen).await.with_context(|| format!("cannot listen on {}", config.listen))?;
    let address = listener.local_addr()?;
    let db = state.db.clone();
    let first_link = first_link(&state).await?;
    let told = told_to_stop().context("cannot listen for the signal to stop")?;
    let jobs = jobs::start(&state);
    let service = app::router(state).into_make_service_with_connect_info::<SocketAddr>();
    let base = config.public_url.clone().unwrap_or_else(|| format!("http://{address}"));
    println!("Hearth is at {base}");
    if let Some(link) = first_link {
        println!(
            "There is no administrator yet. This link makes the first one; it works once, for {}:",
            link.purpose.lasts()
        );
        println!("{}", link.url(&base));
    }
    let (stopping, stopped) = oneshot::channel();
    let until = async move {
        told.await;
        let _ = stopping.send(());
    };
    tokio::select! {
        ended = axum::serve(listener, service).with_graceful_shutdown(until) => ended?,
        () = too_long_after(stopped) => tracing::warn!("some answers were still being sent"),
    }
    jobs.stop().await;
    db.close().await;
    Ok(())
}

/// While there is no administrator: a new one at each start, and the one before no longer works.
async fn first_link(state: &AppState) -> anyhow::Result<Option<users::Link>> {
    let mut write = state.db.write().await?;
    let link = users::first_administrator_link(&mut write, &Actor::command_line(state.clock.now())).await?;
    write.commit().await?;
    Ok(link)
}

/// A browser that takes its answer a byte at a time must not keep the service from stopping.
async fn too_long_after(stopped: oneshot::Receiver<()>) {
    match stopped.await {
        Ok(()) => tokio::time::sleep(LAST_ANSWERS).await,
        Err(_) => std::future::pending().await,
    }
}

/// JSON lines where a program reads them, plain lines on a terminal.
pub fn start_logging(config: &Config) -> anyhow::Result<()> {
    use std::io::IsTerminal;
    let filter = EnvFilter::try_new(&config.log).context("HEARTH_LOG cannot be understood")?;
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let started = if std::io::stderr().is_terminal() { lines.compact().try_init() } else { lines.json().try_init() };
    started.map_err(|error| anyhow::anyhow!("cannot start the log: {error}"))
}

/// Listens from now on: who stops the service the moment after it said where it is, is heard too.
fn told_to_stop() -> io::Result<impl Future<Output = ()>> {
    #[cfg(unix)]
    let (mut terminate, mut interrupt) =
        (signal::unix::signal(SignalKind::terminate())?, signal::unix::signal(SignalKind::interrupt())?);
    Ok(async move {
        #[cfg(unix)]
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        #[cfg(not(unix))]
        if signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
        tracing::info!("stopping: what was begun is finished first");
    })
}
