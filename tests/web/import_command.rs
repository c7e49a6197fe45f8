//! `hearth import enquiries` and `hearth export enquiries`, run as a person runs them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;

const EXAMPLES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/examples");

struct Desk {
    folder: TempDir,
}

struct Said {
    code: Option<i32>,
    out: String,
    error: String,
}

impl Desk {
    fn new() -> Desk {
        let desk = Desk { folder: tempfile::tempdir().unwrap() };
        assert_eq!(desk.run(&["migrate"]).code, Some(0));
        desk
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn run(&self, arguments: &[&str]) -> Said {
        let mut command = Command::new(env!("CARGO_BIN_EXE_hearth"));
        command.env_clear().args(arguments).args(["--database", "hearth.db"]).current_dir(self.folder.path());
        let said = command.output().unwrap();
        Said {
            code: said.status.code(),
            out: String::from_utf8(said.stdout).unwrap(),
            error: String::from_utf8(said.stderr).unwrap(),
        }
    }

    fn import(&self, file: &str, more: &[&str]) -> Said {
        let file = format!("{EXAMPLES}/{file}");
        self.run(&[&["import", "enquiries", &file], more].concat())
    }
}

#[test]
fn a_program_reads_what_became_of_each_row() {
    let desk = Desk::new();
    let mapping = format!("{EXAMPLES}/council-tracker-2024-25.mapping.toml");
    let arguments = ["--mapping", &mapping, "--format", "json"];
    let dry = desk.import("council-tracker-2024-25.xlsx", &[&arguments[..], &["--dry-run"]].concat());
    let said = desk.import("council-tracker-2024-25.xlsx", &arguments);
    assert_eq!((said.code, said.error.as_str()), (Some(0), ""));
    let (mut dry, said): (Value, Value) =
        (serde_json::from_str(&dry.out).unwrap(), serde_json::from_str(&said.out).unwrap());
    assert_eq!(
        (said["rows"].as_u64(), said["created"].as_u64(), said["already_known"].as_u64()),
        (Some(192), Some(176), Some(4))
    );
    assert_eq!(said["refused"][0]["sheet"], "2023-24");
    assert_eq!(said["refused"][0]["column"], "IV date");
    assert_eq!(said["refused"][0]["problem"], "“30/02/2024” is not a date; write one like 31/03/2025 (day/month/year)");
    dry["dry_run"] = Value::Bool(false);
    assert_eq!(dry, said);
}

#[test]
fn a_person_reads_it_too() {
    let desk = Desk::new();
    let said = desk.import("simple.csv", &[]);
    assert_eq!(said.code, Some(0), "{}", said.error);
    assert!(said.out.contains("60  new enquiries") && said.out.contains("Read as utf-8, separator ,"), "{}", said.out);
    let again = desk.import("simple.csv", &[]);
    assert!(again.out.contains("0  new enquiries") && again.out.contains("60  already known"), "{}", again.out);
}

#[test]
fn what_cannot_be_taken_is_said_in_one_sentence() {
    let desk = Desk::new();
    let noise: Vec<u8> =
        (0..20_000_000_u32).map(|at| (at.wrapping_mul(2_654_435_761) >> 13).to_le_bytes()[0]).collect();
    fs::write(desk.path("noise.csv"), noise).unwrap();
    fs::write(desk.path("names.csv"), "name,postcode\nAnn,TS1 1XX\n").unwrap();
    fs::write(desk.path("bad.toml"), "shets = []\n").unwrap();
    fs::write(desk.path("empty.csv"), "").unwrap();
    for (arguments, code, sentence) in [
        (&["noise.csv"][..], 1, "no text and no workbook"),
        (&["names.csv"], 1, "no column holds the date of the enquiry"),
        (&["empty.csv"], 1, "The file is empty"),
        (&["absent.csv"], 1, "there is no file absent.csv. Check its name"),
        (&["names.csv", "--mapping", "absent.toml"], 1, "there is no file absent.toml. Check its name"),
        (&["."], 1, "is a folder"),
        (&["names.csv", "--mapping", "bad.toml"], 1, "unknown field `shets`"),
        (&["names.csv", "--date-order", "ydm"], 2, "is not an order of dates"),
        (&["names.csv", "--format", "xml"], 2, "invalid value"),
        (&[], 2, "FILE"),
    ] {
        let said = desk.run(&[&["import", "enquiries"], arguments].concat());
        assert_eq!(said.code, Some(code), "{arguments:?}: {}", said.error);
        assert!(said.error.contains(sentence), "{arguments:?}: {}", said.error);
        assert!(said.out.is_empty(), "{arguments:?}: {}", said.out);
    }
    let sheets = desk.import("simple.csv", &["--sheet", "2024"]);
    assert_eq!(sheets.code, Some(2), "{}", sheets.error);
    assert!(sheets.error.contains("a CSV file has no sheets") && sheets.out.is_empty(), "{}", sheets.error);
    fs::write(desk.path("sheets.toml"), "sheets = [\"2024\"]\n[columns]\n\"received_on\" = \"received_on\"\n").unwrap();
    let said = desk.import("simple.csv", &["--mapping", "sheets.toml", "--dry-run"]);
    assert!(said.code == Some(0) && said.error.contains("a CSV file has no sheets"), "{}", said.error);
    let nowhere = desk.run(&["export", "enquiries", "--out", "enquiries.pdf"]);
    assert!(nowhere.code == Some(1) && nowhere.error.contains(".csv or .xlsx"), "{}", nowhere.error);
}

#[test]
fn one_damaged_cell_refuses_its_row_and_no_other() {
    let desk = Desk::new();
    let rows = "reference,received_on,applicant_1_name\nR1,2025-03-03,Ann Lee\nR2,2025-03-03,Bob\0 Lee\n";
    fs::write(desk.path("damaged.csv"), rows).unwrap();
    let said = desk.run(&["import", "enquiries", "damaged.csv", "--format", "json"]);
    assert_eq!(said.code, Some(0), "{}", said.error);
    let report: Value = serde_json::from_str(&said.out).unwrap();
    assert_eq!((report["created"].as_u64(), report["refused"].as_array().map(Vec::len)), (Some(1), Some(1)));
    assert_eq!(
        (&report["refused"][0]["row"], &report["refused"][0]["column"]),
        (&3.into(), &"applicant_1_name".into())
    );
    assert!(report["refused"][0]["problem"].as_str().unwrap().contains("in no text"));
}

/// Months first, and a hub: brought back without a mapping, a corrected row is read as the first file was.
#[test]
fn refused_rows_carry_their_mapping() {
    let desk = Desk::new();
    let mapping = "date_order = \"dmy\"\nhub = { name = \"Foster Tees\", always = true }\n[columns]\n\"Seen\" = \
                   \"received_on\"\n\"Who\" = \"applicants.name\"\n";
    fs::write(desk.path("m.toml"), mapping).unwrap();
    fs::write(desk.path("m.csv"), "Seen,Who\n04/05/2024,Ann Lee\n04/31/2024,Bo Ray\n").unwrap();
    let arguments = ["import", "enquiries", "m.csv", "--mapping", "m.toml", "--date-order", "mdy"];
    let said = desk.run(&[&arguments[..], &["--problems", "back.csv"]].concat());
    assert_eq!(said.code, Some(0), "{}", said.error);
    let back = fs::read_to_string(desk.path("back.csv")).unwrap();
    fs::write(desk.path("back.csv"), back.replace("04/31/2024", "05/04/2024")).unwrap();
    let said = desk.run(&["import", "enquiries", "back.csv"]);
    assert_eq!(said.code, Some(0), "{}", said.error);
    assert!(said.error.contains("read with the mapping that back.csv carries"), "{}", said.error);
    desk.run(&["export", "enquiries", "--out", "all.csv"]);
    let all = fs::read_to_string(desk.path("all.csv")).unwrap();
    let of_bo = all.lines().find(|line| line.contains("Bo Ray")).unwrap();
    assert!(of_bo.contains("2024-05-04") && of_bo.contains("Foster Tees"), "{of_bo}");

    fs::write(desk.path("back.csv"), back.replace("received_on", "refused_on")).unwrap();
    let said = desk.run(&["import", "enquiries", "back.csv"]);
    assert_eq!(said.code, Some(1), "{}", said.out);
    assert!(said.error.contains("the mapping that it carries") && said.error.contains("refused_on"), "{}", said.error);
    // By sheet: what was not read the first time is not read when it comes back.
    let tracker = format!("{EXAMPLES}/council-tracker-2024-25.mapping.toml");
    let of_sheet = ["--mapping", &tracker, "--sheet", "2023-24", "--problems", "back.xlsx"];
    assert_eq!(desk.import("council-tracker-2024-25.xlsx", &of_sheet).code, Some(0));
    let said = desk.run(&["import", "enquiries", "back.xlsx", "--format", "json"]);
    let report: Value = serde_json::from_str(&said.out).unwrap();
    let refused = report["refused"].as_array().unwrap();
    assert!(!refused.is_empty() && report["rows"] == refused.len(), "{report}");
    assert!(refused.iter().all(|it| it["sheet"] == "2023-24"), "{report}");
}

#[test]
fn an_export_is_for_its_owner_and_says_what_it_leaves_out() {
    let desk = Desk::new();
    desk.import("all-columns.csv", &[]);
    let said = desk.run(&["export", "enquiries", "--out", "enquiries.csv"]);
    assert_eq!((said.code, said.error.as_str()), (Some(0), ""), "{}", said.out);
    let brought = fs::read_to_string(Path::new(EXAMPLES).join("all-columns.csv")).unwrap();
    let header = |text: &str| text.lines().next().unwrap().to_owned();
    let written = fs::read_to_string(desk.path("enquiries.csv")).unwrap();
    assert_eq!(header(&written), header(&brought));
    assert_eq!(written.lines().count(), 13);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(fs::metadata(desk.path("enquiries.csv")).unwrap().permissions().mode() & 0o777, 0o600);
    }
}

/// What a command writes never takes the place of what it reads, and is begun before anything is taken in.
#[test]
fn a_file_of_problems_takes_no_other_files_place() {
    let desk = Desk::new();
    let rows = "reference,received_on,applicant_1_name\nR1,2025-03-03,Ann Lee\nR2,31/02/2025,Bob Lee\n";
    fs::write(desk.path("rows.csv"), rows).unwrap();
    fs::write(desk.path("m.toml"), "date_order = \"dmy\"\n").unwrap();
    desk.run(&["export", "enquiries", "--out", "empty.csv"]);
    let database = desk.path("hearth.db");
    for taken in ["rows.csv", "./rows.csv", "m.toml", database.to_str().unwrap()] {
        let said = desk.run(&["import", "enquiries", "rows.csv", "--mapping", "m.toml", "--problems", taken]);
        assert_eq!(said.code, Some(2), "{taken}: {}", said.error);
        assert!(said.error.contains("Name another file"), "{}", said.error);
    }
    let said = desk.run(&["export", "enquiries", "--out", &format!("{}-wal", database.display())]);
    assert!(said.code != Some(0), "{}", said.out);
    assert_eq!(fs::read_to_string(desk.path("rows.csv")).unwrap(), rows);
    let said = desk.run(&["import", "enquiries", "rows.csv", "--problems", "nowhere/back.csv"]);
    assert_eq!(said.code, Some(1), "{}", said.out);
    assert!(said.error.contains("nowhere/back.csv cannot be written"), "{}", said.error);
    // Nothing was taken in by any of them.
    let said = desk.run(&["import", "enquiries", "rows.csv", "--problems", "back.csv", "--format", "json"]);
    let report: Value = serde_json::from_str(&said.out).unwrap();
    assert_eq!((report["created"].as_u64(), said.code), (Some(1), Some(0)), "{}", said.error);
    assert!(fs::read_to_string(desk.path("back.csv")).unwrap().contains("Bob Lee"));
    let mut left = fs::read_dir(desk.path("")).unwrap().filter_map(Result::ok);
    assert!(left.all(|file| !file.file_name().to_string_lossy().contains("unfinished")));
}

/// As long as the pages take it, so that it can be saved there again; what stands beside a number goes to the notes.
#[test]
fn long_cells_are_refused_and_words_beside_a_telephone_are_kept() {
    let desk = Desk::new();
    let header = "reference,received_on,applicant_1_name,applicant_1_phone,source";
    let rows = [
        "R1,2025-03-03,Ann Lee,ring after 6pm 07700900123,Radio".to_owned(),
        format!("R2,2025-03-03,{},,", "Ada ".repeat(60)),
        format!("R3,2025-03-03,Bo Ray,,{}", "Sourcey ".repeat(30)),
        format!("{},2025-03-03,Cy Young,,", "R".repeat(201)),
    ];
    fs::write(desk.path("rows.csv"), format!("{header}\n{}\n", rows.join("\n"))).unwrap();
    let said = desk.run(&["import", "enquiries", "rows.csv", "--format", "json"]);
    let report: Value = serde_json::from_str(&said.out).unwrap();
    let refused: Vec<_> = report["refused"].as_array().unwrap().iter().map(|it| it["column"].as_str()).collect();
    assert_eq!(refused, [Some("applicant_1_name"), Some("source"), Some("reference")], "{report}");
    assert!(report["refused"][0]["problem"].as_str().unwrap().contains("200 at most"), "{report}");
    desk.run(&["export", "enquiries", "--out", "all.csv"]);
    let all = fs::read_to_string(desk.path("all.csv")).unwrap();
    assert!(all.contains("07700900123") && all.contains("ring after 6pm"), "{all}");
}

/// Notes beyond what a cell holds are left out and counted, the latest are kept, and the file can be read again.
#[test]
fn an_export_of_long_notes_is_read_again() {
    let desk = Desk::new();
    for letter in ["a", "b"] {
        let note = letter.repeat(20_000);
        let rows = format!("reference,received_on,applicant_1_name,notes\nR1,2025-03-03,Ann Lee,{note}\n");
        fs::write(desk.path("rows.csv"), rows).unwrap();
        assert_eq!(desk.run(&["import", "enquiries", "rows.csv", "--update"]).code, Some(0));
    }
    for name in ["all.csv", "all.xlsx"] {
        let said = desk.run(&["export", "enquiries", "--out", name]);
        assert_eq!(said.code, Some(0), "{}", said.error);
        assert!(said.error.contains("1 notes for which"), "{}", said.error);
        let other = Desk::new();
        fs::copy(desk.path(name), other.path(name)).unwrap();
        let said = other.run(&["import", "enquiries", name, "--format", "json"]);
        let report: Value = serde_json::from_str(&said.out).unwrap();
        assert_eq!(report["created"], 1, "{}{}", said.out, said.error);
        other.run(&["export", "enquiries", "--out", "again.csv"]);
        assert!(fs::read(other.path("again.csv")).unwrap() == fs::read(desk.path("all.csv")).unwrap());
    }
    assert!(fs::read_to_string(desk.path("all.csv")).unwrap().contains(&"b".repeat(20_000)));
}
