//! The whole service on a database of its own and a clock that stands still, and a browser for it.

mod client;
mod page;

use std::sync::Arc;

use axum::Router;
use hearth::app;
use hearth::clock::Clock;
use hearth::config::Config;
use hearth::db::{Db, Gate};
use hearth::domain::ids::UserId;
use hearth::domain::instant::Instant;
use hearth::domain::role::Role;
use hearth::web::{AppState, session};
use tempfile::TempDir;

pub use client::Client;
pub use page::Page;

/// Tuesday 14 October 2025, 10:00 in London.
pub const NOW: &str = "2025-10-14T09:00:00Z";

/// Cheap to clone; the database goes with the last one.
#[derive(Clone)]
pub struct TestApp {
    pub state: AppState,
    router: Router,
    _folder: Arc<TempDir>,
}

impl TestApp {
    pub async fn new() -> TestApp {
        TestApp::with(|_| {}).await
    }

    /// With settings other than the usual ones.
    pub async fn with(change: impl FnOnce(&mut Config)) -> TestApp {
        let folder = tempfile::tempdir().unwrap();
        let mut config = Config {
            database: folder.path().join("hearth.db"),
            listen: "127.0.0.1:8080".parse().unwrap(),
            public_url: None,
            log: String::new(),
            trusted_proxy: Vec::new(),
            backups: None,
        };
        change(&mut config);
        let db = Db::open(&config.database, Gate::Alone).await.unwrap();
        let state = AppState::new(db, Clock::fixed(Instant::parse(NOW).unwrap()), config);
        TestApp { router: app::router(state.clone()), state, _folder: Arc::new(folder) }
    }

    /// Wraps routes of a test's own in the layers of the service.
    pub fn serving(mut self, routes: hearth::web::Routes) -> TestApp {
        self.router = app::layered(routes, self.state.clone());
        self
    }

    pub fn now(&self) -> Instant {
        self.state.clock.now()
    }

    pub fn pass_minutes(&self, minutes: i64) {
        self.state.clock.set(self.now().plus_milliseconds(minutes * 60_000));
    }

    /// A browser in which nobody has signed in.
    pub fn visitor(&self) -> Client {
        Client::new(self.clone())
    }

    /// A browser of a new person with this one role.
    pub async fn sign_in(&self, role: Role) -> Client {
        let user = self.person(role.label(), &[role]).await;
        self.sign_in_as(user).await
    }

    /// A browser of somebody, without the sign-in page.
    pub async fn sign_in_as(&self, user: UserId) -> Client {
        let mut write = self.state.db.write().await.unwrap();
        let started = session::start(&mut write, user, self.now(), "unknown", "test").await.unwrap();
        write.commit().await.unwrap();
        let mut client = self.visitor();
        client.set_cookie("hearth", started.cookie_value());
        client
    }

    /// Somebody who may sign in, without a password.
    pub async fn person(&self, name: &str, roles: &[Role]) -> UserId {
        let mut write = self.state.db.write().await.unwrap();
        let number: i64 = sqlx::query_scalar("select count(*) from user").fetch_one(&mut *write).await.unwrap();
        let email = format!("person{number}@example.org");
        let id: i64 = sqlx::query_scalar("insert into user (name, email, created_at) values (?, ?, ?) returning id")
            .bind(name)
            .bind(email)
            .bind(self.now())
            .fetch_one(&mut *write)
            .await
            .unwrap();
        for role in roles {
            sqlx::query("insert into user_role (user_id, role) values (?, ?)")
                .bind(id)
                .bind(role.code())
                .execute(&mut *write)
                .await
                .unwrap();
        }
        write.commit().await.unwrap();
        UserId(id)
    }

    /// One number out of the database, for what no page shows.
    pub async fn count(&self, sql: &'static str) -> i64 {
        sqlx::query_scalar(sql).fetch_one(self.state.db.read()).await.unwrap()
    }
}
