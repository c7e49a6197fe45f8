//! The commands of the one binary. Exit 0: done; 1: refused or failed, with the reason on stderr; 2: wrong usage.

mod backup;
mod demo;
mod doctor;
mod export;
mod files;
mod import;
mod migrate;
mod progress;
mod report;
mod restore;
mod serve;
mod user;

use std::process::ExitCode;

use clap::parser::ValueSource;
use clap::{ArgMatches, CommandFactory, FromArgMatches, Parser, Subcommand};

use crate::clock::Clock;
use crate::config::Config;
use crate::db::{Db, Gate, Trouble};
use crate::features::glossary;

#[derive(Debug, Parser)]
#[command(name = "hearth", version, about, long_about = None, arg_required_else_help = true)]
struct Cli {
    #[command(flatten)]
    config: Config,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Demo(demo::Demo),
    Serve(serve::Serve),
    Migrate(migrate::Migrate),
    Backup(backup::Backup),
    Restore(restore::Restore),
    Report(report::Report),
    Doctor(doctor::Doctor),
    Import(import::Import),
    Export(export::Export),
    User(user::User),
}

/// Reads the command line and does what it says.
pub fn run() -> ExitCode {
    // clap prints help and wrong usage itself, and ends with 2 for the latter.
    let said = Cli::command().get_matches();
    let cli = Cli::from_arg_matches(&said).unwrap_or_else(|error| error.exit());
    if matches!(cli.command, Command::Demo(_)) && names_a_database(&said) {
        eprintln!("hearth: {}", demo::OWN_DATABASE);
    }
    match carry_out(cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("hearth: {}", sentence(&error));
            ExitCode::FAILURE
        }
    }
}

/// By the flag or in the environment.
fn names_a_database(said: &ArgMatches) -> bool {
    said.value_source("database").is_some_and(|source| source != ValueSource::DefaultValue)
}

/// Beside a service that may be running, in the service's words.
async fn open_beside(config: &Config) -> anyhow::Result<Db> {
    let db = Db::open(&config.database, Gate::Beside).await?;
    glossary::load(&db).await?;
    Ok(db)
}

/// The result of a command. A reader that has seen enough (`| head`) is no failure.
fn print(text: &str) -> anyhow::Result<()> {
    use std::io::{ErrorKind, Write};
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}

/// Trouble with the disk or the database first, as a sentence; then what was being done and why it failed, each once.
fn sentence(error: &anyhow::Error) -> String {
    let mut text = error.to_string();
    for cause in error.chain().skip(1).map(ToString::to_string) {
        if !text.contains(&cause) {
            text = format!("{text}: {cause}");
        }
    }
    match Trouble::behind(error.as_ref()).map(|trouble| trouble.to_string()) {
        Some(trouble) if !text.contains(&trouble) => format!("{trouble} ({text})"),
        _ => text,
    }
}

fn carry_out(cli: Cli) -> anyhow::Result<()> {
    let clock = Clock::system();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        match cli.command {
            Command::Demo(command) => command.run(cli.config, clock).await,
            Command::Serve(command) => command.run(cli.config, clock).await,
            Command::Migrate(command) => command.run(cli.config, clock).await,
            Command::Backup(command) => command.run(cli.config, clock).await,
            Command::Restore(command) => command.run(cli.config, clock).await,
            Command::Report(command) => command.run(cli.config, clock).await,
            Command::Doctor(command) => command.run(cli.config, clock).await,
            Command::Import(command) => command.run(cli.config, clock).await,
            Command::Export(command) => command.run(cli.config, clock).await,
            Command::User(command) => command.run(cli.config, clock).await,
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_is_told_once_and_trouble_first() {
        let wrapped = crate::db::OpenError::Sqlx(sqlx::Error::WorkerCrashed);
        let text = sentence(&anyhow::Error::new(wrapped));
        assert_eq!(text.matches(&sqlx::Error::WorkerCrashed.to_string()).count(), 1, "{text}");
        let busy = anyhow::Error::new(sqlx::Error::PoolTimedOut).context("importing");
        assert!(sentence(&busy).starts_with(&Trouble::Busy.to_string()), "{}", sentence(&busy));
    }

    #[test]
    fn a_database_is_named_before_or_behind_the_command_or_not_at_all() {
        for (line, named) in [
            (&["hearth", "demo"][..], false),
            (&["hearth", "demo", "--seed", "7"], false),
            (&["hearth", "demo", "--database", "hearth.db"], true),
            (&["hearth", "--database", "other.db", "demo"], true),
        ] {
            let said = Cli::command().try_get_matches_from(line).unwrap();
            assert_eq!(names_a_database(&said), named, "{line:?}");
        }
    }

    #[test]
    fn the_command_line_is_coherent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn every_command_explains_itself_with_an_example() {
        for command in Cli::command().get_subcommands() {
            let help = command.clone().render_long_help().to_string();
            assert!(help.contains("Example"), "{} has no example in its help", command.get_name());
        }
    }
}
