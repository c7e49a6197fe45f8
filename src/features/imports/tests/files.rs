//! Workbooks of every kind, and what only pretends to be one.

use std::fs;
use std::io::Cursor;
use std::ops::ControlFlow;

use proptest::prelude::*;

use super::{EXAMPLES, read_bytes, reasons, today};
use crate::domain::enquiry_row::Column;
use crate::features::imports::reading::read;
use crate::features::imports::{Limits, Mapping, Plan, Table};

/// A workbook with these parts; the rest is what every one has.
fn zipped(parts: &[(&str, &str)]) -> Vec<u8> {
    use std::io::Write;
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in parts {
        zip.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn ods(table: &str) -> Vec<u8> {
    let content = format!(
        "<office:document-content xmlns:office=\"o\" xmlns:table=\"t\" xmlns:text=\"x\"><office:body>\
         <office:spreadsheet>{table}</office:spreadsheet></office:body></office:document-content>"
    );
    let mime = "application/vnd.oasis.opendocument.spreadsheet";
    zipped(&[("mimetype", mime), ("content.xml", &content)])
}

#[test]
fn an_ods_file_is_read_with_its_merged_cells() {
    let cell = |text: &str| {
        format!("<table:table-cell office:value-type=\"string\"><text:p>{text}</text:p></table:table-cell>")
    };
    let date = "<table:table-cell office:value-type=\"date\" office:date-value=\"2024-04-03T10:30:00\" \
        table:number-rows-spanned=\"2\"><text:p>03/04</text:p></table:table-cell>";
    let phone = "<table:table-cell office:value-type=\"float\" office:value=\"7700900123\"/>";
    let table = format!(
        "<table:table table:name=\"Notes\"><table:table-row>{title}</table:table-row></table:table>\
         <table:table table:name=\"2024\">\
         <table:table-row><table:table-cell table:number-columns-spanned=\"3\" office:value-type=\"string\">\
         <text:p>A <text:span>title</text:span></text:p></table:table-cell></table:table-row>\
         <table:table-row table:number-rows-repeated=\"3\"><table:table-cell table:number-columns-repeated=\"16384\"/>\
         </table:table-row>\
         <table:table-row>{a}{b}{c}<table:table-cell table:number-columns-repeated=\"16381\"/></table:table-row>\
         <table:table-row>{date}{ann}{phone}</table:table-row>\
         <table:table-row><table:covered-table-cell/>{bob}{contact}</table:table-row>\
         <table:table-row table:number-rows-repeated=\"1048570\"><table:table-cell table:number-columns-repeated=\"16384\"/>\
         </table:table-row></table:table>",
        title = cell("A note"),
        a = cell("received_on"),
        b = cell("applicant_1_name"),
        c = cell("applicant_1_phone"),
        ann = cell("Ann O&apos;Lee &amp;c<office:annotation><text:p>not this</text:p></office:annotation>"),
        bob = cell("Bob<text:s/>Lee"),
        contact = cell("01632 960123"),
    );
    let read = read_bytes(ods(&table), &Mapping::canonical()).unwrap();
    assert!(read.reading.refused.is_empty(), "{:?}", read.reading.refused);
    let rows: Vec<_> = read.rows.iter().map(|it| (it.place.row, it.enquiry.cell(Column::ReceivedOn))).collect();
    assert_eq!(rows, [(6, "2024-04-03".to_owned()), (7, "2024-04-03".to_owned())]);
    assert_eq!(read.rows[0].enquiry.applicants[0].name, "Ann O'Lee &c");
    assert_eq!(read.rows[0].enquiry.applicants[0].phone.as_deref(), Some("07700900123"));
    assert_eq!(read.rows[1].enquiry.applicants[0].name, "Bob Lee");
    let skipped: Vec<_> = read.reading.skipped.iter().map(|it| (it.sheet.as_deref(), it.row, it.why.code())).collect();
    assert_eq!(skipped, [(Some("Notes"), None, "other_sheet"), (Some("2024"), Some(1), "title")]);
}

#[test]
fn an_ods_file_that_would_fill_memory_is_refused() {
    let row = "<table:table-row table:number-rows-repeated=\"1000000\"><table:table-cell \
        table:number-columns-repeated=\"1000\" office:value-type=\"string\"><text:p>x</text:p></table:table-cell>\
        </table:table-row>";
    let table = format!("<table:table table:name=\"x\">{row}</table:table>");
    let refused = read_bytes(ods(&table), &Mapping::canonical()).err().unwrap();
    assert!(refused.contains("repeats a row"), "{refused}");
}

#[test]
fn a_zip_bomb_is_refused_before_it_is_read() {
    use std::io::Write;
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    zip.start_file("[Content_Types].xml", zip::write::SimpleFileOptions::default()).unwrap();
    zip.start_file("xl/workbook.xml", zip::write::SimpleFileOptions::default()).unwrap();
    zip.start_file("xl/sharedStrings.xml", zip::write::SimpleFileOptions::default()).unwrap();
    let megabyte = vec![b' '; 1024 * 1024];
    for _ in 0..200 {
        zip.write_all(&megabyte).unwrap();
    }
    let bomb = zip.finish().unwrap().into_inner();
    assert!(bomb.len() < 1024 * 1024);
    let refused = read_bytes(bomb, &Mapping::canonical()).err().unwrap();
    assert!(refused.contains("unpacks to more than can be read"), "{refused}");
    let other = read_bytes(zipped(&[("word/document.xml", "<x/>")]), &Mapping::canonical()).err().unwrap();
    assert!(other.contains("no workbook"), "{other}");
    let broken = zipped(&[("[Content_Types].xml", "<x/>"), ("xl/workbook.xml", "<x/>")]);
    assert!(read_bytes(broken, &Mapping::canonical()).err().unwrap().contains("Excel"));
}

#[test]
fn an_excel_workbook_is_read_cell_by_cell() {
    let mut workbook = rust_xlsxwriter::Workbook::new();
    let sheet = workbook.add_worksheet();
    let dated = rust_xlsxwriter::Format::new().set_num_format("d mmm");
    let plain = rust_xlsxwriter::Format::new();
    for (column, name) in
        (0..).zip(["received_on", "applicant_1_name", "applicant_1_phone", "initial_visit_on", "in_touch"])
    {
        sheet.write(0, column, name).unwrap();
    }
    sheet.write_with_format(1, 0, 45385.6, &dated).unwrap();
    sheet.write(1, 1, "Ann Lee").unwrap();
    sheet.write(1, 2, 7_700_900_123_u64).unwrap();
    sheet.write(1, 3, 45390).unwrap();
    sheet.write(1, 4, true).unwrap();
    sheet.merge_range(2, 0, 3, 0, "2024-05-01", &plain).unwrap();
    sheet.write(2, 1, "Bob Lee").unwrap();
    sheet.write(3, 1, "Cy Lee").unwrap();
    sheet.set_row_hidden(3).unwrap();
    sheet.write(6, 0, "2024-05-02").unwrap();
    sheet.write(6, 1, "Di Lee").unwrap();
    let read = read_bytes(workbook.save_to_buffer().unwrap(), &Mapping::canonical()).unwrap();
    assert!(read.reading.refused.is_empty(), "{:?}", read.reading.refused);
    let rows: Vec<_> = read.rows.iter().map(|it| (it.place.row, it.enquiry.cell(Column::ReceivedOn))).collect();
    let dates = [(2, "2024-04-03"), (3, "2024-05-01"), (4, "2024-05-01"), (7, "2024-05-02")];
    assert_eq!(rows, dates.map(|(row, date)| (row, date.to_owned())));
    let ann = &read.rows[0].enquiry;
    assert_eq!(ann.applicants[0].phone.as_deref(), Some("07700900123"));
    assert_eq!(
        (ann.cell(Column::InitialVisitOn), ann.cell(Column::InTouch)),
        ("2024-04-08".to_owned(), "yes".to_owned())
    );
}

#[test]
fn one_sheet_is_read_where_one_is_asked_for() {
    let bytes = fs::read(format!("{EXAMPLES}/council-tracker-2024-25.xlsx")).unwrap();
    let text = fs::read_to_string(format!("{EXAMPLES}/council-tracker-2024-25.mapping.toml")).unwrap();
    let mapping = Mapping::parse(&text, &reasons()).unwrap();
    let count = |sheet: &str| {
        let mut table = Table::open(Box::new(Cursor::new(bytes.clone())), &Limits::COMMAND, &|_| false).unwrap();
        let reasons = reasons();
        let plan =
            Plan { mapping: &mapping, reasons: &reasons, today: today(), only_sheet: Some(sheet), most_rows: None };
        read(&mut table, plan, &mut |_| ControlFlow::Continue(())).map(|reading| (reading.rows, reading.skipped.len()))
    };
    assert_eq!(count("2023-24").unwrap(), (85, 11));
    assert!(count("2022-23").unwrap_err().to_string().contains("There is no sheet “2022-23”. There are: “Pivot”"));
}

#[test]
fn a_workbook_of_an_old_mac_counts_its_days_from_1904() {
    use std::io::Read;
    let mut workbook = rust_xlsxwriter::Workbook::new();
    let sheet = workbook.add_worksheet();
    let dated = rust_xlsxwriter::Format::new().set_num_format("dd/mm/yyyy");
    sheet.write(0, 0, "received_on").unwrap().write(0, 1, "applicant_1_name").unwrap();
    sheet.write_with_format(1, 0, 45385 - 1462, &dated).unwrap().write(1, 1, "Ann Lee").unwrap();
    sheet.write(2, 0, 45386 - 1462).unwrap().write(2, 1, "Bob Lee").unwrap();
    let bytes = workbook.save_to_buffer().unwrap();
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut parts = Vec::new();
    for at in 0..zip.len() {
        let mut part = zip.by_index(at).unwrap();
        let mut text = String::new();
        part.read_to_string(&mut text).unwrap();
        let name = part.name().unwrap().into_owned();
        parts.push((name, text.replace("<workbookPr ", "<workbookPr date1904=\"1\" ")));
    }
    let parts: Vec<_> = parts.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    let read = read_bytes(zipped(&parts), &Mapping::canonical()).unwrap();
    let dates: Vec<_> = read.rows.iter().map(|it| it.enquiry.cell(Column::ReceivedOn)).collect();
    assert_eq!(dates, ["2024-04-03", "2024-04-04"]);
}

proptest! {
    #[test]
    fn no_bytes_make_reading_panic(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        let _ = read_bytes(bytes, &Mapping::canonical());
    }

    #[test]
    fn no_cells_make_reading_panic(cells in prop::collection::vec("[^\"]{0,24}", 10)) {
        let mut writer = csv::Writer::from_writer(Vec::new());
        let header = ["received_on", "applicant_1_name", "applicant_1_phone", "postcode", "panel_on",
            "panel_recommendation", "closed_on", "close_reason", "contact_again_on", "notes"];
        writer.write_record(header).unwrap();
        writer.write_record(&cells).unwrap();
        writer.write_record(["2024-04-03"].into_iter().chain(cells.iter().skip(1).map(String::as_str))).unwrap();
        let _ = read_bytes(writer.into_inner().unwrap(), &Mapping::canonical());
    }
}

#[test]
fn a_large_file_of_something_else_is_told_at_once() {
    // A row of very many cells, then very many rows; a header far below is none.
    let mut text = "word,".repeat(200_000) + "\n";
    text.push_str(&"one,two\n".repeat(1000));
    text.push_str("reference,received_on\nE-1,2025-01-02\n");
    let refused = read_bytes(text.into_bytes(), &Mapping::canonical()).err().unwrap();
    assert!(refused.starts_with("There is no header row"), "{refused}");
}
