//! What a person does on the first day: log an enquiry, ring, visit, put a date right, look at the figures.

use chromiumoxide::cdp::browser_protocol::network::ClearBrowserCookiesParams;

use crate::support::{Chromium, Demo, Tab};

#[tokio::test(flavor = "multi_thread")]
async fn an_officer_takes_a_family_from_the_first_call_to_a_visit() {
    let (demo, chromium) = (Demo::start(), Chromium::start().await);
    let tab = chromium.tab(1280).await;
    first_day(&tab, &demo).await;
    assert!(tab.has_javascript().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_works_without_javascript() {
    let (demo, chromium) = (Demo::start(), Chromium::start().await);
    let tab = chromium.tab(390).await;
    tab.without_javascript().await;
    first_day(&tab, &demo).await;
    assert!(!tab.has_javascript().await);
}

async fn first_day(tab: &Tab, demo: &Demo) {
    tab.sign_in(demo, "recruitment officer").await;
    log_an_enquiry(tab, demo).await;
    ring(tab).await;
    visit_on_the_wrong_day(tab).await;
    put_the_day_right(tab).await;
    refused_before_the_enquiry(tab, demo).await;
    close(tab).await;
    look_at_the_figures(tab, demo).await;
}

async fn log_an_enquiry(tab: &Tab, demo: &Demo) {
    tab.open(&demo.url("/enquiries/new")).await;
    tab.fill("[name=name_1]", "Wilhelmina Brackenbury").await;
    tab.fill("[name=phone_1]", "0113 496 0987").await;
    tab.fill("[name=postcode]", "sr49zz").await;
    tab.fill("[name=received_on]", "yesterday").await;
    tab.press_button("Log the enquiry").await;
    tab.until_text("h1", |heading| heading == "Wilhelmina Brackenbury").await;
    let record = tab.text("main").await;
    assert!(record.contains("SR4 9ZZ") && record.contains("New"), "{record}");
}

async fn ring(tab: &Tab) {
    tab.follow("Record contact").await;
    tab.fill("#body", "Spoke to Wilhelmina. Has a spare room and two cats.").await;
    if !tab.is_checked("#first_contact").await {
        tab.find("#first_contact").await.click().await.expect("it can be ticked");
    }
    tab.press_button("Save").await;
    tab.until_text("main", |record| record.contains("two cats") && record.contains("In contact")).await;
}

async fn visit_on_the_wrong_day(tab: &Tab) {
    tab.follow("Add a date").await;
    tab.find("a[href*='kind=initial_visit']").await.click().await.expect("it can be followed");
    tab.fill("#on", "yesterday").await;
    tab.press_button("Record it").await;
    tab.until_text("main", |record| record.contains("Initial visit") && record.contains("Visited")).await;
}

async fn put_the_day_right(tab: &Tab) {
    tab.click_on("//a[contains(@href, '/corrections')][contains(., 'Initial visit')]").await;
    tab.until_text("h1", |heading| heading == "Correct initial visit").await;
    tab.fill("#on", "today").await;
    tab.fill("#why", "The diary was a day out").await;
    tab.press_button("Save the correction").await;
    tab.until_text(".timeline", |timeline| timeline.contains("The diary was a day out")).await;
}

async fn refused_before_the_enquiry(tab: &Tab, demo: &Demo) {
    let record = record_address(tab).await;
    tab.open(&demo.url(&format!("{record}/milestones/new?kind=application_received"))).await;
    tab.fill("#on", "1/1/2020").await;
    tab.press_button("Record it").await;
    let said = tab.until_text(".error-summary", |summary| summary.contains("before the enquiry")).await;
    assert!(said.contains("Application received"), "{said}");
    let typed = tab.find("#on").await.property("value").await.expect("a field has a value");
    assert_eq!(typed.and_then(|value| value.as_str().map(str::to_owned)).as_deref(), Some("1/1/2020"));
    tab.open(&demo.url(&record)).await;
}

async fn close(tab: &Tab) {
    let record = record_address(tab).await;
    tab.follow("More").await;
    tab.find("details[open] a[href$='/closures/new']").await.click().await.expect("it can be followed");
    tab.find("input[value=no_spare_room]").await.click().await.expect("it can be chosen");
    tab.press_button("Close the enquiry").await;
    tab.until_text(".identity", |identity| identity.contains("Closed") && identity.contains("No spare room")).await;
    assert_eq!(record_address(tab).await, record);
}

async fn look_at_the_figures(tab: &Tab, demo: &Demo) {
    tab.open(&demo.url("/reports/funnel")).await;
    let page = tab.until_text("main", |page| page.contains("As known at")).await;
    assert!(page.contains("Enquiry") && page.contains("Approval"), "{page}");
    tab.screenshot("funnel-of-the-journey").await;
}

/// `/enquiries/7`, of the record or one of its pages.
async fn record_address(tab: &Tab) -> String {
    let address = tab.address().await;
    let path = address.splitn(4, '/').nth(3).unwrap_or_default();
    path.split(['/', '?', '#']).take(2).fold(String::new(), |path, part| format!("{path}/{part}"))
}

#[tokio::test(flavor = "multi_thread")]
async fn the_keyboard_reaches_everything() {
    let (demo, chromium) = (Demo::start(), Chromium::start().await);
    let tab = chromium.tab(1280).await;
    let (email, password) = demo.sign_in_of("recruitment officer");

    tab.open(&demo.url("/sign-in")).await;
    tab.tab_to("#email").await;
    tab.write(email).await;
    tab.tab_to("#password").await;
    tab.write(password).await;
    tab.key("Enter").await;
    tab.until_text("h1", |heading| heading == "Today").await;
    tab.open(&demo.url("/enquiries")).await;

    tab.tab_to("a.skip").await;
    assert!(tab.focus_is_visible().await, "the skip link shows when it has the focus");
    tab.key("Enter").await;
    tab.tab_to("main tbody tr:first-child th a").await;
    assert!(tab.focus_is_visible().await);
    tab.key("Enter").await;
    tab.find(".identity").await;

    tab.tab_to(".identity a[href*='notes/new']").await;
    tab.key("Enter").await;
    tab.until_text("h1", |heading| heading.contains("contact")).await;
    tab.tab_to("#body").await;
    tab.write("By keyboard alone").await;
    tab.tab_to("main button").await;
    assert!(tab.focus_is_visible().await);
    tab.key("Enter").await;
    tab.until_text("main", |record| record.contains("By keyboard alone")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn shortcut_keys_work_and_can_be_switched_off() {
    let (demo, chromium) = (Demo::start(), Chromium::start().await);
    let tab = chromium.tab(1280).await;
    tab.sign_in(&demo, "recruitment officer").await;
    tab.key("c").await;
    tab.until_text("h1", |heading| heading == "New enquiry").await;

    // From row to row, across the sections of Today; Enter opens what the focus is on.
    for (page, row) in [("/today", ".work[data-rows] > li"), ("/households/alike", ".twins-list > li")] {
        tab.open(&demo.url(page)).await;
        tab.key_to("j", &format!("{row}:nth-child(2) a")).await;
        tab.key_to("k", &format!("{row}:nth-child(1) a")).await;
        assert!(tab.focus_is_visible().await, "{page}");
        tab.key("?").await;
        tab.until_text("#keys-help", |help| help.contains("Open that row")).await;
        tab.key("Escape").await;
        tab.key_to("j", &format!("{row} a")).await;
        tab.key("Enter").await;
        tab.until_text("h1", |heading| heading != "Today" && heading != "The same household twice?").await;
    }

    tab.open(&demo.url("/account")).await;
    assert!(tab.is_checked("#keys-on").await);
    tab.find("#keys-on").await.click().await.expect("it can be unticked");
    tab.open(&demo.url("/enquiries")).await;
    for key in ["/", "c"] {
        tab.key(key).await;
    }
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    assert_eq!(tab.address().await, demo.url("/enquiries"));
    tab.open(&demo.url("/today")).await;
    tab.key("j").await;
    tab.key("?").await;
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    assert_eq!(tab.text(".work a:focus, dialog[open]").await, "", "switched off is off on Today too");
    tab.open(&demo.url("/enquiries")).await;
    tab.write("nothing has the focus").await;
    let typed = tab.find("#search").await.property("value").await.expect("a field has a value");
    assert_eq!(typed.and_then(|value| value.as_str().map(str::to_owned)).as_deref(), Some(""));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_search_box_suggests_and_the_arrows_lead_to_the_record() {
    let (demo, chromium) = (Demo::start(), Chromium::start().await);
    let tab = chromium.tab(1280).await;
    tab.sign_in(&demo, "recruitment officer").await;
    tab.open(&demo.url("/enquiries")).await;
    let name = tab.text("main tbody tr th .who-name").await;
    tab.open(&demo.url("/reports")).await;
    tab.key_to("/", "#search").await;
    tab.write(&name).await;
    tab.until_text("#suggestions a b", |first| first == name).await;
    let said = tab.until_text("#live", |said| !said.is_empty()).await;
    assert!(said.contains("below the search box"), "{said}");
    assert_eq!(tab.barriers().await, Vec::<String>::new());
    tab.screenshot("search-suggestions-1280-light").await;
    tab.key("Escape").await;
    let typed = tab.find("#search").await.property("value").await.expect("a field has a value");
    assert_eq!(typed.and_then(|value| value.as_str().map(str::to_owned)), Some(name.clone()), "Escape keeps the words");

    tab.write(" ").await;
    tab.until_text("#suggestions a b", |first| first == name).await;
    tab.key("ArrowDown").await;
    assert!(tab.focus_is_visible().await);
    tab.key("Enter").await;
    tab.until_text("h1", |heading| heading == name).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_search_box_works_without_javascript() {
    let (demo, chromium) = (Demo::start(), Chromium::start().await);
    let tab = chromium.tab(320).await;
    tab.without_javascript().await;
    tab.sign_in(&demo, "recruitment officer").await;
    tab.open(&demo.url("/reports")).await;
    tab.fill("#search", "sarah").await;
    tab.key("Enter").await;
    tab.until_text("main h2", |heading| heading.contains("for “sarah”")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_people_write_on_one_household_and_neither_loses_a_word() {
    let (demo, chromium) = (Demo::start(), Chromium::start().await);
    let (other, one) = (chromium.tab(1280).await, chromium.tab(1280).await);
    one.to_front().await;
    one.sign_in(&demo, "recruitment officer").await;
    one.open(&demo.url("/enquiries")).await;
    one.find("main tbody tr th a").await.click().await.expect("it can be followed");
    one.find(".identity").await;
    let household = demo.url(&format!("{}/household", record_address(&one).await));

    one.open(&household).await;
    one.fill("[name=contact_hours]", "After six").await;
    other.to_front().await;
    other.open(&household).await;
    other.fill("[name=contact_hours]", "Mornings only").await;

    one.to_front().await;
    one.press_button("Save the household").await;
    one.until_text("main", |record| record.contains("After six")).await;
    other.to_front().await;
    other.press_button("Save the household").await;
    other.until_text("main", |page| page.contains("After six")).await;
    let page = other.page.content().await.expect("a page has content");
    assert!(page.contains("Mornings only"), "what the second one typed is kept");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_typed_on_today_survives_the_end_of_the_session() {
    let (demo, chromium) = (Demo::start(), Chromium::start().await);
    let tab = chromium.tab(1280).await;
    tab.sign_in(&demo, "recruitment officer").await;
    tab.open(&demo.url("/today?whose=everybody")).await;
    tab.click_on("(//section[@aria-labelledby='new']//details/summary)[1]").await;
    tab.fill("section[aria-labelledby=new] details[open] [name=note]", "Rang, works nights").await;
    // The session is ended elsewhere: here, its cookie is gone.
    tab.page.execute(ClearBrowserCookiesParams::default()).await.expect("the cookie goes");
    tab.click_on("(//section[@aria-labelledby='new']//details[@open]//button)[1]").await;
    tab.until_text("h1", |heading| heading == "Not saved yet").await;
    assert!(tab.text(".typed").await.contains("Rang, works nights"));
    assert_eq!(tab.barriers().await, Vec::<String>::new());
    tab.screenshot("late-1280-light").await;
    let (email, password) = demo.sign_in_of("recruitment officer");
    tab.fill("#email", email).await;
    tab.fill("#password", "not the password").await;
    tab.press_button("Sign in").await;
    tab.until_text(".error-summary", |said| said.contains("the password is wrong")).await;
    assert!(tab.text(".typed").await.contains("Rang, works nights"));
    tab.fill("#password", password).await;
    tab.press_button("Sign in").await;
    tab.until_text(".lede", |said| said.contains("You are signed in")).await;
    assert!(tab.text(".typed").await.contains("Rang, works nights"));
    tab.press_button("Send it again").await;
    tab.until_text(".flash", |said| said.contains("recorded")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_that_cannot_arrive_keeps_what_was_typed_and_is_sent_once_more() {
    let (demo, chromium) = (Demo::start(), Chromium::start().await);
    let tab = chromium.tab(1280).await;
    tab.sign_in(&demo, "recruitment officer").await;
    tab.open(&demo.url("/enquiries/new")).await;
    let typed = [
        ("[name=name_1]", "Wilhelmina Brackenbury"),
        ("[name=phone_1]", "0113 496 0987"),
        ("[name=postcode]", "SR4 9ZZ"),
        ("[name=received_on]", "yesterday"),
        ("[name=note]", "Rang from the market, has a spare room"),
    ];
    for (field, words) in typed {
        tab.fill(field, words).await;
    }
    tab.offline(true).await;
    tab.press_button("Log the enquiry").await;
    let said = tab.until_text("#messages", |said| said.contains("cannot be reached")).await;
    assert!(said.contains("Nothing was saved; what you typed is still here."), "{said}");
    assert_eq!(tab.address().await, demo.url("/enquiries/new"));
    // Without an answer it may be pressed as often as anybody likes.
    tab.press_button("Log the enquiry").await;
    for (field, words) in typed {
        assert_eq!(tab.typed(field).await, words, "{field}");
    }
    assert_eq!(tab.barriers().await, Vec::<String>::new());
    tab.screenshot("unreached-1280-light").await;

    tab.offline(false).await;
    tab.press_button("Log the enquiry").await;
    tab.until_text("h1", |heading| heading == "Wilhelmina Brackenbury").await;
    let record = tab.text("main").await;
    assert!(record.contains("SR4 9ZZ") && record.contains("has a spare room"), "{record}");
    assert!(!tab.text("#messages").await.contains("cannot be reached"));
}

#[tokio::test(flavor = "multi_thread")]
async fn paper_shows_nothing_to_press_and_says_whose_it_is() {
    let (demo, chromium) = (Demo::start(), Chromium::start().await);
    let tab = chromium.tab(1280).await;
    tab.sign_in(&demo, "recruitment officer").await;
    tab.open(&demo.url("/enquiries")).await;
    tab.find("main tbody tr th a").await.click().await.expect("it can be followed");
    tab.find(".identity").await;
    let record = record_address(&tab).await;
    for (page, words) in [
        ("/today?whose=everybody".to_owned(), &["Mine", "Show", "All tasks"][..]),
        ("/board".to_owned(), &["Mine", "Show", "Move"]),
        ("/enquiries?stage=visited&stage=new".to_owned(), &["Clear all", "Save this view", "×"]),
        (record.clone(), &["Correct:", "Edit:", "Open:", "Change", "All people", "Overview", "Dates only"]),
        (format!("{record}/milestones"), &["Correct:", "Record", "Overview"]),
    ] {
        tab.open(&demo.url(&page)).await;
        let is_named = |text: &String| words.iter().any(|word| text.starts_with(word) || text.ends_with(word));
        assert!(tab.pressable().await.iter().any(is_named), "{page} has none of {words:?} on the screen");
        tab.on_paper(true).await;
        let left = tab.pressable().await;
        assert!(!left.iter().any(is_named), "{page} prints what is to be pressed: {left:?}");
        tab.screenshot(&format!("paper{}", page.split('?').next().unwrap_or_default().replace('/', "-"))).await;
        tab.on_paper(false).await;
    }
    tab.open(&demo.url("/today?whose=everybody")).await;
    tab.on_paper(true).await;
    assert!(tab.text(".head").await.contains("Everybody’s"));
}

#[tokio::test(flavor = "multi_thread")]
async fn many_rows_are_ticked_by_keyboard_and_given_a_task() {
    let (demo, chromium) = (Demo::start(), Chromium::start().await);
    let tab = chromium.tab(1280).await;
    tab.sign_in(&demo, "recruitment officer").await;
    tab.open(&demo.url("/enquiries")).await;
    for key in ["j", "x", "j", "x"] {
        tab.key(key).await;
    }
    tab.until_text("#live", |said| said == "2 rows ticked").await;
    assert!(tab.text("#which").await.contains("those ticked (2)"));
    add_a_task(&tab, "Add a task to 2 enquiries").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn many_rows_are_given_a_task_without_javascript() {
    let (demo, chromium) = (Demo::start(), Chromium::start().await);
    let tab = chromium.tab(1280).await;
    tab.without_javascript().await;
    tab.sign_in(&demo, "recruitment officer").await;
    tab.open(&demo.url("/enquiries")).await;
    for row in [1, 2, 3] {
        tab.find(&format!("tbody tr:nth-child({row}) .pick input")).await.click().await.expect("a box is ticked");
    }
    add_a_task(&tab, "Add a task to 3 enquiries").await;
}

async fn add_a_task(tab: &Tab, heading: &str) {
    tab.press_button("Add a task").await;
    tab.until_text("h1", |said| said == heading).await;
    tab.fill("#what", "Ask whether the evening suits them").await;
    tab.fill("#due_on", "tomorrow").await;
    tab.press_button("Continue").await;
    tab.until_text("h1", |said| said.starts_with("Add the task to")).await;
    tab.find("#check .form-end button").await.click().await.expect("a button is pressed");
    tab.until_text(".flash", |said| said.starts_with("The task is added to")).await;
}
