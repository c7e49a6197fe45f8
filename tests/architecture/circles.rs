//! That files use each other one way: each can be read without those that use it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::sources::{Broken, Source, outermost, sources, word};

/// Which file uses which others, and on which line first.
type Uses<'a> = BTreeMap<&'a str, BTreeMap<&'a str, usize>>;

#[test]
fn files_do_not_use_each_other_in_a_circle() {
    let mut broken = Broken::rule(
        "files that need each other are one file in pieces: none of them can be read, changed or moved by itself",
        "move what both need to where it belongs: what a statement takes or finds to queries.rs, what a form becomes \
         to forms.rs, what two files share to a small one named by its noun",
    );
    let sources = sources();
    for (file, line, other) in in_circles(&uses(&sources)) {
        broken.at(file, line, &format!("uses {other}, which leads back here"));
    }
    broken.check();
}

#[test]
fn a_circle_is_seen_however_it_is_written() {
    let file = |path: &str, code: &str| Source { path: path.to_owned(), code: code.to_owned(), whole: String::new() };
    let sources = [
        file("src/lib.rs", "pub mod web;"),
        file("src/web/mod.rs", "mod ctx;\npub use ctx::Ctx;\nuse crate::web::page::Page;"),
        file("src/web/ctx.rs", "use super::{\n    Ctx,\n    late::{self, Sent},\n};"),
        file("src/web/late.rs", "// super::error::shown()\nfn shown() {\n    crate::web::page::Page::new()\n}"),
        file("src/web/page.rs", "use crate::web::{ctx, page::parts};"),
        file("src/web/page/parts.rs", "use super::super::error;\nuse super::Page;"),
        file("src/web/error.rs", ""),
    ];
    let circle = [
        ("src/web/ctx.rs", 1, "src/web/late.rs"),
        ("src/web/late.rs", 3, "src/web/page.rs"),
        ("src/web/page.rs", 1, "src/web/ctx.rs"),
    ];
    assert_eq!(in_circles(&uses(&sources)), circle);
}

/// Each use that is part of a circle: the file, the line, and what it uses.
fn in_circles<'a>(uses: &Uses<'a>) -> Vec<(&'a str, usize, &'a str)> {
    let mut found = Vec::new();
    for (&file, used) in uses {
        if reached(uses, file).contains(file) {
            let back = used.iter().filter(|(other, _)| reached(uses, other).contains(file));
            found.extend(back.map(|(&other, &line)| (file, line, other)));
        }
    }
    found
}

/// All that a file uses, and what that uses.
fn reached<'a>(uses: &Uses<'a>, file: &'a str) -> BTreeSet<&'a str> {
    let (mut reached, mut open) = (BTreeSet::new(), vec![file]);
    while let Some(next) = open.pop() {
        let used = uses.get(next).into_iter().flat_map(BTreeMap::keys).copied();
        open.extend(used.filter(|used| reached.insert(*used)));
    }
    reached
}

/// A module and what is inside it are made of each other, and are passed over.
fn uses(sources: &[Source]) -> Uses<'_> {
    let files: BTreeMap<PathBuf, &str> = sources.iter().map(|source| (module(source), source.path.as_str())).collect();
    let used_by = |source: &Source| {
        let (own, code) = (module(source), source.without_comments());
        let mut used = BTreeMap::new();
        for (line, path) in paths(&code) {
            let other = follow(&path, &own, &files);
            let is_inside = other.starts_with(&own) || own.starts_with(&other);
            if let Some(file) = files.get(&other).filter(|_| !is_inside) {
                used.entry(*file).or_insert(line);
            }
        }
        used
    };
    sources.iter().map(|source| (source.path.as_str(), used_by(source))).collect()
}

/// `src/web/page` for `src/web/page.rs`, `src/web` for `src/web/mod.rs`.
fn module(source: &Source) -> PathBuf {
    let mut module = Path::new(&source.path).with_extension("");
    if module.ends_with("mod") || module.ends_with("lib") {
        module.pop();
    }
    module
}

/// The module to which a path leads from another; what it names in there is that module's.
fn follow(path: &[&str], own: &Path, files: &BTreeMap<PathBuf, &str>) -> PathBuf {
    let mut module = own.to_path_buf();
    for name in path {
        match *name {
            "crate" => module = PathBuf::from("src"),
            "super" => drop(module.pop()),
            name if files.contains_key(&module.join(name)) => module.push(name),
            _ => break,
        }
    }
    module
}

/// Every path from the crate or from the module above, with its line; of a list the path of each item.
fn paths(code: &str) -> Vec<(usize, Vec<&str>)> {
    let starts = ["crate::", "super::"].into_iter().flat_map(|start| code.match_indices(start));
    // `super::super::` is one path.
    let starts = starts.map(|(at, _)| at).filter(|at| !code[..*at].ends_with("::"));
    let read = starts.flat_map(|at| {
        let line = code[..at].matches('\n').count() + 1;
        branches(&code[at..], &[]).into_iter().map(move |path| (line, path))
    });
    read.collect()
}

/// `a::{b, c::d}` is `a::b` and `a::c::d`.
fn branches<'a>(tree: &'a str, stem: &[&'a str]) -> Vec<Vec<&'a str>> {
    if let Some(list) = tree.strip_prefix('{') {
        let items = outermost(list).into_iter().filter(|item| !item.is_empty());
        return items.flat_map(|item| branches(item, stem)).collect();
    }
    let name = word(tree);
    let path = [stem, &[name]].concat();
    match tree[name.len()..].strip_prefix("::") {
        Some(rest) => branches(rest, &path),
        None => vec![path],
    }
}
