//! A manager brings in the council's own workbook, looks at what would become of it, takes it in, and undoes it; every page
//! on the way has no barriers.

use std::path::{Path, PathBuf};

use crate::pages::look_at;
use crate::support::{Chromium, Demo, Tab};

fn example(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/examples").join(name)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_brought_in_and_undone() {
    let (demo, chromium) = (Demo::start(), Chromium::start().await);
    let tab = chromium.tab(1280).await;
    from_upload_to_undo(&tab, &demo, &mut None).await;
    assert!(tab.has_javascript().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_brought_in_and_undone_without_javascript() {
    let (demo, chromium) = (Demo::start(), Chromium::start().await);
    let tab = chromium.tab(390).await;
    tab.without_javascript().await;
    from_upload_to_undo(&tab, &demo, &mut None).await;
    assert!(!tab.has_javascript().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_of_an_import_have_no_barriers() {
    let (demo, chromium) = (Demo::start(), Chromium::start().await);
    let tab = chromium.tab(1280).await;
    let mut found = Some(Vec::new());
    from_upload_to_undo(&tab, &demo, &mut found).await;
    let found = found.unwrap_or_default();
    assert!(found.is_empty(), "{} things to mend:\n{}", found.len(), found.join("\n"));
}

/// With somewhere to put what is found, every page is looked over.
async fn from_upload_to_undo(tab: &Tab, demo: &Demo, found: &mut Option<Vec<String>>) {
    tab.sign_in(demo, "manager").await;
    tab.open(&demo.url("/settings/imports")).await;
    look(tab, "imports", found).await;
    refuse_what_is_no_table(tab, demo, found).await;
    send(tab, demo, &example("council-tracker-2024-25.xlsx")).await;
    settled(tab, "What is in each column?").await;
    look(tab, "import-columns", found).await;
    tab.follow("1. Sheets").await;
    tab.until_text("h1", |heading| heading.starts_with("Which sheets")).await;
    look(tab, "import-sheets", found).await;
    tab.press_button("Go on to the columns").await;
    tab.until_text("h1", |heading| heading == "What is in each column?").await;
    tab.choose_file("#mapping_file", &example("council-tracker-2024-25.mapping.toml")).await;
    tab.press_button("Fill it in").await;
    tab.find("#hub_name[value='Foster with North East']").await;
    assert!(tab.text("#columns").await.contains("Date of enq"));
    tab.press_button("Go on to the words").await;
    tab.until_text("h1", |heading| heading == "What do its words mean?").await;
    look(tab, "import-words", found).await;
    tab.press_button("Check the file").await;
    settled(tab, "What would become of each row").await;
    let new = new_of_the_preview(tab).await;
    look(tab, "import-refused", found).await;
    for (list, name) in
        [("Look like", "import-looks-known"), ("With newer facts", "import-newer"), ("New", "import-new")]
    {
        tab.click_on(format!(
            "//nav[@aria-label='Lists of the preview']//a[starts-with(normalize-space(.), '{list}')]"
        ))
        .await;
        tab.until_text(".tabs a[aria-current=page]", |tab| tab.starts_with(list)).await;
        look(tab, name, found).await;
    }
    tab.press_button(&format!("Take in {new} new enquiries")).await;
    settled(tab, "council-tracker-2024-25.xlsx").await;
    tab.until_text("main", |page| page.contains("Brought in by") && page.contains("Download the refused rows")).await;
    look(tab, "import-done", found).await;
    tab.follow("Undo this import").await;
    tab.until_text("h1", |heading| heading == "Undo this import").await;
    look(tab, "import-undo", found).await;
    tab.press_button("Undo the import").await;
    settled(tab, "council-tracker-2024-25.xlsx").await;
    tab.until_text("#undone", |said| said.contains("counts nowhere")).await;
    look(tab, "import-undone", found).await;
}

/// How many rows are new to the demonstration; what is known or refused makes up the file's 192.
async fn new_of_the_preview(tab: &Tab) -> i64 {
    let counts = tab.text(".counts").await;
    let numbers: Vec<i64> = counts.split_whitespace().filter_map(|word| word.parse().ok()).collect();
    let [new, known, refused, rows] = numbers[..] else { panic!("{counts}") };
    assert_eq!((new + known + refused, rows), (192, 192), "{counts}");
    assert!(new > 150, "{counts}");
    new
}

async fn refuse_what_is_no_table(tab: &Tab, demo: &Demo, found: &mut Option<Vec<String>>) {
    let folder = tempfile::tempdir().expect("a folder for a file");
    let path = folder.path().join("letter.csv");
    std::fs::write(&path, b"%PDF-1.7\n%\x80\x81\x00\x01\n").expect("a file can be written");
    send(tab, demo, &path).await;
    settled(tab, "letter.csv").await;
    tab.until_text(".error-summary", |said| said.contains("This is a PDF, not a table")).await;
    look(tab, "import-cannot-be-taken", found).await;
}

async fn send(tab: &Tab, demo: &Demo, file: &Path) {
    tab.open(&demo.url("/settings/imports/new")).await;
    tab.choose_file("#file", file).await;
    tab.press_button("Send the file").await;
}

/// Waits while something is done to the file. The page goes on by itself; where scripts are off, by its link.
async fn settled(tab: &Tab, heading: &str) {
    for _ in 0..120 {
        let waits = tab.page.find_element("#progress progress").await.is_ok();
        if !waits && tab.text("h1").await == heading {
            return;
        }
        if waits && !tab.has_javascript().await {
            tab.follow("See how far it is").await;
        }
        tokio::time::sleep(std::time::Duration::from_millis(500)).await;
    }
    panic!("{} stays “{}”", tab.address().await, tab.text("h1").await);
}

async fn look(tab: &Tab, name: &str, found: &mut Option<Vec<String>>) {
    if let Some(found) = found {
        look_at(tab, name, found).await;
    }
}
