//! The list of enquiries: what each filter keeps, tags, order, pages, and who sees what.

use axum::http::StatusCode;
use hearth::domain::fostering::FosteringType;
use hearth::domain::role::Role;

use crate::given;
use crate::support::{Client, Page, TestApp};

pub fn names(page: &Page) -> Vec<String> {
    page.texts("tbody .who-name")
}

async fn list(client: &mut Client, query: &str) -> Vec<String> {
    let mut found = names(&client.get(&format!("/enquiries?{query}")).await);
    found.sort();
    found
}

/// One of each, so that every filter has something to leave out.
pub async fn some_enquiries(app: &TestApp) {
    given::enquiry().named("Amira Rahman").received("2025-10-10").source("Website").create(app).await;
    given::enquiry()
        .named("Bola Adeyemi")
        .received("2025-03-03")
        .contacted("2025-03-04")
        .visited("2025-03-10")
        .hub("Foster with North East", "FWNE/1")
        .source("Regional hub")
        .kind(FosteringType::ShortBreaks)
        .create(app)
        .await;
    given::enquiry()
        .named("Carys Llŷr-Pugh")
        .received("2025-02-03")
        .applied("2025-03-01")
        .stage_1("2025-03-02")
        .stage_2("2025-04-02")
        .kind(FosteringType::FamilyAndFriends)
        .officer("Jan Teal", None)
        .create(app)
        .await;
    given::enquiry().named("Dan Poole").received("2025-05-01").paused("2025-10-01", "").create(app).await;
    given::enquiry().named("Eve Poole").received("2025-05-02").in_touch("2025-06-01", "2026-01-10").create(app).await;
    given::enquiry().named("Finn Oakes").received("2025-05-03").closed("2025-06-01", "not_now").create(app).await;
    given::enquiry()
        .named("Gwen Hale")
        .received("2024-05-03")
        .applied("2024-06-01")
        .panel("2024-12-01")
        .approved("2024-12-09")
        .kind(FosteringType::SupportedLodgings)
        .create(app)
        .await;
    // The pause is over; it is open again.
    given::enquiry()
        .named("Hugh Ives")
        .received("2025-05-04")
        .paused("2025-06-01", "2025-10-14")
        .source("[Other] stall")
        .create(app)
        .await;
}

#[tokio::test]
async fn each_filter_keeps_what_it_says() {
    let app = TestApp::new().await;
    some_enquiries(&app).await;
    let mut officer = app.sign_in(Role::Officer).await;
    let in_progress = ["Amira Rahman", "Bola Adeyemi", "Carys Llŷr-Pugh", "Dan Poole", "Eve Poole", "Hugh Ives"];
    assert_eq!(list(&mut officer, "").await, in_progress);
    for (query, found) in [
        ("stage=new", &["Amira Rahman", "Dan Poole", "Eve Poole", "Hugh Ives"][..]),
        ("stage=visited&stage=application", &["Bola Adeyemi"]),
        // Both stages run: it is found by either.
        ("stage=stage_1", &["Carys Llŷr-Pugh"]),
        ("stage=stage_2", &["Carys Llŷr-Pugh"]),
        ("officer=Jan+Teal", &["Carys Llŷr-Pugh"]),
        ("officer=unassigned&stage=visited", &["Bola Adeyemi"]),
        ("source=Website", &["Amira Rahman"]),
        ("source=%5BOther%5D+stall", &["Hugh Ives"]),
        ("source=Website&source=%5BOther%5D+stall", &["Amira Rahman", "Hugh Ives"]),
        ("officer=unassigned&officer=Jan+Teal&source=not_recorded&stage=stage_2", &["Carys Llŷr-Pugh"]),
        ("source=not_recorded&stage=stage_2", &["Carys Llŷr-Pugh"]),
        ("hub=Foster+with+North+East", &["Bola Adeyemi"]),
        ("hub=direct&source=Website", &["Amira Rahman"]),
        ("kind=short_breaks", &["Bola Adeyemi"]),
        ("kind=family_and_friends", &["Carys Llŷr-Pugh"]),
        ("kind=all_mainstream", &["Amira Rahman", "Bola Adeyemi", "Dan Poole", "Eve Poole", "Hugh Ives"]),
        ("state=paused", &["Dan Poole"]),
        ("state=in_touch", &["Eve Poole"]),
        ("state=closed", &["Finn Oakes"]),
        ("state=approved", &["Gwen Hale"]),
        ("state=open", &["Amira Rahman", "Bola Adeyemi", "Carys Llŷr-Pugh", "Hugh Ives"]),
        ("state=open&state=closed&from=2025-05-01", &["Amira Rahman", "Finn Oakes", "Hugh Ives"]),
        ("from=2025-03-03&to=2025-05-01", &["Bola Adeyemi", "Dan Poole"]),
        ("from=1+may&to=last+monday", &["Amira Rahman", "Dan Poole", "Eve Poole", "Hugh Ives"]),
        ("hub=direct&kind=short_breaks", &[]),
    ] {
        assert_eq!(list(&mut officer, query).await, found, "{query}");
        // In another order the same rows are picked by another statement.
        assert_eq!(list(&mut officer, &format!("{query}&sort=name")).await, found, "{query} by name");
    }
    assert_eq!(list(&mut officer, "state=any").await.len(), 8);
}

#[tokio::test]
async fn a_row_says_how_things_stand() {
    let app = TestApp::new().await;
    some_enquiries(&app).await;
    let mut officer = app.sign_in(Role::Officer).await;
    let row = |page: &Page| page.texts("tbody td[data-label]");
    let page = officer.get("/enquiries?state=paused").await;
    assert_eq!(
        row(&page),
        [
            "New",
            "Paused Illness",
            "Overdue by 104 working days First contact",
            "Unassigned",
            "Not recorded",
            "1 May 2025",
            "1 May 2025"
        ]
    );
    let page = officer.get("/enquiries?state=in_touch").await;
    assert_eq!(row(&page)[1], "Keeping in touch contact again 10 Jan 2026");
    let page = officer.get("/enquiries?state=closed").await;
    assert_eq!(row(&page)[1], "Closed Not now");
    let page = officer.get("/enquiries?stage=stage_1").await;
    assert_eq!(row(&page)[0], "Stage 1 Stage 2");
    assert_eq!(page.text("tbody .meta"), "E-000003");
    let page = officer.get("/enquiries?stage=visited").await;
    assert_eq!(row(&page)[4], "Regional hub through Foster with North East");
}

#[tokio::test]
async fn the_count_stands_over_tags_that_can_be_taken_off() {
    let app = TestApp::new().await;
    some_enquiries(&app).await;
    let mut officer = app.sign_in(Role::Officer).await;
    let page = officer.get("/enquiries?stage=new&hub=direct").await;
    assert_eq!(page.text(".found"), "4 enquiries where");
    let tags = page.texts(".applied .off");
    assert_eq!(tags.len(), 3);
    assert!(tags[0].contains("Remove filter Open, paused or keeping in touch"), "{tags:?}");
    let without_state = officer.get(&page.attribute(".applied .off:nth-of-type(1)", "href")).await;
    assert_eq!(without_state.text(".found"), "5 enquiries where");
    let without_stage = officer.get(&page.attribute(".applied .off:nth-of-type(2)", "href")).await;
    assert_eq!(without_stage.text(".found"), "5 enquiries where");
    let cleared = officer.get("/enquiries?state=any").await;
    assert_eq!((cleared.text(".found").as_str(), cleared.has(".applied .off")), ("8 enquiries", false));
}

#[tokio::test]
async fn what_is_typed_finds_people_however_it_is_written() {
    let app = TestApp::new().await;
    given::enquiry()
        .reference("WF-2296")
        .hub("Foster with North East", "FWNE/26/1283")
        .named("Carys Llŷr-Pugh")
        .phone("07700900123; 01632960124")
        .email("Carys@Example.org")
        .named("Tom O’Neill")
        .phone("07700900777")
        .postcode("SR2 7AB")
        .closed("2025-10-02", "not_now")
        .create(&app)
        .await;
    given::enquiry().named("Nobody Else").phone("07700900999").postcode("TS1 1AA").create(&app).await;
    let mut officer = app.sign_in(Role::Officer).await;
    for text in [
        "carys",
        "LLYR",
        "llyr-pugh",
        "Pugh Carys",
        "tom",
        "o'neill",
        "ONeill T",
        "07700 900 123",
        "+44 7700 900123",
        "01632960124",
        "07700900777",
        "carys@example",
        "sr27ab",
        "SR2 7AB",
        "sr2",
        "WF-22",
        "FWNE/26/1283",
        "fwne/26",
        "wf-2296",
    ] {
        let query = form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
        let found = list(&mut officer, &format!("q={query}")).await;
        assert_eq!(found, ["Carys Llŷr-Pugh and Tom O’Neill"], "{text}");
    }
    assert_eq!(list(&mut officer, "q=n").await, ["Nobody Else"], "one letter is not looked for");
    assert_eq!(list(&mut officer, "q=000002").await, ["Nobody Else"]);
    assert_eq!(list(&mut officer, "q=77009").await.len(), 2, "any part of a telephone number");
    let page = officer.get("/enquiries?q=carys&state=open").await;
    assert_eq!(page.text(".found"), "No enquiries where");
    let anywhere = officer.get(&page.attribute(".empty a", "href")).await;
    assert_eq!(names(&anywhere).len(), 1);
}

#[tokio::test]
async fn pages_go_forward_and_back_in_every_order() {
    let app = TestApp::new().await;
    let stages = ["2025-01-02", "2025-01-03", "2025-01-04"];
    for number in 0..120 {
        // Many of one day, so that the order within a day matters too.
        let day = stages[number % 3];
        let given = given::enquiry().named(&format!("Person {:03}", (number * 7) % 120)).received(day);
        let given = if number % 4 == 0 { given.officer("Jan Teal", None).contacted("2025-02-01") } else { given };
        given.create(&app).await;
    }
    let mut officer = app.sign_in(Role::Officer).await;
    for query in [
        "",
        "order=asc",
        "sort=name",
        "sort=name&order=desc",
        "sort=stage",
        "sort=officer",
        "sort=last",
        "q=person",
        "q=person&sort=name",
    ] {
        let mut page = officer.get(&format!("/enquiries?{query}")).await;
        assert!(page.text(".found").starts_with("120 enquiries"), "{query}");
        assert!(!page.has("[rel=prev]"));
        let mut pages = vec![names(&page)];
        while page.has("[rel=next]") {
            page = officer.get(&page.attribute("[rel=next]", "href")).await;
            assert!(page.text(".found").starts_with("120 enquiries"), "{query}");
            pages.push(names(&page));
        }
        assert_eq!(pages.iter().map(Vec::len).collect::<Vec<_>>(), [50, 50, 20], "{query}");
        let mut all = pages.concat();
        all.sort();
        all.dedup();
        assert_eq!(all.len(), 120, "{query}: none twice, none left out");
        page = officer.get(&page.attribute("[rel=prev]", "href")).await;
        assert_eq!(names(&page), pages[1], "{query}");
        page = officer.get(&page.attribute("[rel=prev]", "href")).await;
        assert_eq!(names(&page), pages[0], "{query}");
        assert!(!page.has("[rel=prev]"), "{query}");
    }
    let by_name = names(&officer.get("/enquiries?sort=name").await);
    assert_eq!((by_name[0].as_str(), by_name[49].as_str()), ("Person 000", "Person 049"));
}

#[tokio::test]
async fn orders_are_what_they_say() {
    let app = TestApp::new().await;
    some_enquiries(&app).await;
    let mut officer = app.sign_in(Role::Officer).await;
    let column = |page: &Page, column: usize| page.texts(&format!("tbody tr td:nth-of-type({})", column + 1));
    let stages = column(&officer.get("/enquiries?state=any&sort=stage").await, 1);
    assert_eq!(stages, ["New", "New", "New", "New", "New", "Visited", "Stage 1 Stage 2", "Approved"]);
    let officers = column(&officer.get("/enquiries?sort=officer&order=desc").await, 4);
    assert_eq!((officers[0].as_str(), officers[1].as_str()), ("Jan Teal", "Unassigned"));
    let page = officer.get("/enquiries").await;
    assert_eq!(names(&page)[0], "Amira Rahman");
    assert_eq!(page.attribute("thead th[aria-sort]", "aria-sort"), "descending");
    let turned = officer.get(&page.attribute("thead th[aria-sort] a", "href")).await;
    assert_eq!(names(&turned)[0], "Carys Llŷr-Pugh");
}

#[tokio::test]
async fn social_workers_see_what_is_assigned_to_them() {
    let app = TestApp::new().await;
    let worker = app.person("Jan Teal", &[Role::SocialWorker]).await;
    given::enquiry().named("Her Own").officer("Jan Teal", Some(worker)).create(&app).await;
    given::enquiry().named("Somebody Else’s").create(&app).await;
    let mut client = app.sign_in_as(worker).await;
    assert_eq!(list(&mut client, "").await, ["Her Own"]);
    assert_eq!(list(&mut client, "q=somebody").await, Vec::<String>::new());
    assert_eq!(list(&mut client, "state=any&officer=unassigned&sort=name").await, Vec::<String>::new());
    let mut officer = app.sign_in(Role::Officer).await;
    assert_eq!(list(&mut officer, "officer=me").await, Vec::<String>::new());
    assert_eq!(list(&mut officer, "").await.len(), 2);
}

#[tokio::test]
async fn a_restricted_record_is_seen_by_named_people_only() {
    let app = TestApp::new().await;
    let named = app.person("Jan Teal", &[Role::Officer]).await;
    given::enquiry().named("A Colleague").restricted_to(&[named]).create(&app).await;
    let mut other = app.sign_in(Role::Manager).await;
    let mut named = app.sign_in_as(named).await;
    for query in ["", "sort=name", "q=colleague", "q=E-000001"] {
        assert_eq!(list(&mut other, query).await, Vec::<String>::new(), "{query}");
        assert_eq!(list(&mut named, query).await, ["A Colleague"], "{query}");
    }
    assert_eq!(other.get("/enquiries").await.text(".found"), "No enquiries where");
}

#[tokio::test]
async fn htmx_gets_the_part_that_it_puts_in() {
    let app = TestApp::new().await;
    some_enquiries(&app).await;
    let mut officer = app.sign_in(Role::Officer).await.htmx();
    let ask = |target: &str| {
        axum::http::Request::get("/enquiries?stage=new")
            .header("hx-target", target)
            .body(axum::body::Body::empty())
            .unwrap()
    };
    let results = officer.send(ask("div#results")).await;
    assert!(!results.has("#filters") && results.has("tbody tr"));
    assert_eq!(results.attribute("[data-say]", "data-say"), "4 enquiries");
    assert_eq!(results.header("hx-replace-url"), "/enquiries?stage=new");
    let list = officer.send(ask("div#list")).await;
    assert_eq!(list.header("hx-push-url"), "/enquiries?stage=new");
    assert!(list.has("#filters") && list.has("[data-focus]") && !list.has("main"));
    assert!(officer.get("/enquiries").await.has("main"));
}

#[tokio::test]
async fn nothing_that_is_recorded_is_markup() {
    let app = TestApp::new().await;
    let payload = "<img src=x onerror=alert(1)>\"'&";
    given::enquiry()
        .reference(payload)
        .named(payload)
        .postcode(payload)
        .source(payload)
        .campaign(payload)
        .hub(payload, payload)
        .officer(payload, None)
        .create(&app)
        .await;
    let mut officer = app.sign_in(Role::Officer).await;
    let encoded = form_urlencoded::byte_serialize(payload.as_bytes()).collect::<String>();
    for query in ["".to_owned(), format!("source={encoded}&hub={encoded}&officer={encoded}"), format!("q={encoded}")] {
        let page = officer.get(&format!("/enquiries?{query}")).await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(!page.has("img") && !page.body.contains("<img"), "{query}");
        assert_eq!(names(&page), [payload]);
    }
}

#[tokio::test]
async fn an_empty_list_offers_the_first_step() {
    let app = TestApp::new().await;
    let page = app.sign_in(Role::Officer).await.get("/enquiries?state=any").await;
    assert_eq!(page.attribute(".empty a", "href"), "/enquiries/new");
    let page = app.sign_in(Role::SocialWorker).await.get("/enquiries?state=any").await;
    assert!(page.text(".empty").contains("Nothing is assigned to you yet") && !page.has(".empty a"));
}
