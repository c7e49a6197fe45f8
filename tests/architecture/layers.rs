//! Who may use whom: layers, the pure domain, the doors of features, the one clock.

use std::collections::{BTreeMap, BTreeSet};

use super::sources::{Broken, files, names_after, sources};

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
