//! The rules of the architecture, checked by reading the sources. Each failure says where, why the rule is there and
//! what usually mends it.

#![allow(clippy::unwrap_used, reason = "a test that finds nothing to unwrap has failed")]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

struct Source {
    path: String,
    /// Without the tests at the end of a Rust file.
    code: String,
    whole: String,
}

impl Source {
    fn read(root: &Path, path: &Path) -> Source {
        let whole = fs::read_to_string(path).unwrap_or_default();
        let code = whole.split("#[cfg(test)]\nmod ").next().unwrap_or_default().to_owned();
        Source { path: path.strip_prefix(root).unwrap().to_string_lossy().replace('\\', "/"), code, whole }
    }

    /// `domain`, `web`, `cli` and so on; of a feature `features`.
    fn layer(&self) -> &str {
        let inner = self.path.strip_prefix("src/").unwrap_or(&self.path);
        inner.split('/').next().unwrap_or_default().trim_end_matches(".rs")
    }

    fn feature(&self) -> Option<&str> {
        self.path.strip_prefix("src/features/")?.split_once('/').map(|(feature, _)| feature)
    }

    fn is_test(&self) -> bool {
        self.path.ends_with("/tests.rs") || self.path.contains("/tests/")
    }

    /// Every line that is no comment, with its number.
    fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        let lines = self.code.lines().enumerate().map(|(at, line)| (at + 1, line));
        lines.filter(|(_, line)| !line.trim_start().starts_with("//"))
    }

    /// All of it on the lines it has, with comments left empty.
    fn without_comments(&self) -> String {
        let is_comment = |line: &str| line.trim_start().starts_with("//");
        self.code.lines().map(|line| if is_comment(line) { "\n".to_owned() } else { format!("{line}\n") }).collect()
    }
}

/// The product's own Rust files, tests in files of their own apart.
fn sources() -> Vec<Source> {
    let all = files("src", ".rs");
    assert!(all.len() > 20, "the sources were not found");
    all.into_iter().filter(|source| !source.is_test()).collect()
}

fn files(folder: &str, ending: &str) -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    let mut folders = vec![root.join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                if !path.ends_with("node_modules") {
                    folders.push(path);
                }
            } else if path.to_string_lossy().ends_with(ending) {
                found.push(Source::read(root, &path));
            }
        }
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

/// What breaks one rule.
struct Broken {
    why: &'static str,
    mend: &'static str,
    places: Vec<String>,
}

impl Broken {
    fn rule(why: &'static str, mend: &'static str) -> Broken {
        Broken { why, mend, places: Vec::new() }
    }

    fn at(&mut self, path: &str, line: usize, what: &str) {
        self.places.push(format!("{path}:{line}: {}", what.trim()));
    }

    #[track_caller]
    fn check(self) {
        let mut message = format!("\nWhy: {}\nUsual fix: {}\n", self.why, self.mend);
        for place in &self.places {
            writeln!(message, "  {place}").unwrap();
        }
        assert!(self.places.is_empty(), "{message}");
    }
}

/// The words that follow `prefix`, each with its line: `crate::` in `use crate::web::Ctx` gives `web`, and each of
/// those in `use crate::{db, web};`, on however many lines the list stands and whatever is nested in it.
fn names_after<'a>(code: &'a str, prefix: &'a str) -> impl Iterator<Item = (usize, &'a str)> {
    code.match_indices(prefix).flat_map(move |(at, _)| {
        let rest = &code[at + prefix.len()..];
        let items = rest.strip_prefix('{').map_or_else(|| vec![rest], outermost);
        items.into_iter().map(move |item| {
            let start = item.as_ptr() as usize - code.as_ptr() as usize;
            (code[..start].matches('\n').count() + 1, word(item))
        })
    })
}

/// The items of a list that has been opened, up to the brace that closes it.
fn outermost(list: &str) -> Vec<&str> {
    let (mut items, mut depth, mut start) = (Vec::new(), 0, 0);
    for (at, letter) in list.char_indices() {
        match letter {
            '{' => depth += 1,
            '}' if depth > 0 => depth -= 1,
            ',' | '}' if depth == 0 => {
                items.push(list[start..at].trim_start());
                start = at + 1;
            }
            _ => {}
        }
        if letter == '}' && start == at + 1 {
            break;
        }
    }
    items
}

fn word(text: &str) -> &str {
    let end = text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len());
    &text[..end]
}

#[test]
fn a_list_is_read_over_its_lines() {
    let code =
        "use crate::features::{\n    access::{self, Subject},\n    audit,\n};\nuse crate::{features::search, web};\n";
    let read = |prefix| names_after(code, prefix).filter(|(_, name)| !name.is_empty()).collect::<Vec<_>>();
    assert_eq!(read("features::"), [(2, "access"), (3, "audit"), (5, "search")]);
    assert_eq!(read("crate::"), [(1, "features"), (5, "features"), (5, "web")]);
}

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
fn imports_point_one_way() {
    let mut broken = Broken::rule(
        "main → cli → app → features → web, db → domain. What points back ties the parts into a knot",
        "move what is needed down a layer, or pass it in as an argument",
    );
    let allowed: BTreeMap<&str, &[&str]> = BTreeMap::from([
        ("domain", &["domain", "coded"][..]),
        ("db", &["db", "domain"]),
        ("clock", &["domain"]),
        ("config", &[]),
        ("web", &["web", "db", "domain", "clock", "config"]),
        ("features", &["features", "web", "db", "domain", "coded"]),
        ("app", &["features", "web", "db", "domain", "clock", "config"]),
        ("cli", &["cli", "app", "jobs", "features", "web", "db", "domain", "clock", "config"]),
        ("jobs", &["features", "web", "db", "domain", "clock", "config"]),
        ("main", &[]),
        ("lib", &[]),
    ]);
    for source in sources() {
        let Some(allowed) = allowed.get(source.layer()) else {
            broken.at(&source.path, 1, "a part that the architecture does not know");
            continue;
        };
        let code = source.without_comments();
        let names = names_after(&code, "crate::");
        for (number, name) in names.filter(|(_, name)| !name.is_empty() && !allowed.contains(name)) {
            broken.at(&source.path, number, &format!("{} uses {name}", source.layer()));
        }
    }
    broken.check();
}

#[test]
fn the_domain_is_pure() {
    let mut broken = Broken::rule(
        "rules that need no database, page or file can be tested as tables and trusted everywhere",
        "return a value and let the feature do the reading, writing or showing",
    );
    let impure =
        ["sqlx", "axum", "askama", "tokio", "tracing", "std::fs", "std::net", "std::env", "std::io", "async fn"];
    for source in sources().iter().filter(|source| source.layer() == "domain") {
        for (number, line) in source.lines() {
            if impure.iter().any(|word| line.contains(word)) {
                broken.at(&source.path, number, line);
            }
        }
    }
    broken.check();
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
fn features_meet_at_their_doors_and_never_in_a_circle() {
    let mut doors = Broken::rule(
        "what a feature keeps to itself can be changed without looking at the others",
        "offer a function in its mod.rs and call that",
    );
    let mut uses: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for source in sources().iter().filter(|source| source.feature().is_some()) {
        let feature = source.feature().unwrap_or_default();
        if source.path == format!("src/features/{feature}/mod.rs") {
            for (number, line) in source.lines().filter(|(_, line)| line.trim_start().starts_with("pub mod ")) {
                doors.at(&source.path, number, line);
            }
        }
        let code = source.without_comments();
        let used = names_after(&code, "features::").map(|(_, used)| used);
        let used = used.filter(|used| !used.is_empty() && *used != feature);
        uses.entry(feature.to_owned()).or_default().extend(used.map(str::to_owned));
    }
    doors.check();

    let mut circles = Broken::rule(
        "features that need each other are one feature; and nothing may need reports or packs",
        "move what both need into domain or into a third feature",
    );
    for feature in uses.keys() {
        let (mut reached, mut open) = (BTreeSet::new(), vec![feature]);
        while let Some(next) = open.pop() {
            open.extend(uses.get(next).into_iter().flatten().filter(|used| reached.insert((*used).clone())));
        }
        if reached.contains(feature) {
            circles.at(&format!("src/features/{feature}"), 1, &format!("needs itself through {reached:?}"));
        }
        for last in ["reports", "packs"].iter().filter(|last| feature != **last && uses[feature].contains(**last)) {
            circles.at(&format!("src/features/{feature}"), 1, &format!("needs {last}"));
        }
    }
    circles.check();
}

#[test]
fn time_comes_from_the_clock_only() {
    let mut broken = Broken::rule(
        "a rule that is given its day can be tested on any day, and one request happens at one time",
        "take ctx.now or ctx.today, or an Instant or Day as an argument",
    );
    let clocks = [
        "Timestamp::now",
        "Zoned::now",
        "SystemTime",
        "Instant::now()",
        "'now'",
        "current_timestamp",
        "current_date",
        "unixepoch(",
    ];
    let mut all = sources();
    all.extend(files("migrations", ".sql"));
    for source in all.iter().filter(|source| source.path != "src/clock.rs") {
        for (number, line) in source.lines() {
            if clocks.iter().any(|clock| line.contains(clock)) {
                broken.at(&source.path, number, line);
            }
        }
    }
    broken.check();
}

const FEATURE_FILES: [&str; 5] = ["handlers.rs", "forms.rs", "actions.rs", "queries.rs", "views.rs"];

#[test]
fn files_are_short_and_say_what_they_are() {
    let mut broken = Broken::rule(
        "a file that fits in the head is found, read and changed without fear",
        "split it by noun; begin it with `//!` and one to four lines that say what it is",
    );
    let mut all = sources();
    all.extend(files("templates", ".html"));
    for source in &all {
        let length = source.code.lines().count();
        if length > 400 {
            broken.at(&source.path, length, "more than 400 lines without its tests");
        }
        // The files that every feature may have say what they are by their name.
        let name = source.path.rsplit('/').next().unwrap_or_default();
        let named = source.feature().is_some() && FEATURE_FILES.contains(&name);
        if source.path.ends_with(".rs") && !named && !source.whole.starts_with("//!") {
            broken.at(&source.path, 1, "does not say what it is");
        }
    }
    broken.check();
}

#[test]
fn templates_escape_everything_and_hold_no_script() {
    let mut broken = Broken::rule(
        "names and notes are shown as text, whatever is in them; the content security policy refuses anything inline",
        "leave escaping to the template; put scripts into app.js and styles into static/css",
    );
    let bad = [
        "|safe",
        "| safe",
        "escape(\"none\"",
        "<style",
        " style=",
        " on:",
        "hx-on",
        "js:",
        "javascript:",
        "<script>",
        "http://",
    ];
    for source in files("templates", ".html") {
        for (at, line) in source.whole.lines().enumerate() {
            let inline_handler =
                names_after(line, " on").any(|(_, name)| line.contains(&format!(" on{name}=\"")) && !name.is_empty());
            let from_elsewhere = line.contains("src=\"http") || line.contains("<link") && line.contains("href=\"http");
            if inline_handler || from_elsewhere || bad.iter().any(|word| line.contains(word)) {
                broken.at(&source.path, at + 1, line);
            }
        }
    }
    for source in sources() {
        for (number, line) in source.lines() {
            if ["\"<div", "\"<p>", "\"<a ", "\"<li", "\"<tr", "\"<td", "\"<span"].iter().any(|tag| line.contains(tag)) {
                broken.at(&source.path, number, line);
            }
        }
    }
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
        for list in migration.whole.split(" in\n").flat_map(|part| part.split(" in (")).skip(1) {
            let inside = list.trim_start().trim_start_matches('(').split(')').next().unwrap_or_default();
            let codes: BTreeSet<&str> = inside.split(',').map(|code| code.trim().trim_matches('\'')).collect();
            let is_codes = inside.trim_start().starts_with('\'');
            let codes = codes.into_iter().collect::<Vec<_>>().join(",");
            let other = OTHER_LISTS.iter().any(|(list, _)| *list == codes) || codes == settings;
            if is_codes && !other && !known.contains_key(&codes) {
                broken.at(&migration.path, 1, &codes);
            }
        }
    }
    broken.check();
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

#[test]
fn nothing_belongs_to_one_machine() {
    let mut broken = Broken::rule(
        "a fresh clone builds on any machine, from the public registries",
        "write paths from the repository's root; write npm locks with omit-lockfile-registry-resolved=true",
    );
    // Put together, so that this file does not break its own rule.
    let words = [concat!("/wo", "rk/"), concat!("/ro", "ot/"), concat!("/ho", "me/"), concat!("../sha", "red")];
    for folder in ["src", "tests", "templates", "migrations", "static", "data", ".cargo", ".ci"] {
        for source in files(folder, "") {
            let resolved = source.path.ends_with("package-lock.json") && source.whole.contains("\"resolved\"");
            if resolved || words.iter().any(|word| source.whole.contains(word)) {
                broken.at(&source.path, 1, "names a machine's path or a registry's host");
            }
        }
    }
    let lock = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.lock")).unwrap();
    let public = "source = \"registry+https://github.com/rust-lang/crates.io-index\"";
    for (at, line) in lock.lines().enumerate().filter(|(_, line)| line.starts_with("source = ") && *line != public) {
        broken.at("Cargo.lock", at + 1, line);
    }
    broken.check();
}
