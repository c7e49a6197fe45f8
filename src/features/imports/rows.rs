//! What is a row of a sheet, and what only looks like one.

use super::dates;
use super::file::{Cell, Epoch, Row};
use super::header::Header;
use super::mapping::{Mapping, Target, Totals};
use crate::coded;
use crate::domain::text::tidy;

coded! {
    /// Why something in a file is no enquiry and no refusal either.
    pub enum Skip {
        OtherSheet = "other_sheet", "Another sheet";
        Title = "title", "Above the header";
        Section = "section", "A heading or a note";
        HeaderAgain = "header_again", "The header again";
        Total = "total", "A total";
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowKind {
    Enquiry,
    /// Listed, so that nothing is dropped in silence.
    Skipped(Skip),
    Nothing,
}

/// What a row below the header is.
pub fn kind(row: &Row, header: &Header, mapping: &Mapping, epoch: Epoch) -> RowKind {
    let mut filled = row.filled();
    let Some((first_column, first)) = filled.next() else { return RowKind::Nothing };
    if header.is_again(row) {
        return RowKind::Skipped(Skip::HeaderAgain);
    }
    if is_total(row, &mapping.totals) {
        return RowKind::Skipped(Skip::Total);
    }
    let reached = row.reached.iter().any(|column| !row.cell(*column).is_empty());
    if filled.next().is_none() && !reached && !is_date(first, first_column, header, mapping, epoch) {
        return RowKind::Skipped(Skip::Section);
    }
    if row.filled().all(|(_, cell)| mapping.is_blank(&cell.text())) {
        return RowKind::Nothing;
    }
    RowKind::Enquiry
}

/// A number is a date in a column of dates only.
fn is_date(cell: &Cell, column: usize, header: &Header, mapping: &Mapping, epoch: Epoch) -> bool {
    let of_dates = match header.target(column) {
        Some(Target::Column(column)) => column.milestone().is_some(),
        target => target == Some(Target::EndedOn),
    };
    (of_dates || !matches!(cell, Cell::Number(_))) && dates::is_date(cell, mapping.date_order, epoch)
}

fn is_total(row: &Row, totals: &Totals) -> bool {
    let text = |cell: &Cell| match cell {
        Cell::Text(text) => tidy(text).to_lowercase(),
        _ => String::new(),
    };
    match totals {
        Totals::Usual => row.filled().next().is_some_and(|(_, cell)| {
            let text = text(cell);
            ["total", "totals", "grand total"].iter().any(|word| text == *word || text.starts_with(&format!("{word} ")))
                || text.starts_with("total:")
        }),
        Totals::AnyCellStarts(starts) => row.filled().any(|(_, cell)| {
            let text = text(cell);
            starts.iter().any(|start| !start.is_empty() && text.starts_with(start.as_str()))
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(cells: &[&str]) -> Row {
        let cell = |text: &&str| match text.parse() {
            Ok(number) => Cell::Number(number),
            Err(_) if text.is_empty() => Cell::Empty,
            Err(_) => Cell::Text((*text).to_owned()),
        };
        Row { number: 9, cells: cells.iter().map(cell).collect(), reached: Vec::new() }
    }

    fn kind_of(row: &Row) -> RowKind {
        let mapping = Mapping::parse(
            "blank = [\"n/a\"]\nskip = { starts = [\"total\"] }\n[columns]\n\"Date\" = \"received_on\"\n\"Name\" = \
             \"applicants.name\"\n",
            &[],
        )
        .unwrap();
        let header = Header::find(&self::row(&["Date", "Name", "Notes"]), &mapping).unwrap();
        kind(row, &header, &mapping, Epoch::Of1900)
    }

    #[test]
    fn headings_totals_and_headers_are_no_enquiries() {
        for (cells, kind) in [
            (&["", "", ""][..], RowKind::Nothing),
            (&["n/a", "n/a", ""], RowKind::Nothing),
            (&["APRIL 2023", "", ""], RowKind::Skipped(Skip::Section)),
            (&["", "", "NB do not sort"], RowKind::Skipped(Skip::Section)),
            (&["", "", "45385"], RowKind::Skipped(Skip::Section)),
            (&["TOTAL", "96", ""], RowKind::Skipped(Skip::Total)),
            (&["", "Total approved", "8"], RowKind::Skipped(Skip::Total)),
            (&["Date", "Name", "Notes"], RowKind::Skipped(Skip::HeaderAgain)),
            (&["45385", "", ""], RowKind::Enquiry),
            (&["3/4/24", "", ""], RowKind::Enquiry),
            (&["", "Ann Lee", "rang"], RowKind::Enquiry),
            (&["?", "Ann Lee", ""], RowKind::Enquiry),
        ] {
            assert_eq!(kind_of(&row(cells)), kind, "{cells:?}");
        }
    }

    #[test]
    fn a_date_from_above_makes_a_name_alone_an_enquiry() {
        let below = Row { reached: vec![0], ..row(&["3/4/24", "Ann Lee", ""]) };
        assert_eq!(kind_of(&below), RowKind::Enquiry);
        let nothing = Row { reached: vec![0], ..row(&["3/4/24", "", ""]) };
        assert_eq!(kind_of(&nothing), RowKind::Nothing);
    }
}
