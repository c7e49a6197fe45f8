//! Who is recognised while an enquiry is logged: shown, asked about, and never given away.

use axum::http::StatusCode;
use hearth::domain::role::Role;

use crate::enquiry_new::{FORM, filled_in, officer, text};
use crate::given;
use crate::support::TestApp;

#[tokio::test]
async fn a_known_household_is_shown_with_why_and_can_be_chosen() {
    let app = TestApp::new().await;
    let earlier = given::enquiry()
        .named("Priya Nair")
        .phone("07700900123")
        .named("Tom Reed")
        .postcode("SR2 7AB")
        .received("2023-01-10")
        .closed("2023-02-01", "not_now")
        .create(&app)
        .await;
    given::enquiry().named("Other Neighbour").postcode("SR2 7AB").create(&app).await;
    let mut officer = officer(&app).await;
    let typed = [("name_1", "P Nair"), ("phone_1", "+44 7700 900 123"), ("postcode", "sr2 7ab")];

    let fragment = officer.clone().htmx().post("/households/known", &typed).await;
    assert_eq!(fragment.status, StatusCode::OK);
    assert!(!fragment.has("main"));
    let page = officer.get("/enquiries/new").await;
    let mut checking = typed.to_vec();
    checking.push(("do", "check"));
    let page = officer.submit(&page, FORM, &checking).await;
    assert_eq!(page.status, StatusCode::OK);
    for shown in [&fragment, &page] {
        assert_eq!(shown.texts(".known .why, .why"), ["The same telephone and postcode", "The same postcode"]);
        assert!(shown.body.contains("Priya Nair and Tom Reed") && shown.body.contains("Closed: Not now"));
        assert!(shown.has(&format!("a[href='/enquiries/{earlier}']")));
    }
    assert_eq!(page.attribute("#name_1", "value"), "P Nair");
    assert!(page.errors().is_empty());

    let household = given::household_of(&app, earlier).await.to_string();
    let saved = officer.submit(&page, FORM, &[("household", &household), ("name_1", "")]).await;
    assert_eq!(saved.location(), "/enquiries/3");
    assert_eq!(app.count("select count(*) from household").await, 2);
    assert_eq!(app.count("select count(*) from enquiry where household_id = 1").await, 2);
    assert_eq!(app.count("select count(*) from likeness").await, 0);
    let name = text(&app, "select display_name from enquiry_now where enquiry_id = 3").await;
    assert_eq!(name.as_deref(), Some("Priya Nair and Tom Reed"));
}

/// What is asked once before a household that is likely to be known is logged as a new one.
const QUESTION: &str =
    "This household may be known: choose it below, or press “Log the enquiry” again to log them as new";

#[tokio::test]
async fn a_household_that_is_likely_to_be_known_is_not_logged_as_new_before_it_was_shown() {
    let app = TestApp::new().await;
    let known = given::enquiry().named("Amyra Iqbal").phone("07700900123").postcode("SR2 7AB").create(&app).await;
    given::enquiry().named("Other Household").email("other@example.org").create(&app).await;
    let mut officer = officer(&app).await;
    let typed = [("name_1", "Amyra Iqbal"), ("phone_1", "07700 900 123")];
    let asked = filled_in(&mut officer, &typed).await;
    assert_eq!(asked.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(asked.errors(), [QUESTION]);
    assert_eq!(asked.texts(".known .why"), ["The same name and telephone"]);
    assert!(asked.has(&format!(".known a[href='/enquiries/{known}']")) && asked.has("#household"));
    assert_eq!(asked.attribute("#phone_1", "value"), "07700 900 123");
    assert_eq!(app.count("select count(*) from enquiry").await, 2);

    // Another household is likely now, and has not been shown.
    let again = officer.submit(&asked, FORM, &[("email_1", "Other@example.org")]).await;
    assert_eq!((again.status, again.errors()), (StatusCode::UNPROCESSABLE_ENTITY, vec![QUESTION.to_owned()]));
    assert_eq!(again.texts(".known .why").len(), 2);

    // They are new all the same; a double click is one enquiry, though the first makes a household like the second.
    let (mut first, mut second) = (officer.clone(), officer.clone());
    let (one, two) = tokio::join!(first.submit(&again, FORM, &[]), second.submit(&again, FORM, &[]));
    assert_eq!((one.location(), two.location()), ("/enquiries/3".to_owned(), "/enquiries/3".to_owned()));
    assert_eq!(app.count("select count(*) from household").await, 3);
}

#[tokio::test]
async fn whoever_has_seen_the_known_household_is_not_asked_again() {
    let app = TestApp::new().await;
    let known = given::enquiry().named("Amyra Iqbal").phone("07700900123").postcode("SR2 7AB").create(&app).await;
    let household = given::household_of(&app, known).await.to_string();
    let mut officer = officer(&app).await;
    // The panel that the script fetches says the same as the page.
    let typed = [("name_1", "Amyra Iqbal"), ("postcode", "sr27ab")];
    let panel = officer.clone().htmx().post("/households/known", &typed).await;
    assert_eq!(panel.attribute("[name=shown]", "value"), household);
    let seen = [typed[0], typed[1], ("shown", household.as_str())];
    assert_eq!(filled_in(&mut officer, &seen).await.location(), "/enquiries/2");
    // Who has chosen it is not asked, nor is anybody about a name or a postcode alone.
    let chosen = [typed[0], typed[1], ("household", household.as_str())];
    assert_eq!(filled_in(&mut officer, &chosen).await.location(), "/enquiries/3");
    assert_eq!(filled_in(&mut officer, &typed[..1]).await.location(), "/enquiries/4");
    let neighbour = [("name_1", "Somebody Else"), ("postcode", "sr27ab")];
    assert_eq!(filled_in(&mut officer, &neighbour).await.location(), "/enquiries/5");
}

#[tokio::test]
async fn a_form_that_is_refused_shows_the_known_household_too() {
    let app = TestApp::new().await;
    given::enquiry().named("Amyra Iqbal").phone("07700900123").create(&app).await;
    let mut officer = officer(&app).await;
    let typed = [("name_1", "A Iqbal"), ("phone_1", "07700900123"), ("received_on", "31 april")];
    let refused = filled_in(&mut officer, &typed).await;
    assert_eq!((refused.status, refused.errors().len()), (StatusCode::UNPROCESSABLE_ENTITY, 1));
    assert_eq!(refused.texts(".known .why"), ["The same telephone"]);
    // Seen there, it is not asked about again.
    let saved = officer.submit(&refused, FORM, &[("received_on", "today")]).await;
    assert_eq!(saved.location(), "/enquiries/2");
}

#[tokio::test]
async fn one_that_looks_like_an_earlier_household_is_noted_and_said() {
    let app = TestApp::new().await;
    given::enquiry().named("Amira Rahman").phone("07700900123").received("2025-03-01").create(&app).await;
    given::enquiry().named("Amira Rahman").email("amira@example.org").received("2021-03-01").create(&app).await;
    given::enquiry().named("Amira Rahman").postcode("TS1 1AA").received("2025-03-01").create(&app).await;
    let mut officer = officer(&app).await;
    let typed = [
        ("name_1", "amira rahman"),
        ("phone_1", "07700900123"),
        ("email_1", "Amira@example.org"),
        ("postcode", "SR2 7AB"),
    ];
    let asked = filled_in(&mut officer, &typed).await;
    officer.submit(&asked, FORM, &[]).await.location();
    let found = "select group_concat(other_id || ':' || possible_duplicate)
        from (select * from likeness where enquiry_id = 4 order by other_id)";
    assert_eq!(text(&app, found).await.as_deref(), Some("1:1,2:0"));
    let flash = officer.get("/enquiries").await.text(".flash");
    assert!(flash.contains("It may be a duplicate of E-000001: the same name and telephone."), "{flash}");
    assert!(flash.contains("It looks like E-000002: the same name and e-mail."), "{flash}");
}

#[tokio::test]
async fn a_restricted_household_is_not_given_away() {
    let app = TestApp::new().await;
    let named = app.person("Jan Teal", &[Role::Officer]).await;
    given::enquiry()
        .named("A Colleague")
        .phone("07700900123")
        .hub("North", "1")
        .restricted_to(&[named])
        .create(&app)
        .await;
    let typed = [("name_1", "A Colleague"), ("phone_1", "07700900123")];
    let mut other = officer(&app).await;
    assert!(!other.post("/households/known", &typed).await.body.contains("E-000001"));
    assert!(app.sign_in_as(named).await.post("/households/known", &typed).await.body.contains("E-000001"));
    filled_in(&mut other, &typed).await;
    assert!(!other.get("/enquiries").await.text(".flash").contains("E-000001"));
    assert_eq!(app.count("select count(*) from likeness").await, 1);
    let page = filled_in(&mut other, &[("name_1", "X Y"), ("hub", "north"), ("hub_reference", "1")]).await;
    assert!(page.errors()[0].contains("recorded already") && !page.body.contains("E-000001"));
}

#[tokio::test]
async fn only_those_who_log_enquiries_may_ask_who_is_known() {
    let app = TestApp::new().await;
    for role in [Role::SocialWorker, Role::Board, Role::Admin, Role::Panel] {
        let mut client = app.sign_in(role).await;
        assert_eq!(client.get("/enquiries/new").await.status, StatusCode::FORBIDDEN);
        let known = client.post("/households/known", &[("name_1", "Amira Rahman")]).await;
        assert_eq!(known.status, StatusCode::FORBIDDEN);
    }
}

#[tokio::test]
async fn somebody_whose_name_was_heard_otherwise_is_shown_as_the_search_box_would() {
    let app = TestApp::new().await;
    let known = given::enquiry().named("Sue Appleby").create(&app).await;
    given::enquiry().named("Sue Walker").create(&app).await;
    let mut officer = officer(&app).await;
    let mut shown = async |name: &str| officer.post("/households/known", &[("name_1", name)]).await;
    let heard = shown("Sue Applebee").await;
    assert_eq!(heard.texts(".why").len(), 1, "{}", heard.body);
    assert!(heard.texts(".why")[0].starts_with("A name like it: "), "{:?}", heard.texts(".why"));
    assert!(heard.has(&format!("a[href='/enquiries/{known}']")) && !heard.body.contains("Nobody with this name"));
    assert_eq!(shown("Sue Appleby").await.texts(".why"), ["The same name"]);
    // A given name alone says nothing, and nobody is like this one.
    assert_eq!(shown("Sue").await.texts(".why"), [""; 0]);
    assert!(shown("Wanda Nightingale").await.body.contains("Nobody with this name or one like it"));
}
