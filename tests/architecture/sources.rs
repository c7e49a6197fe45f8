//! What is read, and what is said of it.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

pub struct Source {
    pub path: String,
    /// Without the tests at the end of a Rust file.
    pub code: String,
    pub whole: String,
}

impl Source {
    pub fn read(root: &Path, path: &Path) -> Source {
        let whole = fs::read_to_string(path).unwrap_or_default();
        let code = whole.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default().to_owned();
        Source { path: path.strip_prefix(root).unwrap().to_string_lossy().replace('\\', "/"), code, whole }
    }

    /// `domain`, `web`, `cli` and so on; of a feature `features`.
    pub fn layer(&self) -> &str {
        let inner = self.path.strip_prefix("src/").unwrap_or(&self.path);
        inner.split('/').next().unwrap_or_default().trim_end_matches(".rs")
    }

    pub fn feature(&self) -> Option<&str> {
        self.path.strip_prefix("src/features/")?.split_once('/').map(|(feature, _)| feature)
    }

    pub fn is_test(&self) -> bool {
        self.path.ends_with("/tests.rs") || self.path.contains("/tests/")
    }

    /// Every line that is no comment, with its number.
    pub fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        let lines = self.code.lines().enumerate().map(|(at, line)| (at + 1, line));
        lines.filter(|(_, line)| !line.trim_start().starts_with("//"))
    }

    /// All of it on the lines it has, with comments left empty.
    pub fn without_comments(&self) -> String {
        let is_comment = |line: &str| line.trim_start().starts_with("//");
        self.code.lines().map(|line| if is_comment(line) { "\n".to_owned() } else { format!("{line}\n") }).collect()
    }
}

/// The product's own Rust files, tests in files of their own apart.
pub fn sources() -> Vec<Source> {
    let all = files("src", ".rs");
    assert!(all.len() > 20, "the sources were not found");
    all.into_iter().filter(|source| !source.is_test()).collect()
}

pub fn files(folder: &str, ending: &str) -> Vec<Source> {
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
pub struct Broken {
    why: &'static str,
    mend: &'static str,
    places: Vec<String>,
}

impl Broken {
    pub fn rule(why: &'static str, mend: &'static str) -> Broken {
        Broken { why, mend, places: Vec::new() }
    }

    pub fn at(&mut self, path: &str, line: usize, what: &str) {
        self.places.push(format!("{path}:{line}: {}", what.trim()));
    }

    #[track_caller]
    pub fn check(self) {
        let mut message = format!("\nWhy: {}\nUsual fix: {}\n", self.why, self.mend);
        for place in &self.places {
            writeln!(message, "  {place}").unwrap();
        }
        assert!(self.places.is_empty(), "{message}");
    }
}

/// The words that follow `prefix`, each with its line: `crate::` in `use crate::web::Ctx` gives `web`, and each of
/// those in `use crate::{db, web};`, on however many lines the list stands and whatever is nested in it.
pub fn names_after<'a>(code: &'a str, prefix: &'a str) -> impl Iterator<Item = (usize, &'a str)> {
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
pub fn outermost(list: &str) -> Vec<&str> {
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

pub fn word(text: &str) -> &str {
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
