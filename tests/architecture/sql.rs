//! Where SQL stands, how it is written, and that the schema agrees with the program.

use std::collections::{BTreeMap, BTreeSet};

use super::sources::{Broken, Source, files, names_after, sources};

/// The tables that statements write, however they are broken into lines.
fn tables_written(code: &str) -> BTreeSet<&str> {
    let mut tables = BTreeSet::new();
    for start in ["insert into ", "replace into ", "ignore into ", "abort into ", "fail into ", "delete from "] {
        tables.extend(names_after(code, start).map(|(_, table)| table));
    }
    for (at, start) in code.match_indices("update ") {
        let mut words = code[at + start.len()..].split_whitespace();
        let mut table = words.next().unwrap_or_default();
        // `update or ignore …`
        if table == "or" {
            table = words.nth(1).unwrap_or_default();
        }
        // An upsert's `do update set` names no table.
        if words.next() == Some("set") && table != "set" {
            tables.insert(table);
        }
    }
    tables.retain(|table| !table.is_empty());
    tables
}

#[test]
fn every_way_to_write_a_table_is_seen() {
    for statement in [
        "insert into t (a) values (1)",
        "insert or ignore into t (a) values (1)",
        "replace into t (a) values (1)",
        "insert or replace into t (a) values (1)",
        "delete from t\n        where a = 1",
        "update t set a = 1",
        "update t\n            set a = 1",
        "update or replace t\n            set a = 1",
    ] {
        assert_eq!(tables_written(statement), BTreeSet::from(["t"]), "{statement}");
    }
    assert_eq!(tables_written("on conflict (a) do update set a = 1"), BTreeSet::new());
}

#[test]
fn sql_stands_in_queries_and_is_checked() {
    let mut broken = Broken::rule(
        "a statement that the compiler has compared with the schema cannot be wrong in production only",
        "move it into the feature's queries.rs and use sqlx::query!, query_as! or query_scalar!",
    );
    // What the macros cannot prepare, and what no migration has made.
    let uncheckable = ["\"pragma ", "\"vacuum ", "sqlite_schema", "_sqlx_migrations"];
    for source in sources().iter().filter(|source| source.layer() != "db") {
        let name = source.path.rsplit('/').next().unwrap_or_default();
        let holds_queries = name.starts_with("queries") || source.path.contains("/queries/");
        for (number, line) in source.lines() {
            let checked = ["query!(", "query_as!(", "query_scalar!("].iter().any(|call| line.contains(call));
            let unchecked = [
                "sqlx::query(",
                "query_as(",
                "query_as::<",
                "query_scalar(",
                "query_scalar::<",
                "raw_sql(",
                "QueryBuilder",
                "query_unchecked!",
                "AssertSqlSafe",
            ]
            .iter()
            .any(|call| line.contains(call));
            let allowed = uncheckable.iter().any(|word| line.contains(word));
            if (unchecked && !allowed) || (checked && !holds_queries) {
                broken.at(&source.path, number, line);
            }
        }
    }
    broken.check();
}

#[test]
fn sql_is_lower_case() {
    let mut broken = Broken::rule("one way of writing SQL reads faster than two", "write it in lower case");
    let words =
        ["SELECT ", "INSERT INTO", "DELETE FROM", " WHERE ", " VALUES ", "CREATE TABLE", "ORDER BY", "LEFT JOIN"];
    let mut all = sources();
    all.extend(files("migrations", ".sql"));
    for source in all {
        for (number, line) in source.lines() {
            if words.iter().any(|word| line.contains(word)) {
                broken.at(&source.path, number, line);
            }
        }
    }
    broken.check();
}

#[test]
fn one_feature_writes_a_table() {
    let mut broken = Broken::rule(
        "the rules that keep a table right can stand in one place only",
        "call the feature that owns the table, through its mod.rs",
    );
    let mut writers: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for source in sources().iter().filter(|source| ["features", "web", "db"].contains(&source.layer())) {
        let owner = source.feature().unwrap_or(source.layer()).to_owned();
        for table in tables_written(&source.without_comments()) {
            writers.entry(table.to_owned()).or_default().insert(owner.clone());
        }
    }
    for (table, features) in writers.iter().filter(|(_, features)| features.len() > 1) {
        broken.at("src/features", 1, &format!("{table} is written by {features:?}"));
    }
    assert!(writers.contains_key("milestone"), "no writes were found: this test reads wrongly");
    broken.check();
}

#[test]
fn every_table_is_strict() {
    let mut broken = Broken::rule(
        "SQLite puts text into an integer column unless it is told not to",
        "end the table with `) strict;` or `) strict, without rowid;`",
    );
    for migration in files("migrations", ".sql") {
        for table in migration.whole.split("create table ").skip(1) {
            let end = table.split(';').find(|_| true).unwrap_or_default();
            // A semicolon may stand in a comment or a text; the table ends at the line that begins with `)`.
            let last = table.lines().find(|line| line.starts_with(')')).unwrap_or(end);
            if !last.contains("strict") && !table.starts_with("virtual") {
                broken.at(&migration.path, 1, table.lines().next().unwrap_or_default());
            }
        }
    }
    broken.check();
}

/// Lists in the schema that are no enum's codes as a whole, and why.
const OTHER_LISTS: [(&str, &str); 4] = [
    ("approve,defer,do_not_approve", "results of a recommendation: part of MilestoneResult"),
    ("approve,do_not_approve", "results of a decision: part of MilestoneResult"),
    ("do_not_go_on,go_on", "results of Stage 1: part of MilestoneResult"),
    ("decision_made,irm_recommendation", "milestones that have such a result"),
];

#[test]
fn checks_in_the_schema_equal_the_enums() {
    let mut broken = Broken::rule(
        "a code that the program knows and the schema refuses is found by a person, at the worst moment",
        "make the `coded!` enum and the `check (… in (…))` list the same",
    );
    let known: BTreeMap<String, String> = sources().iter().flat_map(enums).collect();
    assert!(known.values().any(|name| name == "Stage"), "the enums were not found: this test reads wrongly");
    let settings = "service_name,small_number";
    for migration in files("migrations", ".sql") {
        let listed =
            lists(&migration.whole).map(|list| list.split(',').map(|code| code.trim().trim_matches('\'')).collect());
        for codes in listed.chain(alternatives(&migration.whole)) {
            let codes = codes.into_iter().collect::<Vec<_>>().join(",");
            let other = OTHER_LISTS.iter().any(|(list, _)| *list == codes) || codes == settings;
            if !other && !known.contains_key(&codes) {
                broken.at(&migration.path, 1, &codes);
            }
        }
    }
    broken.check();
}

/// What stands between the brackets of each `in ('…', …)`.
pub fn lists(sql: &str) -> impl Iterator<Item = &str> {
    let after = sql.split(" in\n").flat_map(|part| part.split(" in (")).skip(1);
    let inside = after.map(|list| list.trim_start().trim_start_matches('(').split(')').next().unwrap_or_default());
    inside.filter(|list| list.trim_start().starts_with('\''))
}

/// The codes of each `kind = '…' or kind = '…' or …` of more than two.
fn alternatives(sql: &str) -> Vec<BTreeSet<&str>> {
    let words: Vec<&str> = sql.split([' ', '\n', '(', ')', ',']).filter(|word| !word.is_empty()).collect();
    let mut found: Vec<(&str, BTreeSet<&str>)> = Vec::new();
    let mut ended = 0;
    for (at, said) in words.windows(3).enumerate().filter(|(_, said)| said[1] == "=" && said[2].starts_with('\'')) {
        let goes_on = at == ended + 1 && words[ended] == "or";
        match found.last_mut().filter(|(name, _)| goes_on && *name == said[0]) {
            Some((_, codes)) => drop(codes.insert(said[2].trim_matches('\''))),
            None => found.push((said[0], BTreeSet::from([said[2].trim_matches('\'')]))),
        }
        ended = at + 3;
    }
    found.into_iter().map(|(_, codes)| codes).filter(|codes| codes.len() > 2).collect()
}

#[test]
fn every_way_to_list_codes_is_seen() {
    assert_eq!(lists("a in ('x', 'y') and b in (0, 1)").collect::<Vec<_>>(), ["'x', 'y'"]);
    let said = "check (a = 'x' or a = 'y'\n    or a = 'z'), check (b = 'u' or b = 'v') or c = 'w'";
    assert_eq!(alternatives(said), [BTreeSet::from(["x", "y", "z"])]);
}

/// The sorted codes of each `coded!` enum, with its name.
fn enums(source: &Source) -> Vec<(String, String)> {
    let blocks = source.code.split("coded! {").skip(1);
    let read = blocks.filter_map(|block| {
        let (_, block) = block.split_once("pub enum ")?;
        let (name, block) = block.split_once(" {")?;
        let (body, _) = block.split_once("\n    }")?;
        let codes: BTreeSet<&str> = body
            .lines()
            .filter(|line| !line.trim_start().starts_with("//"))
            .filter_map(|line| line.split_once("= \"")?.1.split('"').next())
            .collect();
        Some((codes.into_iter().collect::<Vec<_>>().join(","), name.to_owned()))
    });
    read.collect()
}
