//! A file of rows, whatever its kind: CSV, XLSX or ODS. Rows are handed over one at a time.

mod bomb;
mod csv;
mod encoding;
mod ods;
mod xlsx;

use std::borrow::Cow;
use std::io::{Read, Seek, SeekFrom};
use std::ops::ControlFlow;

use jiff::civil::Date;

use crate::domain::day::Day;

/// Where the bytes come from: a file on disk, or an upload in memory.
pub trait Bytes: Read + Seek + Send {}
impl<T: Read + Seek + Send> Bytes for T {}

/// ODS is read whole.
pub const LARGEST_ODS: u64 = 20 * 1024 * 1024;

/// How large a file may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// All parts of a workbook together, unpacked, in bytes.
    pub unpacked: u64,
    /// Texts that all sheets share are held in memory.
    pub shared: u64,
    pub rows: Option<usize>,
}

impl Limits {
    /// On the command line. A sheet of 200,000 rows and 50 columns takes about 600 MB.
    pub const COMMAND: Limits = Limits { unpacked: 1024 * 1024 * 1024, shared: 160 * 1024 * 1024, rows: None };
    /// In the browser, beside everybody else's work.
    pub const BROWSER: Limits = Limits { unpacked: 256 * 1024 * 1024, shared: 64 * 1024 * 1024, rows: Some(20_000) };
}

#[derive(Debug, thiserror::Error)]
pub enum NotATable {
    /// One sentence for the person who brought the file.
    #[error("{0}")]
    Refused(String),
    #[error("The file cannot be read: {0}")]
    Io(#[from] std::io::Error),
}

impl NotATable {
    pub fn because(sentence: impl Into<String>) -> NotATable {
        NotATable::Refused(sentence.into())
    }
}

#[derive(Debug, Clone, PartialEq, Default)]
pub enum Cell {
    #[default]
    Empty,
    Text(String),
    Number(f64),
    /// A real date, whatever its format; a time of day is left off.
    Day(Day),
    YesNo(bool),
}

impl Cell {
    pub fn is_empty(&self) -> bool {
        match self {
            Cell::Empty => true,
            Cell::Text(text) => text.chars().all(|it| it.is_whitespace() || it == '\u{200b}'),
            _ => false,
        }
    }

    /// As it would stand in a text cell; whole numbers without a point.
    pub fn text(&self) -> Cow<'_, str> {
        match self {
            Cell::Empty => Cow::Borrowed(""),
            Cell::Text(text) => Cow::Borrowed(text),
            Cell::Number(number) if number.fract() == 0.0 => Cow::Owned(format!("{number:.0}")),
            Cell::Number(number) => Cow::Owned(number.to_string()),
            Cell::Day(day) => Cow::Owned(day.to_string()),
            Cell::YesNo(yes) => Cow::Borrowed(if *yes { "yes" } else { "no" }),
        }
    }
}

#[derive(Debug, Clone, PartialEq, Default)]
pub struct Row {
    /// As a spreadsheet shows it; of a CSV the record's number, the first being 1.
    pub number: u32,
    pub cells: Vec<Cell>,
    /// Columns that a merged cell of a row above reaches down to.
    pub reached: Vec<usize>,
}

impl Row {
    pub fn cell(&self, column: usize) -> &Cell {
        const EMPTY: &Cell = &Cell::Empty;
        self.cells.get(column).unwrap_or(EMPTY)
    }

    /// Columns in which something stands, merged cells of rows above left out.
    pub fn filled(&self) -> impl Iterator<Item = (usize, &Cell)> {
        self.cells.iter().enumerate().filter(|(at, cell)| !cell.is_empty() && !self.reached.contains(at))
    }
}

/// From which day a spreadsheet counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Epoch {
    Of1900,
    Of1904,
}

impl Epoch {
    /// The day of a serial number; None outside of what is a calendar.
    pub fn day(self, serial: f64) -> Option<Day> {
        // Day 60 of the 1900 system never was; nothing before it matters here.
        let zero = match self {
            Epoch::Of1900 => Date::constant(1899, 12, 30),
            Epoch::Of1904 => Date::constant(1904, 1, 1),
        };
        if !(1.0..2_958_466.0).contains(&serial) {
            return None;
        }
        #[allow(clippy::cast_possible_truncation, reason = "within the range just checked")]
        let days = serial.floor() as i32;
        Some(Day(zero).plus_days(days))
    }
}

/// What was found out about a text file.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Dialect {
    pub encoding: &'static str,
    pub byte_order_mark: bool,
    pub separator: char,
    pub quote: char,
}

pub enum Table {
    Csv(csv::Csv),
    Xlsx(Box<xlsx::Workbook>),
    Ods(ods::Workbook),
}

impl Table {
    /// Tells the kind by content, never by name. `known` says which headers are expected, to tell separators apart.
    pub fn open(mut bytes: Box<dyn Bytes>, limits: &Limits, known: &dyn Fn(&str) -> bool) -> Result<Table, NotATable> {
        let length = bytes.seek(SeekFrom::End(0))?;
        bytes.rewind()?;
        let mut start = Vec::with_capacity(ENOUGH);
        bytes.by_ref().take(ENOUGH as u64).read_to_end(&mut start)?;
        bytes.rewind()?;
        if length == 0 {
            return Err(NotATable::because("The file is empty"));
        }
        if start.starts_with(b"\xD0\xCF\x11\xE0") {
            return Err(NotATable::because(
                "This is a workbook of an old kind (.xls), or one with a password. Save it as .xlsx without a password",
            ));
        }
        if start.starts_with(b"PK") {
            return Table::open_zip(bytes, length, limits);
        }
        if let Some(sentence) = no_table(&start) {
            return Err(NotATable::because(sentence));
        }
        Ok(Table::Csv(csv::Csv::open(bytes, known)?))
    }

    fn open_zip(mut bytes: Box<dyn Bytes>, length: u64, limits: &Limits) -> Result<Table, NotATable> {
        let names = bomb::checked_names(&mut bytes, limits)?;
        bytes.rewind()?;
        let has = |name: &str| names.iter().any(|it| it == name);
        if has("[Content_Types].xml") && names.iter().any(|name| name.ends_with("workbook.xml")) {
            return Ok(Table::Xlsx(Box::new(xlsx::Workbook::open(bytes)?)));
        }
        if has("content.xml") && has("mimetype") {
            if length > LARGEST_ODS {
                return Err(NotATable::because("This ODS file is larger than 20 MB. Save it as .xlsx or as CSV"));
            }
            return Ok(Table::Ods(ods::Workbook::open(bytes)?));
        }
        Err(NotATable::because("This is no workbook: a zip file with something else in it. XLSX, ODS and CSV are read"))
    }

    /// Empty for a CSV.
    pub fn sheets(&self) -> Vec<String> {
        match self {
            Table::Csv(_) => Vec::new(),
            Table::Xlsx(workbook) => workbook.sheets(),
            Table::Ods(workbook) => workbook.sheets(),
        }
    }

    pub fn dialect(&self) -> Option<&Dialect> {
        match self {
            Table::Csv(csv) => Some(csv.dialect()),
            Table::Xlsx(_) | Table::Ods(_) => None,
        }
    }

    pub fn epoch(&self) -> Epoch {
        match self {
            Table::Xlsx(workbook) => workbook.epoch(),
            Table::Csv(_) | Table::Ods(_) => Epoch::Of1900,
        }
    }

    /// Whether a sheet of a workbook has more rows than these, told before it is read; of other files reading tells soon.
    pub fn is_longer(&mut self, sheet: Option<&str>, most: usize) -> Result<bool, NotATable> {
        match self {
            Table::Xlsx(workbook) => workbook.is_longer(sheet.unwrap_or_default(), most),
            Table::Csv(_) | Table::Ods(_) => Ok(false),
        }
    }

    /// Every row in which something stands, in order, until told to stop. May be called again.
    pub fn rows(
        &mut self,
        sheet: Option<&str>,
        each: &mut dyn FnMut(&Row) -> ControlFlow<()>,
    ) -> Result<(), NotATable> {
        match self {
            Table::Csv(csv) => csv.rows(each),
            Table::Xlsx(workbook) => workbook.rows(sheet.unwrap_or_default(), each),
            Table::Ods(workbook) => workbook.rows(sheet.unwrap_or_default(), each),
        }
    }
}

/// So many bytes tell what a file is.
const ENOUGH: usize = 512;

/// What people send in place of a table, and what to do about it.
fn no_table(start: &[u8]) -> Option<&'static str> {
    let text = String::from_utf8_lossy(start);
    let text = text.trim_start_matches(|it: char| it == '\u{feff}' || it.is_whitespace()).to_lowercase();
    let inside = text.strip_prefix(['{', '[']).map(str::trim_start);
    if text.starts_with("%pdf") {
        return Some("This is a PDF, not a table. Save the table that it was made from as CSV, XLSX or ODS");
    }
    if ["<!", "<?xml", "<html", "<table", "<head", "<meta"].iter().any(|it| text.starts_with(it)) {
        return Some(
            "This is a web page (HTML or XML), not a table. Open it in a spreadsheet and save it as CSV or XLSX",
        );
    }
    // `[Date],Name` may well be a header.
    if inside.is_some_and(|inside| inside.starts_with(['"', '{'])) {
        return Some("This is JSON, not a table. Save it as CSV, with the names of its columns in the first row");
    }
    None
}

/// Cells that reach over several rows or columns: the first one's value belongs to each row of its column, and to
/// nothing else.
#[derive(Debug, Default)]
pub struct Merged {
    /// In order of the first row; first row, last row, first column, last column.
    regions: Vec<(u32, u32, usize, usize)>,
    next: usize,
    /// Column, last row, last column, value.
    open: Vec<(usize, u32, usize, Cell)>,
}

impl Merged {
    pub fn new(mut regions: Vec<(u32, u32, usize, usize)>) -> Merged {
        regions.sort_unstable();
        Merged { regions, ..Merged::default() }
    }

    /// Fills what merged cells above reach down to, and empties what they cover.
    pub fn reach(&mut self, row: &mut Row) {
        self.open.retain(|(_, last, _, _)| *last >= row.number);
        for (column, _, last_column, value) in &self.open {
            if row.cells.len() <= *column {
                row.cells.resize(column + 1, Cell::Empty);
            }
            empty(row, *column, *last_column);
            if let Some(cell) = row.cells.get_mut(*column) {
                *cell = value.clone();
            }
            row.reached.push(*column);
        }
        while let Some((first, last, column, last_column)) = self.regions.get(self.next).copied() {
            if first > row.number {
                break;
            }
            self.next += 1;
            // Regions above, of rows in which nothing stands, reach down nothing.
            if first == row.number {
                empty(row, column + 1, last_column);
                if last > first {
                    self.open.push((column, last, last_column, row.cell(column).clone()));
                }
            }
        }
    }
}

fn empty(row: &mut Row, from: usize, to: usize) {
    row.cells.iter_mut().take(to + 1).skip(from).for_each(|cell| *cell = Cell::Empty);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn serial_numbers_are_days_of_either_system() {
        assert_eq!(Epoch::Of1900.day(45385.0).map(|day| day.to_string()).as_deref(), Some("2024-04-03"));
        assert_eq!(Epoch::Of1900.day(45518.695).map(|day| day.to_string()).as_deref(), Some("2024-08-14"));
        assert_eq!(Epoch::Of1904.day(45385.0 - 1462.0).map(|day| day.to_string()).as_deref(), Some("2024-04-03"));
        for none in [0.0, -4.0, 1e9, f64::NAN, f64::INFINITY] {
            assert_eq!(Epoch::Of1900.day(none), None);
        }
    }

    #[test]
    fn merged_cells_reach_down_one_column_and_nowhere_else() {
        let text = |text: &str| Cell::Text(text.to_owned());
        let mut merged = Merged::new(vec![(2, 3, 0, 1), (5, 5, 0, 2)]);
        let mut first = Row { number: 2, cells: vec![text("a"), text("covered"), text("b")], reached: Vec::new() };
        merged.reach(&mut first);
        assert_eq!(first.cells, [text("a"), Cell::Empty, text("b")]);
        let mut second = Row { number: 3, cells: vec![], reached: Vec::new() };
        merged.reach(&mut second);
        assert_eq!((second.cells.clone(), second.filled().count()), (vec![text("a")], 0));
        let mut third = Row { number: 4, cells: vec![text("c")], reached: Vec::new() };
        merged.reach(&mut third);
        assert_eq!((third.cells.clone(), third.filled().count()), (vec![text("c")], 1));
    }

    fn refusal(bytes: Vec<u8>) -> String {
        match Table::open(Box::new(std::io::Cursor::new(bytes)), &Limits::COMMAND, &|_| false) {
            Ok(_) => "taken".to_owned(),
            Err(refused) => refused.to_string(),
        }
    }

    fn zip_of_zeros() -> Vec<u8> {
        use std::io::Write;
        let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        zip.start_file("xl/worksheets/sheet1.xml", zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(&[0; 4096]).unwrap();
        zip.finish().unwrap().into_inner()
    }

    #[test]
    fn what_is_no_table_is_refused_in_one_sentence() {
        let mut noise = vec![0u8; 20 * 1024 * 1024];
        let mut seed = 0x2545_F491_4F6C_DD1D_u64;
        for byte in &mut noise {
            seed ^= seed << 13;
            seed ^= seed >> 7;
            seed ^= seed << 17;
            *byte = seed.to_le_bytes()[3];
        }
        assert!(refusal(noise).contains("no text"));
        assert_eq!(refusal(Vec::new()), "The file is empty");
        assert!(refusal(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1rest".to_vec()).contains(".xls"));
        assert!(refusal(b"PK\x03\x04 and then nothing".to_vec()).contains("damaged"));
        for (bytes, kind) in [
            (&b"%PDF-1.7\n%\x80\x81\x00\x01\n"[..], "This is a PDF"),
            (b"\xEF\xBB\xBF\n<!DOCTYPE html><table>", "This is a web page"),
            (b"<?xml version=\"1.0\"?><Workbook>", "This is a web page"),
            (b"[ {\"received_on\": \"2024-04-03\"}]", "This is JSON"),
            (b"{\"rows\": []}", "This is JSON"),
            (b"[Date],Name\n2024-04-03,Ann", "taken"),
            (b"<18 years,received_on\n", "taken"),
        ] {
            assert!(refusal(bytes.to_vec()).starts_with(kind), "{kind}: {}", refusal(bytes.to_vec()));
        }
        let bomb = |limits: &Limits| {
            bomb::checked_names(&mut (Box::new(std::io::Cursor::new(zip_of_zeros())) as Box<dyn Bytes>), limits)
        };
        let small = Limits { unpacked: 1000, ..Limits::COMMAND };
        let said = bomb(&small).err().map(|it| it.to_string()).unwrap_or_default();
        assert!(said.contains("Save the sheet as CSV") && !said.contains("hearth import"), "{said}");
        let in_the_browser = Limits { rows: Limits::BROWSER.rows, ..small };
        assert!(bomb(&in_the_browser).err().is_some_and(|it| it.to_string().contains("hearth import enquiries")));
    }
}
