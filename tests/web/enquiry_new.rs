//! Logging an enquiry on one page: what is kept, what is refused, who is recognised, and once only.

use axum::http::StatusCode;
use hearth::domain::role::Role;

use crate::given;
use crate::support::{Client, Page, TestApp};

pub const FORM: &str = "#new-enquiry";

pub async fn officer(app: &TestApp) -> Client {
    let user = app.person("Priya Nair", &[Role::Officer]).await;
    app.sign_in_as(user).await
}

pub async fn filled_in(client: &mut Client, values: &[(&str, &str)]) -> Page {
    let page = client.get("/enquiries/new").await;
    assert_eq!(page.status, StatusCode::OK);
    client.submit(&page, FORM, values).await
}

pub async fn text(app: &TestApp, sql: &'static str) -> Option<String> {
    sqlx::query_scalar(sql).fetch_one(app.state.db.read()).await.unwrap()
}

#[tokio::test]
async fn everything_that_is_typed_is_recorded() {
    let app = TestApp::new().await;
    let mut officer = officer(&app).await;
    let saved = filled_in(
        &mut officer,
        &[
            ("name_1", " Gareth  Pugh "),
            ("phone_1", "+44 7700 900123 or 01632 960123"),
            ("email_1", "gareth@example.org"),
            ("name_2", "Lowri Pugh"),
            ("postcode", "sr27ab"),
            ("address", "4 High Row\r\nWearmouth"),
            ("received_on", "13 october"),
            ("enquired_on", "3/10/25"),
            ("source", "Website"),
            ("campaign", "Autumn"),
            ("kind", "short_breaks"),
            ("hub", "Foster with North East"),
            ("hub_reference", "FWNE/44"),
            ("language", "Welsh"),
            ("contact_hours", "after 6"),
            ("message_allowed", "no"),
            ("consent_to_contact", "yes"),
            ("note", "Has two spare rooms"),
            ("contact_made", "yes"),
        ],
    )
    .await;
    assert_eq!(saved.location(), "/enquiries/1");
    assert_eq!(
        text(
            &app,
            "select json_array(display_name, received_on, enquired_on, first_contact_on, source, campaign,
                fostering_type, hub, hub_reference, officer, officer_from, stage)
            from enquiry_now"
        )
        .await
        .unwrap(),
        "[\"Gareth and Lowri Pugh\",\"2025-10-13\",\"2025-10-03\",\"2025-10-14\",\"Website\",\"Autumn\",\
         \"short_breaks\",\"Foster with North East\",\"FWNE/44\",\"Priya Nair\",\"2025-10-13\",\"in_contact\"]"
    );
    assert_eq!(
        text(
            &app,
            "select json_array(address, postcode, language, contact_hours, message_allowed, consent_to_contact,
                (select json_group_array(name || ':' || coalesce(phone, '')) from member))
            from household"
        )
        .await
        .unwrap(),
        "[\"4 High Row\\nWearmouth\",\"SR2 7AB\",\"Welsh\",\"after 6\",\"no\",\"yes\",\
         [\"Gareth Pugh:07700900123; 01632960123\",\"Lowri Pugh:\"]]"
    );
    assert_eq!(text(&app, "select kind || ':' || body from note").await.unwrap(), "call:Has two spare rooms");
    assert_eq!(text(&app, "select action from audit order by id desc").await.unwrap(), "enquiry_created");
    let fingerprint = text(&app, "select fingerprint from enquiry").await.unwrap();
    assert_eq!(fingerprint, "2025-10-13/garethpugh+lowripugh/sr27ab");
    let list = officer.get("/enquiries").await;
    assert_eq!(list.text("tbody .who-name"), "Gareth and Lowri Pugh");
    assert!(list.text(".flash").contains("Logged as E-000001."));
}

#[tokio::test]
async fn the_page_begins_with_today_and_with_whoever_asks() {
    let app = TestApp::new().await;
    let page = officer(&app).await.get("/enquiries/new").await;
    assert_eq!(page.attribute("#received_on", "value"), "14 October 2025");
    assert_eq!(page.text("#officer option[selected]"), "Priya Nair");
}

#[tokio::test]
async fn a_double_click_makes_one_enquiry_and_both_answers_lead_to_it() {
    let app = TestApp::new().await;
    let mut officer = officer(&app).await;
    let page = officer.get("/enquiries/new").await;
    let values = [("name_1", "Amira Rahman")];
    let (mut first, mut second) = (officer.clone(), officer.clone());
    let (one, two) = tokio::join!(first.submit(&page, FORM, &values), second.submit(&page, FORM, &values));
    assert_eq!(one.location(), two.location());
    assert_eq!(app.count("select count(*) from enquiry").await, 1);
    assert_eq!(app.count("select count(*) from household").await, 1);
    // Another page is another enquiry.
    filled_in(&mut officer, &values).await;
    assert_eq!(app.count("select count(*) from enquiry").await, 2);
}

#[tokio::test]
async fn everything_wrong_is_said_at_once_and_everything_typed_stays() {
    let app = TestApp::new().await;
    let mut officer = officer(&app).await;
    let typed = [
        ("name_1", ""),
        ("phone_1", "12"),
        ("email_1", "nonsense"),
        ("phone_2", "07700 900123"),
        ("postcode", "DLI 9QZ"),
        ("received_on", "tomorrow"),
        ("enquired_on", "31 april"),
        ("hub_reference", "FWNE/1"),
        ("officer", "999"),
        ("kind", "nonsense"),
        ("source", "Web & more"),
        ("note", "Rang <twice>"),
    ];
    let page = filled_in(&mut officer, &typed).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    let errors = page.errors().join(" | ");
    for said in [
        "Enter the name of who wants to foster",
        "“12” is not a telephone number",
        "“nonsense” is not an e-mail address",
        "Enter the name that goes with this telephone",
        "“DLI 9QZ” cannot be a postcode",
        "in the future",
        "“31 april” is not a date",
        "Enter the hub whose reference it is",
        "Choose an officer from the list",
        "Choose a kind of fostering",
    ] {
        assert!(errors.contains(said), "{said} is not in {errors}");
    }
    for (field, value) in typed.iter().filter(|(field, _)| !["note", "officer", "kind"].contains(field)) {
        assert_eq!(page.attribute(&format!("#{field}"), "value"), *value, "{field}");
    }
    assert_eq!(page.text("#note"), "Rang <twice>");
    assert!(page.text("title").starts_with("Error: "));
    assert_eq!(app.count("select count(*) from enquiry").await, 0);
    let mended = officer
        .submit(
            &page,
            FORM,
            &[
                ("name_1", "Amira Rahman"),
                ("phone_1", ""),
                ("email_1", ""),
                ("phone_2", ""),
                ("postcode", ""),
                ("received_on", "today"),
                ("enquired_on", ""),
                ("hub_reference", ""),
            ],
        )
        .await;
    assert_eq!(mended.location(), "/enquiries/1");
}

#[tokio::test]
async fn dates_in_a_wrong_order_are_refused_at_their_field() {
    let app = TestApp::new().await;
    let mut officer = officer(&app).await;
    let page =
        filled_in(&mut officer, &[("name_1", "A B"), ("received_on", "1/10/25"), ("enquired_on", "2/10/25")]).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.text("#received_on-error").contains("cannot be on 1 October 2025"), "{:?}", page.errors());
}

#[tokio::test]
async fn a_referral_that_is_there_already_is_shown() {
    let app = TestApp::new().await;
    let before = given::enquiry().hub("Foster with North East", "FWNE/24/0044").create(&app).await;
    let mut officer = officer(&app).await;
    let typed = [("name_1", "A B"), ("hub", "foster with north east"), ("hub_reference", "fwne-24 0044")];
    let page = filled_in(&mut officer, &typed).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(page.errors(), ["This referral is recorded already, as E-000001"]);
    assert!(page.has(&format!("a[href='/enquiries/{before}']")));
    assert_eq!(app.count("select count(*) from enquiry").await, 1);
}

#[tokio::test]
async fn more_people_can_be_added_and_nothing_typed_is_lost() {
    let app = TestApp::new().await;
    let mut officer = officer(&app).await;
    let page = officer.get("/enquiries/new").await;
    let page =
        officer.submit(&page, FORM, &[("name_1", "A Quayle"), ("name_2", "B Quayle"), ("do", "add_person")]).await;
    assert_eq!((page.status, page.attribute("#name_2", "value").as_str()), (StatusCode::OK, "B Quayle"));
    assert_eq!(app.count("select count(*) from enquiry").await, 0);
    let saved = officer.submit(&page, FORM, &[("name_3", "Sam Reed")]).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER);
    let name = text(&app, "select display_name from enquiry_now").await;
    assert_eq!(name.as_deref(), Some("A Quayle, B Quayle and Sam Reed"));
}

#[tokio::test]
async fn what_is_typed_is_text_in_every_field() {
    let app = TestApp::new().await;
    let mut officer = officer(&app).await;
    for payload in ["<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "'-alert(1)-'", "{{7*7}}<b>"] {
        let one_line = [
            "name_1",
            "name_2",
            "phone_1",
            "email_1",
            "postcode",
            "received_on",
            "enquired_on",
            "source",
            "campaign",
            "hub",
            "hub_reference",
            "language",
            "contact_hours",
            "address",
            "note",
            "household",
            "officer",
            "kind",
            "message_allowed",
            "people",
        ];
        let typed: Vec<_> = one_line.iter().map(|field| (*field, payload)).collect();
        let refused = filled_in(&mut officer, &typed).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        let good = ["name_1", "name_2", "source", "campaign", "hub", "hub_reference", "language", "address", "note"];
        let typed: Vec<_> = good.iter().map(|field| (*field, payload)).collect();
        let saved = filled_in(&mut officer, &typed).await;
        let list = officer.get("/enquiries").await;
        let known = officer.post("/households/known", &[("name_1", payload)]).await;
        let new = officer.get("/enquiries/new").await;
        assert_eq!(saved.status, StatusCode::SEE_OTHER, "{payload}");
        for page in [&refused, &list, &known, &new] {
            assert!(!page.has("img") && !page.has("main script") && !page.has("main b b"), "{payload}");
            assert!(!page.body.contains("<script>alert") && !page.body.contains("<img"), "{payload}");
        }
        assert!(list.texts("tbody .who-name")[0].contains(payload));
    }
}

#[tokio::test]
async fn people_begin_where_their_work_is() {
    let app = TestApp::new().await;
    for (role, path) in [
        (Role::Officer, "/today"),
        (Role::SocialWorker, "/today"),
        (Role::Board, "/reports"),
        (Role::Panel, "/reports"),
    ] {
        assert!(app.sign_in(role).await.get("/").await.location().starts_with(path), "{role:?}");
    }
}
