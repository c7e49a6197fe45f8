//! Text files of records: separator, quotes and letters are found out.

use std::io::{BufReader, Cursor, Read};
use std::ops::ControlFlow;

use super::encoding::{self, Found, Utf8};
use super::{Bytes, Cell, Dialect, NotATable, Row};

/// So much of the beginning shows how a file is written.
const SAMPLE: u64 = 128 * 1024;
const SAMPLE_RECORDS: usize = 40;

const SEPARATORS: [char; 4] = [',', ';', '\t', '|'];
const QUOTES: [char; 2] = ['"', '\''];

pub struct Csv {
    bytes: Box<dyn Bytes>,
    found: Found,
    dialect: Dialect,
}

impl Csv {
    pub fn open(mut bytes: Box<dyn Bytes>, known: &dyn Fn(&str) -> bool) -> Result<Csv, NotATable> {
        let found = encoding::find(BufReader::new(&mut bytes))?;
        bytes.rewind()?;
        let mut sample = Vec::new();
        Utf8::new(&mut bytes, found).take(SAMPLE).read_to_end(&mut sample)?;
        let (separator, quote) = separator_and_quote(&sample, known);
        let dialect = Dialect { encoding: found.name(), byte_order_mark: found.byte_order_mark, separator, quote };
        Ok(Csv { bytes, found, dialect })
    }

    pub fn dialect(&self) -> &Dialect {
        &self.dialect
    }

    /// Records in which something stands; empty lines count as records, as they do in a spreadsheet.
    pub fn rows(&mut self, each: &mut dyn FnMut(&Row) -> ControlFlow<()>) -> Result<(), NotATable> {
        self.bytes.rewind()?;
        let mut reader = reader(Utf8::new(&mut self.bytes, self.found), self.dialect.separator, self.dialect.quote);
        let mut record = csv::StringRecord::new();
        let mut row = Row::default();
        loop {
            let line = reader.position().line();
            if !reader.read_record(&mut record).map_err(unreadable)? {
                return Ok(());
            }
            let within: usize = record.iter().map(|field| field.matches('\n').count()).sum();
            let lines = reader.position().line().saturating_sub(line);
            let empty_lines = lines.saturating_sub(1 + within as u64);
            row.number = row.number.saturating_add(1).saturating_add(u32::try_from(empty_lines).unwrap_or(u32::MAX));
            // An open quote takes even the last line end in: rows of the file would be lost in one cell.
            if within > 1 && lines == within as u64 {
                return Err(unclosed(row.number));
            }
            row.cells.clear();
            row.cells.extend(record.iter().map(cell));
            if each(&row).is_break() {
                return Ok(());
            }
        }
    }
}

fn cell(field: &str) -> Cell {
    if field.is_empty() { Cell::Empty } else { Cell::Text(field.to_owned()) }
}

fn reader<R: Read>(text: R, separator: char, quote: char) -> csv::Reader<R> {
    csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(u8::try_from(separator).unwrap_or(b','))
        .quote(u8::try_from(quote).unwrap_or(b'"'))
        .from_reader(text)
}

fn unclosed(record: u32) -> NotATable {
    NotATable::because(format!(
        "A quote that begins in row {record} never ends, and everything below it was read into one cell. \
         End it, or take it out"
    ))
}

fn unreadable(error: csv::Error) -> NotATable {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => NotATable::Io(error),
        _ => NotATable::because("The file cannot be read as records"),
    }
}

/// The pair under which most headers are known; where none is known, the one that makes most columns.
fn separator_and_quote(sample: &[u8], known: &dyn Fn(&str) -> bool) -> (char, char) {
    if let Some(separator) = said(sample) {
        return (separator, '"');
    }
    let pairs = SEPARATORS.iter().flat_map(|separator| QUOTES.iter().map(|quote| (*separator, *quote)));
    let scored = pairs.map(|(separator, quote)| (score(sample, separator, quote, known), (separator, quote)));
    // Of equals the first.
    scored.rev().max_by_key(|(score, _)| *score).map_or((',', '"'), |(_, pair)| pair)
}

/// Excel writes `sep=;` into a first line of its own.
fn said(sample: &[u8]) -> Option<char> {
    let rest = sample.strip_prefix(b"sep=").or_else(|| sample.strip_prefix(b"\"sep="))?;
    rest.first().map(|byte| char::from(*byte)).filter(|separator| SEPARATORS.contains(separator))
}

fn score(sample: &[u8], separator: char, quote: char, known: &dyn Fn(&str) -> bool) -> (usize, usize) {
    let mut reader = reader(Cursor::new(sample), separator, quote);
    let records = reader.records().filter_map(Result::ok).take(SAMPLE_RECORDS);
    records.map(|record| (record.iter().filter(|field| known(field)).count(), record.len())).max().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn open(text: &[u8]) -> Csv {
        let known = |header: &str| ["reference", "received_on", "notes"].contains(&header);
        Csv::open(Box::new(Cursor::new(text.to_vec())), &known).unwrap()
    }

    fn read(text: &[u8]) -> Vec<(u32, Vec<String>)> {
        let mut rows = Vec::new();
        let keep = &mut |row: &Row| {
            rows.push((row.number, row.cells.iter().map(|cell| cell.text().into_owned()).collect()));
            ControlFlow::Continue(())
        };
        open(text).rows(keep).unwrap();
        rows
    }

    #[test]
    fn separators_and_quotes_are_found_out() {
        for (text, separator, quote) in [
            ("reference,received_on,notes\n1,2,\"a;b;c;d;e\"\n", ',', '"'),
            ("reference;received_on;notes\n1;2;a,b,c,d,e\n", ';', '"'),
            ("reference\treceived_on\tnotes\n", '\t', '"'),
            ("reference|received_on|notes\n", '|', '"'),
            ("'reference','received_on','notes'\n'1','2','it said, no'\n", ',', '\''),
            ("sep=;\nreference;received_on\n", ';', '"'),
            ("one column\n", ',', '"'),
            ("title\n\nreference;received_on;notes\n", ';', '"'),
        ] {
            let dialect = open(text.as_bytes()).dialect().clone();
            assert_eq!((dialect.separator, dialect.quote), (separator, quote), "{text}");
        }
    }

    #[test]
    fn records_have_the_number_that_a_spreadsheet_shows() {
        let numbers = |text: &[u8]| read(text).into_iter().map(|(number, _)| number).collect::<Vec<_>>();
        for line_end in ["\n", "\r\n", "\r"] {
            let text = "reference,notes\n1,a\n\n2,\"two\nlines\"\n\n\n3,c".replace('\n', line_end);
            assert_eq!(numbers(text.as_bytes()), [1, 2, 4, 7], "{line_end:?}");
        }
    }

    #[test]
    fn quoted_line_ends_and_quotes_are_kept() {
        let rows = read(b"reference,notes\r\n1,\"a \"\"b\"\"\r\nc\"\r\n");
        assert_eq!(rows[1].1, ["1", "a \"b\"\nc"]);
    }

    #[test]
    fn a_quote_that_never_ends_is_told_and_swallows_nothing() {
        let all = |text: &str| open(text.as_bytes()).rows(&mut |_| ControlFlow::Continue(()));
        for text in ["reference,notes\n1,a\n2,\"b\n3,c\n4,d", "reference,notes\n1,a\n2,\"b\n3,c\n4,d\n\n"] {
            let refused = all(text).unwrap_err().to_string();
            assert!(refused.starts_with("A quote that begins in row 3 never ends"), "{refused}");
        }
        for text in
            ["reference,notes\n1,\"b\nc\n\"", "reference,notes\n1,\"b\n\nc\n\n\"\n\n\n", "reference,notes\n1,\"b"]
        {
            assert!(all(text).is_ok(), "{text}");
        }
    }

    #[test]
    fn a_file_can_be_read_again() {
        let mut csv = open(b"reference,notes\n1,a\n2,b\n");
        for _ in 0..2 {
            let mut count = 0;
            csv.rows(&mut |_| {
                count += 1;
                ControlFlow::Continue(())
            })
            .unwrap();
            assert_eq!(count, 3);
        }
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
            if let Ok(mut csv) = Csv::open(Box::new(Cursor::new(bytes)), &|_| false) {
                let _ = csv.rows(&mut |_| ControlFlow::Continue(()));
            }
        }
    }
}
