//! One-time links: invitations, new passwords, the first administrator.

use axum::http::StatusCode;
use hearth::domain::actor::Actor;
use hearth::domain::ids::UserId;
use hearth::domain::role::Role;
use hearth::features::users;

use crate::sign_in::{OTHER, PASSWORD, email, enter, is_in, person};
use crate::support::TestApp;

async fn link(app: &TestApp, id: UserId) -> String {
    let mut write = app.state.db.write().await.unwrap();
    let link = users::link(&mut write, &Actor::command_line(app.now()), id).await.unwrap();
    write.commit().await.unwrap();
    link.url("")
}

#[tokio::test]
async fn an_invitation_sets_a_password_once() {
    let app = TestApp::new().await;
    let id = app.person("Tom <b>Reed</b>", &[Role::Officer]).await;
    let link = link(&app, id).await;
    let mut client = app.visitor();
    // Programs that only look at links do not use them up.
    client.get(&link).await;
    let page = client.get(&link).await;
    assert!(page.text("main").contains("Tom <b>Reed</b>") && !page.body.contains("<b>Reed"));

    for (password, again, error) in [
        ("short", "short", "Use at least 12 characters"),
        ("Password1234", "Password1234", "too easy to guess"),
        ("Tom Reed Reed Tom", "Tom Reed Reed Tom", "too easy to guess"),
        (OTHER, "something else", "not the same"),
    ] {
        let answer = client.submit(&page, "#invitation", &[("password", password), ("again", again)]).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(answer.errors()[0].contains(error), "{:?}", answer.errors());
        assert!(!answer.body.contains(password));
    }
    let done = client.submit(&page, "#invitation", &[("password", OTHER), ("again", OTHER)]).await;
    assert_eq!(done.location(), "/sign-in");
    assert!(enter(&mut client, &email(&app, id).await, OTHER).await.status.is_redirection());

    let again = client.get(&link).await;
    assert_eq!((again.status, &*again.text("h1")), (StatusCode::GONE, "This link can no longer be used"));
    let again = app.visitor().post(&link, &[("password", PASSWORD), ("again", PASSWORD)]).await;
    assert_eq!(again.status, StatusCode::GONE);
    assert!(enter(&mut app.visitor(), &email(&app, id).await, OTHER).await.status.is_redirection());
}

#[tokio::test]
async fn links_expire_and_a_newer_one_takes_their_place() {
    let app = TestApp::new().await;
    let (with, _) = person(&app, "Priya Nair", &[Role::Officer]).await;
    let without = app.person("Tom Reed", &[Role::Officer]).await;
    for (id, minutes) in [(without, 7 * 24 * 60), (with, 24 * 60)] {
        let old = link(&app, id).await;
        let new = link(&app, id).await;
        assert_eq!(app.visitor().get(&old).await.status, StatusCode::GONE);
        app.pass_minutes(minutes - 1);
        assert_eq!(app.visitor().get(&new).await.status, StatusCode::OK);
        app.pass_minutes(1);
        assert_eq!(app.visitor().get(&new).await.status, StatusCode::GONE);
        assert_eq!(app.visitor().post(&new, &[("password", OTHER), ("again", OTHER)]).await.status, StatusCode::GONE);
    }
    assert_eq!(app.visitor().get("/invitations/made-up").await.status, StatusCode::GONE);
}

#[tokio::test]
async fn the_database_does_not_hold_a_link_that_could_be_used() {
    let app = TestApp::new().await;
    let id = app.person("Tom Reed", &[Role::Officer]).await;
    let link = link(&app, id).await;
    let token = link.rsplit('/').next().unwrap();
    let kept: Vec<u8> =
        sqlx::query_scalar("select token_hash from invitation").fetch_one(app.state.db.read()).await.unwrap();
    assert_eq!(kept.len(), 32);
    assert!(!kept.windows(8).any(|part| token.as_bytes().starts_with(part)));
}

#[tokio::test]
async fn a_new_password_by_link_ends_every_session() {
    let app = TestApp::new().await;
    let (id, _) = person(&app, "Priya Nair", &[Role::Officer]).await;
    let mut thief = app.sign_in_as(id).await;
    let link = link(&app, id).await;
    let mut client = app.visitor();
    let page = client.get(&link).await;
    client.submit(&page, "#invitation", &[("password", OTHER), ("again", OTHER)]).await;
    assert!(!is_in(&mut thief).await);
}

#[tokio::test]
async fn the_first_link_makes_an_administrator_and_only_the_first() {
    let app = TestApp::new().await;
    let first = first_link(&app).await.unwrap();
    let newer = first_link(&app).await.unwrap();
    let mut client = app.visitor();
    assert_eq!(client.get(&first).await.status, StatusCode::GONE);
    let page = client.get(&newer).await;
    let wrong = client.submit(&page, "#invitation", &[("name", ""), ("email", "x"), ("password", "a")]).await;
    assert_eq!(wrong.errors().len(), 3, "{:?}", wrong.errors());
    let values = [("name", "Asha Begum"), ("email", "Asha@wearmouth.example"), ("password", OTHER), ("again", OTHER)];
    let mut late = client.clone();
    assert_eq!(client.submit(&page, "#invitation", &values).await.location(), "/sign-in");
    assert_eq!(late.submit(&page, "#invitation", &values).await.status, StatusCode::GONE);
    assert!(first_link(&app).await.is_none());
    enter(&mut client, "asha@wearmouth.example", OTHER).await;
    assert_eq!(client.get("/people").await.status, StatusCode::OK);
    let roles = client.get("/account").await.texts("#roles, .sec:first-of-type .list b");
    assert!(roles.contains(&"Manager".to_owned()) && roles.contains(&"Administrator".to_owned()), "{roles:?}");
}

#[tokio::test]
async fn the_first_link_works_while_there_is_no_administrator_whoever_else_is_there() {
    let app = TestApp::new().await;
    app.person("Tom Reed", &[Role::Officer]).await;
    let first = first_link(&app).await.expect("an officer is no administrator");
    // Added on the command line, with a password not set yet.
    app.person("Jan Teal", &[Role::Admin]).await;
    let mut client = app.visitor();
    let page = client.get(&first).await;
    assert!(page.text("main").contains("There is no administrator yet"), "{}", page.text("main"));
    let second = first_link(&app).await.expect("nobody who manages people can sign in");
    person(&app, "Priya Nair", &[Role::Admin]).await;
    assert!(first_link(&app).await.is_none());
    let gone = client.get(&second).await;
    assert_eq!(gone.status, StatusCode::GONE);
    assert!(gone.text("main").contains("hearth user add --role admin"), "{}", gone.text("main"));
    let values = [("name", "Asha Begum"), ("email", "Asha@wearmouth.example"), ("password", OTHER), ("again", OTHER)];
    assert_eq!(client.post(&second, &values).await.status, StatusCode::GONE);
}

async fn first_link(app: &TestApp) -> Option<String> {
    let mut write = app.state.db.write().await.unwrap();
    let link = users::first_administrator_link(&mut write, &Actor::command_line(app.now())).await.unwrap();
    write.commit().await.unwrap();
    link.map(|link| link.url(""))
}
