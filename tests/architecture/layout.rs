//! How files are cut, what templates hold, and that nothing belongs to one machine.

use std::fs;
use std::path::Path;

use super::sources::{Broken, files, names_after, sources};

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
