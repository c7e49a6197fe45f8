//! Routes are added with their permission, which mounts, guards and records them: a test can then walk every route
//! with every role.

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request};
use axum::handler::Handler;
use axum::http::Method;
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, get, post};

use super::ctx::Visit;
use super::error::AppError;
use super::state::AppState;
use crate::domain::role::{Permission, Reach};

/// The routes of one feature, or of them all.
#[derive(Default)]
pub struct Routes {
    router: Router<AppState>,
    recorded: Vec<Recorded>,
}

/// What is known of a route without asking it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    pub method: Method,
    /// As written, with its `{placeholders}`.
    pub path: &'static str,
    pub access: Access,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Anybody, signed in or not.
    Public,
    /// Signed in, and a role that has this permission at least for one's own cases. Whose case it is, the handler
    /// asks.
    Asks(Permission),
}

impl Routes {
    pub fn new() -> Routes {
        Routes::default()
    }

    #[must_use]
    pub fn get<H, T>(self, path: &'static str, permission: Permission, handler: H) -> Routes
    where
        H: Handler<T, AppState>,
        T: 'static,
    {
        self.add(Method::GET, path, Access::Asks(permission), get(handler))
    }

    #[must_use]
    pub fn post<H, T>(self, path: &'static str, permission: Permission, handler: H) -> Routes
    where
        H: Handler<T, AppState>,
        T: 'static,
    {
        self.add(Method::POST, path, Access::Asks(permission), post(handler))
    }

    /// A `post` that takes a file of up to `bytes`.
    #[must_use]
    pub fn upload<H, T>(self, path: &'static str, permission: Permission, bytes: usize, handler: H) -> Routes
    where
        H: Handler<T, AppState>,
        T: 'static,
    {
        let route = post(handler).layer(DefaultBodyLimit::max(bytes));
        self.add(Method::POST, path, Access::Asks(permission), route)
    }

    #[must_use]
    pub fn public_get<H, T>(self, path: &'static str, handler: H) -> Routes
    where
        H: Handler<T, AppState>,
        T: 'static,
    {
        self.add(Method::GET, path, Access::Public, get(handler))
    }

    #[must_use]
    pub fn public_post<H, T>(self, path: &'static str, handler: H) -> Routes
    where
        H: Handler<T, AppState>,
        T: 'static,
    {
        self.add(Method::POST, path, Access::Public, post(handler))
    }

    #[must_use]
    pub fn merge(mut self, other: Routes) -> Routes {
        self.recorded.extend(other.recorded);
        Routes { router: self.router.merge(other.router), recorded: self.recorded }
    }

    pub fn recorded(&self) -> &[Recorded] {
        &self.recorded
    }

    pub fn into_router(self) -> Router<AppState> {
        self.router
    }

    fn add(mut self, method: Method, path: &'static str, access: Access, route: MethodRouter<AppState>) -> Routes {
        let route = match access {
            Access::Public => route,
            Access::Asks(permission) => {
                route.route_layer(from_fn(move |request, next| guard(permission, request, next)))
            }
        };
        self.recorded.push(Recorded { method, path, access });
        Routes { router: self.router.route(path, route), recorded: self.recorded }
    }
}

async fn guard(permission: Permission, request: Request, next: Next) -> Response {
    let user = request.extensions().get::<Visit>().and_then(|visit| visit.user.as_ref());
    match user {
        None => AppError::SignInRequired.into_response(),
        Some(user) if user.reach(permission) == Reach::None => AppError::Forbidden.into_response(),
        Some(_) => next.run(request).await,
    }
}
