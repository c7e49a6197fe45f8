//! The kit itself, on a small page of the test's own.

use std::time::Duration;

use askama::Template;
use askama_web::WebTemplate;
use axum::body::Body;
use axum::extract::State;
use axum::http::{Request, StatusCode};
use axum::response::{IntoResponse, Response};
use hearth::domain::role::{Permission, Role};
use hearth::web::{AppError, AppState, Ctx, Form, Page, Routes, Visit, finish, one_time, page};

use crate::support::{Client, TestApp};

#[derive(Template, WebTemplate)]
#[template(
    source = r#"{% extends "layout.html" %}{% import "components/fields.html" as fields %}
    {% block main %}<h1>{{ page.title }}</h1>{% call fields::summary(form) %}{% endcall %}
    <form id="thing" action="/things" method="post">{% call fields::csrf(page) %}{% endcall %}
    {% call fields::one_time(token) %}{% endcall %}{% call fields::text(form, "name", "Name", "") %}{% endcall %}
    <button>Save</button></form>{% endblock %}"#,
    ext = "html"
)]
struct ThingPage {
    page: Page,
    form: Form,
    token: String,
}

fn thing_page(visit: &Visit, form: Form) -> ThingPage {
    ThingPage { page: Page::new(visit, "New thing").with_errors_of(&form), token: form.kept_token(visit), form }
}

async fn show(ctx: Ctx) -> ThingPage {
    thing_page(&ctx, Form::default())
}

/// Makes a person, as the simplest thing there is to make.
async fn make(ctx: Ctx, State(state): State<AppState>, mut form: Form) -> Result<Response, AppError> {
    let Some(name) = form.required("name", "Enter a name") else { return page::invalid(thing_page(&ctx, form)) };
    let (token, user, now) = (form.one_time_token()?, ctx.user.id, ctx.now);
    let location = finish(async move {
        let mut write = state.db.write().await?;
        if let Some(location) = one_time::spent(&mut write, &token, user).await? {
            return Ok::<_, AppError>(location);
        }
        let made = sqlx::query("insert into user (name, email, created_at) values (?, ?, 0)")
            .bind(&name)
            .bind(format!("{}@example.com", one_time_email(&token)))
            .execute(&mut *write)
            .await?;
        let location = format!("/things/{}", made.last_insert_rowid());
        one_time::spend(&mut write, &token, user, now, &location).await?;
        write.commit().await?;
        Ok(location)
    })
    .await?;
    Ok(ctx.redirect(&location, "Made <b>one</b>"))
}

fn one_time_email(token: &str) -> String {
    token.to_lowercase()
}

static WRITING: tokio::sync::Notify = tokio::sync::Notify::const_new();

async fn slow(State(state): State<AppState>) -> Result<(), AppError> {
    finish(async move {
        let mut write = state.db.write().await?;
        WRITING.notify_one();
        tokio::time::sleep(Duration::from_millis(50)).await;
        sqlx::query("update setting set value = 'Finished' where name = 'service_name'").execute(&mut *write).await?;
        write.commit().await?;
        Ok(())
    })
    .await
}

fn routes() -> Routes {
    Routes::new()
        .get("/things/new", Permission::CreateEnquiries, show)
        .get("/things/{id}", Permission::CreateEnquiries, show)
        .post("/things", Permission::CreateEnquiries, make)
        .upload("/files", Permission::CreateEnquiries, 8 * 1024 * 1024, async |body: axum::body::Bytes| {
            body.len().to_string().into_response()
        })
        .public_post("/slow", slow)
        .public_get("/boom", async || -> () { panic!("secret name") })
        .public_get("/broken", async || AppError::Internal(anyhow::anyhow!("secret detail")))
        .public_get("/taken", async || AppError::Conflict("Somebody changed <it>".to_owned()))
        .public_get("/open", async |visit: Visit| thing_page(&visit, Form::default()))
        .public_post("/open", async |_: Form| "sent")
}

pub async fn app() -> TestApp {
    TestApp::new().await.serving(routes())
}

#[tokio::test]
async fn a_form_makes_one_thing_however_often_it_is_sent() {
    let app = app().await;
    let mut officer = app.sign_in(Role::Officer).await;
    let form = officer.get("/things/new").await;
    let before = app.count("select count(*) from user").await;

    let first = officer.submit(&form, "#thing", &[("name", "Zoë")]).await;
    let again = officer.submit(&form, "#thing", &[("name", "Zoë")]).await;

    assert_eq!((first.status, again.status), (StatusCode::SEE_OTHER, StatusCode::SEE_OTHER));
    assert_eq!(first.location(), again.location());
    assert_eq!(app.count("select count(*) from user").await, before + 1);
}

#[tokio::test]
async fn what_is_changed_by_going_back_and_sent_again_is_not_lost() {
    let app = app().await;
    let mut officer = app.sign_in(Role::Officer).await;
    let form = officer.get("/things/new").await;
    let before = app.count("select count(*) from user").await;
    let first = officer.submit(&form, "#thing", &[("name", "Zoë")]).await;
    let other = officer.submit(&form, "#thing", &[("name", "Zoë Raine")]).await;
    assert_eq!(other.status, StatusCode::SEE_OTHER);
    assert_ne!(first.location(), other.location());
    assert_eq!(app.count("select count(*) from user").await, before + 2);
}

#[tokio::test]
async fn twenty_sendings_at_once_make_one_thing() {
    let app = app().await;
    let mut officer = app.sign_in(Role::Officer).await;
    let form = officer.get("/things/new").await;
    let before = app.count("select count(*) from user").await;
    let sent =
        (0..20).map(|_| {
            let (mut officer, csrf) = (officer.clone(), form.attribute("#thing [name=csrf]", "value"));
            let token = form.attribute("#thing [name=form_token]", "value");
            async move {
                officer.post("/things", &[("csrf", &csrf), ("form_token", &token), ("name", "Zoë")]).await.location()
            }
        });
    let mut locations = futures::future::join_all(sent).await;
    locations.dedup();
    assert_eq!(locations.len(), 1);
    assert_eq!(app.count("select count(*) from user").await, before + 1);
}

#[tokio::test]
async fn what_was_typed_comes_back_with_what_is_wrong() {
    let app = app().await;
    let mut officer = app.sign_in(Role::Officer).await;
    let form = officer.get("/things/new").await;
    let token = form.attribute("[name=form_token]", "value");
    let page = officer.submit(&form, "#thing", &[("name", "  ")]).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(page.errors(), ["Enter a name"]);
    assert_eq!(page.attribute("#name", "value"), "  ");
    assert_eq!(page.attribute("[name=form_token]", "value"), token);
    assert!(page.text("title").starts_with("Error: "));
}

#[tokio::test]
async fn a_message_is_shown_once_and_as_text() {
    let app = app().await;
    let mut officer = app.sign_in(Role::Officer).await;
    let form = officer.get("/things/new").await;
    let made = officer.submit(&form, "#thing", &[("name", "Zoë")]).await;
    let page = officer.follow(&made).await;
    assert_eq!(page.text(".flash"), "Made <b>one</b>");
    assert!(!officer.get("/things/new").await.has(".flash"));
}

#[tokio::test]
async fn a_form_of_somebody_elses_page_is_refused() {
    let app = app().await;
    let mut officer = app.sign_in(Role::Officer).await;
    let form = officer.get("/things/new").await;
    let csrf = form.attribute("#thing [name=csrf]", "value");
    let post = |headers: &[(&str, &str)], csrf: &str| {
        let mut request = Request::post("/things").header("content-type", "application/x-www-form-urlencoded");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request.body(Body::from(format!("name=&csrf={csrf}"))).unwrap()
    };
    let allowed = StatusCode::UNPROCESSABLE_ENTITY;
    for (headers, csrf, status) in [
        (&[("sec-fetch-site", "same-origin")][..], &*csrf, allowed),
        (&[("origin", "http://localhost:8080")], &csrf, allowed),
        (&[("sec-fetch-site", "same-origin"), ("x-csrf-token", &csrf)], "", allowed),
        (&[], &csrf, StatusCode::FORBIDDEN),
        (&[("sec-fetch-site", "cross-site")], &csrf, StatusCode::FORBIDDEN),
        (&[("sec-fetch-site", "same-site")], &csrf, StatusCode::FORBIDDEN),
        (&[("origin", "https://evil.example")], &csrf, StatusCode::FORBIDDEN),
        (&[("origin", "null")], &csrf, StatusCode::FORBIDDEN),
        (&[("sec-fetch-site", "same-origin")], "", StatusCode::FORBIDDEN),
        (&[("sec-fetch-site", "same-origin")], "guess", StatusCode::FORBIDDEN),
    ] {
        assert_eq!(officer.send(post(headers, csrf)).await.status, status, "{headers:?} {csrf}");
    }
    let mut other = app.sign_in(Role::Officer).await;
    let foreign = other.send(post(&[("sec-fetch-site", "same-origin")], &csrf)).await;
    assert_eq!(foreign.status, StatusCode::FORBIDDEN, "a token is of one session");
}

#[tokio::test]
async fn a_visitor_has_form_tokens_too() {
    let app = app().await;
    let mut visitor = app.visitor();
    let page = visitor.get("/open").await;
    let csrf = page.attribute("#thing [name=csrf]", "value");
    assert_eq!(visitor.post("/open", &[("csrf", &csrf)]).await.body, "sent");
    assert_eq!(app.visitor().post("/open", &[("csrf", &csrf)]).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn an_upload_is_let_through_by_its_first_part_and_arrives_whole() {
    let app = app().await;
    let mut officer = app.sign_in(Role::Officer).await;
    let csrf = officer.get("/things/new").await.attribute("#thing [name=csrf]", "value");
    let body = |csrf: &str, size: usize| {
        format!(
            "--b\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\n{csrf}\r\n--b\r\n\
             Content-Disposition: form-data; name=\"file\"; filename=\"x\"\r\n\r\n{}\r\n--b--\r\n",
            "x".repeat(size)
        )
    };
    let upload = |body: String| {
        Request::post("/files")
            .header("content-type", "multipart/form-data; boundary=b")
            .header("sec-fetch-site", "same-origin")
            .body(Body::from(body))
            .unwrap()
    };
    let whole = body(&csrf, 3_000_000);
    let length = whole.len().to_string();
    assert_eq!(officer.send(upload(whole)).await.body, length);
    assert_eq!(officer.send(upload(body("guess", 10))).await.status, StatusCode::FORBIDDEN);
    assert_eq!(officer.send(upload(body(&csrf, 9_000_000))).await.status, StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn a_write_goes_on_when_the_browser_has_gone() {
    let app = app().await;
    let mut visitor = app.visitor();
    tokio::select! {
        biased;
        () = WRITING.notified() => {}
        _ = visitor.post("/slow", &[]) => panic!("it should still have been waiting"),
    }
    for _ in 0..100 {
        tokio::time::sleep(Duration::from_millis(20)).await;
        if app.count("select count(*) from setting where value = 'Finished'").await == 1 {
            return;
        }
    }
    panic!("the write was dropped with the request");
}

#[tokio::test]
async fn every_error_is_a_page_and_gives_nothing_away() {
    let app = app().await;
    let mut officer = app.sign_in(Role::Officer).await;
    for (path, status, heading) in [
        ("/nowhere", StatusCode::NOT_FOUND, "Page not found"),
        ("/static/nothing.css", StatusCode::NOT_FOUND, "Page not found"),
        ("/boom", StatusCode::INTERNAL_SERVER_ERROR, "Something went wrong"),
        ("/broken", StatusCode::INTERNAL_SERVER_ERROR, "Something went wrong"),
        ("/taken", StatusCode::CONFLICT, "Somebody else was first"),
    ] {
        let page = officer.get(path).await;
        assert_eq!(page.status, status, "{path}");
        assert_eq!(page.text("h1"), heading);
        assert!(page.has("main#main") && page.has("title"));
        assert!(!page.body.contains("secret"), "{path}");
        assert_eq!(page.header("content-security-policy").split(';').next(), Some("default-src 'none'"));
    }
    assert!(officer.get("/taken").await.text(".lede").contains("Somebody changed <it>"));
    assert_eq!(officer.get("/nowhere").await.text(".who-full"), "Recruitment officer");
    let page = officer.get("/broken").await;
    assert!(page.text("main").contains(page.header("x-request-id")));
    let board = app.sign_in(Role::Board).await.get("/things/new").await;
    assert_eq!((board.status, &*board.text("h1")), (StatusCode::FORBIDDEN, "You cannot open this"));
}

#[tokio::test]
async fn htmx_gets_a_message_and_is_sent_to_sign_in_as_a_whole() {
    let app = app().await;
    let mut officer = app.sign_in(Role::Officer).await.htmx();
    let message = officer.get("/taken").await;
    assert_eq!(message.status, StatusCode::CONFLICT);
    assert_eq!((message.header("hx-retarget"), message.header("hx-reswap")), ("#messages", "innerHTML"));
    assert!(message.has(".notice") && !message.body.contains("<html"));
    let request = Request::get("/things/new").header("hx-current-url", "http://localhost:8080/things/7?x=1");
    let signed_out = app.visitor().htmx().send(request.body(Body::empty()).unwrap()).await;
    assert_eq!(signed_out.status, StatusCode::OK);
    assert_eq!(signed_out.header("hx-redirect"), "/sign-in?next=%2Fthings%2F7%3Fx%3D1");
}

#[tokio::test]
async fn pages_are_not_kept_and_static_files_are_kept_for_good() {
    let app = app().await;
    let mut officer = app.sign_in(Role::Officer).await;
    let page = officer.get("/things/new").await;
    assert_eq!(page.header("cache-control"), "no-store");
    assert!(page.headers.get_all("vary").iter().any(|value| value == "HX-Request"));
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "same-origin"),
        ("cross-origin-opener-policy", "same-origin"),
        ("x-frame-options", "DENY"),
    ] {
        assert_eq!(page.header(name), value);
    }
    assert!(!page.headers.contains_key("strict-transport-security"));
    for (selector, attribute) in [("link[rel=stylesheet]", "href"), ("script", "src"), ("link[rel=icon]", "href")] {
        let file = app.visitor().get(&page.attribute(selector, attribute)).await;
        assert_eq!(file.status, StatusCode::OK);
        assert!(file.header("cache-control").contains("immutable"));
        assert!(!file.headers.contains_key("set-cookie"));
    }
}

#[tokio::test]
async fn what_is_large_is_sent_compressed() {
    let app = app().await;
    let mut officer = app.sign_in(Role::Officer).await;
    let style = officer.get("/things/new").await.attribute("link[rel=stylesheet]", "href");
    for path in ["/things/new", &style] {
        let request = Request::get(path).header("accept-encoding", "gzip, br");
        let page = officer.send(request.body(Body::empty()).unwrap()).await;
        assert_eq!(page.header("content-encoding"), "gzip", "{path}");
    }
}

#[tokio::test]
async fn over_https_cookies_are_for_this_host_and_transport_is_strict() {
    let app =
        TestApp::with(|config| config.public_url = Some("https://hearth.example".to_owned())).await.serving(routes());
    let page = app.visitor().get("/open").await;
    assert!(page.header("strict-transport-security").starts_with("max-age="));
    let cookie = page.header("set-cookie");
    assert!(cookie.starts_with("__Host-hearth-visitor=") && cookie.contains("Secure") && cookie.contains("HttpOnly"));
}

#[tokio::test]
async fn the_service_says_that_it_is_well() {
    let app = app().await;
    let page = app.visitor().get("/healthz").await;
    assert_eq!((page.status, page.body.as_str()), (StatusCode::OK, "ok\n"));
    assert!(!page.headers.contains_key("set-cookie"));
    app.state.db.clone().close().await;
    assert_eq!(app.visitor().get("/healthz").await.status, StatusCode::INTERNAL_SERVER_ERROR);
}

#[tokio::test]
async fn the_navigation_shows_what_one_may_open() {
    let app = app().await;
    let items = async |role| app.sign_in(role).await.get("/nowhere").await.texts(".nav li");
    assert_eq!(items(Role::Officer).await, ["Today", "Enquiries", "Board", "Duplicates", "Reports", "Imports"]);
    assert_eq!(items(Role::Board).await, ["Reports"]);
    assert_eq!(items(Role::Admin).await, ["People"]);
    let mut visitor: Client = app.visitor();
    let page = visitor.get("/nowhere").await;
    assert!(!page.has(".nav") && !page.has(".search") && !page.has(".who"));
}

#[tokio::test]
async fn a_date_is_said_back_in_words() {
    let app = TestApp::new().await;
    let mut officer = app.sign_in(Role::Officer).await;
    for (typed, said) in
        [("on=3+april", "Thu 3 Apr 2025"), ("on=", "Such as"), ("", "Such as"), ("on=soon", "is not a date")]
    {
        assert!(officer.get(&format!("/date-words?{typed}")).await.body.contains(said), "{typed}");
    }
}
