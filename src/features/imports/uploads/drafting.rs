//! A mapping as it is put together on the pages: begun from the headers, or from one that was saved or sent, and fitted to
//! the file's own sheets.

use toml::Value as Toml;

use super::guess;
use super::survey::{Chosen, Layout, SheetLook, Survey};
use super::words::{self, Kind};
use crate::domain::reason::CloseReason;
use crate::domain::text::{same_words, tidy};
use crate::features::imports::header::Header;
use crate::features::imports::mapping::{Mapping, Target};
use crate::features::imports::mapping_file::MappingFile;

/// What the headers suggest, and the words that services use for outcomes and reasons, as far as they occur.
pub fn begun(survey: &Survey, reasons: &[CloseReason]) -> MappingFile {
    let mut file = MappingFile { date_order: Some(survey.date_order.clone()), ..MappingFile::default() };
    let headers = survey.headers();
    for (header, target) in headers.iter().zip(guess::targets(&headers)) {
        if let Some(target) = target {
            file.columns.insert(header.clone(), Toml::String(target.code().to_owned()));
        }
    }
    file.blank = blanks(survey, &file);
    for kind in Kind::ALL {
        words::seed(&mut file, *kind, survey, reasons);
    }
    fit(&mut file, survey);
    file
}

/// What services write where there is nothing, as far as it stands where a date should.
const BLANK: [&str; 10] = ["n/a", "na", "tbc", "tba", "?", "-", "--", "none", "nil", "x"];

fn blanks(survey: &Survey, file: &MappingFile) -> Vec<String> {
    let dated = |name: &str| target_of(file, name).is_some_and(Target::is_date);
    let columns = survey.columns.iter().filter(|column| dated(&column.name));
    let texts: Vec<String> = columns.flat_map(|column| &column.values).map(|value| value.text.to_lowercase()).collect();
    BLANK.iter().filter(|word| texts.iter().any(|text| text == *word)).map(|word| (*word).to_owned()).collect()
}

/// Where a mapping that was made elsewhere finds its headers in this file. None where it finds none.
pub fn layout_for(mapping: &Mapping, survey: &Survey) -> Option<Layout> {
    let wanted = |sheet: &&SheetLook| {
        mapping.sheets.is_empty() || sheet.name.as_ref().is_none_or(|name| mapping.sheets.contains(name))
    };
    let mut chosen: Vec<Chosen> = survey
        .sheets
        .iter()
        .filter(wanted)
        .filter_map(|sheet| {
            let header = sheet.top.iter().find_map(|row| Header::find(&row.row(), mapping))?;
            Some(Chosen { sheet: sheet.name.clone(), header: header.row })
        })
        .collect();
    // In the mapping's order.
    let place = |name: &Option<String>| mapping.sheets.iter().position(|sheet| Some(sheet) == name.as_ref());
    chosen.sort_by_key(|chosen| place(&chosen.sheet));
    (!chosen.is_empty()).then_some(Layout(chosen))
}

/// Names the chosen sheets, and marks the header rows where they would not be found by themselves.
pub fn fit(file: &mut MappingFile, survey: &Survey) {
    let chosen = &survey.layout.0;
    let names: Vec<String> = chosen.iter().filter_map(|chosen| chosen.sheet.clone()).collect();
    file.sheets = if survey.sheets.len() > 1 { names } else { Vec::new() };
    let kept = file.header.take().filter(|mark| is_mark(mark, survey));
    file.header = kept.or_else(|| if finds_headers(file, survey) { None } else { mark(file, survey) });
}

fn looks(survey: &Survey) -> impl Iterator<Item = (&Chosen, &SheetLook)> {
    survey.layout.0.iter().filter_map(|chosen| Some((chosen, survey.sheet(chosen.sheet.as_deref())?)))
}

fn target_of(file: &MappingFile, header: &str) -> Option<Target> {
    let folded = header.to_lowercase();
    let found = file.columns.iter().find(|(name, _)| tidy(name).to_lowercase() == folded);
    found.and_then(|(_, target)| target.as_str()?.parse().ok())
}

/// In each sheet the first row that names a date of the enquiry is the header row that was chosen.
fn finds_headers(file: &MappingFile, survey: &Survey) -> bool {
    looks(survey).all(|(chosen, sheet)| {
        let dated = |cell: &String| target_of(file, cell).is_some_and(Target::is_enquiry_date);
        sheet.top.iter().find(|row| row.cells.iter().any(dated)).is_some_and(|row| row.number == chosen.header)
    })
}

/// A cell that stands in every header row and in no row above one.
fn mark(file: &MappingFile, survey: &Survey) -> Option<String> {
    let (chosen, sheet) = looks(survey).next()?;
    let header = sheet.top.iter().find(|row| row.number == chosen.header)?;
    let mut cells: Vec<&String> = header.cells.iter().filter(|cell| !cell.is_empty()).collect();
    cells.sort_by_key(|cell| !target_of(file, cell).is_some_and(Target::is_enquiry_date));
    cells.into_iter().find(|cell| is_mark(cell, survey)).cloned()
}

fn is_mark(mark: &str, survey: &Survey) -> bool {
    let mut any = false;
    looks(survey).all(|(chosen, sheet)| {
        any = true;
        let marked = sheet.top.iter().find(|row| row.cells.iter().any(|cell| same_words(cell, mark)));
        marked.is_some_and(|row| row.number == chosen.header)
    }) && any
}
