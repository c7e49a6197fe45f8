//! The header row: which column of a sheet is what.

use std::collections::HashMap;

use super::carried;
use super::file::{Cell, Row};
use super::mapping::{Mapping, Target};
use crate::domain::text::{same_words, shortened, tidy};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    pub row: u32,
    /// As the file says it, white space tidied; a name that occurs twice is `Date`, `Date (2)`.
    names: Vec<String>,
    targets: Vec<Option<Target>>,
}

/// As many columns as a spreadsheet has: a longer row is noise.
const WIDEST: usize = 16_384;

impl Header {
    /// None where this row is not the header.
    pub fn find(row: &Row, mapping: &Mapping) -> Option<Header> {
        if row.cells.len() > WIDEST {
            return None;
        }
        let header = Header::of(row, mapping);
        let marked = match &mapping.header {
            Some(mark) => row.cells.iter().any(|cell| same_words(&cell.text(), mark)),
            None => header.targets.iter().flatten().any(|target| target.is_enquiry_date()),
        };
        marked.then_some(header)
    }

    fn of(row: &Row, mapping: &Mapping) -> Header {
        let names = names(row);
        let targets = names.iter().map(|name| mapping.target(name)).collect();
        Header { row: row.number, names, targets }
    }

    /// What its columns are called, for a sentence about one that is missing.
    pub fn said(&self) -> String {
        said(&self.names)
    }

    pub fn width(&self) -> usize {
        self.names.len()
    }

    pub fn target(&self, column: usize) -> Option<Target> {
        self.targets.get(column).copied().flatten()
    }

    pub fn has_enquiry_date(&self) -> bool {
        self.targets.iter().flatten().any(|target| target.is_enquiry_date())
    }

    /// The file's own name of a column; of one without a name its letter.
    pub fn name(&self, column: usize) -> String {
        match self.names.get(column).filter(|name| !name.is_empty()) {
            Some(name) => name.clone(),
            None => format!("column {}", letters(column)),
        }
    }

    /// The file's own name of the first column that is this.
    pub fn name_of(&self, target: Target) -> Option<String> {
        self.targets.iter().position(|mapped| *mapped == Some(target)).map(|column| self.name(column))
    }

    pub fn is_nameless(&self, column: usize) -> bool {
        self.names.get(column).is_none_or(String::is_empty)
    }

    /// What stands in the first column that is this, if anything.
    pub fn cell_of<'a>(&self, row: &'a Row, target: Target) -> Option<&'a Cell> {
        let column = self.targets.iter().position(|mapped| *mapped == Some(target))?;
        Some(row.cell(column)).filter(|cell| !cell.is_empty())
    }

    /// Rows with the same value are one enquiry.
    pub fn group_of(&self, row: &Row) -> Option<String> {
        self.cell_of(row, Target::Group).map(|cell| tidy(&cell.text()).to_lowercase())
    }

    pub fn unknown(&self) -> impl Iterator<Item = &str> {
        let named = self.names.iter().zip(&self.targets).filter(|(name, target)| !name.is_empty() && target.is_none());
        named.map(|(name, _)| name.as_str()).filter(|name| !carried::is_one(name))
    }

    /// The header once more, in the middle of a sheet.
    pub fn is_again(&self, row: &Row) -> bool {
        let mut filled = row.filled().peekable();
        filled.peek().is_some() && filled.all(|(column, cell)| self.says(column, cell))
    }

    fn says(&self, column: usize, cell: &Cell) -> bool {
        let text = cell.text();
        self.names.get(column).is_some_and(|name| {
            same_words(name, &text) || name.rsplit_once(" (").is_some_and(|(name, _)| same_words(name, &text))
        })
    }
}

/// What the columns of a header row are called: white space tidied, a name that occurs twice is `Date`, `Date (2)`.
pub fn names(row: &Row) -> Vec<String> {
    let mut names: Vec<String> = Vec::with_capacity(row.cells.len());
    // How often each was there; `Date (2)` counts as another `Date`.
    let mut seen: HashMap<String, usize> = HashMap::new();
    for cell in &row.cells {
        let name = tidy(&cell.text());
        let before = if name.is_empty() { 0 } else { seen.get(&name).copied().unwrap_or(0) };
        let name = if before == 0 { name } else { format!("{name} ({})", before + 1) };
        for counted in std::iter::once(name.as_str()).chain(first_of(&name)) {
            *seen.entry(counted.to_owned()).or_default() += 1;
        }
        names.push(name);
    }
    names
}

/// `“Name”, “Postcode” and 14 more`.
pub fn said(names: &[String]) -> String {
    const MOST: usize = 8;
    let named: Vec<&String> = names.iter().filter(|name| !name.is_empty() && !carried::is_one(name)).collect();
    let first = named.iter().take(MOST).map(|name| format!("“{}”", shortened(name, 40)));
    let first = first.collect::<Vec<_>>().join(", ");
    if named.len() > MOST { format!("{first} and {} more", named.len() - MOST) } else { first }
}

/// A row above which there is no header.
pub struct Seen {
    pub row: u32,
    pub names: Vec<String>,
}

impl Seen {
    /// A title stands in one cell, and what is wider than any sheet is noise.
    pub fn of(row: &Row) -> Option<Seen> {
        let may_be = row.filled().take(2).count() == 2 && row.cells.len() <= WIDEST;
        may_be.then(|| Seen { row: row.number, names: names(row) })
    }
}

/// The `Date` of `Date (2)`.
fn first_of(name: &str) -> Option<&str> {
    let (first, number) = name.strip_suffix(')')?.rsplit_once(" (")?;
    number.parse::<u32>().is_ok().then_some(first)
}

/// `A`, `Z`, `AA`, as a spreadsheet names columns.
pub fn letters(column: usize) -> String {
    let (mut letters, mut left) = (String::new(), column + 1);
    while left > 0 {
        let letter = u8::try_from((left - 1) % 26).unwrap_or(0);
        letters.insert(0, char::from(b'A' + letter));
        left = (left - 1) / 26;
    }
    letters
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::enquiry_row::Column;

    fn row(names: &[&str]) -> Row {
        let cells = names.iter().map(|name| Cell::Text((*name).to_owned())).collect();
        Row { number: 4, cells, reached: Vec::new() }
    }

    #[test]
    fn headers_are_matched_whatever_their_spaces() {
        let mapping = Mapping::parse(
            "header = \"Date of enq\"\n[columns]\n\"Date of enq\" = \"received_on\"\n\"Date\" = \"initial_visit_on\"\n\
             \"Date (2)\" = \"panel_on\"\n",
            &[],
        )
        .unwrap();
        let header = Header::find(&row(&["Date of\nenq", " Date", "date ", "", "Date ", "Colour"]), &mapping).unwrap();
        assert_eq!(header.target(0), Some(Target::Column(Column::ReceivedOn)));
        assert_eq!(header.target(1), Some(Target::Column(Column::InitialVisitOn)));
        assert_eq!(header.name(4), "Date (2)");
        assert_eq!(header.target(4), Some(Target::Column(Column::PanelOn)));
        assert_eq!(header.name(3), "column D");
        assert_eq!(header.unknown().collect::<Vec<_>>(), ["Colour"]);
        assert!(header.is_again(&row(&["DATE OF ENQ", "Date", "", "", "Date"])));
        assert!(!header.is_again(&row(&["Date of enq", "3/4/24"])));
        assert!(Header::find(&row(&["Enquiries", "Date"]), &mapping).is_none());
    }

    #[test]
    fn columns_without_a_name_have_letters() {
        assert_eq!([0, 25, 26, 701, 702].map(letters), ["A", "Z", "AA", "ZZ", "AAA"]);
    }
}
