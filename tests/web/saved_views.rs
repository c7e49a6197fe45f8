//! Saved views and chosen columns: made from the list, opened, changed, shared, deleted.

use axum::http::StatusCode;
use hearth::domain::ids::UserId;
use hearth::domain::role::Role;

use crate::given;
use crate::support::{Client, Page, TestApp};

struct Office {
    app: TestApp,
    officer: Client,
    manager: Client,
}

async fn office() -> Office {
    let app = TestApp::new().await;
    let kerry: UserId = app.person("Kerry Blyth", &[Role::Officer]).await;
    let alison = app.person("Alison Hepple", &[Role::Manager]).await;
    given::enquiry().named("Amira Rahman").received("2025-10-10").phone("07700900123").create(&app).await;
    given::enquiry().named("Bola Adeyemi").received("2025-03-03").contacted("2025-03-04").create(&app).await;
    given::enquiry()
        .named("Carys Pugh")
        .received("2025-02-03")
        .contacted("2025-02-04")
        .visited("2025-02-10")
        .officer("Kerry Blyth", Some(kerry))
        .create(&app)
        .await;
    Office { officer: app.sign_in_as(kerry).await, manager: app.sign_in_as(alison).await, app }
}

fn names(page: &Page) -> Vec<String> {
    page.texts("tbody .who-name")
}

fn views(page: &Page) -> Vec<String> {
    page.texts(".views a")
}

/// Saves what the list shows; returns the list with the view.
async fn saved(client: &mut Client, query: &str, values: &[(&str, &str)]) -> Page {
    let list = client.get(&format!("/enquiries?{query}")).await;
    let form = client.get(&list.attribute(".applied a[href^='/enquiries/views/new']", "href")).await;
    let answer = client.submit(&form, "#view", values).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    client.follow(&answer).await
}

#[tokio::test]
async fn a_view_keeps_filters_order_and_columns_under_a_name() {
    let mut office = office().await;
    let client = &mut office.officer;
    let list = saved(client, "stage=in_contact&sort=name&columns=officer,telephone", &[("name", "To visit")]).await;
    assert_eq!(names(&list), ["Bola Adeyemi"]);
    assert_eq!(views(&list), ["In progress", "To visit", "Saved views"]);
    assert_eq!(list.text(".views [aria-current]"), "To visit");
    assert_eq!(list.texts("thead th").len(), 3);
    assert!(!list.has(".view-changed"));
    // By its own address as well, and whoever comes later in the day finds what fits by then.
    let address = list.attribute(".views [aria-current]", "href");
    assert_eq!(names(&client.get(&address).await), ["Bola Adeyemi"]);
    assert_eq!(office.app.count("select count(*) from audit where action = 'view_saved'").await, 1);
    let page = office.officer.get("/enquiries/views").await;
    let line = page.text("tbody tr");
    assert!(line.contains("Stage: In contact") && line.contains("by name") && line.contains("Officer, Telephone"));
}

#[tokio::test]
async fn a_view_is_not_called_like_another_that_stands_beside_it() {
    let mut office = office().await;
    saved(&mut office.manager, "stage=visited", &[("name", "Visited"), ("shared", "yes")]).await;
    let form = office.officer.get("/enquiries/views/new?stage=in_contact").await;
    for (name, said) in
        [("in  Progress", "stands above the list already"), ("visited", "There is a view with this name")]
    {
        let refused = office.officer.submit(&form, "#view", &[("name", name)]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}");
        assert!(refused.text(".error-summary").contains(said), "{}", refused.text(".error-summary"));
    }
    assert_eq!(office.app.count("select count(*) from saved_view").await, 1);
    // It is not an officer's to save over; a manager may.
    let refused = office.officer.submit(&form, "#view", &[("name", "visited")]).await;
    assert_eq!(refused.errors(), ["There is a view with this name, shared with everybody. Choose another name"]);
    let form = office.manager.get("/enquiries/views/new?stage=in_contact").await;
    let refused = office.manager.submit(&form, "#view", &[("name", "visited")]).await;
    assert!(refused.errors()[0].ends_with("or open that view and save over it"), "{:?}", refused.errors());
}

#[tokio::test]
async fn a_shared_view_with_the_name_of_ones_own_says_that_it_is_shared() {
    let mut office = office().await;
    let list = saved(&mut office.officer, "stage=in_contact", &[("name", "Mine")]).await;
    assert_eq!(views(&list), ["In progress", "Mine", "Saved views"]);
    // Nobody is told what others call their own.
    saved(&mut office.manager, "stage=visited", &[("name", "mine"), ("shared", "yes")]).await;
    assert_eq!(views(&office.manager.get("/enquiries").await), ["In progress", "mine", "Saved views"]);
    let list = office.officer.get("/enquiries?view=2").await;
    assert_eq!(views(&list), ["In progress", "Mine", "mine (shared)", "Saved views"]);
    assert_eq!(list.text(".views [aria-current]"), "mine (shared)");
    // Her own goes on being saved over, and called so.
    let changed = office.officer.get("/enquiries?view=1&stage=new").await;
    let saved = office.officer.submit(&changed, ".view-changed form", &[]).await;
    assert_eq!(names(&office.officer.follow(&saved).await), ["Amira Rahman"]);
    let form = office.officer.get("/enquiries/views/1").await;
    office.officer.submit(&form, "#view", &[("name", "Mine")]).await.location();
}

#[tokio::test]
async fn a_changed_filter_offers_to_save_the_view() {
    let mut office = office().await;
    let client = &mut office.officer;
    let list = saved(client, "stage=in_contact", &[("name", "To visit")]).await;
    let changed = client.submit(&list, "#filters", &[("stage", "visited")]).await;
    assert_eq!(names(&changed), ["Carys Pugh"]);
    assert!(changed.text(".view-changed").contains("Changed since “To visit” was saved"));
    assert_eq!(
        names(&client.get(&changed.attribute(".view-changed > div > a:last-child", "href")).await),
        ["Bola Adeyemi"]
    );
    // Taking the last filter off is a change as well, not the view as it was saved.
    let tag = list.attributes(".applied .off", "href").pop().unwrap();
    let without = client.get(&tag).await;
    assert_eq!(names(&without).len(), 3);
    assert!(without.has(".view-changed"));
    let answer = client.submit(&changed, ".view-changed form", &[]).await;
    let list = client.follow(&answer).await;
    assert_eq!(names(&list), ["Carys Pugh"]);
    assert!(!list.has(".view-changed"));
    assert_eq!(client.submit(&changed, ".view-changed form", &[]).await.location(), answer.location());
    assert_eq!(office.app.count("select version from saved_view").await, 2);
    // And another order or other columns.
    assert!(office.officer.get("/enquiries?view=1&stage=visited&sort=name").await.has(".view-changed"));
    assert!(office.officer.get("/enquiries?view=1&stage=visited&columns=stage").await.has(".view-changed"));
}

#[tokio::test]
async fn two_people_who_change_a_shared_view_see_both_versions() {
    let mut office = office().await;
    let shared = [("name", "To visit"), ("shared", "yes")];
    let list = saved(&mut office.manager, "stage=in_contact", &shared).await;
    let other = office.app.person("Sam Other", &[Role::Manager]).await;
    let mut other = office.app.sign_in_as(other).await;
    let theirs = other.get("/enquiries?view=1&stage=new").await;
    let mine = office.manager.submit(&list, "#filters", &[("stage", "visited")]).await;
    assert_eq!(office.manager.submit(&mine, ".view-changed form", &[]).await.status, StatusCode::SEE_OTHER);
    let answer = other.submit(&theirs, ".view-changed form", &[]).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    let said = answer.text(".conflict");
    assert!(said.contains("Alison Hepple") && said.contains("Stage: Visited") && said.contains("Stage: New"), "{said}");
    let saved = other.submit(&answer, "#over", &[]).await;
    assert_eq!(names(&other.follow(&saved).await), ["Amira Rahman"]);
}

#[tokio::test]
async fn only_a_manager_shares_a_view_and_everybody_sees_it() {
    let mut office = office().await;
    let list = saved(&mut office.officer, "stage=new", &[("name", "Mine"), ("shared", "yes")]).await;
    assert!(views(&list).contains(&"Mine".to_owned()));
    assert!(!views(&office.manager.get("/enquiries").await).contains(&"Mine".to_owned()), "an officer shares none");
    assert_eq!(office.manager.get("/enquiries/views/1").await.status, StatusCode::NOT_FOUND);
    assert_eq!(office.manager.get("/enquiries?view=1").await.status, StatusCode::UNPROCESSABLE_ENTITY);

    saved(&mut office.manager, "officer=me", &[("name", "Whoever looks"), ("shared", "yes")]).await;
    let list = office.officer.get("/enquiries?view=2").await;
    assert_eq!(names(&list), ["Carys Pugh"], "“me” is whoever opens it");
    assert_eq!(names(&office.manager.get("/enquiries?view=2").await), Vec::<String>::new());
    let changed = office.officer.get("/enquiries?view=2&stage=new").await;
    assert!(changed.has(".view-changed") && !changed.has(".view-changed form"), "not an officer's to save over");
    for path in ["/enquiries/views/2", "/enquiries/views/2/deletions/new"] {
        assert_eq!(office.officer.get(path).await.status, StatusCode::FORBIDDEN);
    }
    for path in ["/enquiries/views/2", "/enquiries/views/2/deletions", "/enquiries/views/2/contents"] {
        assert_eq!(office.officer.post(path, &[("name", "Taken")]).await.status, StatusCode::FORBIDDEN, "{path}");
    }
}

#[tokio::test]
async fn a_view_is_renamed_and_deleted_and_says_whose_list_opened_with_it() {
    let mut office = office().await;
    saved(&mut office.manager, "stage=in_contact", &[("name", "To visit"), ("shared", "yes")]).await;
    let page = office.officer.get("/enquiries/views").await;
    let opened = office.officer.submit(&page, "tbody form", &[]).await;
    office.officer.follow(&opened).await;
    assert_eq!(names(&office.officer.get("/enquiries").await), ["Bola Adeyemi"]);
    let plain = office.officer.get("/enquiries?view=plain").await;
    assert_eq!(names(&plain).len(), 3);
    let all = office.officer.submit(&plain, "#filters", &[]).await;
    assert_eq!(names(&all).len(), 3, "the form keeps away from the view");

    let form = office.manager.get("/enquiries/views/1").await;
    let again = office.manager.get("/enquiries/views/1").await;
    let renamed = office.manager.submit(&form, "#view", &[("name", "  Visits   next ")]).await;
    assert_eq!(renamed.status, StatusCode::SEE_OTHER);
    assert!(views(&office.officer.get("/enquiries").await).contains(&"Visits next".to_owned()));
    let stale = office.manager.submit(&again, "#view", &[("name", "Other")]).await;
    assert_eq!(stale.status, StatusCode::CONFLICT);
    assert!(stale.text(".conflict").contains("Visits next") && stale.attribute("#name", "value") == "Other");

    let form = office.manager.get("/enquiries/views/1/deletions/new").await;
    assert!(form.text(".lede").contains("The list of one person opens with it"));
    let deleted = office.manager.submit(&form, "#deletion", &[]).await;
    assert_eq!(deleted.status, StatusCode::SEE_OTHER);
    assert_eq!(office.manager.submit(&form, "#deletion", &[]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(names(&office.officer.get("/enquiries").await).len(), 3);
    assert_eq!(office.app.count("select count(*) from saved_view").await, 0);
    assert_eq!(office.app.count("select count(*) from audit where action = 'view_deleted'").await, 1);
}

#[tokio::test]
async fn a_name_is_needed_and_is_given_once() {
    let mut office = office().await;
    saved(&mut office.officer, "stage=new", &[("name", "To ring")]).await;
    let form = office.officer.get("/enquiries/views/new?query=stage%3Dvisited").await;
    for (name, said) in [
        ("  ", "Give the view a name"),
        ("to RING", "There is a view with this name. Choose another name, or open that view and save over it"),
        (&*"n".repeat(41), "Use at most 40 characters"),
    ] {
        let page = office.officer.submit(&form, "#view", &[("name", name)]).await;
        assert_eq!((page.status, page.errors()), (StatusCode::UNPROCESSABLE_ENTITY, vec![said.to_owned()]));
        assert_eq!(page.attribute("#name", "value"), name);
        assert!(page.text("main").contains("Stage: Visited"));
    }
    // Somebody else may use the same name for their own.
    saved(&mut office.manager, "stage=new", &[("name", "To ring")]).await;
    assert_eq!(office.app.count("select count(*) from saved_view").await, 2);
}

#[tokio::test]
async fn columns_are_kept_for_each_person() {
    let mut office = office().await;
    let client = &mut office.officer;
    let list = client.get("/enquiries?sort=name").await;
    let usual = list.texts("thead th");
    assert_eq!(usual.len(), 8);
    let chosen = [("columns", "telephone"), ("columns", "days"), ("columns", "next_task")];
    let answer = client.submit(&list, ".columns-menu form", &chosen).await;
    assert_eq!(answer.location(), "/enquiries?sort=name");
    let list = client.follow(&answer).await;
    assert_eq!(list.texts("thead th"), ["Household ↑", "Telephone", "Days with us", "Next task"]);
    assert_eq!(list.texts("tbody tr:last-child td[data-label]"), ["07700 900123", "4", ""]);
    assert_eq!(client.get("/enquiries").await.texts("thead th").len(), 4, "on every list from now on");
    assert_eq!(office.manager.get("/enquiries?sort=name").await.texts("thead th"), usual, "for nobody else");

    let none = office.officer.post("/enquiries/columns", &[("query", "sort=name")]).await;
    assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
    let list = office.officer.get("/enquiries?sort=name").await;
    let back = office.officer.submit(&list, ".columns-menu form", &[("usual", "yes")]).await;
    assert_eq!(office.officer.follow(&back).await.texts("thead th"), usual);
}

#[tokio::test]
async fn over_a_view_columns_are_a_change_of_the_view() {
    let mut office = office().await;
    let client = &mut office.officer;
    let list = saved(client, "stage=new", &[("name", "To ring")]).await;
    let answer = client.submit(&list, ".columns-menu form", &[("columns", "telephone")]).await;
    let list = client.get(&answer.location()).await;
    assert_eq!(list.texts("thead th").len(), 2);
    assert!(list.has(".view-changed"));
    assert_eq!(client.get("/enquiries").await.texts("thead th").len(), 8);
    let saved = client.submit(&list, ".view-changed form", &[]).await;
    assert_eq!(client.follow(&saved).await.texts("thead th").len(), 2);
}

#[tokio::test]
async fn every_column_shows_what_is_recorded() {
    let mut office = office().await;
    given::enquiry()
        .named("Dan Poole")
        .phone("07700900417")
        .email("dan@example.org")
        .received("2024-09-01")
        .enquired("2024-08-30")
        .campaign("Foster Care Fortnight")
        .contacted("2024-09-02")
        .visited("2024-09-10")
        .applied("2024-10-01")
        .stage_1("2024-10-02")
        .stage_2("2024-11-02")
        .panel("2025-03-01")
        .note("2025-03-02", "Only a note")
        .create(&office.app)
        .await;
    let all = [
        "stage",
        "state",
        "limit",
        "officer",
        "source",
        "hub",
        "campaign",
        "kind",
        "telephone",
        "email",
        "enquired",
        "received",
        "days",
        "next_task",
        "next_visit",
        "last_contact",
        "last",
        "first_contact",
        "initial_visit",
        "application",
        "stage_1",
        "stage_2",
        "panel",
        "approved",
        "closed",
    ];
    let page = office.officer.get(&format!("/enquiries?stage=panel&columns={}", all.join(","))).await;
    let cells = page.texts("tbody td[data-label]");
    assert_eq!(cells.len(), all.len());
    for (column, expected) in [
        ("stage", "Panel"),
        ("officer", "Unassigned"),
        ("hub", "Direct to us"),
        ("campaign", "Foster Care Fortnight"),
        ("kind", "Not recorded"),
        ("telephone", "07700 900417"),
        ("email", "dan@example.org"),
        ("enquired", "30 Aug 2024"),
        ("received", "1 Sep 2024"),
        ("days", "408"),
        ("last_contact", ""),
        ("first_contact", "2 Sep 2024"),
        ("initial_visit", "10 Sep 2024"),
        ("application", "1 Oct 2024"),
        ("stage_1", "2 Oct 2024"),
        ("stage_2", "2 Nov 2024"),
        ("panel", "1 Mar 2025"),
        ("approved", ""),
    ] {
        let at = all.iter().position(|code| *code == column).unwrap();
        assert_eq!(cells[at], expected, "{column}");
    }
}

async fn rename(admin: &mut Client, user: UserId, name: &str) {
    let page = admin.get(&format!("/people/{user}")).await;
    admin.submit(&page, "#person", &[("name", name)]).await.location();
}

#[tokio::test]
async fn an_officer_with_a_new_name_is_shown_by_the_views_that_showed_them_before() {
    let mut office = office().await;
    let kerry = UserId(office.app.count("select id from user where name = 'Kerry Blyth'").await);
    let mut admin = office.app.sign_in(Role::Admin).await;
    saved(&mut office.manager, "officer=Kerry+Blyth", &[("name", "Kerry's")]).await;
    rename(&mut admin, kerry, "Kerry Young").await;
    assert_eq!(names(&office.manager.get("/enquiries?view=1").await), ["Carys Pugh"]);

    // Somebody else, without an account, is called what she is called no longer.
    given::enquiry().named("Dan Poole").received("2025-02-01").officer("Kerry Young", None).create(&office.app).await;
    rename(&mut admin, kerry, "Kerry Old").await;
    let list = office.manager.get("/enquiries?view=1").await;
    assert_eq!(names(&list), ["Carys Pugh", "Dan Poole"], "nobody falls out of the view");
    assert!(list.text(".applied").contains("Officer: Kerry Young or Kerry Old"), "{}", list.text(".applied"));
    assert!(!list.has(".view-changed"));
}
