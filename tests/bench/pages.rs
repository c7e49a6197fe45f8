//! Pages through the whole router, with a session and all layers, one request after the other.

use std::time::{Duration, Instant as Stopwatch};

use anyhow::{Context, bail};
use axum::Router;
use axum::body::Body;
use axum::http::Request;
use axum::http::header::{COOKIE, HOST};
use clap::{Args, Command, FromArgMatches};
use hearth::app::{self, AppState};
use hearth::clock::Clock;
use hearth::config::Config;
use hearth::db::Db;
use hearth::domain::ids::UserId;
use hearth::web::session;
use http_body_util::BodyExt;
use tower::ServiceExt;

use super::{line, milliseconds, scale};

const ROUNDS: usize = 200;
const ROUNDS_OF_REPORTS: usize = 40;

/// What is asked, and the budget of its 95th percentile in milliseconds.
const LISTS: &[(&str, &str, u64)] = &[
    ("today, mine", "/today", 15),
    ("today, everybody's", "/today?whose=everybody", 15),
    ("today, unassigned", "/today?whose=unassigned", 15),
    ("tasks, everybody's", "/tasks?whose=everybody", 15),
    ("board, everybody's", "/board", 15),
    ("board, mine", "/board?officer=me", 15),
    ("board, unassigned, without paused", "/board?officer=unassigned&state=open", 15),
    ("board, kinship, the longest first", "/board?kind=family_and_friends&order=longest", 15),
    ("board, one column", "/board/new", 15),
    ("list, as it opens", "/enquiries", 10),
    ("list, whatever the state", "/enquiries?state=any", 10),
    ("list, by name", "/enquiries?state=any&sort=name", 10),
    ("list, by last event", "/enquiries?state=any&sort=last", 10),
    ("list, every column", ALL_COLUMNS, 10),
    ("one stage", "/enquiries?stage=stage_2", 10),
    ("one officer", "/enquiries?officer=Kerry+Blyth", 10),
    ("mine", "/enquiries?officer=me", 10),
    ("unassigned", "/enquiries?officer=unassigned", 10),
    ("one source", "/enquiries?source=Facebook&state=any", 10),
    ("the hub's", "/enquiries?hub=Foster+with+North+East", 10),
    ("direct", "/enquiries?hub=direct&state=any", 10),
    ("kinship", "/enquiries?kind=family_and_friends", 10),
    ("paused", "/enquiries?state=paused", 10),
    ("keeping in touch", "/enquiries?state=in_touch", 10),
    ("approved", "/enquiries?state=approved", 10),
    ("a time limit overdue", "/enquiries?limit=overdue", 10),
    ("mine, a time limit due soon", "/enquiries?officer=me&limit=due_soon", 10),
    ("received in one month", "/enquiries?state=any&from=2023-05-01&to=2023-05-31", 10),
    ("a name", "/enquiries?q=ngozi+mensah", 10),
    ("a name with a typo", "/enquiries?q=ngozy+mensa", 50),
    ("part of a telephone number", "/enquiries?q=900123", 50),
    ("a postcode", "/enquiries?q=sr10+4qd", 10),
    ("a hub reference", "/enquiries?q=FWNE%2F19%2F04210", 10),
    ("search: a name", "/search?q=ngozi+mensah", 15),
    ("search: a name with a slip", "/search?q=ngozy+mensa", 15),
    ("search: by ear", "/search?q=shivaun+kwale", 15),
    ("search: two letters", "/search?q=ma", 15),
    ("search: two initials", "/search?q=s+j", 15),
    ("search: three letters", "/search?q=mar", 15),
    ("search: a name that many have", "/search?q=smith", 15),
    ("search: end of a telephone number", "/search?q=0123", 15),
    ("search: middle of a telephone number", "/search?q=700900", 15),
    ("search: beginning of every telephone number", "/search?q=077", 15),
    ("search: a postcode", "/search?q=sr10+4qd", 15),
    ("search: first part of a postcode", "/search?q=sr10", 15),
    ("search: end of a reference", "/search?q=4210", 15),
    ("search: name and telephone", "/search?q=mensah+0123", 15),
    ("search: nobody", "/search?q=zebedee+xylophone", 15),
    (
        "rare: stage, officer, source, kind",
        "/enquiries?stage=panel&officer=Dev+Sandhu&source=Local+radio&kind=remand&state=any",
        50,
    ),
    (
        "rare: paused, hub, kind, month",
        "/enquiries?state=paused&hub=Foster+with+North+East&kind=emergency&from=2019-03-01&to=2019-03-31",
        50,
    ),
    ("rare: nobody's, approved, leaflet", "/enquiries?state=approved&officer=unassigned&source=Leaflet", 50),
    (
        "rare: two stages, two sources, by name",
        "/enquiries?stage=decision&stage=panel&source=Employer&source=Leaflet&state=any&sort=name",
        50,
    ),
    ("rare: a name within a stage", "/enquiries?q=chukwu&stage=application&state=any", 50),
];

const ALL_COLUMNS: &str = "/enquiries?columns=stage,state,limit,officer,source,hub,campaign,kind,telephone,email,\
    enquired,received,days,next_task,next_visit,last_contact,last,first_contact,initial_visit,application,stage_1,\
    stage_2,panel,approved,closed";

const REPORTS: &[(&str, &str, u64)] = &[
    ("funnel, one year", "/reports/funnel?from=2023-04-01&to=2024-03-31", 50),
    ("funnel, one year, all types", "/reports/funnel?from=2023-04-01&to=2024-03-31&type=all", 50),
    ("funnel, one year, by source", "/reports/funnel?from=2023-04-01&to=2024-03-31&by=source", 50),
    ("funnel, one year, as known earlier", "/reports/funnel?from=2023-04-01&to=2024-03-31&known_at=2024-04-15", 300),
    (
        "funnel, one year, as known earlier, by source",
        "/reports/funnel?from=2023-04-01&to=2024-03-31&known_at=2024-04-15&by=source",
        300,
    ),
    ("time limits, one year", "/reports/clocks?from=2023-04-01&to=2024-03-31", 300),
    ("funnel, activity of one year", "/reports/funnel?from=2023-04-01&to=2024-03-31&basis=activity", 300),
];

struct Bench {
    router: Router,
    cookie: String,
}

pub async fn measure(households: usize) -> anyhow::Result<()> {
    let db = scale::database(households).await?;
    say_what_is_there(&db).await?;
    let bench = Bench::start(db.clone(), households).await?;
    println!("| page | p50 | p95 | max | kB | budget of p95 | |\n|---|--:|--:|--:|--:|--:|---|");
    for (name, path, budget) in LISTS {
        bench.page(name, &[(*path).to_owned()], ROUNDS, *budget).await?;
    }
    bench.page("one record", &records(&db).await?, ROUNDS, 10).await?;
    for (name, path, budget) in REPORTS {
        bench.page(name, &[(*path).to_owned()], ROUNDS_OF_REPORTS, *budget).await?;
    }
    db.close().await;
    Ok(())
}

impl Bench {
    /// Signed in as an officer, who sees every record.
    async fn start(db: Db, households: usize) -> anyhow::Result<Bench> {
        let now = scale::plan(households)?.now;
        let mut write = db.write().await?;
        let officer: i64 =
            sqlx::query_scalar("select id from user where name = 'Kerry Blyth'").fetch_one(&mut *write).await?;
        let started = session::start(&mut write, UserId(officer), now, "192.0.2.1", "bench").await?;
        write.commit().await?;
        // As the program has them when nothing is said.
        let words = ["bench".as_ref(), "--database".as_ref(), db.path().as_os_str()];
        let config =
            Config::from_arg_matches(&Config::augment_args(Command::new("bench")).try_get_matches_from(words)?)?;
        let state = AppState::new(db, Clock::fixed(now), config);
        Ok(Bench { router: app::router(state), cookie: format!("hearth={}", started.cookie_value()) })
    }

    /// `paths` in turn; the first round warms up and is not counted.
    async fn page(&self, name: &str, paths: &[String], rounds: usize, budget: u64) -> anyhow::Result<()> {
        let mut times = Vec::with_capacity(rounds);
        let mut bytes = 0;
        for (round, path) in paths.iter().cycle().take(rounds + 1).enumerate() {
            let started = Stopwatch::now();
            bytes = self.get(path).await?;
            if round > 0 {
                times.push(started.elapsed());
            }
        }
        times.sort_unstable();
        let at = |share: usize| times[(times.len() - 1) * share / 100];
        let figures = [at(50), at(95), at(100)].map(milliseconds).join(" | ");
        line(name, &format!("{figures} | {}", bytes / 1000), at(95), Duration::from_millis(budget));
        Ok(())
    }

    async fn get(&self, path: &str) -> anyhow::Result<usize> {
        let request =
            Request::get(path).header(HOST, "localhost:8080").header(COOKIE, &self.cookie).body(Body::empty())?;
        let response = self.router.clone().oneshot(request).await?;
        if !response.status().is_success() {
            bail!("{path} answers {}", response.status());
        }
        Ok(response.into_body().collect().await?.to_bytes().len())
    }
}

/// Fifty records, of every age.
async fn records(db: &Db) -> anyhow::Result<Vec<String>> {
    let last: i64 = sqlx::query_scalar("select max(id) from enquiry").fetch_one(db.read()).await?;
    if last < 50 {
        bail!("there are too few enquiries to measure");
    }
    Ok((1..=50).map(|nth| format!("/enquiries/{}", nth * last / 50)).collect())
}

async fn say_what_is_there(db: &Db) -> anyhow::Result<()> {
    let count = |sql: &'static str| sqlx::query_scalar::<_, i64>(sql).fetch_one(db.read());
    let size = std::fs::metadata(db.path()).context("the database is gone")?.len();
    println!(
        "{} enquiries, {} milestones ({} in force), {} audit entries, {} MB\n",
        count("select count(*) from enquiry").await?,
        count("select count(*) from milestone").await?,
        count("select count(*) from milestone where superseded_at is null").await?,
        count("select count(*) from audit").await?,
        size / 1_000_000,
    );
    Ok(())
}
