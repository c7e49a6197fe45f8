//! A form that is sent after the session ended comes back filled, through signing in too: one more press sends it. Of one
//! whose record is gone what was typed is shown.

use axum::http::StatusCode;
use hearth::domain::role::Role;

use crate::given;
use crate::import_undo::bring_example;
use crate::imports::press;
use crate::record::FORM;
use crate::sign_in::{OTHER, PASSWORD, enter, is_in, person};
use crate::support::{Client, Page, TestApp};

const WORDS: &str = "They have <two> rooms,\r\nand a dog that is afraid of buses.";
const WRONG: &str = "The e-mail address or the password is wrong. Check both and try again";

/// Priya's note, sent when her session was over: her browser, and the page that came back.
struct Late {
    app: TestApp,
    email: String,
    client: Client,
    page: Page,
}

async fn late(words: &str) -> Late {
    let app = TestApp::new().await;
    let id = given::enquiry().named("Amira Rahman").create(&app).await;
    let (user, email) = person(&app, "Priya Nair", &[Role::Officer]).await;
    let mut client = app.sign_in_as(user).await;
    let form = client.get(&format!("/enquiries/{id}/notes/new")).await;
    client.set_cookie("hearth", "a session that is over");
    let page = client.submit(&form, FORM, &[("body", words)]).await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
    Late { app, email, client, page }
}

async fn notes(app: &TestApp) -> i64 {
    app.count("select count(*) from note").await
}

#[tokio::test]
async fn whoever_signs_in_on_the_page_sends_what_they_typed_with_one_more_press() {
    let Late { app, email, mut client, page } = late(WORDS).await;
    assert_eq!(page.text("h1"), "Not saved yet");
    assert_eq!(page.texts(".typed dt"), ["Kind", "Day", "Note"], "what is short was typed too");
    assert!(page.text(".typed").contains("<two> rooms") && page.text(".typed").contains("afraid of buses"));
    assert!(!page.has("#late") && !page.has("main a[target]"), "nothing but to sign in");

    let back = client.submit(&page, "#sign-in", &[("email", &email), ("password", PASSWORD)]).await;
    assert_eq!(back.status, StatusCode::OK);
    assert_eq!(back.text(".lede"), "You are signed in as Priya Nair. What you typed is here; send it now.");
    assert_eq!(back.texts(".typed dd"), page.texts(".typed dd"));
    assert!(!back.has("#sign-in") && back.has("nav.nav"), "a page of the new session");
    assert_eq!(notes(&app).await, 0);

    let saved = client.submit(&back, "#late", &[]).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER);
    assert!(client.follow(&saved).await.text("main").contains("<two> rooms"));
    assert_eq!(notes(&app).await, 1);
}

#[tokio::test]
async fn signing_in_there_gives_the_same_cookies_as_at_the_door() {
    let Late { app, email, mut client, page } = late(WORDS).await;
    let entered = [("email", email.as_str()), ("password", PASSWORD)];
    let back = client.submit(&page, "#sign-in", &entered).await;
    let door = enter(&mut app.visitor(), &email, PASSWORD).await;
    let kept = |page: &Page| {
        let cookies = page.headers.get_all("set-cookie").iter().map(|it| it.to_str().unwrap().to_owned());
        // Without what is random in each.
        let shapes = cookies.map(|it| {
            let (pair, attributes) = it.split_once(';').unwrap();
            format!("{};{attributes}", pair.split('=').next().unwrap_or_default())
        });
        shapes.collect::<Vec<_>>()
    };
    assert_eq!(kept(&back), kept(&door));
    assert_eq!(kept(&back).len(), 2);
    assert!(is_in(&mut client).await);
}

#[tokio::test]
async fn a_wrong_password_and_too_many_tries_keep_everything() {
    let Late { app, email, mut client, page } = late(WORDS).await;
    let carried = page.attribute("#sign-in [name=kept_body]", "value");
    let mut page = page;
    for _ in 0..5 {
        page = client.submit(&page, "#sign-in", &[("email", &email), ("password", "not my password")]).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(page.errors(), [WRONG]);
        assert!(page.text("title").starts_with("Error: Not saved yet"));
        assert_eq!([page.attribute("#email", "value"), page.attribute("#password", "value")], [email.as_str(), ""]);
        assert!(page.text(".typed").contains("afraid of buses") && !page.body.contains("not my password"));
        assert_eq!(page.attribute("#sign-in [name=kept_body]", "value"), carried);
    }
    let right = [("email", email.as_str()), ("password", PASSWORD)];
    let slowed = client.submit(&page, "#sign-in", &right).await;
    assert_eq!((slowed.status, slowed.header("retry-after")), (StatusCode::TOO_MANY_REQUESTS, "1"));
    assert!(slowed.text(".typed").contains("afraid of buses"));
    app.state.clock.set(app.now().plus_milliseconds(1000));
    let back = client.submit(&slowed, "#sign-in", &right).await;
    assert_eq!(client.submit(&back, "#late", &[]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(notes(&app).await, 1);
}

#[tokio::test]
async fn whoever_else_signs_in_there_sees_what_will_be_sent() {
    let Late { app, mut client, page, .. } = late(WORDS).await;
    let (sam, email) = person(&app, "Sam Teal", &[Role::Manager]).await;
    let back = client.submit(&page, "#sign-in", &[("email", &email), ("password", PASSWORD)]).await;
    assert!(back.text(".lede").starts_with("You are signed in as Sam Teal."));
    assert!(back.text(".typed").contains("afraid of buses"));
    assert_eq!(notes(&app).await, 0, "nothing is sent unseen");
    client.submit(&back, "#late", &[]).await.location();
    assert_eq!(app.count("select recorded_by from note").await, sam.0);
}

#[tokio::test]
async fn signed_in_elsewhere_meanwhile_or_reloaded_it_asks_once_and_is_sent() {
    let Late { app, email, mut client, page } = late(WORDS).await;
    // In another tab of the same browser; here nothing need be entered.
    enter(&mut client, &email, PASSWORD).await;
    let asked = client.submit(&page, "#sign-in", &[]).await;
    assert_eq!(asked.status, StatusCode::FORBIDDEN);
    assert!(asked.text(".lede").starts_with("You have signed in again since this page was opened."));
    assert!(!asked.has("#sign-in"));
    // The page that answered the sign-in is reloaded: the browser sends the sign-in form once more.
    let reloaded = client.submit(&page, "#sign-in", &[("email", &email), ("password", PASSWORD)]).await;
    assert!(reloaded.text(".typed").contains("afraid of buses") && !reloaded.body.contains(PASSWORD));
    assert_eq!(client.submit(&reloaded, "#late", &[]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(notes(&app).await, 1);
}

#[tokio::test]
async fn only_what_goes_to_a_path_of_our_own_and_holds_no_password_is_carried() {
    let app = TestApp::new().await;
    let (_, email) = person(&app, "Priya Nair", &[Role::Officer]).await;
    for (action, body) in [
        ("//evil.example/x", "body=x"),
        ("https://evil.example/x", "body=x"),
        ("/\\evil.example/x", "body=x"),
        ("javascript:alert(1)", "body=x"),
        ("", "body=x"),
        ("/enquiries", ""),
        ("/enquiries", "form_token=x"),
        ("/account/password", "current=hush&body=x"),
        ("/invitations/x", "password=hush&again=hush&name=x"),
    ] {
        let right = [("email", email.as_str()), ("password", PASSWORD), ("kept_action", action), ("kept_body", body)];
        let page = app.visitor().post("/sign-in", &right).await;
        assert_eq!(page.location(), "/", "{action} {body}");
        let wrong = [("email", "nobody@example.org"), ("password", "wrong"), right[2], right[3]];
        let page = app.visitor().post("/sign-in", &wrong).await;
        assert!(!page.has("#late, .typed, [name=kept_action]"), "{action} {body}");
        assert!(!page.body.contains("hush") && !page.body.contains("evil.example"), "{}", page.body);
    }
}

#[tokio::test]
async fn passwords_are_not_handed_back() {
    let app = TestApp::new().await;
    let (user, _) = person(&app, "Priya Nair", &[Role::Officer]).await;
    let mut client = app.sign_in_as(user).await;
    let account = client.get("/account").await;
    client.set_cookie("hearth", "a session that is over");
    let values = [("current", PASSWORD), ("password", OTHER), ("again", OTHER)];
    let sent = client.submit(&account, "#password-form", &values).await;
    assert_eq!(sent.location(), "/sign-in");
    assert!(!sent.body.contains(OTHER) && !sent.body.contains(PASSWORD));
}

#[tokio::test]
async fn what_is_too_large_to_be_carried_is_sent_from_its_page_after_signing_in_elsewhere() {
    let Late { email, mut client, mut page, .. } = late(&"é".repeat(120_000)).await;
    assert!(!page.has("#sign-in") && page.has("main a[href='/sign-in'][target=_blank]"));
    // Sent before anybody has signed in, it comes back as often as that happens.
    for _ in 0..2 {
        page = client.submit(&page, "#late", &[]).await;
        assert_eq!(page.status, StatusCode::FORBIDDEN);
        assert_eq!(page.attribute("#late [name=body]", "value").chars().count(), 120_000);
    }
    enter(&mut client, &email, PASSWORD).await;
    let asked = client.submit(&page, "#late", &[]).await;
    assert_eq!(asked.status, StatusCode::FORBIDDEN);
    // Now it is the page of notes that speaks: it is longer than a note may be.
    assert_eq!(client.submit(&asked, "#late", &[]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn what_was_written_on_a_record_that_is_gone_is_shown_to_be_copied() {
    let app = TestApp::new().await;
    bring_example(&app, "simple.csv").await;
    app.pass_minutes(5);
    let (mut officer, mut manager) = (app.sign_in(Role::Officer).await, app.sign_in(Role::Manager).await);
    let form = officer.get("/enquiries/3/notes/new").await;
    let undo = manager.get("/settings/imports/1/undoings/new").await;
    assert!(press(&mut manager, &undo, "main form", &[]).await.has("#undone"));
    let before = notes(&app).await;

    let gone = officer.submit(&form, FORM, &[("body", WORDS)]).await;
    assert_eq!((gone.status, &*gone.text("h1")), (StatusCode::GONE, "This record is no longer there"));
    assert!(gone.text(".lede").contains("undid that import"), "{}", gone.text("main"));
    assert!(gone.text("main").contains("Nothing was saved. Copy what you need of what you typed."));
    assert!(gone.text(".typed").contains("<two> rooms") && gone.text(".typed").contains("afraid of buses"));
    assert!(gone.texts(".typed dt").contains(&"Note".to_owned()), "{:?}", gone.texts(".typed dt"));
    assert!(!gone.has("main form"), "there is nothing to send it to");
    assert_eq!(notes(&app).await, before);
    // Who only opens the page has typed nothing.
    assert!(!officer.get("/enquiries/3/notes/new").await.has(".typed"));
}

#[tokio::test]
async fn what_was_written_on_a_record_that_may_not_be_opened_any_more_is_shown_too() {
    let app = TestApp::new().await;
    let id = given::enquiry().named("Amira Rahman").create(&app).await;
    let mut officer = app.sign_in(Role::Officer).await;
    let path = format!("/enquiries/{id}/notes");
    let form = officer.get(&format!("{path}/new")).await;
    let mut write = app.state.db.write().await.unwrap();
    sqlx::query("update enquiry set restricted = 1 where id = ?").bind(id).execute(&mut *write).await.unwrap();
    write.commit().await.unwrap();

    let gone = officer.submit(&form, FORM, &[("body", WORDS)]).await;
    assert_eq!((gone.status, &*gone.text("h1")), (StatusCode::NOT_FOUND, "This is no longer there"));
    assert!(gone.text(".typed").contains("afraid of buses"), "{}", gone.text("main"));
    assert!(!gone.body.contains("Amira"), "that there is one would already say something");
    let nothing = officer.post(&path, &[]).await;
    assert_eq!((nothing.status, &*nothing.text("h1")), (StatusCode::NOT_FOUND, "Page not found"));
    assert!(!nothing.has(".typed"));

    // With htmx the form stays where it is.
    let message = officer.clone().htmx().submit(&form, FORM, &[("body", WORDS)]).await;
    assert_eq!((message.status, message.header("hx-retarget")), (StatusCode::NOT_FOUND, "#messages"));
    assert!(message.text(".notice").ends_with("What you typed is still here."), "{}", message.body);
    assert!(!message.has(".typed"));
}
