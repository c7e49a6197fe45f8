//! What is no file of enquiries: a sentence, and nothing half done.

use std::io::{Cursor, Write};

use axum::http::StatusCode;
use hearth::domain::role::Role;

use super::{IMPORTS, counts, example, kept, send_file, to_preview, upload};
use crate::support::{Page, TestApp};

fn noise(length: usize) -> Vec<u8> {
    let mut seed = 0x2545_F491_4F6C_DD1D_u64;
    let mut next = || {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        seed.to_le_bytes()[3]
    };
    (0..length).map(|_| next()).collect()
}

fn zip_of(name: &str, bytes: &[u8]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
    zip.write_all(bytes).unwrap();
    zip.finish().unwrap().into_inner()
}

/// As small as a workbook can be written, whatever its rows.
fn workbook_of(rows: usize) -> Vec<u8> {
    const XML: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>";
    const MAIN: &str = "xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" \
                        xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"";
    const RELATIONS: &str = "xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"";
    const KIND: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let mut part = |name: &str, text: &str| {
        let options = zip::write::SimpleFileOptions::default().compression_level(Some(1));
        zip.start_file(name, options).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    };
    part(
        "[Content_Types].xml",
        &format!(
            "{XML}<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Default \
             Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Default \
             Extension=\"xml\" ContentType=\"application/xml\"/></Types>"
        ),
    );
    part(
        "_rels/.rels",
        &format!(
            "{XML}<Relationships {RELATIONS}><Relationship Id=\"rId1\" Type=\"{KIND}/officeDocument\" \
             Target=\"xl/workbook.xml\"/></Relationships>"
        ),
    );
    part(
        "xl/workbook.xml",
        &format!("{XML}<workbook {MAIN}><sheets><sheet name=\"All\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>"),
    );
    part(
        "xl/_rels/workbook.xml.rels",
        &format!(
            "{XML}<Relationships {RELATIONS}><Relationship Id=\"rId1\" Type=\"{KIND}/worksheet\" \
             Target=\"worksheets/sheet1.xml\"/></Relationships>"
        ),
    );
    let mut sheet = format!("{XML}<worksheet {MAIN}><sheetData><row r=\"1\">");
    for (column, name) in [("A1", "received_on"), ("B1", "applicant_1_name")] {
        sheet.push_str(&format!("<c r=\"{column}\" t=\"inlineStr\"><is><t>{name}</t></is></c>"));
    }
    sheet.push_str("</row>");
    for row in 2..=rows {
        sheet.push_str(&format!("<row r=\"{row}\"><c r=\"A{row}\"><v>45000</v></c></row>"));
    }
    sheet.push_str("</sheetData></worksheet>");
    part("xl/worksheets/sheet1.xml", &sheet);
    zip.finish().unwrap().into_inner()
}

fn said(page: &Page) -> String {
    page.texts(".error-summary").join(" ")
}

#[tokio::test]
async fn what_is_no_table_is_refused_with_a_sentence_and_deleted() {
    let app = TestApp::new().await;
    let mut manager = app.sign_in(Role::Manager).await;
    let with_password = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1 an encrypted workbook is such a file".to_vec();
    for (name, bytes, sentence) in [
        ("empty.csv", Vec::new(), "The file is empty"),
        ("photos.xlsx", zip_of("cat.jpg", b"meow"), "This is no workbook: a zip file with something else in it"),
        ("noise.xlsx", noise(20 * 1024 * 1024), "no text and no workbook"),
        ("letter.csv", b"%PDF-1.7\n%\x80\x81\x00\x01\n".to_vec(), "This is a PDF, not a table"),
        ("secret.xlsx", with_password, "with a password"),
        ("cut.xlsx", example("council-tracker-2024-25.xlsx")[..20_000].to_vec(), "damaged"),
        (
            "open.csv",
            b"received_on,notes\n2025-04-01,\"never ends\n2025-04-02,x\n2025-04-03,y\n".to_vec(),
            "A quote that begins",
        ),
    ] {
        let page = upload(&mut manager, name, &bytes).await;
        assert!(said(&page).contains(sentence), "{name}: {}", page.text("main"));
        assert!(kept(&app).is_empty(), "{name}: {:?}", kept(&app));
        assert_eq!(app.count("select count(*) from enquiry").await, 0);
    }
    let new = manager.get(&format!("{IMPORTS}/new")).await;
    let nothing = send_file(&mut manager, &new, "#send", "file", "", b"").await;
    assert_eq!((nothing.status, said(&nothing).contains("Choose a file")), (StatusCode::UNPROCESSABLE_ENTITY, true));
}

#[tokio::test]
async fn a_name_says_nothing_and_is_shown_as_text() {
    let app = TestApp::new().await;
    let mut manager = app.sign_in(Role::Manager).await;
    // A workbook by another name is a workbook.
    let page = upload(&mut manager, "../../<img src=x>.csv", &example("council-tracker-2024-25.xlsx")).await;
    assert_eq!(page.text("h1"), "What is in each column?");
    assert!(!page.has("main img") && page.text("main").contains("<img src=x>.csv"));
    assert!(page.text("#columns table").contains("ROI/App rec'd"));
}

#[tokio::test]
async fn more_than_the_browser_takes_is_said_with_the_command() {
    let app = TestApp::new().await;
    let mut manager = app.sign_in(Role::Manager).await;
    let new = manager.get(&format!("{IMPORTS}/new")).await;
    let large = send_file(&mut manager, &new, "#send", "file", "large.csv", &vec![b'a'; 51 * 1024 * 1024]).await;
    assert!(
        said(&large).contains("larger than 50 MB") && said(&large).contains("hearth import enquiries"),
        "{}",
        said(&large)
    );
    assert!(said(&large).contains("Split it into several") && !said(&large).contains("as CSV"), "{}", said(&large));
    let mut workbook = b"PK\x03\x04".to_vec();
    workbook.resize(51 * 1024 * 1024, b'a');
    let workbook = send_file(&mut manager, &new, "#send", "file", "large.csv", &workbook).await;
    assert!(said(&workbook).contains("save the sheet as CSV"), "{}", said(&workbook));
    let larger = send_file(&mut manager, &new, "#send", "file", "larger.csv", &vec![b'a'; 65 * 1024 * 1024]).await;
    assert!(larger.body.contains("50 MB") && larger.body.contains("hearth import enquiries"), "{}", larger.body);
    assert!(kept(&app).is_empty());

    let rows = |count: usize| {
        let mut text = "received_on,applicant_1_name\n".to_owned();
        (0..count).for_each(|at| text.push_str(&format!("2025-04-01,Ann Lee {at}\n")));
        text
    };
    let many = upload(&mut manager, "many.csv", rows(20_001).as_bytes()).await;
    assert!(
        said(&many).contains("more than 20,000 rows") && said(&many).contains("hearth import enquiries"),
        "{}",
        said(&many)
    );
    assert!(kept(&app).is_empty());
    // The list tells the same as the file's own page: it is not there to be deleted any more.
    assert!(many.text("#progress").contains("the file itself is deleted already"), "{}", many.text("main"));
    let line = manager.get(IMPORTS).await.text("[aria-labelledby=on-their-way] li");
    for words in [
        "many.csv",
        "Not taken: This file has more than 20,000 rows. Split it, or bring it in on the server",
        "The file itself is deleted already; this line goes on 15 October 2025, 10:00",
    ] {
        assert!(line.contains(words), "{line}");
    }
}

#[tokio::test]
async fn a_workbook_of_a_million_rows_is_told_quickly_while_others_work() {
    let app = TestApp::new().await;
    let bytes = workbook_of(1_000_000);
    let mut manager = app.sign_in(Role::Manager).await;
    let mut other = app.sign_in(Role::Officer).await;
    let started = std::time::Instant::now();
    let sending = tokio::spawn(async move { upload(&mut manager, "million.xlsx", &bytes).await });
    let mut slowest = std::time::Duration::ZERO;
    while !sending.is_finished() {
        let asked = std::time::Instant::now();
        assert_eq!(other.get("/enquiries").await.status, StatusCode::OK);
        slowest = slowest.max(asked.elapsed());
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    let page = sending.await.unwrap();
    assert!(said(&page).contains("hearth import enquiries"), "{}", page.text("main"));
    assert!(started.elapsed().as_secs() < 60, "{:?}", started.elapsed());
    assert!(slowest.as_secs() < 10, "{slowest:?}");
    assert!(kept(&app).is_empty());
}

#[tokio::test]
async fn a_row_that_is_bad_stops_nobody_elses() {
    let app = TestApp::new().await;
    let mut manager = app.sign_in(Role::Manager).await;
    let text = "received_on,applicant_1_name\n2025-04-01,Ann Lee\n=1+1,Bo Ray\n2025-04-01,=HYPERLINK(1)\n";
    let page = upload(&mut manager, "mixed.csv", text.as_bytes()).await;
    let preview = to_preview(&mut manager, &page).await;
    assert_eq!(counts(&preview), [1, 0, 2, 3]);
}

#[tokio::test]
async fn files_that_were_not_taken_do_not_stand_in_the_way_of_the_next() {
    let app = TestApp::new().await;
    let mut manager = app.sign_in(Role::Manager).await;
    for _ in 0..10 {
        let refused = upload(&mut manager, "noise.csv", &noise(2_000)).await;
        assert!(refused.text("main").contains("Not taken") || refused.has("#progress"), "{}", refused.text("main"));
    }
    assert_eq!(app.count("select count(*) from upload where state = 'refused'").await, 10);
    let next = upload(&mut manager, "simple.csv", &example("simple.csv")).await;
    assert!(next.has("#columns, main table"), "{}", next.text("main"));
    for _ in 0..9 {
        upload(&mut manager, "simple.csv", &example("simple.csv")).await;
    }
    let eleventh = upload(&mut manager, "simple.csv", &example("simple.csv")).await;
    assert!(eleventh.text(".error-summary").contains("ten files on their way"), "{}", eleventh.text("main"));
}
