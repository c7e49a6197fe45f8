//! Search from anywhere: what is typed, who is found and why, and who may find whom.

use std::sync::{Arc, Mutex};

use axum::body::Body;
use axum::http::{Request, StatusCode};
use hearth::domain::ids::EnquiryId;
use hearth::domain::role::Role;

use crate::given;
use crate::support::{Client, Page, TestApp};

fn query(text: &str) -> String {
    form_urlencoded::Serializer::new(String::new()).append_pair("q", text).finish()
}

async fn search(client: &mut Client, text: &str) -> Page {
    let page = client.get(&format!("/search?{}", query(text))).await;
    assert_eq!(page.status, StatusCode::OK, "{text}");
    page
}

/// The best first.
async fn found(client: &mut Client, text: &str) -> Vec<String> {
    search(client, text).await.texts(".results .who-name")
}

/// While somebody types.
async fn suggested(client: &mut Client, text: &str) -> Page {
    let request = Request::get(format!("/search?{}", query(text))).header("hx-target", "div#suggestions");
    client.clone().htmx().send(request.body(Body::empty()).unwrap()).await
}

async fn some_households(app: &TestApp) -> Vec<EnquiryId> {
    vec![
        given::enquiry().named("Łukasz Wiśniewski").phone("07700900123").postcode("SR2 7AB").create(app).await,
        given::enquiry()
            .named("Siobhán O’Neill")
            .phone("01914960555; +44 7700 900888")
            .email("Siobhan.ONeill@example.org")
            .postcode("SR27 1AA")
            .hub("Foster with North East", "FWNE/26/1283")
            .create(app)
            .await,
        given::enquiry()
            .reference("WF-2296")
            .named("Ngozi Mensah")
            .phone("07700900777")
            .named("Catherine Mensah-Clarke")
            .postcode("DH1 2AB")
            .officer("Jan Teal", None)
            .create(app)
            .await,
        given::enquiry().named("Mohammed Ali").phone("07700900456").create(app).await,
    ]
}

#[tokio::test]
async fn half_of_what_somebody_remembers_finds_them() {
    let app = TestApp::new().await;
    some_households(&app).await;
    let mut officer = app.sign_in(Role::Officer).await;
    let [lukasz, siobhan, ngozi, ali] =
        ["Łukasz Wiśniewski", "Siobhán O’Neill", "Ngozi Mensah and Catherine Mensah-Clarke", "Mohammed Ali"];
    for (text, expected) in [
        // Names: accents, apostrophes, hyphens, order, part, slips, by ear.
        ("lukasz", &[lukasz][..]),
        ("WISNIEWSKI", &[lukasz]),
        ("wisniewsky", &[lukasz]),
        ("lukas wisnewski", &[lukasz]),
        ("oneill", &[siobhan]),
        ("o'neil", &[siobhan]),
        ("siobhan", &[siobhan]),
        ("shivaun", &[siobhan]),
        ("mensa", &[ngozi]),
        ("mensah ngozi", &[ngozi]),
        ("ngozy mensa", &[ngozi]),
        ("nogzi", &[ngozi]),
        ("clarke", &[ngozi]),
        ("kathryn", &[ngozi]),
        ("m clark", &[ngozi]),
        ("muhamad", &[ali]),
        ("muhammed aly", &[ali]),
        // Any part of a telephone number.
        ("0123", &[lukasz]),
        ("123", &[lukasz]),
        ("07700 900123", &[lukasz]),
        ("+44 (0)7700 900123", &[lukasz]),
        ("01900123", &[]),
        ("900888", &[siobhan]),
        ("0888", &[siobhan]),
        ("96055", &[siobhan]),
        ("555", &[siobhan]),
        ("90045", &[ali]),
        // Postcodes.
        ("sr27ab", &[lukasz]),
        ("SR2 7AB", &[lukasz]),
        ("sr2 7a", &[lukasz]),
        ("sr2", &[lukasz, siobhan]),
        ("sr27", &[siobhan, lukasz]),
        ("dh1", &[ngozi]),
        // Wherever their spaces are.
        ("SR 2 7AB", &[lukasz]),
        ("SR 27AB", &[lukasz]),
        ("SR2 7 AB", &[lukasz]),
        ("SR27 AB", &[lukasz]),
        ("lukasz sr 2 7ab", &[lukasz]),
        ("sr 2", &[lukasz, siobhan]),
        ("dh 1", &[ngozi]),
        ("mensah dh 1", &[ngozi]),
        // References.
        ("E-000002", &[siobhan]),
        ("e2", &[siobhan]),
        ("000002", &[siobhan]),
        ("fwne/26/1283", &[siobhan]),
        ("FWNE 26 1283", &[siobhan]),
        ("1283", &[siobhan]),
        ("283", &[siobhan]),
        ("wf-2296", &[ngozi]),
        ("wf 22", &[ngozi]),
        ("2296", &[ngozi]),
        // E-mail.
        ("siobhan.oneill@", &[siobhan]),
        // Several narrow each other.
        ("lukasz sr2", &[lukasz]),
        ("mensah 777", &[ngozi]),
        ("mensah 123", &[]),
        ("somebody else", &[]),
    ] {
        assert_eq!(found(&mut officer, text).await, expected, "{text}");
        // The list finds the same people.
        let mut listed = officer.get(&format!("/enquiries?{}", query(text))).await.texts("tbody .who-name");
        let mut expected: Vec<_> = expected.iter().map(|name| (*name).to_owned()).collect();
        listed.sort();
        expected.sort();
        assert_eq!(listed, expected, "{text} in the list");
    }
}

#[tokio::test]
async fn each_that_is_found_says_why_and_how_it_stands() {
    let app = TestApp::new().await;
    let ids = some_households(&app).await;
    let mut officer = app.sign_in(Role::Officer).await;
    for (text, why) in [
        ("0888", "Telephone ends 0888"),
        ("shivaun", "Sounds like “shivaun”"),
        ("ngozy", "Nearly “ngozy”"),
        ("283", "The hub’s reference ends 283"),
        ("mensah dh1", "Name, postcode in DH1"),
    ] {
        assert_eq!(search(&mut officer, text).await.text(".results .why"), why, "{text}");
    }
    let page = search(&mut officer, "ngozi").await;
    assert_eq!(page.attribute(".results .who-name", "href"), format!("/enquiries/{}", ids[2]));
    let said = page.text(".results");
    for words in ["DH1 2AB", "WF-2296", "New", "Jan Teal", "received 1 Oct 2025"] {
        assert!(said.contains(words), "{words}: {said}");
    }
    assert_eq!(page.text("main h2"), "1 household for “ngozi”");
    assert_eq!(page.attribute("#search", "value"), "ngozi", "what was typed stays in the box");
}

#[tokio::test]
async fn a_household_is_found_once_with_all_its_enquiries() {
    let app = TestApp::new().await;
    let first = given::enquiry().named("Amira Rahman").received("2024-03-03").closed("2024-04-01", "not_now");
    let first = first.create(&app).await;
    let household = given::household_of(&app, first).await;
    let second = given::enquiry().of(household).named("Amira Rahman").create(&app).await;
    let mut officer = app.sign_in(Role::Officer).await;
    let page = search(&mut officer, "rahman").await;
    assert_eq!(page.texts(".of-household a"), ["E-000002", "E-000001"]);
    assert_eq!(page.texts(".of-household .tag"), ["New", "Closed"]);
    assert_eq!(page.attribute(".who-name", "href"), format!("/enquiries/{second}"));
    let page = search(&mut officer, "E-000001").await;
    assert_eq!(page.attribute(".who-name", "href"), format!("/enquiries/{first}"), "the one that was asked for");
}

#[tokio::test]
async fn what_has_changed_is_found_as_it_is_now() {
    let app = TestApp::new().await;
    let id = given::enquiry()
        .named("Amira Rahman")
        .phone("07700900123")
        .hub("Foster with North East", "FWNE/26/1283")
        .create(&app)
        .await;
    let mut officer = app.sign_in(Role::Officer).await;
    let page = officer.get(&format!("/enquiries/{id}/household")).await;
    let values = [("name_1", "Amira Quayle"), ("phone_1", "07700 900456"), ("postcode", "sr27ab")];
    officer.submit(&page, "form.form", &values).await.location();
    let page = officer.get(&format!("/enquiries/{id}/details")).await;
    let values = [("hub_reference", "FWNE/26/9999"), ("why", "A slip of the hand")];
    officer.submit(&page, "form.form", &values).await.location();
    for (old, new) in [("rahman", "quayle"), ("0123", "0456"), ("1283", "9999"), ("dh1", "sr2")] {
        assert_eq!(found(&mut officer, old).await, Vec::<String>::new(), "{old}");
        assert_eq!(found(&mut officer, new).await, ["Amira Quayle"], "{new}");
    }
    let mut read = app.state.db.read().acquire().await.unwrap();
    let examined = hearth::features::condition::examine(&mut read, |_| ()).await;
    assert_eq!(examined.problems, Vec::<String>::new());
}

#[tokio::test]
async fn restricted_records_are_found_by_named_people_only_and_never_counted() {
    let app = TestApp::new().await;
    let named = app.person("Jan Teal", &[Role::Officer]).await;
    let open = given::enquiry().named("Amira Rahman").received("2024-03-03").create(&app).await;
    let household = given::household_of(&app, open).await;
    given::enquiry()
        .of(household)
        .reference("SECRET-77")
        .named("Amira Rahman")
        .restricted_to(&[named])
        .create(&app)
        .await;
    given::enquiry().named("Amira Colleague").phone("07700900123").restricted_to(&[named]).create(&app).await;
    let mut other = app.sign_in(Role::Manager).await;
    let mut named = app.sign_in_as(named).await;
    for text in ["colleague", "0123", "E-000003", "secret-77", "secret 77", "colleage"] {
        let page = search(&mut other, text).await;
        assert!(page.text("main h2").starts_with("Nobody found"), "{text}");
        assert!(!suggested(&mut other, text).await.has("a"), "{text}");
        assert_eq!(other.get(&format!("/enquiries?{}", query(text))).await.text(".found"), "No enquiries where");
        assert_eq!(found(&mut named, text).await.len(), 1, "{text}");
    }
    let page = search(&mut other, "amira").await;
    assert_eq!((page.text("main h2").as_str(), page.texts(".of-household a").len()), ("1 household for “amira”", 1));
    let page = search(&mut named, "amira").await;
    assert_eq!((page.text("main h2").as_str(), page.texts(".of-household a").len()), ("2 households for “amira”", 3));
}

#[tokio::test]
async fn social_workers_find_what_is_assigned_to_them() {
    let app = TestApp::new().await;
    let worker = app.person("Jan Teal", &[Role::SocialWorker]).await;
    given::enquiry().named("Amira Own").phone("07700900123").officer("Jan Teal", Some(worker)).create(&app).await;
    given::enquiry().named("Amira Other").phone("07700900124").create(&app).await;
    let mut client = app.sign_in_as(worker).await;
    for text in ["amira", "77009", "amirra", "E-000001"] {
        assert_eq!(found(&mut client, text).await, ["Amira Own"], "{text}");
    }
    for text in ["other", "0124", "E-000002"] {
        assert_eq!(found(&mut client, text).await, Vec::<String>::new(), "{text}");
    }
    assert!(!app.sign_in(Role::Board).await.get("/reports").await.has("#search"), "who sees nobody has no box");
}

#[tokio::test]
async fn the_box_on_every_page_suggests_while_somebody_types() {
    let app = TestApp::new().await;
    let ids = some_households(&app).await;
    let mut officer = app.sign_in(Role::Officer).await;
    for path in ["/enquiries", "/reports", "/account", "/enquiries/new", &format!("/enquiries/{}", ids[0])] {
        let page = officer.get(path).await;
        assert_eq!(page.attribute("header form.search", "action"), "/search", "{path}");
    }
    let page = suggested(&mut officer, "0888").await;
    assert!(!page.has("main") && !page.has("header"));
    assert_eq!(page.attribute("a", "href"), format!("/enquiries/{}", ids[1]));
    assert_eq!(page.attribute("[data-say]", "data-say"), "1 household, below the search box");
    assert!(page.header("vary").contains("hx-target"));
    assert_eq!(suggested(&mut officer, "x").await.body.trim(), "", "too little is not looked for");
    assert_eq!(suggested(&mut officer, "nobody").await.attribute("[data-say]", "data-say"), "Nobody found");
}

#[tokio::test]
async fn what_finds_too_many_says_how_to_narrow_it_and_what_finds_nobody_what_can_be_typed() {
    let app = TestApp::new().await;
    for number in 0..30 {
        given::enquiry().named(&format!("Ann Smith{number}")).create(&app).await;
    }
    let mut officer = app.sign_in(Role::Officer).await;
    let page = search(&mut officer, "ann").await;
    assert_eq!((page.text("main h2").as_str(), page.texts(".results > li").len()), ("30 households for “ann”", 20));
    assert!(page.text("main .notice").contains("narrow it"), "{}", page.text("main"));
    let page = suggested(&mut officer, "ann").await;
    assert_eq!(page.attribute("a.all", "href"), "/search?q=ann");
    for (text, warned) in [("", false), ("x", true), ("’", true)] {
        let page = search(&mut officer, text).await;
        assert!(page.text(".hints").contains("the last four will do"));
        assert_eq!(page.has(".notice.warn"), warned, "{text}");
    }
    let page = search(&mut officer, "zebedee").await;
    assert!(page.has(".hints") && page.has("a[href='/enquiries/new']"));
}

#[tokio::test]
async fn nothing_that_is_typed_or_recorded_is_markup_or_a_question_to_the_database() {
    let app = TestApp::new().await;
    let payload = "<img src=x onerror=alert(1)>\"'&";
    given::enquiry().named(payload).reference(payload).hub(payload, payload).postcode(payload).create(&app).await;
    let mut officer = app.sign_in(Role::Officer).await;
    let long = "mensah ".repeat(400);
    for text in [payload, "\"a\" OR \"b\"", "na* NOT nb", "words:x ^y", "((((", "near(aa bb, 2)", "* * *", "%_%", &long]
    {
        let page = search(&mut officer, text).await;
        assert!(!page.has("img") && !page.body.contains("<img"), "{text}");
        assert_eq!(page.texts(".who-name").len(), usize::from(text == payload), "{text}");
        assert_eq!(suggested(&mut officer, text).await.status, StatusCode::OK);
    }
}

#[tokio::test]
async fn what_is_searched_for_stands_in_no_log() {
    let app = TestApp::new().await;
    some_households(&app).await;
    let mut officer = app.sign_in(Role::Officer).await;
    let log = Log::default();
    let writer = log.clone();
    let subscriber =
        tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_writer(move || writer.clone());
    let guard = tracing::subscriber::set_default(subscriber.finish());
    search(&mut officer, "wisniewski").await;
    suggested(&mut officer, "wisniewski").await;
    officer.get("/enquiries?q=wisniewski").await;
    drop(guard);
    let written = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert!(written.contains("/search"), "the requests are in it: {written}");
    assert!(!written.to_lowercase().contains("wisniewski"), "{written}");
}

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl std::io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
