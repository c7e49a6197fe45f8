//! Who is asking, when and how: everything about a request that is not its own input.

use std::ops::Deref;
use std::sync::Arc;

use axum::extract::{FromRequestParts, Request, State};
use axum::http::header::{CONTENT_TYPE, USER_AGENT};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::cookie::CookieJar;

use super::error::AppError;
use super::session::{self, Cookies, Flash};
use super::state::AppState;
use super::user::User;
use super::{address, csrf_token, queries, token};
use crate::domain::actor::Actor;
use crate::domain::day::Day;
use crate::domain::instant::Instant;
use crate::domain::role::{Permission, Reach};

/// A request of anybody, signed in or not.
#[derive(Debug, Clone)]
pub struct Visit(Arc<Asked>);

#[derive(Debug, Clone)]
pub struct Asked {
    /// Read once: everything in one request happens at one time.
    pub now: Instant,
    /// The London day.
    pub today: Day,
    pub user: Option<User>,
    /// How long the session lasts.
    pub remaining: Option<session::Remaining>,
    /// There is a cookie of a session that has ended: why it did.
    pub ended: Option<session::Ended>,
    /// By which this browser is known to people who have signed in with it before.
    pub browser_token: Option<String>,
    /// The client's address, behind any trusted proxy.
    pub address: String,
    /// What the browser says it is, cut to a decent length.
    pub browser: String,
    pub path: String,
    /// htmx asks, and a fragment is the answer.
    pub htmx: bool,
    pub flash: Option<Flash>,
    pub service_name: String,
    cookies: Cookies,
    secret: String,
    session: Option<String>,
}

/// A request of somebody who has signed in.
#[derive(Debug, Clone)]
pub struct Ctx {
    pub user: User,
    visit: Visit,
}

impl Ctx {
    pub fn reach(&self, permission: Permission) -> Reach {
        self.user.reach(permission)
    }

    pub fn may(&self, permission: Permission) -> bool {
        self.reach(permission) > Reach::None
    }

    /// Who does it, when and from where: for ledgers and the audit.
    pub fn actor(&self) -> Actor {
        Actor { user: self.user.id, at: self.now, address: self.address.clone() }
    }
}

impl Visit {
    /// For the hidden field `csrf`, different on each page so that compressing the page gives nothing away.
    pub fn csrf(&self) -> String {
        csrf_token::masked(&self.0.secret)
    }

    pub(super) fn secret(&self) -> &str {
        &self.0.secret
    }

    /// For the hidden field `form_token` of a form that makes something: see `one_time`.
    pub fn form_token(&self) -> String {
        token::random()
    }

    /// The hash under which this browser's own session is kept.
    pub fn session_hash(&self) -> Option<Vec<u8>> {
        self.0.session.as_deref().map(token::hash)
    }

    /// On to the next page, which says what was done.
    pub fn redirect(&self, location: &str, message: &str) -> Response {
        self.redirect_saying(location, &Flash::of(message))
    }

    /// The same, and offers to take it back.
    pub fn redirect_with_undo(&self, location: &str, message: &str, undo: String) -> Response {
        self.redirect_saying(location, &Flash { undo: Some(undo), ..Flash::of(message) })
    }

    fn redirect_saying(&self, location: &str, flash: &Flash) -> Response {
        let mut response = self.go(location);
        self.0.cookies.set_flash(response.headers_mut(), flash);
        response
    }

    /// On to the next page. htmx follows a redirect within its fetch and puts that page into its target; this sends
    /// the whole browser there.
    pub fn go(&self, location: &str) -> Response {
        if self.htmx {
            [(super::HX_REDIRECT, location.to_owned())].into_response()
        } else {
            Redirect::to(location).into_response()
        }
    }

    /// Signed in: the new session's cookie goes with the answer.
    pub fn signed_in(&self, response: &mut Response, session: &session::Started) {
        self.0.cookies.set_session(response.headers_mut(), session.token());
    }

    /// The same request as of the session that it has begun, for an answer that is a page of that session already.
    pub async fn within(&self, state: &AppState, session: &session::Started) -> Result<Visit, AppError> {
        let token = session.token();
        let (user, began) = session::find(state, token, self.now).await?.ok_or(AppError::SignInRequired)?;
        let asked = Asked {
            user: Some(user),
            remaining: Some(session::Remaining::of(began, self.now)),
            ended: None,
            secret: token.to_owned(),
            session: Some(token.to_owned()),
            ..Asked::clone(&self.0)
        };
        Ok(Visit(Arc::new(asked)))
    }

    /// By this token the browser is known from now on, also after signing out.
    pub fn remember_browser(&self, response: &mut Response, token: &str) {
        self.0.cookies.set_known_browser(response.headers_mut(), token);
    }

    /// Signed out: the cookie goes as well.
    pub fn signed_out(&self, location: &str, message: &str) -> Response {
        let mut response = self.redirect(location, message);
        self.0.cookies.clear_session(response.headers_mut());
        response
    }
}

impl Deref for Visit {
    type Target = Asked;

    fn deref(&self) -> &Asked {
        &self.0
    }
}

impl Deref for Ctx {
    type Target = Visit;

    fn deref(&self) -> &Visit {
        &self.visit
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Visit {
    type Rejection = AppError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Visit, AppError> {
        parts.extensions.get().cloned().ok_or_else(|| AppError::Internal(anyhow::anyhow!("a route without a visit")))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Ctx {
    type Rejection = AppError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Ctx, AppError> {
        let visit = Visit::from_request_parts(parts, state).await?;
        let user = visit.user.clone().ok_or(AppError::SignInRequired)?;
        Ok(Ctx { user, visit })
    }
}

/// The layer that finds out who is asking, once for a request.
pub async fn layer(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let (visit, new_visitor) = match arrive(&state, &parts).await {
        Ok(arrived) => arrived,
        Err(error) => return error.into_response(),
    };
    let shows_flash = visit.flash.is_some() && parts.method == Method::GET;
    let mut request = Request::from_parts(parts, body);
    request.extensions_mut().insert(visit.clone());

    let mut response = next.run(request).await;
    if is_page(response.headers()) {
        if new_visitor {
            visit.cookies.set_visitor(response.headers_mut(), &visit.secret);
        }
        if shows_flash {
            visit.cookies.clear_flash(response.headers_mut());
        }
    }
    // The error page is made further out and is shown to the same visitor.
    response.extensions_mut().insert(visit);
    response
}

/// The visit, and whether its secret is new to the browser.
async fn arrive(state: &AppState, parts: &Parts) -> Result<(Visit, bool), AppError> {
    let now = state.clock.now();
    let cookies = Cookies::new(state.config.secure_cookies());
    let jar = CookieJar::from_headers(&parts.headers);
    let session_token = cookies.session(&jar);
    let found = match &session_token {
        Some(token) => session::find(state, token, now).await?,
        None => None,
    };
    let remaining = found.as_ref().map(|(_, began)| session::Remaining::of(*began, now));
    let user = found.map(|(user, _)| user);
    let ended = match &session_token {
        Some(token) if user.is_none() => Some(session::why_ended(state, token, now).await?),
        _ => None,
    };
    let session = session_token.filter(|_| user.is_some());
    let known = session.clone().or_else(|| cookies.visitor(&jar));
    let new_visitor = known.is_none();
    let asked = Asked {
        now,
        today: now.london_day(),
        user,
        remaining,
        ended,
        browser_token: cookies.known_browser(&jar),
        address: address::client(parts, &state.config.trusted_proxy),
        browser: text(&parts.headers, USER_AGENT.as_str()).chars().take(200).collect(),
        path: parts.uri.path().to_owned(),
        htmx: is_htmx(&parts.headers),
        flash: cookies.flash(&jar),
        service_name: queries::find_service_name(state.db.read()).await?,
        cookies,
        secret: known.unwrap_or_else(token::random),
        session,
    };
    Ok((Visit(Arc::new(asked)), new_visitor))
}

pub(super) fn is_htmx(headers: &HeaderMap) -> bool {
    text(headers, "hx-request") == "true"
}

pub(super) fn text<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

fn is_page(headers: &HeaderMap) -> bool {
    headers.get(CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"))
}
