//! Two entries of a list that are one: what is said first, what becomes of what is recorded, and what is refused.

use axum::http::StatusCode;
use hearth::domain::role::Role;

use crate::given;
use crate::sources::{FORM, LIST, add, address, agrees, change, offered, recorded, save_mapping, sources_known_at};
use crate::support::{Client, Page, TestApp};

const CHOICE: &str = "#same-as";
const MERGE: &str = "#merge";

/// From the page of the one that goes to the page that says what would happen.
async fn look(admin: &mut Client, goes: &str, kept: &str) -> Page {
    let address = address(admin, goes).await;
    let page = admin.get(&address).await;
    let (names, values) = (page.texts("#same option"), page.attributes("#same option", "value"));
    let at = names.iter().position(|name| name == kept).unwrap_or_else(|| panic!("{kept} in {names:?}"));
    admin.submit(&page, CHOICE, &[("same", values[at].as_str())]).await
}

async fn merge(admin: &mut Client, goes: &str, kept: &str) {
    let page = look(admin, goes, kept).await;
    assert_eq!(admin.submit(&page, MERGE, &[]).await.location(), LIST);
}

async fn sources(app: &TestApp) -> Vec<(String, u64)> {
    let mut sources = sources_known_at(app, app.now()).await;
    sources.sort();
    sources
}

fn counted(sources: &[(&str, u64)]) -> Vec<(String, u64)> {
    sources.iter().map(|(name, households)| ((*name).to_owned(), *households)).collect()
}

#[tokio::test]
async fn two_that_are_the_same_become_one_and_what_was_known_stays_known() {
    let app = TestApp::new().await;
    let (mut admin, mut manager) = (app.sign_in(Role::Admin).await, app.sign_in(Role::Manager).await);
    add(&mut admin, "source", &[("name", "Facebook advert")]).await.location();
    recorded(&app, &["Facebook", "Facebook advert", "Facebook advert", "Leaflet", "Employer"]).await;
    let list = manager.get("/enquiries?source=Facebook+advert&source=Leaflet").await;
    let view = manager.get(&list.attribute("a[href^='/enquiries/views/new']", "href")).await;
    manager.submit(&view, "#view", &[("name", "Paid for")]).await.location();
    save_mapping(&app, "[columns]\nDate = \"received_on\"\n\n[words.source]\n\"fb*\" = \"Facebook advert\"\n").await;

    let page = look(&mut admin, "Facebook advert", "Facebook").await;
    assert_eq!(page.text("h1"), "Is “Facebook advert” the same as “Facebook”?");
    let said = page.text("main");
    for sentence in [
        "2 enquiries recorded under “Facebook advert” will be recorded under “Facebook”.",
        "Saved views and saved mappings of files that say “Facebook advert” will say “Facebook”.",
        "“Facebook advert” leaves the list.",
        "“Facebook” stays as it is.",
        "Reports as known at an earlier time still show “Facebook advert”.",
        "this cannot be undone",
    ] {
        assert!(said.contains(sentence), "{sentence} in {said}");
    }
    let before = (app.now(), sources(&app).await);
    app.pass_minutes(10);
    // A second click makes nothing more.
    for _ in 0..2 {
        assert_eq!(admin.submit(&page, MERGE, &[]).await.location(), LIST);
    }
    let list = admin.get(LIST).await;
    assert!(list.text(".flash").contains("“Facebook advert” went into “Facebook”"));
    assert!(!list.has(".flash form"), "it is not taken back by a press");
    assert!(!list.texts("th.lead a").contains(&"Facebook advert".to_owned()));
    assert_eq!(sources(&app).await, counted(&[("Employer", 1), ("Facebook", 3), ("Leaflet", 1)]));
    let mut earlier = sources_known_at(&app, before.0).await;
    earlier.sort();
    assert_eq!(earlier, before.1, "what was known stays known");
    assert_eq!(before.1, counted(&[("Employer", 1), ("Facebook", 1), ("Facebook advert", 2), ("Leaflet", 1)]));
    agrees(&app).await;
    assert_eq!(manager.get("/enquiries?source=Facebook").await.texts("tbody .who-name").len(), 3);
    assert_eq!(manager.get("/enquiries?view=1").await.texts("tbody .who-name").len(), 4, "the view follows");
    let mapped = "select count(*) from mapping where text like '%\"fb*\" = \"Facebook\"%'";
    assert_eq!(app.count(mapped).await, 1, "the next file brings the name that stays");
    let told = admin.get("/settings/audit").await.text("#entries");
    for it in ["Made one source or campaign of two", "Name: Facebook advert → Facebook", "Corrected on 2 enquiries"] {
        assert!(told.contains(it), "{it} in {told}");
    }
    assert_eq!(app.count("select count(*) from audit where action = 'sources_merged'").await, 1);
}

#[tokio::test]
async fn what_went_is_offered_nowhere_and_both_pages_say_what_became_of_it() {
    let app = TestApp::new().await;
    let (mut admin, mut officer) = (app.sign_in(Role::Admin).await, app.sign_in(Role::Officer).await);
    let id = recorded(&app, &["Leaflet"]).await[0];
    let (radio, employer) = (address(&mut admin, "Local radio").await, address(&mut admin, "Employer").await);
    app.pass_minutes(1);
    merge(&mut admin, "Local radio", "Employer").await;

    let radio_is = |names: Vec<String>| names.iter().any(|name| name.contains("Local radio"));
    assert!(!radio_is(offered(&mut officer, "source").await));
    let details = officer.get(&format!("/enquiries/{id}/details")).await;
    assert!(details.has("option[value='Employer']") && !radio_is(details.attributes("option", "value")));
    for path in ["/settings/sources/new?list=source", &employer] {
        let page = admin.get(path).await;
        assert!(!radio_is(page.texts("option")), "{path}");
    }

    let gone = admin.get(&radio).await;
    assert_eq!((gone.status, gone.text("h1")), (StatusCode::OK, "Local radio".to_owned()));
    assert!(!gone.has("main form"), "nothing about it can be changed");
    let said = gone.text("main .lede");
    for words in ["On the list no longer", "14 October 2025, 10:01 Administrator made it the same as Employer"] {
        assert!(said.contains(words), "{words} in {said}");
    }
    assert_eq!(gone.attribute("main .lede a", "href"), employer);
    let history = gone.texts("#history + ul li");
    let said_by = "Administrator, 14 October 2025, 10:01";
    assert!(history[0].starts_with("Went into Employer") && history[0].ends_with(said_by), "{history:?}");
    assert!(history[1].starts_with("Local radio"), "{history:?}");
    let kept = admin.get(&employer).await;
    let history = kept.texts("#history + ul li");
    assert!(history[0].starts_with("Local radio went into it") && history[0].ends_with(said_by), "{history:?}");
    assert_eq!(kept.attribute("#history + ul a", "href"), radio);
    // There is nothing more to say of it.
    assert_eq!(admin.get(&format!("{radio}/merges/new")).await.location(), radio);
    // Its name is free for something else.
    add(&mut admin, "source", &[("name", "Local radio")]).await.location();
    assert_ne!(address(&mut admin, "Local radio").await, radio);
}

#[tokio::test]
async fn a_name_that_comes_in_again_is_suggested_to_be_what_it_went_into() {
    let app = TestApp::new().await;
    let mut admin = app.sign_in(Role::Admin).await;
    change(&mut admin, "Leaflet", &[("name", "Flyer")]).await.location();
    merge(&mut admin, "Flyer", "Local newspaper").await;
    recorded(&app, &["FLYER", "leaflet"]).await;
    let likes = admin.get(LIST).await.texts("td .row > a");
    assert_eq!(likes.len(), 2);
    assert!(likes.iter().all(|like| like.starts_with("The same as Local newspaper?")), "{likes:?}");

    merge(&mut admin, "Local newspaper", "Local radio").await;
    change(&mut admin, "Local radio", &[("name", "Press and radio")]).await.location();
    let likes = admin.get(LIST).await.texts("td .row > a");
    assert!(likes.iter().all(|like| like.starts_with("The same as Press and radio?")), "{likes:?}");
    let page = admin.get("/settings/sources/recorded?list=source&name=leaflet").await;
    assert_eq!(page.text("#meaning option[selected]"), "The same as Press and radio");
    admin.submit(&page, FORM, &[]).await.location();
    assert_eq!(sources(&app).await, counted(&[("FLYER", 1), ("Press and radio", 1)]));
    // Each step leads to the next, under the name that it has now.
    let leaflet = admin.get("/settings/sources/7").await;
    let newspaper = admin.get(&leaflet.attribute("main .lede a", "href")).await;
    assert_eq!(newspaper.text("h1"), "Local newspaper");
    assert_eq!(newspaper.text("main .lede a"), "Press and radio");
    assert!(newspaper.texts("#history + ul li").iter().any(|step| step.starts_with("Flyer went into it")));
}

#[tokio::test]
async fn campaigns_are_made_one_and_keep_the_days_of_the_one_that_stays() {
    let app = TestApp::new().await;
    let mut admin = app.sign_in(Role::Admin).await;
    let fortnight = [("name", "Foster Care Fortnight"), ("runs_from", "12/5/25"), ("runs_to", "25/5/25")];
    add(&mut admin, "campaign", &fortnight).await.location();
    add(&mut admin, "campaign", &[("name", "Fortnight"), ("runs_from", "1/5/25")]).await.location();
    for campaign in ["Fortnight", "Foster Care Fortnight"] {
        given::enquiry().received("2025-05-14").source("Facebook").campaign(campaign).create(&app).await;
    }
    let page = look(&mut admin, "Fortnight", "Foster Care Fortnight").await;
    let said = page.text("main");
    assert!(said.contains("1 enquiry recorded under “Fortnight” will be"), "{said}");
    assert!(said.contains("with its own days (12 May 2025 to 25 May 2025)"), "{said}");
    assert!(!said.contains("Saved views"), "no list is filtered by a campaign: {said}");
    admin.submit(&page, MERGE, &[]).await.location();
    assert_eq!(app.count("select count(*) from enquiry_now where campaign = 'Foster Care Fortnight'").await, 2);
    let list = admin.get(LIST).await.text("main");
    assert!(list.contains("12 May 2025 to 25 May 2025") && !list.contains("1 May 2025"), "{list}");
    agrees(&app).await;
}

#[tokio::test]
async fn what_cannot_be_one_is_refused_with_a_sentence() {
    let app = TestApp::new().await;
    let mut admin = app.sign_in(Role::Admin).await;
    add(&mut admin, "campaign", &[("name", "Spring fair")]).await.location();
    let spring = address(&mut admin, "Spring fair").await.rsplit('/').next().unwrap().to_owned();
    let page = look(&mut admin, "Leaflet", "Facebook").await;
    for (same, sentence) in [
        ("", "Choose what it is the same as"),
        ("x", "Choose what it is the same as"),
        ("999", "Choose what it is the same as"),
        ("7", "It cannot be the same as itself. Choose another source"),
        (&spring, "“Spring fair” is a campaign. Choose a source"),
    ] {
        let asked = admin.get(&format!("/settings/sources/7/merges/new?same={same}")).await;
        let sent = admin.submit(&page, MERGE, &[("same", same)]).await;
        for refused in [asked, sent] {
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{same}");
            assert_eq!(refused.errors(), [sentence], "{same}");
            assert!(refused.has("#same") && !refused.has(MERGE), "it is asked again: {same}");
        }
    }
    assert_eq!(admin.get("/settings/sources/7/merges/new").await.status, StatusCode::OK);
    assert_eq!(admin.get("/settings/sources/999/merges/new?same=3").await.status, StatusCode::NOT_FOUND);
    // The only one of its list is the same as no other.
    let page = admin.get(&format!("/settings/sources/{spring}")).await;
    assert!(page.has(FORM) && !page.has(CHOICE));
    assert!(app.sign_in(Role::Manager).await.get("/settings/sources/7/merges/new").await.status.is_client_error());

    // Whoever tries to say it by a new name is shown the way.
    let refused = change(&mut admin, "Leaflet", &[("name", "FACEBOOK.")]).await;
    let sentence =
        "“Facebook” is on the list already. If the two are the same, say so below, under “The same as another”";
    assert_eq!(refused.errors(), [sentence]);
    assert_eq!(refused.attribute("#name", "value"), "FACEBOOK.");
    assert_eq!(refused.text("#same option[selected]"), "Facebook");
    let page = admin.submit(&refused, CHOICE, &[]).await;
    assert_eq!(page.text("h1"), "Is “Leaflet” the same as “Facebook”?");
    assert_eq!(app.count("select count(*) from listed_source where superseded_at is not null").await, 0);
}

#[tokio::test]
async fn nothing_is_done_where_somebody_else_changed_one_of_the_two() {
    let app = TestApp::new().await;
    recorded(&app, &["Facebook", "Leaflet"]).await;
    let (mut one, mut two) = (app.sign_in(Role::Admin).await, app.sign_in(Role::Admin).await);
    let merged = "select count(*) from listed_source where merged_into is not null";

    let page = look(&mut one, "Leaflet", "Facebook").await;
    change(&mut two, "Facebook", &[("name", "Social media")]).await.location();
    let conflict = one.submit(&page, MERGE, &[]).await;
    assert_eq!((conflict.status, app.count(merged).await), (StatusCode::CONFLICT, 0));
    let said = conflict.text(".conflict");
    assert!(said.contains("Administrator changed “Social media” on 14 October 2025"), "{said}");
    assert!(conflict.text("h1").contains("the same as “Social media”?"), "both are shown as they are now");

    change(&mut two, "Leaflet", &[("in_use", "")]).await.location();
    let conflict = one.submit(&conflict, MERGE, &[]).await;
    assert_eq!((conflict.status, app.count(merged).await), (StatusCode::CONFLICT, 0));
    assert!(conflict.text(".conflict").contains("changed “Leaflet”"));

    // The one that was to stay goes itself.
    merge(&mut two, "Social media", "Employer").await;
    let again = one.submit(&conflict, MERGE, &[]).await;
    assert_eq!((again.status, app.count(merged).await), (StatusCode::CONFLICT, 1));
    assert!(again.text(".conflict").contains("made “Social media” the same as “Employer”"));
    assert!(again.has("#same") && !again.has(MERGE), "it is asked again");
    let again = one.submit(&again, CHOICE, &[("same", "3")]).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(again.errors()[0].contains("made “Social media” the same as “Employer”"));

    // The one that was to go has gone elsewhere, and whoever would change it is told so.
    let page = look(&mut one, "Leaflet", "Employer").await;
    let leaflet = address(&mut one, "Leaflet").await;
    let form = one.get(&leaflet).await;
    merge(&mut two, "Leaflet", "Community event").await;
    for (page, selector) in [(&page, MERGE), (&form, FORM)] {
        let gone = one.submit(page, selector, &[("name", "Poster")]).await;
        assert_eq!((gone.status, app.count(merged).await), (StatusCode::CONFLICT, 2));
        assert!(gone.text(".conflict").contains("made “Leaflet” the same as “Community event”"));
        assert!(!gone.has("main form"));
    }
    assert_eq!(app.count("select count(*) from listed_source where name = 'Poster'").await, 0);
    assert_eq!(sources(&app).await, counted(&[("Community event", 1), ("Employer", 1)]));
    agrees(&app).await;
}
