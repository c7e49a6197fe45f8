//! `hearth demo`: a council that does not exist, served from a database that is gone afterwards.

use anyhow::{Context, bail};
use clap::Args;

use super::progress::Progress;
use super::serve;
use crate::app::AppState;
use crate::clock::Clock;
use crate::config::Config;
use crate::db::{Db, Gate};
use crate::domain::password::Password;
use crate::domain::role::Role;
use crate::features::demo::{self, PEOPLE, Plan};

const YEARS: i32 = 3;
/// To whoever names one.
pub const OWN_DATABASE: &str = "the demonstration keeps a database of its own, which is removed at the end; the one that \
                                --database or HEARTH_DATABASE names is left alone";

/// Serve believable invented data from a database that is removed at the end.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  hearth demo\n  hearth demo --listen 127.0.0.1:9000 --households 200 --seed 7")]
pub struct Demo {
    /// How many households enquired in the three years until today.
    #[arg(long, value_name = "N", default_value_t = 900, value_parser = clap::value_parser!(u32).range(1..=20_000))]
    households: u32,

    /// Another number makes other families.
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
}

impl Demo {
    pub async fn run(self, config: Config, clock: Clock) -> anyhow::Result<()> {
        serve::start_logging(&config)?;
        let folder = tempfile::Builder::new().prefix("hearth-demo-").tempdir();
        let folder = folder.context("cannot make a folder for the database")?;
        let config = Config { database: folder.path().join("hearth.db"), backups: None, ..config };
        let db = Db::open(&config.database, Gate::Alone).await?;
        let plan = Plan { households: self.households as usize, years: YEARS, seed: self.seed, now: clock.now() };
        let (typed, password) = passphrase()?;
        invent(&db, &plan, password).await?;
        print_sign_ins(&typed);
        serve::serve(AppState::new(db, clock, config)).await
    }
}

async fn invent(db: &Db, plan: &Plan, password: Password) -> anyhow::Result<()> {
    let progress = Progress::start();
    progress.say("Inventing a council");
    let built = async {
        demo::build(db, plan, password, |played| progress.reached(played.events, played.of)).await?;
        demo::bring_in(db, plan.now).await
    };
    // Interrupted here, the folder is removed too.
    tokio::select! {
        built = built => built,
        _ = tokio::signal::ctrl_c() => bail!("stopped"),
    }
}

/// Words that do not belong together, others at each start: the address may be open to a whole network.
fn passphrase() -> anyhow::Result<(String, Password)> {
    const WORDS: [&str; 32] = [
        "acorn", "anvil", "badger", "barley", "bramble", "candle", "clover", "cobble", "copper", "fennel", "gravel",
        "hazel", "kettle", "ladder", "lantern", "marble", "mitten", "nettle", "otter", "paddle", "pebble", "pepper",
        "quarry", "saddle", "spindle", "teapot", "thimble", "trellis", "tulip", "velvet", "walnut", "wicker",
    ];
    loop {
        let words: [&str; 4] = std::array::from_fn(|_| WORDS[rand::random_range(0..WORDS.len())]);
        let typed = words.join("-");
        if let Ok(password) = Password::parse(&typed, &[]) {
            return Ok((typed, password));
        }
    }
}

fn print_sign_ins(password: &str) {
    println!("{}, with invented families. Everything is removed when you stop it.\n", demo::SERVICE);
    println!("Sign in with the password  {password}  as");
    for role in Role::ALL {
        if let Some(person) = PEOPLE.iter().find(|person| person.roles.contains(role)) {
            println!("  {:<22} {:<36} {}", role.label(), person.email, person.name);
        }
    }
    println!();
}
