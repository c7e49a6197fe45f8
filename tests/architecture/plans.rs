//! How SQLite goes about each statement that reads: at 200,000 enquiries none may read all of them unawares. The plans of
//! an empty database are those of a full one, because nothing is kept of how full it is.

use std::str::FromStr;

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Row, SqliteConnection};

use super::sources::Broken;
use super::sql::lists;

async fn schema() -> SqliteConnection {
    let mut db = SqliteConnectOptions::from_str("sqlite::memory:").unwrap().connect().await.unwrap();
    sqlx::migrate!().run(&mut db).await.unwrap();
    db
}

/// What grows with the enquiries.
const LONG: [&str; 17] = [
    "appointment",
    "attribute",
    "audit",
    "enquiry",
    "enquiry_now",
    "household",
    "household_key",
    "household_pair",
    "household_sound",
    "in_touch",
    "likeness",
    "limit_now",
    "member",
    "milestone",
    "note",
    "pause",
    "task",
];

/// Statements that read a whole table and are meant to, by words of theirs.
const MEANT: [(&str, &str); 8] = [
    ("from audit order by id desc limit 1", "the last entry"),
    ("name = 'officer' and superseded_at is null and value <> ?2", "somebody has a new name, which is seldom"),
    (
        "from enquiry_now now join enquiry on enquiry.id = now.enquiry_id order by enquiry.id",
        "an import knows them all",
    ),
    ("value from household_key order by household_id", "an import knows them all"),
    ("where pair.strength <> exists", "hearth doctor looks at everything"),
    ("now.close_reason = 'duplicate'", "the demonstration merges what it invented"),
    ("household.postcode as \"home?\"", "the demonstration plans visits to what it invented"),
    ("sum(cards) as", "a board counts every card"),
];

/// Long tables of which one row is written at a time, or that others refer to so that they cannot be made anew.
const ROW_BY_ROW: [&str; 3] = ["appointment", "household", "task"];

#[tokio::test]
async fn no_check_of_a_long_table_makes_a_list_for_each_row() {
    let mut broken = Broken::rule(
        "SQLite makes the list of an `in` anew for each row that a check looks at: half the cost of writing the row",
        "write `kind = 'one' or kind = 'other' or …` where there are more than two",
    );
    let mut db = schema().await;
    for table in LONG.iter().filter(|table| !ROW_BY_ROW.contains(table)) {
        let made: String = sqlx::query_scalar("select sql from sqlite_schema where type = 'table' and name = ?")
            .bind(table)
            .fetch_one(&mut db)
            .await
            .unwrap();
        for list in lists(&made).filter(|list| list.split(',').count() > 2) {
            broken.at("migrations", 0, &format!("{table}: in ({list})"));
        }
    }
    broken.check();
}

#[tokio::test]
async fn no_statement_reads_a_long_table_from_end_to_end_unawares() {
    let mut broken = Broken::rule(
        "what is quick with a hundred enquiries takes seconds with 200,000",
        "give the table an index for it; where the order of the joins is wrong, write `cross join` from the few to the many",
    );
    let mut db = schema().await;
    let mut read = 0;
    for file in std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.sqlx")).unwrap() {
        let checked: serde_json::Value = serde_json::from_slice(&std::fs::read(file.unwrap().path()).unwrap()).unwrap();
        let written = checked["query"].as_str().unwrap();
        let statement = written.split_whitespace().collect::<Vec<_>>().join(" ");
        if !statement.starts_with("select") && !statement.starts_with("with") {
            continue;
        }
        read += 1;
        let names = names(&statement);
        for step in plan(&mut db, written).await {
            // All that is live is no end that one would look something up by.
            let walked = step.strip_suffix(" (live=?)").and_then(|step| step.strip_prefix("SEARCH "));
            let Some(scanned) = step.strip_prefix("SCAN ").or(walked) else { continue };
            let (name, how) = scanned.split_once(' ').unwrap_or((scanned, ""));
            let table = names.iter().rev().find(|(_, alias)| *alias == name).map_or(name, |(table, _)| *table);
            // Of those that are restricted there are few, and their index has no others.
            let few = how.ends_with("enquiry_restricted");
            let meant = MEANT.iter().any(|(words, _)| statement.contains(words));
            if LONG.contains(&table) && !few && !meant {
                broken.at(".sqlx", 0, &format!("{step}: {}", statement.chars().take(200).collect::<String>()));
            }
        }
    }
    assert!(read > 100, "the statements were not found");
    broken.check();
}

async fn plan(db: &mut SqliteConnection, statement: &str) -> Vec<String> {
    let explained = sqlx::AssertSqlSafe(format!("explain query plan {statement}"));
    let steps = sqlx::query(explained).fetch_all(db).await.unwrap();
    steps.iter().map(|step| step.get("detail")).collect()
}

/// Each table with what it is called in the statement.
fn names(statement: &str) -> Vec<(&str, &str)> {
    let words: Vec<_> = statement.split(' ').collect();
    let named = words.windows(3).filter(|it| matches!(it[0], "from" | "join" | "(from"));
    named
        .map(|it| {
            let table = it[1].trim_matches(['(', ')', ',']);
            let ends = it[1].ends_with(')');
            let keyword =
                ["on", "where", "join", "cross", "left", "indexed", "group", "order", "union", "limit", "and"];
            let alias = it[2].trim_matches(['(', ')', ',']);
            (table, if ends || keyword.contains(&alias) { table } else { alias })
        })
        .collect()
}
