//! The mapping that a file of refused rows carries in its header row: brought back, it is read as the file was that it
//! came from. What stands there may have been changed by anybody, so it is read like a mapping that somebody sends.

use std::fs::File;
use std::io::BufReader;
use std::ops::ControlFlow;
use std::path::Path;

use super::file::{Limits, NotATable, Row, Table};
use super::import_error::ImportError;
use super::mapping_file::{LARGEST, MappingFile};
use crate::domain::text::{shortened, tidy};

/// What such cells begin with, before `1/2: `. A cell, as a sheet or a property would not survive being saved as CSV.
const MARK: &str = "Hearth mapping ";
/// In characters: a cell of a spreadsheet holds 32,767.
const LONGEST_PIECE: usize = 30_000;
/// The header is the first row, unless somebody has put others above it.
const MOST_ROWS: usize = 25;

/// The error says why it cannot be used.
pub type Carried = Option<Result<MappingFile, String>>;

/// Cells for the header row, behind all others.
pub fn cells(mapping: &MappingFile) -> Vec<String> {
    let text = serde_json::to_string(mapping).unwrap_or_default();
    if text.len() > LARGEST {
        return Vec::new();
    }
    // Neither quotes nor separators: they would be counted when somebody finds out how the file is written.
    let letters: Vec<char> = form_urlencoded::byte_serialize(text.as_bytes()).flat_map(str::chars).collect();
    let pieces = letters.chunks(LONGEST_PIECE);
    let of = pieces.len();
    pieces.enumerate().map(|(at, piece)| format!("{MARK}{}/{of}: {}", at + 1, String::from_iter(piece))).collect()
}

pub fn is_one(header: &str) -> bool {
    header.starts_with(MARK)
}

/// What a file carries, if anything; one that cannot be opened is said by whoever reads it.
pub fn of_file(path: &Path, limits: &Limits) -> Result<Carried, ImportError> {
    let bytes = BufReader::new(File::open(path)?);
    Ok(find(&mut Table::open(Box::new(bytes), limits, &is_one)?)?)
}

pub fn find(table: &mut Table) -> Result<Carried, NotATable> {
    let sheets = table.sheets();
    let places: Vec<Option<&str>> = match sheets.as_slice() {
        [] => vec![None],
        sheets => sheets.iter().map(|sheet| Some(sheet.as_str())).collect(),
    };
    for sheet in places {
        let (mut rows, mut pieces) = (0, Vec::new());
        table.rows(sheet, &mut |row| {
            pieces = pieces_of(row);
            rows += 1;
            if pieces.is_empty() && rows < MOST_ROWS { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        })?;
        if !pieces.is_empty() {
            // Whoever corrects may leave out a sheet, or give it another name.
            let fitted = |mut file: MappingFile| {
                file.sheets.retain(|name| sheets.contains(name));
                file
            };
            return Ok(Some(joined(pieces).map(fitted)));
        }
    }
    Ok(None)
}

fn pieces_of(row: &Row) -> Vec<String> {
    row.cells.iter().filter_map(|cell| cell.text().strip_prefix(MARK).map(str::to_owned)).collect()
}

fn joined(pieces: Vec<String>) -> Result<MappingFile, String> {
    let mut text = String::new();
    for at in 1..=pieces.len() {
        let begins = format!("{at}/{}: ", pieces.len());
        let piece = pieces.iter().find_map(|piece| piece.strip_prefix(&begins));
        text += piece.ok_or("a part of it is missing")?;
        // Each character may have become three.
        if text.len() > 3 * LARGEST {
            return Err("it is too long".to_owned());
        }
    }
    let plain: String = form_urlencoded::parse(text.as_bytes()).map(|(plain, _)| plain).collect();
    serde_json::from_str(&plain).map_err(|error| shortened(&tidy(&error.to_string()), 100))
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use proptest::prelude::*;

    use super::*;
    use crate::features::imports::file::Cell;
    use crate::features::imports::mapping::Mapping;

    fn found(text: &str) -> Carried {
        let bytes = Cursor::new(text.as_bytes().to_vec());
        find(&mut Table::open(Box::new(bytes), &Limits::BROWSER, &is_one).unwrap()).unwrap()
    }

    fn csv(cells: &[String], separator: char) -> String {
        let quoted: Vec<String> = cells.iter().map(|cell| format!("\"{}\"", cell.replace('"', "\"\""))).collect();
        format!("Date{separator}Name{separator}{}\n", quoted.join(&separator.to_string()))
    }

    #[test]
    fn a_mapping_comes_back_as_it_was_whoever_saved_the_file_again() {
        let text = "header = \"Date\"\ndate_order = \"mdy\"\nhub = { name = \"H\", or_source = \"x\" }\n[columns]\n\
                    \"Date\" = \"received_on\"\n[words.outcome]\n\"w/d  *\" = \"applicant_withdrew\"\n\"a*\" = \
                    \"approved\"\n[words.close_reason]\n\"*spare, \\\"no\\\"*\" = [\"no_spare_room\", \"AW3\"]\n";
        let mut file = MappingFile::parse(text).unwrap();
        for separator in [',', ';'] {
            assert_eq!(found(&csv(&cells(&file), separator)), Some(Ok(file.clone())));
        }
        for at in 0..1_000 {
            file.words.source.insert(format!("source {at} ü, “&=+%”"), toml::Value::String("a source".to_owned()));
        }
        assert!(cells(&file).len() > 1);
        assert_eq!(found(&csv(&cells(&file), ',')), Some(Ok(file.clone())), "also in several cells");
        let order: Vec<_> = found(&csv(&cells(&file), ',')).unwrap().unwrap().words.outcome.keys().cloned().collect();
        assert_eq!(order, ["w/d  *", "a*"], "the order is what counts");
        assert!(found(&csv(&cells(&file)[1..], ',')).unwrap().unwrap_err().contains("missing"));
        assert_eq!(found("Date,Name\n1/2/24,Ann\n"), None);
    }

    #[test]
    fn what_somebody_has_made_of_it_is_refused_with_a_sentence() {
        let deep = format!("{MARK}1/1: {}", "[".repeat(100_000));
        for cell in [
            "Hearth mapping ",
            "Hearth mapping 1/1: ",
            "Hearth mapping 1/1: {\"columns\":{\"Date\":\"received_on\"}",
            "Hearth mapping 1/1: {\"columns\":null}",
            "Hearth mapping 1/1: %7B%22columns%22%3A%7B%7D%2C%22database%22%3A%22x%22%7D",
            "Hearth mapping 1/1: %FF%00%7B",
            "Hearth mapping 0/0: {}",
            "Hearth mapping 1/99999999999999999999: {}",
            deep.as_str(),
        ] {
            let refused = found(&csv(&[cell.to_owned()], ',')).unwrap().unwrap_err();
            assert!(!refused.is_empty() && refused.chars().count() <= 101, "{refused}");
        }
    }

    #[test]
    fn the_mapping_without_a_file_can_be_written_down() {
        assert_eq!(Mapping::of(&MappingFile::canonical(), &[]).unwrap(), Mapping::canonical());
    }

    proptest! {
        #[test]
        fn no_cell_makes_it_panic(text in ".{0,80}") {
            let row = |text: &str| Row { number: 1, cells: vec![Cell::Text(format!("{MARK}{text}"))], reached: Vec::new() };
            for text in [text.clone(), format!("1/1: {text}"), format!("1/1: {{{text}")] {
                let _ = joined(pieces_of(&row(&text)));
            }
        }
    }
}
