//! A whole working day of an officer, who never opens the spreadsheet: twenty referrals and enquiries are logged, some rung,
//! visited, moved and paused, two found to be one household and merged, tasks set and cleared, a view saved, and what it
//! shows taken out as a file. Once with JavaScript, once without.

use crate::support::{Chromium, Demo, Tab};

/// The last two are one household, written differently.
const NAMES: [&str; 20] = [
    "Wilhelmina Brackenbury",
    "Osei Kwabena-Marsh",
    "Philippa Tunstall",
    "Radek Dvořák",
    "Morwenna Pascoe",
    "Ifeoma Chidozie",
    "Gulnaz Rashidova",
    "Torquil Abernethy",
    "Siobhán Ó Ceallaigh",
    "Benedikta Lindqvist",
    "Cuthbert Ravensworth",
    "Anwen Prydderch",
    "Dilnoza Yusupova",
    "Evadne Postlethwaite",
    "Florian Niedermayer",
    "Hyacinth Oyelaran",
    "Ignatius Thackwray",
    "Jocasta Winterbourne",
    "Kathryn Silverwood",
    "Catherine Silverwood",
];
/// So many of them come from the hub, with its reference.
const REFERRALS: usize = 12;

#[tokio::test(flavor = "multi_thread")]
async fn a_whole_day() {
    let (demo, chromium) = (Demo::start(), Chromium::start().await);
    let tab = chromium.tab(1280).await;
    Day { tab: &tab, demo: &demo }.work().await;
    assert!(tab.has_javascript().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_whole_day_without_javascript() {
    let (demo, chromium) = (Demo::start(), Chromium::start().await);
    let tab = chromium.tab(1280).await;
    tab.without_javascript().await;
    Day { tab: &tab, demo: &demo }.work().await;
    assert!(!tab.has_javascript().await);
}

struct Day<'a> {
    tab: &'a Tab,
    demo: &'a Demo,
}

impl Day<'_> {
    async fn work(&self) {
        self.tab.sign_in(self.demo, "recruitment officer").await;
        let mut records = Vec::new();
        for number in 0..NAMES.len() {
            records.push(self.log(number).await);
        }
        for record in &records[..6] {
            self.ring(record).await;
        }
        for record in &records[..3] {
            self.visit(record).await;
        }
        self.move_on_the_board(&records[0]).await;
        for record in &records[10..13] {
            self.pause(record).await;
        }
        self.merge(&records[18], &records[19]).await;
        self.set_tasks_in_bulk().await;
        self.clear_a_task(&records[0]).await;
        self.save_a_view().await;
        self.take_out_what_is_shown().await;
    }

    async fn open(&self, path: &str) {
        self.tab.open(&self.demo.url(path)).await;
    }

    /// The path of the record.
    async fn log(&self, number: usize) -> String {
        let (tab, name) = (self.tab, NAMES[number]);
        let same = number.min(NAMES.len() - 2);
        self.open("/enquiries/new").await;
        tab.fill("[name=name_1]", name).await;
        tab.fill("[name=phone_1]", &format!("0113 496 08{same:02}")).await;
        tab.fill("[name=postcode]", &format!("SR9 {}XZ", same % 10)).await;
        tab.fill("[name=received_on]", "yesterday").await;
        if number < REFERRALS {
            tab.fill("#hub", "Foster with North East").await;
            tab.fill("#hub_reference", &format!("FWNE-DAY-{number:04}")).await;
        }
        if number == NAMES.len() - 1 {
            // The program notices; whoever is in a hurry logs it all the same.
            if !tab.has_javascript().await {
                tab.press_button("Check whether we know them").await;
            }
            let said = tab.until_text("#known", |said| said.contains("The same")).await;
            assert!(said.contains(NAMES[number - 1]), "{said}");
        }
        tab.press_button("Log the enquiry").await;
        tab.until_text("h1", |heading| heading == name).await;
        let address = tab.address().await;
        let path = address.trim_start_matches(&self.demo.address).to_owned();
        path.split(['?', '#']).next().unwrap_or_default().to_owned()
    }

    async fn ring(&self, record: &str) {
        let tab = self.tab;
        self.open(&format!("{record}/notes/new?kind=call")).await;
        tab.fill("#body", "Spoke to them. Would like to hear about short breaks.").await;
        if !tab.is_checked("#first_contact").await {
            tab.find("#first_contact").await.click().await.expect("it can be ticked");
        }
        tab.press_button("Save").await;
        tab.until_text(".identity", |identity| identity.contains("In contact")).await;
    }

    async fn visit(&self, record: &str) {
        let tab = self.tab;
        self.open(&format!("{record}/milestones/new?kind=initial_visit")).await;
        tab.fill("#on", "today").await;
        tab.press_button("Record it").await;
        tab.until_text(".identity", |identity| identity.contains("Visited")).await;
    }

    async fn move_on_the_board(&self, record: &str) {
        let (tab, id) = (self.tab, record.rsplit('/').next().unwrap_or_default());
        self.open("/board").await;
        let card = format!("//li[@id='card-{id}-visited']");
        tab.click_on(format!("{card}//summary")).await;
        tab.click_on(format!("{card}//a[@data-to='application']")).await;
        tab.find(".move-form #on").await;
        tab.press_button("Move").await;
        tab.find(&format!("#card-{id}-application")).await;
        self.open(record).await;
        tab.until_text(".identity", |identity| identity.contains("Application")).await;
    }

    async fn pause(&self, record: &str) {
        let tab = self.tab;
        self.open(&format!("{record}/pauses/new")).await;
        tab.find("#reason")
            .await
            .focus()
            .await
            .expect("it takes the focus")
            .type_str("Ill")
            .await
            .expect("it can be chosen");
        tab.fill("#from", "today").await;
        tab.press_button("Pause it").await;
        tab.until_text(".identity", |identity| identity.contains("Paused")).await;
    }

    async fn merge(&self, kept: &str, goes: &str) {
        let tab = self.tab;
        self.open("/households/alike").await;
        tab.click_on("//li[contains(., 'Kathryn Silverwood') and contains(., 'Catherine Silverwood')]//a[starts-with(normalize-space(.), 'Compare')]")
            .await;
        tab.until_text("h1", |heading| heading.contains("Silverwood")).await;
        tab.press_button("Merge into one household").await;
        tab.until_text("main", |page| page.contains("merged")).await;
        let mut closed = 0;
        for record in [kept, goes] {
            self.open(record).await;
            closed += usize::from(tab.until_text(".identity", |_| true).await.contains("Closed"));
        }
        assert_eq!(closed, 1, "one of the two is a duplicate, and goes on in the other");
    }

    /// What is listed by the postcode of those logged today, all of it.
    async fn set_tasks_in_bulk(&self) {
        let tab = self.tab;
        self.open("/enquiries?q=SR9&stage=in_contact").await;
        let which = tab.find("#which").await;
        which.focus().await.expect("it takes the focus").type_str("all").await.expect("it can be chosen");
        tab.press_button("Add a task").await;
        tab.fill("#what", "Send the handbook on short breaks").await;
        tab.fill("#due_on", "today").await;
        tab.press_button("Continue").await;
        tab.until_text("main", |page| page.contains("Send the handbook on short breaks")).await;
        tab.click_on("(//main//form[@id='check']//button)[1]").await;
        tab.until_text("main", |page| page.contains("added to 3 enquiries")).await;
    }

    async fn clear_a_task(&self, record: &str) {
        let tab = self.tab;
        self.open(&format!("{record}/tasks/new")).await;
        tab.fill("#what", "Ring the referee back").await;
        tab.fill("#due_on", "today").await;
        tab.press_button("Add the task").await;
        tab.until_text("main", |page| page.contains("Ring the referee back")).await;
        self.open("/today?whose=everybody").await;
        tab.click_on("//li[contains(., 'Ring the referee back')]//summary").await;
        tab.click_on("//li[contains(., 'Ring the referee back')]//button[normalize-space(.)='Done']").await;
        tab.until_text("main", |page| !page.contains("Ring the referee back") || page.contains("Done")).await;
        self.open(&format!("{record}/tasks")).await;
        let done = tab.until_text("main", |page| page.contains("Done and not needed (")).await;
        assert!(!done.contains("Nothing is done"), "{done}");
    }

    async fn save_a_view(&self) {
        let tab = self.tab;
        self.open("/enquiries?hub=Foster+with+North+East&stage=new").await;
        tab.follow("Save this view").await;
        tab.fill("#name", "From the hub, to ring").await;
        tab.press_button("Save the view").await;
        tab.until_text(".views", |views| views.contains("From the hub, to ring")).await;
    }

    /// The file has exactly the households of the view.
    async fn take_out_what_is_shown(&self) {
        let tab = self.tab;
        let shown = tab.until_text(".found", |found| found.contains("enquir")).await;
        let shown: usize = shown.split_whitespace().next().and_then(|count| count.parse().ok()).unwrap_or_default();
        let link = tab.find(".files a[href^='/enquiries.csv']").await;
        let href = link.attribute("href").await.ok().flatten().expect("a file's address");
        // Chromium would put a download away; the same session reads it.
        let script = format!("fetch({href:?}).then(answer => answer.text())");
        let csv: String = tab.page.evaluate(script).await.expect("the file comes").into_value().expect("text");
        assert_eq!(csv.lines().count(), shown + 1, "{csv}");
        assert!(shown >= 6 && csv.contains(NAMES[7]) && !csv.contains(NAMES[0]), "{csv}");
    }
}
