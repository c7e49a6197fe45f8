//! Sessions: random 256-bit tokens in a cookie, their hashes in the database. OWASP ASVS 5.0 chapter 7.

use axum::http::HeaderMap;
use axum::http::header::SET_COOKIE;
use axum_extra::extract::cookie::{Cookie, CookieJar, SameSite};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sqlx::SqliteConnection;

use super::state::AppState;
use super::user::User;
use super::{queries, token};
use crate::db::SqlitePool;
use crate::domain::ids::UserId;
use crate::domain::instant::Instant;

pub use super::queries::OpenSession;

const MINUTE: i64 = 60_000;
/// Ends after half an hour without a request, and after half a day in any case.
pub const IDLE: i64 = 30 * MINUTE;
pub const ABSOLUTE: i64 = 12 * 60 * MINUTE;
/// What has ended is kept for so long, to tell why it did.
const REMEMBERED: i64 = 24 * 60 * MINUTE;
/// Last-seen is written no more often: reading pages should not cost a write each.
const SEEN_EVERY: i64 = MINUTE;

/// A session that has just begun; the only moment at which its token is known.
pub struct Started(String);

impl Started {
    pub(super) fn token(&self) -> &str {
        &self.0
    }

    /// For a test's client, which has no sign-in page to go through.
    #[doc(hidden)]
    pub fn cookie_value(&self) -> &str {
        &self.0
    }
}

/// Why a session is no more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// Nothing was asked for half an hour.
    Idle,
    /// Half a day is over.
    Absolute,
    /// By somebody: signed out or ended elsewhere, the password changed, the person deactivated. Or it was long ago.
    Otherwise,
}

/// Begins a session, always with a token of its own; sessions that have ended are cleared away by the way.
pub async fn start(
    write: &mut SqliteConnection,
    user: UserId,
    now: Instant,
    address: &str,
    browser: &str,
) -> sqlx::Result<Started> {
    let (idle, absolute) = (now.plus_milliseconds(-IDLE - REMEMBERED), now.plus_milliseconds(-ABSOLUTE - REMEMBERED));
    queries::delete_ended_sessions(write, idle, absolute).await?;
    let started = Started(token::random());
    queries::insert_session(write, &token::hash(&started.0), user, now, address, browser).await?;
    Ok(started)
}

/// Who has this session, with the roles they have now, and when it began; None once it has ended or they may no longer
/// sign in.
pub(super) async fn find(state: &AppState, token: &str, now: Instant) -> sqlx::Result<Option<(User, Instant)>> {
    let hash = token::hash(token);
    let (idle, absolute) = (now.plus_milliseconds(-IDLE), now.plus_milliseconds(-ABSOLUTE));
    let Some(row) = queries::find_session(state.db.read(), &hash, idle, absolute).await? else { return Ok(None) };
    if row.last_seen_at.plus_milliseconds(SEEN_EVERY) <= now {
        see(state.clone(), hash, now);
    }
    let roles = row.roles.unwrap_or_default().split(',').filter_map(|code| code.parse().ok()).collect();
    Ok(Some((User { id: row.user_id, name: row.name, roles, hub: row.hub }, row.created_at)))
}

/// What a page needs to warn in time, in seconds from the moment it was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Remaining {
    /// Without another request. A little less than in truth: last-seen is not written with each.
    pub idle: i64,
    /// Whatever is asked.
    pub at_most: i64,
}

impl Remaining {
    pub fn of(began: Instant, now: Instant) -> Remaining {
        let at_most = began.as_millisecond() + ABSOLUTE - now.as_millisecond();
        Remaining { idle: (IDLE - SEEN_EVERY) / 1000, at_most: at_most.max(0) / 1000 }
    }
}

/// Of a session that `find` did not find.
pub(super) async fn why_ended(state: &AppState, token: &str, now: Instant) -> sqlx::Result<Ended> {
    let times = queries::find_session_times(state.db.read(), &token::hash(token)).await?;
    Ok(match times {
        Some((created_at, _)) if created_at.plus_milliseconds(ABSOLUTE) <= now => Ended::Absolute,
        Some((_, last_seen_at)) if last_seen_at.plus_milliseconds(IDLE) <= now => Ended::Idle,
        _ => Ended::Otherwise,
    })
}

/// Beside the request: a page must not wait for somebody else's long writing.
fn see(state: AppState, hash: Vec<u8>, now: Instant) {
    tokio::spawn(async move {
        let seen = async {
            let mut write = state.db.write().await?;
            queries::update_session_seen(&mut write, &hash, now).await?;
            write.commit().await
        };
        if let Err(error) = seen.await {
            tracing::warn!(%error, "a session's last-seen was not written");
        }
    });
}

/// A person's open sessions, the latest first.
pub async fn list(db: &SqlitePool, user: UserId, now: Instant) -> sqlx::Result<Vec<OpenSession>> {
    queries::list_sessions(db, user, now.plus_milliseconds(-IDLE), now.plus_milliseconds(-ABSOLUTE)).await
}

/// Ends one session of a person; whether there was one.
pub async fn end(write: &mut SqliteConnection, user: UserId, hash: &[u8]) -> sqlx::Result<bool> {
    Ok(queries::delete_session(write, user, hash).await? > 0)
}

/// Ends all of a person's sessions but the one that asks for it, which is kept under this hash.
pub async fn end_others(write: &mut SqliteConnection, user: UserId, own: &[u8]) -> sqlx::Result<u64> {
    queries::delete_other_sessions(write, user, own).await
}

/// Ends every session of a person: the password was changed, or they may no longer sign in.
pub async fn end_all(write: &mut SqliteConnection, user: UserId) -> sqlx::Result<u64> {
    queries::delete_other_sessions(write, user, &[]).await
}

/// Ends everybody's: after a restore, those that have ended since must not come back to life.
pub async fn end_everyones(write: &mut SqliteConnection) -> sqlx::Result<()> {
    queries::delete_every_session(write).await
}

/// A path of our own to go to after sign-in, or nothing: never another site.
pub fn own_path(next: &str) -> Option<&str> {
    let own = next.starts_with('/')
        && !next.starts_with("//")
        && !next.contains('\\')
        && !next.chars().any(char::is_control)
        && next.len() <= 2000;
    own.then_some(next)
}

/// How our cookies are called and kept. `__Host-` ones are Secure, for this host alone and the whole of it; on a plain
/// loopback address browsers would drop those.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cookies {
    secure: bool,
}

impl Cookies {
    pub fn new(secure: bool) -> Cookies {
        Cookies { secure }
    }

    pub fn session(self, jar: &CookieJar) -> Option<String> {
        self.read(jar, "hearth")
    }

    pub fn set_session(self, headers: &mut HeaderMap, token: &str) {
        self.set(headers, "hearth", token.to_owned());
    }

    pub fn clear_session(self, headers: &mut HeaderMap) {
        self.clear(headers, "hearth");
    }

    /// The secret behind the form tokens of somebody who has not signed in.
    pub fn visitor(self, jar: &CookieJar) -> Option<String> {
        self.read(jar, "hearth-visitor").filter(|secret| secret.len() == 43)
    }

    pub fn set_visitor(self, headers: &mut HeaderMap, secret: &str) {
        self.set(headers, "hearth-visitor", secret.to_owned());
    }

    /// By which a browser is known to those who have signed in with it: see how guessing is slowed.
    pub fn known_browser(self, jar: &CookieJar) -> Option<String> {
        self.read(jar, "hearth-browser").filter(|token| token.len() == 43)
    }

    pub fn set_known_browser(self, headers: &mut HeaderMap, token: &str) {
        // 400 days, the longest that browsers keep a cookie.
        if let Ok(cookie) = Cookie::parse(format!("{}={token}; Max-Age=34560000", self.name("hearth-browser"))) {
            self.write(headers, cookie);
        }
    }

    pub fn flash(self, jar: &CookieJar) -> Option<Flash> {
        let bytes = URL_SAFE_NO_PAD.decode(self.read(jar, "hearth-said")?).ok()?;
        let said = String::from_utf8(bytes).ok()?;
        let (message, undo) = said.split_once('\n').unwrap_or((&said, ""));
        Some(Flash { message: message.to_owned(), undo: own_path(undo).map(str::to_owned) })
    }

    pub fn set_flash(self, headers: &mut HeaderMap, flash: &Flash) {
        let Flash { message, undo } = flash;
        let said = format!("{}\n{}", message.replace('\n', " "), undo.as_deref().unwrap_or_default());
        self.set(headers, "hearth-said", URL_SAFE_NO_PAD.encode(said));
    }

    pub fn clear_flash(self, headers: &mut HeaderMap) {
        self.clear(headers, "hearth-said");
    }

    fn read(self, jar: &CookieJar, name: &str) -> Option<String> {
        jar.get(&self.name(name)).map(|cookie| cookie.value().to_owned())
    }

    fn set(self, headers: &mut HeaderMap, name: &str, value: String) {
        let cookie = Cookie::build((self.name(name), value));
        self.write(headers, cookie.build());
    }

    fn clear(self, headers: &mut HeaderMap, name: &str) {
        let mut cookie = Cookie::new(self.name(name), "");
        cookie.make_removal();
        self.write(headers, cookie);
    }

    fn write(self, headers: &mut HeaderMap, mut cookie: Cookie<'_>) {
        cookie.set_path("/");
        cookie.set_http_only(true);
        cookie.set_same_site(SameSite::Lax);
        cookie.set_secure(self.secure);
        if let Ok(value) = cookie.to_string().parse() {
            headers.append(SET_COOKIE, value);
        }
    }

    fn name(self, name: &str) -> String {
        if self.secure { format!("__Host-{name}") } else { name.to_owned() }
    }
}

/// What the last action has to say, shown once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flash {
    pub message: String,
    /// Where a form is sent that takes it back.
    pub undo: Option<String>,
}

impl Flash {
    pub fn of(message: &str) -> Flash {
        Flash { message: message.to_owned(), undo: None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn after_sign_in_people_stay_here() {
        for own in ["/", "/enquiries/5?tab=people", "/a//b"] {
            assert_eq!(own_path(own), Some(own));
        }
        for foreign in ["", "//evil.example", "https://evil.example", "/\\evil.example", "javascript:1", "/a\nb", "a"] {
            assert_eq!(own_path(foreign), None, "{foreign:?}");
        }
    }

    #[test]
    fn cookies_are_for_this_host_only() {
        let mut headers = HeaderMap::new();
        Cookies::new(true).set_session(&mut headers, "token");
        assert_eq!(headers[SET_COOKIE], "__Host-hearth=token; HttpOnly; SameSite=Lax; Secure; Path=/");
        let mut headers = HeaderMap::new();
        Cookies::new(false).set_session(&mut headers, "token");
        assert_eq!(headers[SET_COOKIE], "hearth=token; HttpOnly; SameSite=Lax; Path=/");
    }

    #[test]
    fn a_message_survives_its_cookie() {
        let mut headers = HeaderMap::new();
        let cookies = Cookies::new(false);
        let flash = Flash { undo: Some("/tasks/1-4/undoings".to_owned()), ..Flash::of("“Zoë”; recorded, 100%") };
        cookies.set_flash(&mut headers, &flash);
        let sent = headers[SET_COOKIE].to_str().unwrap().split(';').next().unwrap().to_owned();
        let mut back = HeaderMap::new();
        back.insert("cookie", sent.parse().unwrap());
        assert_eq!(cookies.flash(&CookieJar::from_headers(&back)), Some(flash));
    }
}
