//! The lists of sources and campaigns, as an administrator keeps them, what the forms offer from them, and what becomes
//! of what is recorded.

use axum::http::StatusCode;
use hearth::domain::day::Period;
use hearth::domain::fostering::TypeFilter;
use hearth::domain::ids::EnquiryId;
use hearth::domain::instant::Instant;
use hearth::domain::question::{Basis, Dimension, Question};
use hearth::domain::role::Role;
use hearth::features::{pipeline, reports};

use crate::given;
use crate::support::{Client, Page, TestApp};

pub const LIST: &str = "/settings/sources";
pub const FORM: &str = "form.form";

pub async fn offered(client: &mut Client, list: &str) -> Vec<String> {
    client.get("/enquiries/new").await.attributes(&format!("#{list}-list option"), "value")
}

pub async fn address(admin: &mut Client, name: &str) -> String {
    let page = admin.get(LIST).await;
    let names = page.texts("th.lead a");
    let at = names.iter().position(|known| known == name).unwrap_or_else(|| panic!("{name} in {names:?}"));
    page.attributes("th.lead a", "href").swap_remove(at)
}

pub async fn add(admin: &mut Client, list: &str, values: &[(&str, &str)]) -> Page {
    let page = admin.get(&format!("/settings/sources/new?list={list}")).await;
    admin.submit(&page, FORM, values).await
}

/// Leaves out what the form holds and sends what it is to be.
pub async fn change(admin: &mut Client, name: &str, values: &[(&str, &str)]) -> Page {
    let address = address(admin, name).await;
    let page = admin.get(&address).await;
    admin.submit(&page, FORM, values).await
}

pub async fn sources_known_at(app: &TestApp, known_at: Instant) -> Vec<(String, u64)> {
    let day = |text: &str| text.parse().unwrap();
    let question = Question {
        period: Period { from: day("2025-01-01"), to: day("2025-12-31") },
        as_at: app.now().london_day(),
        known_at,
        types: TypeFilter::All,
        basis: Basis::Cohort,
        by: Some(Dimension::Source),
    };
    let funnel = reports::funnel(&app.state.db, &question, app.now()).await.unwrap();
    let groups = serde_json::to_value(&funnel).unwrap()["groups"].as_array().unwrap().clone();
    let of = |group: &serde_json::Value| {
        (group["group"].as_str().unwrap().to_owned(), group["steps"][0]["households"].as_u64().unwrap())
    };
    groups.iter().map(of).collect()
}

pub async fn agrees(app: &TestApp) {
    let mut connection = app.state.db.read().acquire().await.unwrap();
    assert_eq!(pipeline::disagreements(&mut connection).await.unwrap(), pipeline::Disagreements::default());
}

#[tokio::test]
async fn what_an_administrator_lists_is_what_the_forms_offer() {
    let app = TestApp::new().await;
    let id = given::enquiry().named("Amira Rahman").source("Stall at the market").create(&app).await;
    let (mut admin, mut officer) = (app.sign_in(Role::Admin).await, app.sign_in(Role::Officer).await);
    assert_eq!(offered(&mut officer, "source").await[0], "Council website", "the list to begin with");
    for (wrong, sentence) in [
        ("", "Enter the name"),
        (" \t ", "Enter the name"),
        ("?!", "Enter a name with letters or figures"),
        (&"a".repeat(81), "Use at most 80 characters"),
        ("LEAFLET.", "“Leaflet” is on the list already"),
    ] {
        let refused = add(&mut admin, "source", &[("name", wrong)]).await;
        assert_eq!((refused.status, refused.errors()), (StatusCode::UNPROCESSABLE_ENTITY, vec![sentence.to_owned()]));
        assert_eq!(refused.attribute("#name", "value"), wrong, "what was typed stays");
    }
    assert_eq!(add(&mut admin, "source", &[("name", "  Stall  at the market ")]).await.location(), LIST);
    assert_eq!(offered(&mut officer, "source").await.last().unwrap(), "Stall at the market");
    let details = format!("/enquiries/{id}/details");
    assert!(officer.get(&details).await.attributes("option", "value").contains(&"Stall at the market".to_owned()));

    let stall = address(&mut admin, "Stall at the market").await;
    change(&mut admin, "Stall at the market", &[("in_use", "")]).await.location();
    assert!(!offered(&mut officer, "source").await.contains(&"Stall at the market".to_owned()));
    // It is no longer offered, but what is recorded is as it was, and is filtered by.
    assert_eq!(officer.get(&details).await.attribute("#source", "value"), "Stall at the market");
    let list = officer.get("/enquiries?source=Stall+at+the+market").await;
    assert!(list.text("main").contains("Amira Rahman") && list.body.contains("Stall at the market"));
    // The address of an older version leads to how it is now, with its history.
    let history = admin.get(&stall).await.texts("#history + ul li");
    assert_eq!(history.len(), 2, "{history:?}");
    assert!(history[0].contains("No longer offered") && history[0].contains("October 2025"), "{history:?}");
    assert_eq!(
        app.count("select count(*) from audit where action in ('source_listed', 'source_list_changed')").await,
        2
    );
    let audit = admin.get("/settings/audit").await.text("#entries");
    assert!(audit.contains("Offered: yes → no"), "{audit}");
    for path in [LIST, &stall, "/settings/sources/new", "/settings/sources/recorded?list=source&name=x"] {
        assert_eq!(officer.get(path).await.status, StatusCode::FORBIDDEN, "{path}");
    }
}

#[tokio::test]
async fn what_somebody_types_is_spelled_as_it_is_offered() {
    let app = TestApp::new().await;
    let id = given::enquiry().source("face-book").create(&app).await;
    let mut officer = app.sign_in(Role::Officer).await;
    let page = officer.get("/enquiries/new").await;
    let values = [("name_1", "Lowri Pugh"), ("source", "FACEBOOK"), ("campaign", "Word on the bus")];
    officer.submit(&page, "#new-enquiry", &values).await.location();
    assert_eq!(app.count("select count(*) from enquiry_now where source = 'Facebook'").await, 1);
    assert_eq!(app.count("select count(*) from enquiry_now where campaign = 'Word on the bus'").await, 1);
    let page = officer.get(&format!("/enquiries/{id}/details")).await;
    officer.submit(&page, FORM, &[("campaign", "Spring")]).await.location();
    assert_eq!(app.count("select count(*) from enquiry_now where source = 'face-book'").await, 1, "not touched");
    let page = officer.get(&format!("/enquiries/{id}/details")).await;
    officer.submit(&page, FORM, &[("source", "facebook")]).await.location();
    assert_eq!(app.count("select count(*) from enquiry_now where source = 'Facebook'").await, 2);
}

#[tokio::test]
async fn campaigns_stand_by_their_days_and_sources_where_they_are_put() {
    let app = TestApp::new().await;
    let (mut admin, mut officer) = (app.sign_in(Role::Admin).await, app.sign_in(Role::Officer).await);
    for (name, from, to) in [("Old one", "1/5/24", "31/5/24"), ("New one", "1/5/25", "31/5/25"), ("Always", "", "")] {
        let values = [("name", name), ("runs_from", from), ("runs_to", to)];
        add(&mut admin, "campaign", &values).await.location();
    }
    assert_eq!(offered(&mut officer, "campaign").await, ["Always", "New one", "Old one"], "the latest first");
    let page = admin.get(LIST).await;
    assert!(page.text("main").contains("1 May 2025 to 31 May 2025"), "{}", page.text("main"));
    let wrong = [("name", "Backwards"), ("runs_from", "2/5/25"), ("runs_to", "1/5/25")];
    let refused = add(&mut admin, "campaign", &wrong).await;
    assert_eq!(refused.errors(), ["The last day must not be before the first"]);

    let first = |names: Vec<String>| names[..4].to_vec();
    let begins = ["Council website", "Search engine", "Facebook", "Friend who fosters"];
    assert_eq!(first(offered(&mut officer, "source").await), begins);
    // Somebody looks at one while another moves it: neither touches what the other does.
    let facebook = address(&mut admin, "Facebook").await;
    let page = admin.get(&facebook).await;
    let places = page.texts("#place option");
    assert_eq!(&places[..3], ["At the top", "After Council website", "After Search engine"]);
    change(&mut admin, "Leaflet", &[("place", "first")]).await.location();
    admin.submit(&page, FORM, &[("in_use", "")]).await.location();
    let begins = ["Leaflet", "Council website", "Search engine", "Friend who fosters"];
    assert_eq!(first(offered(&mut officer, "source").await), begins);
    change(&mut admin, "Facebook", &[("in_use", "yes"), ("place", "1")]).await.location();
    let begins = ["Leaflet", "Council website", "Facebook", "Search engine"];
    assert_eq!(first(offered(&mut officer, "source").await), begins);
    let leaflet = address(&mut admin, "Leaflet").await;
    assert!(admin.get(&leaflet).await.texts("#history + ul li")[0].contains("Moved in the list"));
    let history = admin.get(&facebook).await.texts("#history + ul li");
    assert!(history[0].contains("Moved in the list") && !history[1].contains("Moved in the list"), "{history:?}");
    assert!(admin.get("/settings/audit").await.text("#entries").contains("Moved in the list"));
    assert_eq!(app.count("select count(distinct position) from listed_source where superseded_at is null").await, 10);
}

pub async fn save_mapping(app: &TestApp, text: &str) {
    let mut write = app.state.db.write().await.unwrap();
    let insert = "insert into mapping (name, text, headers_hash, saved_at, saved_by) values ('Hub', ?, '', 0, 1)";
    sqlx::query(insert).bind(text).execute(&mut *write).await.unwrap();
    write.commit().await.unwrap();
}

#[tokio::test]
async fn under_a_new_name_it_is_the_same_source_and_what_was_known_stays_known() {
    let app = TestApp::new().await;
    let id = given::enquiry().named("Amira Rahman").received("2025-03-01").source("Facebook").create(&app).await;
    given::enquiry().named("Lowri Pugh").received("2025-03-02").source("Facebook").create(&app).await;
    given::enquiry().named("Zoë Walton").received("2025-03-03").source("Leaflet").create(&app).await;
    let (mut admin, mut manager) = (app.sign_in(Role::Admin).await, app.sign_in(Role::Manager).await);
    let list = manager.get("/enquiries?source=Facebook&source=Leaflet").await;
    let view = manager.get(&list.attribute("a[href^='/enquiries/views/new']", "href")).await;
    manager.submit(&view, "#view", &[("name", "On line")]).await.location();
    save_mapping(&app, "[columns]\nDate = \"received_on\"\n\n[words.source]\n\"fb*\" = \"Facebook\"\n").await;
    let facebook = address(&mut admin, "Facebook").await;
    let page = admin.get(&facebook).await;
    assert!(page.text("main").contains("2 enquiries are recorded under this name"), "{}", page.text("main"));
    let before = app.now();
    app.pass_minutes(10);
    // A second click makes nothing more.
    for _ in 0..2 {
        assert_eq!(admin.submit(&page, FORM, &[("name", "Social media")]).await.location(), LIST);
    }
    let both = |name: &str| vec![("Leaflet".to_owned(), 1), (name.to_owned(), 2)];
    assert_eq!(sources_known_at(&app, app.now()).await, both("Social media"));
    let mut earlier = both("Facebook");
    earlier.reverse();
    assert_eq!(sources_known_at(&app, before).await, earlier, "what was known stays known");
    agrees(&app).await;
    let record = manager.get(&format!("/enquiries/{id}")).await;
    assert!(record.text("main").contains("Social media"), "{}", record.text("main"));
    let view = manager.get("/enquiries?view=1").await.text("main");
    assert!(view.contains("Amira Rahman") && view.contains("Zoë Walton"), "the view shows the same: {view}");
    let mapped = "select count(*) from mapping where text like '%\"fb*\" = \"Social media\"%'";
    assert_eq!(app.count(mapped).await, 1, "the next file brings the new name");
    let told = admin.get("/settings/audit").await.text("#entries");
    assert!(told.contains("Name: Facebook → Social media") && told.contains("Corrected on 2 enquiries"), "{told}");
    assert_eq!(app.count("select count(*) from audit where action = 'source_list_changed'").await, 1);
    let history = admin.get(&facebook).await.texts("#history + ul li");
    assert!(history[0].starts_with("Social media") && history[1].starts_with("Facebook"), "{history:?}");
    assert!(history[1].contains("From the beginning"), "{history:?}");
}

pub async fn recorded(app: &TestApp, sources: &[&str]) -> Vec<EnquiryId> {
    let mut ids = Vec::new();
    for source in sources {
        ids.push(given::enquiry().received("2025-03-01").source(source).create(app).await);
    }
    ids
}

#[tokio::test]
async fn what_is_recorded_otherwise_is_shown_and_comes_onto_the_list() {
    let app = TestApp::new().await;
    recorded(&app, &["Leaflet", "Aeroplane banner", "Aeroplane banner", "Bus & tram <b>"]).await;
    let mut admin = app.sign_in(Role::Admin).await;
    let list = admin.get(LIST).await;
    assert_eq!(list.texts("th.as-typed"), ["Aeroplane banner", "Bus & tram <b>"], "most enquiries first");
    assert_eq!(list.texts("td[data-label=Enquiries]").iter().filter(|count| *count == "2").count(), 1);
    admin.submit(&list, "td form", &[("meaning", "new")]).await.location();
    let list = admin.get(LIST).await;
    assert_eq!(list.texts("th.as-typed"), ["Bus & tram <b>"]);
    assert!(list.texts("th.lead a").contains(&"Aeroplane banner".to_owned()));
    let page = admin.get(&list.attribute("td .row > a", "href")).await;
    assert_eq!(page.text("h1"), "Bus & tram <b>");
    assert_eq!(admin.submit(&page, FORM, &[("meaning", "")]).await.errors(), ["Choose what it is"]);
    assert_eq!(admin.submit(&page, FORM, &[("meaning", "999")]).await.errors(), ["Choose what it is"]);
    admin.submit(&page, FORM, &[("meaning", "new")]).await.location();
    assert!(!admin.get(LIST).await.has("th.as-typed"));
    // What is listed, or nobody has, is not asked about.
    for name in ["Leaflet", "Nothing"] {
        let page = admin.get(&format!("/settings/sources/recorded?list=source&name={name}")).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND);
    }
}

#[tokio::test]
async fn another_spelling_of_what_is_listed_is_corrected_where_somebody_says_so() {
    let app = TestApp::new().await;
    recorded(&app, &["Facebook", "face book", "face-book", "Leaflet drop"]).await;
    let mut admin = app.sign_in(Role::Admin).await;
    change(&mut admin, "Leaflet", &[("name", "Poster")]).await.location();
    change(&mut admin, "Poster", &[("name", "Leaflet or poster")]).await.location();
    recorded(&app, &["POSTER"]).await;
    let list = admin.get(LIST).await;
    let likes = list.texts("td .row > a");
    assert!(likes.iter().any(|like| like.contains("The same as Leaflet or poster?")), "a former name: {likes:?}");
    let poster = list.attributes("td .row > a", "href").into_iter().find(|href| href.contains("POSTER")).unwrap();
    let page = admin.get(&poster).await;
    assert_eq!(page.text("#meaning option[selected]"), "The same as Leaflet or poster");
    admin.submit(&page, FORM, &[]).await.location();
    let before = app.now();
    app.pass_minutes(1);
    let page = admin.get("/settings/sources/recorded?list=source&name=face+book").await;
    assert!(!page.has("#meaning option[selected]"), "two words are not one");
    admin.submit(&page, FORM, &[("meaning", "3")]).await.location();
    assert_eq!(app.count("select count(*) from enquiry_now where source = 'Facebook'").await, 2);
    assert_eq!(app.count("select count(*) from enquiry_now where source = 'Leaflet or poster'").await, 1);
    assert!(sources_known_at(&app, before).await.contains(&("face book".to_owned(), 1)));
    assert_eq!(app.count("select count(*) from audit where action = 'source_corrected'").await, 2);
    agrees(&app).await;
    // Somebody lists it while another says that it is the same as one that was there.
    let page = admin.get("/settings/sources/recorded?list=source&name=Leaflet+drop").await;
    add(&mut admin, "source", &[("name", "Leaflet drop")]).await.location();
    let refused = admin.submit(&page, FORM, &[("meaning", "7")]).await;
    assert_eq!(refused.errors(), ["“Leaflet drop” is on the list already"]);
}

#[tokio::test]
async fn two_administrators_change_one_entry_and_neither_is_overwritten_unseen() {
    let app = TestApp::new().await;
    let (mut one, mut two) = (app.sign_in(Role::Admin).await, app.sign_in(Role::Admin).await);
    let address = address(&mut one, "Leaflet").await;
    let (first, second) = (one.get(&address).await, two.get(&address).await);
    one.submit(&first, FORM, &[("name", "Leaflet through the door"), ("in_use", "")]).await.location();
    let conflict = two.submit(&second, FORM, &[("name", "Leaflet or poster")]).await;
    assert_eq!(conflict.status, StatusCode::CONFLICT);
    let said = conflict.text(".conflict");
    assert!(said.contains("Leaflet through the door") && said.contains("Leaflet or poster"), "{said}");
    assert_eq!(conflict.attribute("#name", "value"), "Leaflet or poster");
    assert!(!conflict.has("#in_use[checked]"), "what was not touched is as the other left it");
    assert_eq!(two.submit(&conflict, FORM, &[]).await.location(), LIST);
    assert_eq!(app.count("select count(*) from listed_source where root_id = 7").await, 3);
    assert_eq!(
        app.count("select count(*) from listed_source where name = 'Leaflet or poster' and in_use = 0").await,
        1
    );
}
