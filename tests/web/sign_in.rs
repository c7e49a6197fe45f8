//! Signing in and out, sessions, one-time links, and what slows guessing.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use hearth::domain::actor::Actor;
use hearth::domain::ids::UserId;
use hearth::domain::password::Password;
use hearth::domain::role::Role;
use hearth::features::{audit, users};

use crate::support::{Client, Page, TestApp};

pub const PASSWORD: &str = "kettle brick ocean lantern";
pub const OTHER: &str = "violin harbour mustard clock";

/// Somebody with a password; what they sign in with.
pub async fn person(app: &TestApp, name: &str, roles: &[Role]) -> (UserId, String) {
    let id = app.person(name, roles).await;
    let hash = users::hash_password(Password::parse(PASSWORD, &[]).unwrap()).await.unwrap();
    let mut write = app.state.db.write().await.unwrap();
    users::set_password(&mut write, &Actor::command_line(app.now()), id, &hash).await.unwrap();
    write.commit().await.unwrap();
    (id, email(app, id).await)
}

pub async fn email(app: &TestApp, id: UserId) -> String {
    sqlx::query_scalar("select email from user where id = ?").bind(id).fetch_one(app.state.db.read()).await.unwrap()
}

pub async fn enter(client: &mut Client, email: &str, password: &str) -> Page {
    let page = client.get("/sign-in").await;
    client.submit(&page, "#sign-in", &[("email", email), ("password", password)]).await
}

pub async fn is_in(client: &mut Client) -> bool {
    client.get("/account").await.status == StatusCode::OK
}

#[tokio::test]
async fn the_right_password_opens_and_signing_out_closes() {
    let app = TestApp::new().await;
    let (_, email) = person(&app, "Priya Nair", &[Role::Officer]).await;
    let mut client = app.visitor();
    let page = enter(&mut client, &format!("  {} ", email.to_uppercase()), PASSWORD).await;
    assert_eq!(page.location(), "/");
    let account = client.get("/account").await;
    assert_eq!(account.text(".lede"), format!("Priya Nair, {email}"));
    let kept = client.clone();
    let out = client.submit(&account, ".who-menu form", &[]).await;
    assert_eq!(out.location(), "/sign-in");
    assert!(client.follow(&out).await.text("main").contains("You have signed out"));
    assert!(!is_in(&mut client).await);
    assert!(!is_in(&mut kept.clone()).await, "the session has ended, not only its cookie");
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_name_get_the_same_answer() {
    let app = TestApp::new().await;
    let (id, email) = person(&app, "Priya Nair", &[Role::Officer]).await;
    let without = app.person("No Password", &[Role::Officer]).await;
    let without = self::email(&app, without).await;
    let mut answers = Vec::new();
    for name in [email.as_str(), "nobody@example.org", without.as_str(), ""] {
        let page = enter(&mut app.visitor(), name, "not the password").await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(page.attribute("#email", "value"), name, "what was typed stays");
        assert_eq!(page.attribute("#password", "value"), "");
        answers.push((page.errors(), page.text("title")));
    }
    deactivate(&app, id).await;
    let page = enter(&mut app.visitor(), &email, PASSWORD).await;
    answers.push((page.errors(), page.text("title")));
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
    assert_eq!(answers[0].0, ["The e-mail address or the password is wrong. Check both and try again"]);
    assert!(answers[0].1.starts_with("Error: "));
}

async fn deactivate(app: &TestApp, id: UserId) {
    let mut write = app.state.db.write().await.unwrap();
    sqlx::query("update user set active = 0 where id = ?").bind(id).execute(&mut *write).await.unwrap();
    write.commit().await.unwrap();
}

#[tokio::test]
async fn a_program_cannot_sign_in() {
    let app = TestApp::new().await;
    for name in ["", "Command line", "command line"] {
        assert_eq!(enter(&mut app.visitor(), name, "").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let mut admin = app.sign_in(Role::Admin).await;
    assert!(!admin.get("/people").await.text("main").contains("Command line"));
    for program in ["/people/1", "/people/2"] {
        assert_eq!(admin.get(program).await.status, StatusCode::NOT_FOUND);
    }
}

#[tokio::test]
async fn signing_in_gives_a_new_session_and_ends_the_one_before() {
    let app = TestApp::new().await;
    let (_, email) = person(&app, "Priya Nair", &[Role::Officer]).await;
    let mut client = app.visitor();
    client.set_cookie("hearth", "chosen-by-somebody-else");
    enter(&mut client, &email, PASSWORD).await;
    let first = client.cookie("hearth").unwrap().to_owned();
    assert_ne!(first, "chosen-by-somebody-else");
    let mut old = client.clone();
    let page = client.post("/sign-in", &[("email", &email), ("password", PASSWORD)]).await;
    assert!(page.status.is_redirection());
    assert_ne!(client.cookie("hearth").unwrap(), first);
    assert!(is_in(&mut client).await);
    assert!(!is_in(&mut old).await);
}

#[tokio::test]
async fn the_session_cookie_is_hidden_from_scripts_and_other_sites() {
    let app = TestApp::with(|config| config.public_url = Some("https://hearth.example".to_owned())).await;
    let (_, email) = person(&app, "Priya Nair", &[Role::Officer]).await;
    let mut client = app.visitor();
    let page = client.get("/sign-in").await;
    let page = client.submit(&page, "#sign-in", &[("email", &email), ("password", PASSWORD)]).await;
    let cookies: Vec<_> = page.headers.get_all("set-cookie").iter().map(|value| value.to_str().unwrap()).collect();
    for name in ["__Host-hearth=", "__Host-hearth-browser="] {
        let cookie = cookies.iter().find(|cookie| cookie.starts_with(name)).unwrap_or_else(|| panic!("{cookies:?}"));
        for part in ["HttpOnly", "Secure", "SameSite=Lax", "Path=/"] {
            assert!(cookie.contains(part), "{cookie}");
        }
        assert!(!cookie.contains("Domain"));
    }
    assert!(!cookies.iter().any(|cookie| cookie.starts_with("__Host-hearth=") && cookie.contains("Max-Age")));
}

#[tokio::test]
async fn after_half_an_hour_of_nothing_and_after_half_a_day_in_any_case() {
    let app = TestApp::new().await;
    let user = app.person("Priya Nair", &[Role::Officer]).await;
    let mut client = app.sign_in_as(user).await;
    app.pass_minutes(30);
    let page = client.get("/account").await;
    assert_eq!(page.location(), "/sign-in?next=%2Faccount");
    assert!(client.follow(&page).await.text(".notice").contains("You were signed out after 30 minutes."));

    let mut client = app.sign_in_as(user).await;
    for _ in 0..36 {
        app.pass_minutes(20);
        if app.now().as_millisecond() % 3_600_000 != 0 {
            client.get("/account").await;
        }
        wait_until_seen(&app).await;
    }
    let page = client.get("/account").await;
    assert!(client.follow(&page).await.text(".notice").contains("after 12 hours"));
}

/// Last-seen is written beside the request.
async fn wait_until_seen(app: &TestApp) {
    for _ in 0..100 {
        if app.now().as_millisecond() - app.count("select max(last_seen_at) from session").await <= 25 * 60_000 {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
}

#[tokio::test]
async fn a_session_that_somebody_ended_says_no_more_than_that() {
    let app = TestApp::new().await;
    let mut client = app.visitor();
    client.set_cookie("hearth", "made up");
    assert!(client.get("/sign-in").await.text(".notice").contains("Your session has ended."));
    assert!(!app.visitor().get("/sign-in").await.has(".notice"));
}

#[tokio::test]
async fn the_way_on_never_leads_to_another_site() {
    let app = TestApp::new().await;
    let (_, email) = person(&app, "Priya Nair", &[Role::Officer]).await;
    for (next, leads) in [
        ("/people?x=1", "/people?x=1"),
        ("", "/"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("\\/evil.example", "/"),
        ("https://evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("/\t/evil.example", "/"),
        ("/sign-in?next=/sign-in", "/"),
    ] {
        let mut client = app.visitor();
        let values = [("email", email.as_str()), ("password", PASSWORD), ("next", next)];
        assert_eq!(client.post("/sign-in", &values).await.location(), leads, "{next:?}");
        let asked =
            format!("/sign-in?{}", form_urlencoded::Serializer::new(String::new()).append_pair("next", next).finish());
        assert_eq!(client.get(&asked).await.location(), leads, "signed in already: {next:?}");
    }
}

#[tokio::test]
async fn the_form_needs_its_token_and_must_be_sent_by_our_own_page() {
    let app = TestApp::new().await;
    let (_, email) = person(&app, "Priya Nair", &[Role::Officer]).await;
    let right = [("email", email.as_str()), ("password", PASSWORD)];
    let mut client = app.visitor();
    for token in ["", "wrong", &"A".repeat(115)] {
        let page = client.post("/sign-in", &[right[0], right[1], ("csrf", token)]).await;
        assert_eq!(page.status, StatusCode::FORBIDDEN, "{token}");
    }
    let token = client.get("/sign-in").await.attribute("#sign-in [name=csrf]", "value");
    let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(right).append_pair("csrf", &token).finish();
    for (header, value, status) in [
        ("sec-fetch-site", "cross-site", StatusCode::FORBIDDEN),
        ("sec-fetch-site", "same-site", StatusCode::FORBIDDEN),
        ("origin", "https://evil.example", StatusCode::FORBIDDEN),
        ("origin", "null", StatusCode::FORBIDDEN),
        ("x-nothing", "neither header", StatusCode::FORBIDDEN),
        ("origin", "http://localhost:8080", StatusCode::SEE_OTHER),
    ] {
        let request = Request::post("/sign-in")
            .header("content-type", "application/x-www-form-urlencoded")
            .header(header, value)
            .body(Body::from(body.clone()));
        assert_eq!(client.send(request.unwrap()).await.status, status, "{header}: {value}");
    }
}

#[tokio::test]
async fn a_form_sent_after_the_session_has_ended_leads_to_sign_in() {
    let app = TestApp::new().await;
    let mut admin = app.sign_in(Role::Admin).await;
    let page = admin.get("/settings").await;
    app.pass_minutes(31);
    let sent = admin.submit(&page, "#settings", &[("service_name", "Elsewhere")]).await;
    assert_eq!(sent.attribute("main #sign-in [name=kept_action]", "value"), "/settings");
    assert!(sent.attribute("#sign-in [name=kept_body]", "value").contains("service_name=Elsewhere"), "{}", sent.body);
    assert_eq!(app.count("select count(*) from setting where value = 'Elsewhere'").await, 0);
}

#[tokio::test]
async fn guessing_is_slowed_and_the_right_password_gets_in_after_the_wait() {
    let app = TestApp::new().await;
    let (_, email) = person(&app, "Priya Nair", &[Role::Officer]).await;
    let mut known = app.visitor();
    enter(&mut known, &email, PASSWORD).await;
    for name in [email.as_str(), "nobody@example.org"] {
        for _ in 0..5 {
            assert_eq!(enter(&mut app.visitor(), name, "a guess").await.status, StatusCode::UNPROCESSABLE_ENTITY);
        }
        let page = enter(&mut app.visitor(), name, PASSWORD).await;
        assert_eq!((page.status, page.header("retry-after")), (StatusCode::TOO_MANY_REQUESTS, "1"));
        assert_eq!(page.errors(), ["There have been too many tries. Wait 1 second, then try again"]);
    }
    // Whoever signed in here before is not kept out by somebody else's guesses.
    let page = known.get("/account").await;
    known.submit(&page, ".who-menu form", &[]).await;
    assert!(enter(&mut known, &email, PASSWORD).await.status.is_redirection());
    app.state.clock.set(app.now().plus_milliseconds(1000));
    assert!(enter(&mut app.visitor(), &email, PASSWORD).await.status.is_redirection());
}

#[tokio::test]
async fn what_happens_at_the_door_is_in_the_audit_without_what_was_typed() {
    let app = TestApp::new().await;
    let (id, email) = person(&app, "Priya Nair", &[Role::Officer]).await;
    let mut client = app.visitor();
    enter(&mut client, &email, "hunter hunter hunter").await;
    enter(&mut client, "hunter hunter hunter", "x").await;
    enter(&mut client, &email, PASSWORD).await;
    let page = client.get("/account").await;
    client.submit(&page, ".who-menu form", &[]).await;
    let rows: Vec<(i64, String, Option<i64>, Option<String>)> =
        sqlx::query_as("select user_id, action, subject_user_id, detail from audit order by id")
            .fetch_all(app.state.db.read())
            .await
            .unwrap();
    let seen: Vec<_> = rows.iter().map(|(user, action, subject, _)| (*user, action.as_str(), *subject)).collect();
    let own = Some(id.0);
    assert_eq!(
        seen,
        [
            (1, "password_set", own),
            (2, "sign_in_failed", own),
            (2, "sign_in_failed", None),
            (id.0, "signed_in", own),
            (id.0, "signed_out", own),
        ]
    );
    assert!(!format!("{rows:?}").contains("hunter") && !format!("{rows:?}").contains("argon2"));
    let mut connection = app.state.db.read().acquire().await.unwrap();
    assert!(audit::verify(&mut connection).await.unwrap().is_ok());
}

#[tokio::test]
async fn a_weaker_hash_is_made_again_at_sign_in() {
    let app = TestApp::new().await;
    let (id, email) = person(&app, "Priya Nair", &[Role::Officer]).await;
    let weak = {
        use argon2::password_hash::PasswordHasher;
        let params = argon2::Params::new(8 * 1024, 1, 1, None).unwrap();
        let argon2 = argon2::Argon2::new(argon2::Algorithm::Argon2id, argon2::Version::V0x13, params);
        argon2.hash_password(PASSWORD.as_bytes()).unwrap().to_string()
    };
    let mut write = app.state.db.write().await.unwrap();
    users::set_password(&mut write, &Actor::command_line(app.now()), id, &weak).await.unwrap();
    write.commit().await.unwrap();
    assert!(enter(&mut app.visitor(), &email, PASSWORD).await.status.is_redirection());
    assert_eq!(app.count("select count(*) from user where password_hash like '%m=19456,t=2,p=1%'").await, 1);
    assert!(enter(&mut app.visitor(), &email, PASSWORD).await.status.is_redirection());
}

#[tokio::test]
async fn changing_the_password_asks_for_the_old_one_and_ends_the_other_sessions() {
    let app = TestApp::new().await;
    let (id, email) = person(&app, "Priya Nair", &[Role::Officer]).await;
    let (mut here, mut there) = (app.sign_in_as(id).await, app.sign_in_as(id).await);
    let page = here.get("/account").await;
    for (current, new, again, error) in [
        ("", OTHER, OTHER, "Enter the password that you use now"),
        ("not this", OTHER, OTHER, "This is not your password now"),
        (PASSWORD, "priya nair 1984", "priya nair 1984", "too easy to guess"),
        (PASSWORD, OTHER, "other", "not the same"),
    ] {
        let values = [("current", current), ("password", new), ("again", again)];
        let answer = here.submit(&page, "#password-form", &values).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(answer.errors()[0].contains(error), "{:?}", answer.errors());
    }
    let values = [("current", PASSWORD), ("password", OTHER), ("again", OTHER)];
    assert_eq!(here.submit(&page, "#password-form", &values).await.location(), "/account");
    assert!(is_in(&mut here).await);
    assert!(!is_in(&mut there).await);
    assert_eq!(enter(&mut app.visitor(), &email, PASSWORD).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(enter(&mut app.visitor(), &email, OTHER).await.status.is_redirection());
}

#[tokio::test]
async fn guessing_the_old_password_on_the_account_page_is_slowed() {
    let app = TestApp::new().await;
    let (id, _) = person(&app, "Priya Nair", &[Role::Officer]).await;
    let mut client = app.sign_in_as(id).await;
    let page = client.get("/account").await;
    let guess = [("current", "a guess"), ("password", OTHER), ("again", OTHER)];
    for _ in 0..5 {
        assert_eq!(client.submit(&page, "#password-form", &guess).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let answer = client.submit(&page, "#password-form", &guess).await;
    assert_eq!((answer.status, answer.header("retry-after")), (StatusCode::TOO_MANY_REQUESTS, "1"));
}

#[tokio::test]
async fn own_sessions_are_listed_and_ended_and_others_are_not() {
    let app = TestApp::new().await;
    let (id, _) = person(&app, "Priya Nair", &[Role::Officer]).await;
    let (mut here, mut there, mut third) =
        (app.sign_in_as(id).await, app.sign_in_as(id).await, app.sign_in_as(id).await);
    let mut somebody = app.sign_in(Role::Manager).await;
    let page = here.get("/account").await;
    assert_eq!(page.texts("#session-list > li").len(), 3);
    assert_eq!(page.texts("#session-list .tag"), ["This one"]);

    let hash = page.attribute("#session-list [name=session]", "value");
    somebody.post("/account/session-endings", &[("session", &hash)]).await;
    assert_eq!(here.get("/account").await.texts("#session-list > li").len(), 3, "not somebody else's to end");
    here.submit(&page, "#session-list form", &[]).await;
    assert_eq!([is_in(&mut there).await, is_in(&mut third).await].iter().filter(|still| **still).count(), 1);
    let page = here.get("/account").await;
    here.submit(&page, "#end-others", &[]).await;
    assert!(is_in(&mut here).await && !is_in(&mut there).await && !is_in(&mut third).await);
    assert!(is_in(&mut somebody).await);
    assert_eq!(here.post("/account/session-endings", &[("session", "zz")]).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_pages_at_the_door_have_the_headers_of_every_answer() {
    let app = TestApp::new().await;
    let mut client = app.visitor();
    for path in ["/sign-in", "/invitations/x", "/people", "/nowhere"] {
        let page = client.get(path).await;
        assert!(page.header("content-security-policy").starts_with("default-src 'none'"), "{path}");
        assert_eq!(page.header("cache-control"), "no-store", "{path}");
        assert_eq!(page.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(page.header("x-frame-options"), "DENY", "{path}");
    }
}
