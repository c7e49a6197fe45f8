//! People, settings and the audit, as an administrator has them.

use axum::http::StatusCode;
use hearth::domain::day::{Day, Period};
use hearth::domain::fostering::TypeFilter;
use hearth::domain::ids::UserId;
use hearth::domain::instant::Instant;
use hearth::domain::question::{Basis, Dimension, Question};
use hearth::domain::role::Role;
use hearth::features::{pipeline, reports};

use crate::given;
use crate::support::{Client, Page, TestApp};

const PAYLOADS: [&str; 4] =
    ["<script>alert(1)</script>", "\" onfocus=alert(1) x=\"", "{{ page.csrf }}", "Zoë O’Neill & Sons <i>"];

async fn add(admin: &mut Client, values: &[(&str, &str)]) -> Page {
    let page = admin.get("/people/new").await;
    admin.submit(&page, "#person", values).await
}

/// An administrator with a password, which is what counts as one who could sign in.
async fn administrator(app: &TestApp) -> (UserId, Client) {
    let id = app.person("Asha Begum", &[Role::Admin]).await;
    with_password(app, id).await;
    (id, app.sign_in_as(id).await)
}

async fn with_password(app: &TestApp, id: UserId) {
    let mut write = app.state.db.write().await.unwrap();
    sqlx::query("update user set password_hash = 'none that matches' where id = ?")
        .bind(id)
        .execute(&mut *write)
        .await
        .unwrap();
    write.commit().await.unwrap();
}

#[tokio::test]
async fn somebody_added_gets_a_link_that_is_shown_once() {
    let app = TestApp::new().await;
    let mut admin = app.sign_in(Role::Admin).await;
    let form = admin.get("/people/new").await;
    let values = [("name", "Tom Reed"), ("email", "Tom@x.example"), ("role", "officer"), ("role", "panel")];
    let page = admin.submit(&form, "#person", &values).await;
    assert_eq!(page.status, StatusCode::OK);
    let link = page.text("#link");
    assert!(link.starts_with("http://127.0.0.1:8080/invitations/"), "{link}");
    let path = link.strip_prefix("http://127.0.0.1:8080").unwrap();
    assert_eq!(app.visitor().get(path).await.status, StatusCode::OK);

    let twice = admin.submit(&form, "#person", &values).await;
    let person = admin.follow(&twice).await;
    assert_eq!(person.text("h1"), "Tom Reed");
    assert!(!person.body.contains(path));
    assert_eq!(app.count("select count(*) from user where email = 'tom@x.example'").await, 1);
    let list = admin.get("/people").await;
    assert!(list.texts("tbody tr").iter().any(|row| {
        row.contains("Tom Reed")
            && row.contains("Recruitment officer, Panel adviser")
            && row.contains("Invited link until")
    }));
}

#[tokio::test]
async fn all_that_is_wrong_is_said_and_what_was_typed_stays() {
    let app = TestApp::new().await;
    let mut admin = app.sign_in(Role::Admin).await;
    let page = add(&mut admin, &[("name", " "), ("email", "tom@"), ("role", "hub"), ("role", "king")]).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(page.errors().len(), 3, "{:?}", page.errors());
    assert_eq!(page.attribute("#email", "value"), "tom@");
    assert!(page.has("input[name=role][value=hub][checked]"));
    for field in page.texts(".error-summary a") {
        assert!(!field.is_empty());
    }
    let taken = app.count("select id from user where program = 0 limit 1").await;
    let email: String = sqlx::query_scalar("select email from user where id = ?")
        .bind(taken)
        .fetch_one(app.state.db.read())
        .await
        .unwrap();
    let page = add(&mut admin, &[("name", "Tom"), ("email", &email), ("role", "officer")]).await;
    assert_eq!(page.errors(), ["Somebody else signs in with this e-mail address"]);
}

#[tokio::test]
async fn names_are_words_and_never_markup() {
    let app = TestApp::new().await;
    let mut admin = app.sign_in(Role::Admin).await;
    for (at, payload) in PAYLOADS.iter().enumerate() {
        let email = format!("p{at}@x.example");
        let values = [("name", *payload), ("email", &email), ("role", "hub"), ("hub", payload)];
        let made = add(&mut admin, &values).await;
        assert_eq!(made.status, StatusCode::OK, "{payload}");
        let id = app.count("select max(id) from user").await;
        let pages = [
            made,
            admin.get("/people").await,
            admin.get(&format!("/people/{id}")).await,
            admin.get("/settings/audit").await,
            app.sign_in_as(UserId(id)).await.get("/account").await,
        ];
        for page in pages {
            assert!(page.text("body").contains(payload.trim()) || page.body.contains("value="), "{payload}");
            assert!(!page.has("script:not([src])") && !page.has("[onfocus]") && !page.has("main i"), "{payload}");
        }
        assert_eq!(admin.get(&format!("/people/{id}")).await.attribute("#name", "value"), *payload);
    }
}

#[tokio::test]
async fn a_change_holds_from_the_next_request() {
    let app = TestApp::new().await;
    let (_, mut admin) = administrator(&app).await;
    let tom = app.person("Tom Reed", &[Role::Board]).await;
    let mut his = app.sign_in_as(tom).await;
    assert_eq!(his.get("/people").await.status, StatusCode::FORBIDDEN);
    let page = admin.get(&format!("/people/{tom}")).await;
    let done = admin.submit(&page, "#person", &[("name", "Thomas Reed"), ("role", "admin"), ("role", "manager")]).await;
    assert!(admin.follow(&done).await.text("#messages").contains("The changes to Thomas Reed are saved."));
    assert_eq!(his.get("/people").await.text(".who-full"), "Thomas Reed");
    let page = admin.get(&format!("/people/{tom}")).await;
    admin.submit(&page, "#person", &[("role", "board")]).await;
    assert_eq!(his.get("/people").await.status, StatusCode::FORBIDDEN);
    let entries = admin.get("/settings/audit").await.texts("#entries tbody tr");
    assert!(entries[0].contains("Roles: Manager, Administrator → Board member"), "{}", entries[0]);
    assert!(entries[1].contains("Name: Tom Reed → Thomas Reed"), "{}", entries[1]);
}

#[tokio::test]
async fn whoever_is_deactivated_is_out_at_once_and_their_link_is_dead() {
    let app = TestApp::new().await;
    let mut admin = app.sign_in(Role::Admin).await;
    let tom = app.person("Tom Reed", &[Role::Officer]).await;
    let mut his = app.sign_in_as(tom).await;
    let page = admin.get(&format!("/people/{tom}")).await;
    let link = admin.submit(&page, "#new-link", &[]).await.text("#link");
    let link = link.strip_prefix("http://127.0.0.1:8080").unwrap().to_owned();
    assert_eq!(app.visitor().get(&link).await.status, StatusCode::OK);
    let done = admin.submit(&page, "#deactivate", &[]).await;
    assert!(admin.follow(&done).await.text("#messages").contains("Tom Reed is signed out"));
    assert!(his.get("/account").await.location().starts_with("/sign-in"));
    assert_eq!(app.visitor().get(&link).await.status, StatusCode::GONE);
    assert_eq!(app.count("select count(*) from session where user_id = (select max(id) from user)").await, 0);
    assert_eq!(admin.post(&format!("/people/{tom}/links"), &[]).await.status, StatusCode::CONFLICT);

    let page = admin.get(&format!("/people/{tom}")).await;
    assert!(page.text(".lede").contains("Deactivated") && !page.has("#new-link"));
    admin.submit(&page, "#activate", &[]).await;
    assert!(admin.get(&format!("/people/{tom}")).await.has("#new-link"));
}

#[tokio::test]
async fn the_last_administrator_stays() {
    let app = TestApp::new().await;
    let (asha, mut admin) = administrator(&app).await;
    // An administrator who has never chosen a password could not let anybody in.
    app.person("Invited only", &[Role::Admin]).await;
    let page = admin.get(&format!("/people/{asha}")).await;
    let sentence = "This is the only active administrator. Make somebody else an administrator first";
    let refused = admin.submit(&page, "#person", &[("role", "manager")]).await;
    assert_eq!((refused.status, refused.errors()), (StatusCode::UNPROCESSABLE_ENTITY, vec![sentence.to_owned()]));
    let refused = admin.submit(&page, "#deactivate", &[]).await;
    assert_eq!((refused.status, refused.errors()), (StatusCode::UNPROCESSABLE_ENTITY, vec![sentence.to_owned()]));
    assert_eq!(admin.get("/people").await.status, StatusCode::OK);

    let second = app.person("Second", &[Role::Admin]).await;
    with_password(&app, second).await;
    assert!(admin.submit(&page, "#person", &[("role", "manager")]).await.status.is_redirection());
    assert_eq!(admin.get("/people").await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn of_two_who_change_one_person_neither_loses_a_word() {
    let app = TestApp::new().await;
    let (mut one, mut other) = (app.sign_in(Role::Admin).await, app.sign_in(Role::Admin).await);
    let tom = app.person("Tom Reed", &[Role::Officer]).await;
    let path = format!("/people/{tom}");
    let (first, second) = (one.get(&path).await, other.get(&path).await);
    one.submit(&first, "#person", &[("name", "Thomas Reed")]).await;
    let conflict = other.submit(&second, "#person", &[("email", "treed@x.example"), ("role", "panel")]).await;
    assert_eq!(conflict.status, StatusCode::CONFLICT);
    let both = conflict.text("#conflict .versions");
    for words in ["Recruitment officer", "Panel adviser", "treed@x.example"] {
        assert!(both.contains(words), "{both}");
    }
    assert_eq!(conflict.texts("#conflict h3"), ["Work e-mail", "Roles"], "the second never touched the name");
    assert_eq!(conflict.attribute("#name", "value"), "Thomas Reed", "what was not touched is as it is now");
    assert_eq!(conflict.attribute("#email", "value"), "treed@x.example", "what was typed stays");
    assert_eq!(other.get(&path).await.attribute("#name", "value"), "Thomas Reed", "nothing is saved yet");

    let saved = other.submit(&conflict, "#person", &[]).await;
    assert!(saved.status.is_redirection());
    let now = other.get(&path).await;
    assert_eq!(
        (now.attribute("#name", "value"), now.attribute("#email", "value")),
        ("Thomas Reed".to_owned(), "treed@x.example".to_owned())
    );
    // Deactivating from a page that is no longer true is asked again.
    let stale = one.submit(&first, "#deactivate", &[]).await;
    assert_eq!(stale.status, StatusCode::CONFLICT);
    assert!(stale.text("#conflict").contains("Nothing was done"));
}

#[tokio::test]
async fn settings_are_saved_shown_and_never_overwritten_unseen() {
    let app = TestApp::new().await;
    let (mut one, mut other) = (app.sign_in(Role::Admin).await, app.sign_in(Role::Admin).await);
    let (first, second) = (one.get("/settings").await, other.get("/settings").await);
    for (name, small, errors) in [("", "10", 1), ("Wearmouth", "ten", 1), ("", "0", 2), (&"x".repeat(101), "101", 2)] {
        let page = one.submit(&first, "#settings", &[("service_name", name), ("small_number", small)]).await;
        assert_eq!((page.status, page.errors().len()), (StatusCode::UNPROCESSABLE_ENTITY, errors), "{name} {small}");
        assert_eq!(page.attribute("#small_number", "value"), small);
    }
    let done = one.submit(&first, "#settings", &[("service_name", "Wearmouth Council")]).await;
    assert_eq!(one.follow(&done).await.text(".brand-of"), "Wearmouth Council");
    assert!(app.visitor().get("/sign-in").await.text(".plinth").contains("Wearmouth Council"));

    let conflict = other.submit(&second, "#settings", &[("service_name", "Tees Council")]).await;
    assert_eq!(conflict.status, StatusCode::CONFLICT);
    assert!(conflict.text("#conflict").contains("Wearmouth Council"));
    assert_eq!(conflict.attribute("#service_name", "value"), "Tees Council");
    assert!(other.submit(&conflict, "#settings", &[]).await.status.is_redirection());
    let entries = one.get("/settings/audit").await.texts("#entries tbody tr");
    assert!(entries[0].contains("Name of the service: Wearmouth Council → Tees Council"), "{}", entries[0]);
    let (first, second) = (one.get("/settings").await, other.get("/settings").await);
    one.submit(&first, "#settings", &[("small_number", "12")]).await.location();
    let conflict = other.submit(&second, "#settings", &[("service_name", "Tyne Council")]).await;
    assert_eq!(conflict.attribute("#small_number", "value"), "12", "the second has not touched it");
    other.submit(&conflict, "#settings", &[("service_name", "Tees Council")]).await.location();
    assert_eq!(app.count("select cast(value as integer) from setting where name = 'small_number'").await, 12);
}

#[tokio::test]
async fn the_audit_is_paged_filtered_and_silent_about_cases() {
    let app = TestApp::new().await;
    let id = app.person("Asha Begum", &[Role::Admin]).await;
    let mut admin = app.sign_in_as(id).await;
    for number in 0..60 {
        let email = format!("p{number}@x.example");
        add(&mut admin, &[("name", "Tom"), ("email", &email), ("role", "officer")]).await;
    }
    record_of_a_case(&app).await;
    let page = admin.get("/settings/audit").await;
    let entries = page.texts("#entries tbody tr");
    assert_eq!(entries.len(), 50);
    assert!(entries[0].contains("an enquiry") && !page.body.contains("E-77") && !page.body.contains("SECRET"));
    let mut seen = entries.len();
    let mut page = page;
    while page.has(".pages a") {
        let next = page.attribute(".pages a", "href");
        page = admin.get(&next).await;
        seen += page.texts("#entries tbody tr").len();
    }
    assert_eq!(i64::try_from(seen).unwrap(), app.count("select count(*) from audit").await);
    let own = admin.get(&format!("/settings/audit?person={id}")).await;
    assert!(own.texts("#entries tbody tr").iter().all(|row| row.contains("Asha Begum")));
    let nothing = admin.get("/settings/audit?person=2&after=nonsense").await;
    assert!(nothing.text("main").contains("Nothing yet"));
}

async fn record_of_a_case(app: &TestApp) {
    use hearth::domain::actor::Actor;
    use hearth::domain::audit::{Action, Event};
    use hearth::domain::ids::EnquiryId;
    let mut write = app.state.db.write().await.unwrap();
    sqlx::raw_sql(
        "insert into household (id, created_at, created_by) values (77, 0, 1);
         insert into enquiry (id, household_id, reference, created_at, created_by) values (77, 77, 'E-77', 0, 1);",
    )
    .execute(&mut *write)
    .await
    .unwrap();
    let event = Event::of_enquiry(Action::MilestoneRecorded, EnquiryId(77))
        .with(serde_json::json!({ "before": { "name": "SECRET" }, "after": { "name": "SECRET 2" } }));
    hearth::features::audit::record(&mut write, &Actor::command_line(app.now()), &event).await.unwrap();
    write.commit().await.unwrap();
}

/// The labels of the groups of the funnel by officer, as known at an instant.
async fn officers_known_at(app: &TestApp, known_at: Instant) -> Vec<String> {
    let day = |text: &str| text.parse::<Day>().unwrap();
    let question = Question {
        period: Period { from: day("2025-04-01"), to: day("2025-10-14") },
        as_at: day("2025-10-14"),
        known_at,
        by: Some(Dimension::Officer),
        types: TypeFilter::All,
        basis: Basis::Cohort,
    };
    let report = reports::funnel(&app.state.db, &question, app.now()).await.unwrap();
    let report = serde_json::to_value(&report).unwrap();
    let groups = report["groups"].as_array().unwrap();
    groups.iter().map(|group| group["group"].as_str().unwrap_or_default().to_owned()).collect()
}

#[tokio::test]
async fn whoever_gets_a_new_name_stays_one_officer() {
    let app = TestApp::new().await;
    let (_, mut admin) = administrator(&app).await;
    let carys = app.person("Carys Wood", &[Role::Officer]).await;
    let tom = app.person("Tom Reed", &[Role::Officer]).await;
    let id = given::enquiry().officer("Carys Wood", Some(carys)).create(&app).await;
    let handed_on = given::enquiry().received("2025-09-01").officer("Carys Wood", Some(carys)).create(&app).await;
    given::enquiry().officer("Tom Reed", Some(tom)).create(&app).await;
    let mut manager = app.sign_in(Role::Manager).await;
    let page = manager.get(&format!("/enquiries/{handed_on}/assignments/new")).await;
    manager.submit(&page, "form.form", &[("officer", &tom.to_string()), ("from", "10/10/25")]).await.location();
    let before = app.now();
    app.pass_minutes(5);

    let page = admin.get(&format!("/people/{carys}")).await;
    admin.submit(&page, "#person", &[("name", "Carys Wood-Jones")]).await.location();
    given::enquiry().officer("Carys Wood-Jones", Some(carys)).create(&app).await;

    assert_eq!(officers_known_at(&app, app.now()).await, ["Carys Wood-Jones", "Tom Reed"]);
    assert_eq!(officers_known_at(&app, before).await, ["Carys Wood", "Tom Reed"], "what was known stays known");
    let record = manager.get(&format!("/enquiries/{id}")).await;
    assert!(record.text(".facts").contains("Carys Wood-Jones"), "{}", record.text(".facts"));
    assert_eq!(app.count("select count(*) from enquiry_now where officer = 'Carys Wood-Jones'").await, 2);
    assert_eq!(app.count("select count(*) from enquiry_now where officer = 'Carys Wood'").await, 0);
    let corrected = "select count(*) from attribute where superseded_why = 'renamed' and value = 'Carys Wood'";
    assert_eq!(app.count(corrected).await, 2, "the days that are over included");
    let entries = admin.get("/settings/audit").await.texts("#entries tbody tr");
    let told = entries.iter().filter(|entry| entry.contains("Corrected as the officer of 2 enquiries"));
    assert_eq!(told.count(), 1, "{entries:?}");
    let mut connection = app.state.db.read().acquire().await.unwrap();
    assert_eq!(pipeline::disagreements(&mut connection).await.unwrap(), pipeline::Disagreements::default());
}
