//! Fetches htmx by its lock, joins the style sheet, and embeds every static file under a name made from its content,
//! compressed beforehand.

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::{Digest, Sha256};

/// In order of strength: the layers are declared in the first.
const STYLES: [&str; 18] = [
    "tokens.css",
    "base.css",
    "layout.css",
    "controls.css",
    "sections.css",
    "forms.css",
    "filters.css",
    "search.css",
    "tables.css",
    "record.css",
    "today.css",
    "alike.css",
    "board.css",
    "reports.css",
    "door.css",
    "charts.css",
    "utilities.css",
    "modes.css",
];

fn main() {
    for path in
        ["migrations", "static/package-lock.json", "static/css", "static/app.js", "static/board.js", "static/mark.svg"]
    {
        println!("cargo:rerun-if-changed={path}");
    }
    let out = PathBuf::from(std::env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"));
    let htmx = fetch_packages(&out).join("htmx.org/dist/htmx.min.js");

    let style: String = STYLES.iter().map(|name| read(&Path::new("static/css").join(name))).collect();
    let script = format!("{}\n{}", read(&htmx), read(Path::new("static/app.js")));
    let files = [
        Asset { name: "APP_CSS", stem: "app", ending: "css", kind: "text/css; charset=utf-8", text: style },
        Asset { name: "APP_JS", stem: "app", ending: "js", kind: "text/javascript; charset=utf-8", text: script },
        Asset {
            name: "BOARD_JS",
            stem: "board",
            ending: "js",
            kind: "text/javascript; charset=utf-8",
            text: read(Path::new("static/board.js")),
        },
        Asset {
            name: "MARK_SVG",
            stem: "mark",
            ending: "svg",
            kind: "image/svg+xml",
            text: read(Path::new("static/mark.svg")),
        },
    ];
    write_table(&out, &files);
}

struct Asset {
    name: &'static str,
    stem: &'static str,
    ending: &'static str,
    kind: &'static str,
    text: String,
}

/// `npm ci` beside the build's output, so that nothing is written into the source tree; again only for another lock.
fn fetch_packages(out: &Path) -> PathBuf {
    let folder = out.join("npm");
    let lock = read(Path::new("static/package-lock.json"));
    let modules = folder.join("node_modules");
    let done = folder.join("done");
    if fs::read_to_string(&done).is_ok_and(|of| of == lock) && modules.exists() {
        return modules;
    }
    fs::create_dir_all(&folder).expect("the build can write into its own folder");
    for name in ["package.json", "package-lock.json", ".npmrc"] {
        fs::copy(Path::new("static").join(name), folder.join(name)).expect("static/ can be copied");
    }
    let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
    let ran = Command::new(npm)
        .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"])
        .current_dir(&folder)
        .output();
    match ran {
        Ok(output) if output.status.success() => {}
        Ok(output) => panic!("npm could not fetch htmx:\n{}", String::from_utf8_lossy(&output.stderr)),
        Err(error) => panic!("building Hearth needs npm (it comes with Node.js), which fetches htmx: {error}"),
    }
    fs::write(&done, lock).expect("the build can write into its own folder");
    modules
}

/// `static_files.rs`: an address for each file, checked by the compiler wherever a template names it, and the table.
fn write_table(out: &Path, files: &[Asset]) {
    let mut addresses = String::new();
    let mut table = String::new();
    for file in files {
        let hash: String = Sha256::digest(&file.text).iter().take(6).map(|byte| format!("{byte:02x}")).collect();
        let name = format!("{}-{hash}.{}", file.stem, file.ending);
        let (plain, gzip) = (out.join(&name), out.join(format!("{name}.gz")));
        fs::write(&plain, &file.text).expect("the build can write into its own folder");
        fs::write(&gzip, compressed(&file.text)).expect("the build can write into its own folder");
        let (constant, kind) = (file.name, file.kind);
        writeln!(addresses, "pub const {constant}: &str = \"/static/{name}\";").expect("a string takes everything");
        writeln!(
            table,
            "StaticFile {{ name: {name:?}, kind: {kind:?}, plain: include_bytes!({plain:?}), gzip: include_bytes!({gzip:?}) }},"
        )
        .expect("a string takes everything");
    }
    let source = format!("{addresses}\nstatic FILES: &[StaticFile] = &[\n{table}];\n");
    fs::write(out.join("static_files.rs"), source).expect("the build can write into its own folder");
}

fn compressed(text: &str) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(text.as_bytes()).expect("memory takes everything");
    encoder.finish().expect("memory takes everything")
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}
