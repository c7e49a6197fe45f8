//! `hearth user`: lets somebody in by a one-time link, beside a running service.

use anyhow::{Context, bail};
use clap::{Args, Subcommand};

use crate::clock::Clock;
use crate::config::Config;
use crate::db::Db;
use crate::domain::actor::Actor;
use crate::domain::code::UnknownCode;
use crate::domain::person::{self, Person, PersonField, PersonInput};
use crate::domain::role::Role;
use crate::features::users::{self, Link};

/// Add somebody, or let them choose a new password.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  hearth user add --email priya.nair@wearmouth.gov.uk --name \"Priya Nair\" --role officer manager\n  hearth user reset --email priya.nair@wearmouth.gov.uk"
)]
pub struct User {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Add(Add),
    Reset(Reset),
}

/// Add somebody, and print the one-time link where they choose their password.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  hearth user add --email priya.nair@wearmouth.gov.uk --name \"Priya Nair\" --role officer manager"
)]
struct Add {
    /// What they sign in with.
    #[arg(long)]
    email: String,
    #[arg(long)]
    name: String,
    /// One or several of: officer, manager, social_worker, panel, decision_maker, board, hub, admin.
    #[arg(long, required = true, num_args = 1.., value_name = "ROLE", value_parser = role)]
    role: Vec<Role>,
    /// With the role hub: the hub's name as it stands on its referrals.
    #[arg(long, value_name = "NAME")]
    hub: Option<String>,
}

/// Print a one-time link where somebody who is there chooses a new password.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  hearth user reset --email priya.nair@wearmouth.gov.uk")]
struct Reset {
    #[arg(long)]
    email: String,
}

impl User {
    pub async fn run(self, config: Config, clock: Clock) -> anyhow::Result<()> {
        let db = super::open_beside(&config).await?;
        let actor = Actor::command_line(clock.now());
        let done = match self.command {
            Command::Add(add) => add.run(&db, &actor).await,
            Command::Reset(reset) => reset.run(&db, &actor).await,
        };
        db.close().await;
        let (name, link) = done?;
        println!("Give {name} this link. It works once, for {}:", link.purpose.lasts());
        println!("{}", link.url(&config.base_url()));
        Ok(())
    }
}

impl Add {
    async fn run(self, db: &Db, actor: &Actor) -> anyhow::Result<(String, Link)> {
        if self.hub.is_some() && !self.role.contains(&Role::Hub) {
            bail!("--hub goes with --role hub");
        }
        let input =
            PersonInput { name: self.name, email: self.email, roles: self.role, hub: self.hub.unwrap_or_default() };
        let person = Person::parse(&input).map_err(|problems| anyhow::anyhow!(sentences(&problems)))?;
        let mut write = db.write().await?;
        let id = users::add(&mut write, actor, &person).await?;
        let link = users::link(&mut write, actor, id).await?;
        write.commit().await?;
        Ok((person.name, link))
    }
}

impl Reset {
    async fn run(self, db: &Db, actor: &Actor) -> anyhow::Result<(String, Link)> {
        let email = person::parse_email(&self.email).map_err(|problem| anyhow::anyhow!("--email: {problem}"))?;
        let mut write = db.write().await?;
        let id = users::find_id_by_email(&mut *write, &email).await?;
        let id = id.with_context(|| format!("nobody signs in as {email}"))?;
        let link = users::link(&mut write, actor, id).await?;
        write.commit().await?;
        Ok((email, link))
    }
}

fn role(code: &str) -> Result<Role, String> {
    code.parse().map_err(|UnknownCode(code)| {
        let codes: Vec<&str> = Role::ALL.iter().map(|role| role.code()).collect();
        format!("“{code}” is no role. Use one of: {}", codes.join(", "))
    })
}

fn sentences(problems: &[(PersonField, &'static str)]) -> String {
    let flag = |field| match field {
        PersonField::Name => "--name",
        PersonField::Email => "--email",
        PersonField::Roles => "--role",
        PersonField::Hub => "--hub",
    };
    problems.iter().map(|(field, sentence)| format!("{}: {sentence}", flag(*field))).collect::<Vec<_>>().join("; ")
}
