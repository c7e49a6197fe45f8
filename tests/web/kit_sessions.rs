//! How long a session lasts, and whose rights it has.

use std::time::Duration;

use axum::http::StatusCode;
use hearth::domain::ids::UserId;
use hearth::domain::instant::Instant;
use hearth::domain::role::Role;
use hearth::web::session;

use crate::kit::app;
use crate::support::TestApp;

#[tokio::test]
async fn a_session_ends_after_half_an_hour_without_a_request_and_after_twelve_hours_in_any_case() {
    let app = app().await;
    let mut officer = app.sign_in(Role::Officer).await;
    for _ in 0..24 {
        app.pass_minutes(29);
        assert_eq!(officer.get("/things/new").await.status, StatusCode::OK);
        seen_at(&app, app.now()).await;
    }
    app.pass_minutes(25);
    let ended = officer.get("/things/new?a=1&b=2").await;
    assert_eq!(ended.location(), "/sign-in?next=%2Fthings%2Fnew%3Fa%3D1%26b%3D2");

    let mut idle = app.sign_in(Role::Officer).await;
    app.pass_minutes(31);
    assert!(idle.get("/things/new").await.location().starts_with("/sign-in"));
}

#[tokio::test]
async fn last_seen_is_written_at_most_once_a_minute() {
    let app = app().await;
    let mut officer = app.sign_in(Role::Officer).await;
    let began = app.now();
    app.state.clock.set(began.plus_milliseconds(59_000));
    officer.get("/things/new").await;
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert_eq!(app.count("select max(last_seen_at) from session").await, began.as_millisecond());
    app.state.clock.set(began.plus_milliseconds(60_000));
    officer.get("/things/new").await;
    seen_at(&app, app.now()).await;
}

/// It is written beside the request.
async fn seen_at(app: &TestApp, instant: Instant) {
    for _ in 0..200 {
        if app.count("select max(last_seen_at) from session").await == instant.as_millisecond() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("last-seen was not written");
}

#[tokio::test]
async fn rights_are_those_of_this_very_moment() {
    let app = app().await;
    let user = app.person("Priya Nair", &[Role::Officer]).await;
    let mut officer = app.sign_in_as(user).await;
    assert_eq!(officer.get("/things/new").await.status, StatusCode::OK);
    change(&app, "delete from user_role where user_id = ?", user).await;
    assert_eq!(officer.get("/things/new").await.status, StatusCode::FORBIDDEN);
    change(&app, "update user set active = 0 where id = ?", user).await;
    assert!(officer.get("/things/new").await.location().starts_with("/sign-in"));
}

#[tokio::test]
async fn sessions_can_be_listed_and_ended() {
    let app = app().await;
    let user = app.person("Priya Nair", &[Role::Officer]).await;
    let (mut here, mut there) = (app.sign_in_as(user).await, app.sign_in_as(user).await);
    let open = session::list(app.state.db.read(), user, app.now()).await.unwrap();
    assert_eq!(open.len(), 2);
    let mut write = app.state.db.write().await.unwrap();
    assert!(session::end(&mut write, user, &open[0].token_hash).await.unwrap());
    write.commit().await.unwrap();
    let statuses = [here.get("/things/new").await.status, there.get("/things/new").await.status];
    assert_eq!(statuses.iter().filter(|status| **status == StatusCode::OK).count(), 1);
    let mut write = app.state.db.write().await.unwrap();
    assert_eq!(session::end_all(&mut write, user).await.unwrap(), 1);
    write.commit().await.unwrap();
    assert_eq!(session::list(app.state.db.read(), user, app.now()).await.unwrap().len(), 0);
}

async fn change(app: &TestApp, sql: &'static str, user: UserId) {
    let mut write = app.state.db.write().await.unwrap();
    sqlx::query(sql).bind(user).execute(&mut *write).await.unwrap();
    write.commit().await.unwrap();
}
