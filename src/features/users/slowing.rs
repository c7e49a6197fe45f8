//! Guessing is made slow, by account and by address, and nobody can be kept out by somebody else's guesses:
//! - After five failures on an account each further try must wait, for at most a minute. The wait grows with everybody's
//!   failures but runs for each address by itself, and a try that comes too early does not make it longer.
//! - A browser that this person has signed in with before has a count of its own, and is not slowed by its address.
//! - Unknown names are treated alike. Nothing is kept for longer than an hour, and nothing survives a restart.

use std::collections::HashMap;
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use governor::clock::Clock;
use governor::middleware::NoOpMiddleware;
use governor::nanos::Nanos;
use governor::state::keyed::DashMapStateStore;
use governor::{Quota, RateLimiter};
use sha2::{Digest, Sha256};

use crate::domain::instant::Instant;

const FREE: u32 = 5;
const SECOND: i64 = 1000;
const LONGEST_WAIT: i64 = 60 * SECOND;
const FORGOTTEN_AFTER: i64 = 60 * 60 * SECOND;
/// An office of hundreds arrives behind one address; those who were there before are not counted.
const ADDRESS_BURST: NonZeroU32 = NonZeroU32::new(30).unwrap();
const ADDRESS_EVERY: Duration = Duration::from_secs(2);
/// So many accounts, and addresses of one account, are remembered at most.
const MOST: usize = 10_000;

/// Whole seconds, at least one: for `Retry-After` and for the person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wait(pub i64);

/// Who tries: a browser that has signed in to this account before (the hash of its token), or an address.
#[derive(Debug, Clone, Copy)]
pub enum Client<'a> {
    KnownBrowser(&'a [u8]),
    Address(&'a str),
}

/// A try that was let through. It counts as a failure until it is known to have succeeded, so that many at once do not
/// slip through together.
#[must_use]
#[derive(Debug)]
pub struct Try(Key);

type Key = [u8; 32];
type Addresses = RateLimiter<String, DashMapStateStore<String>, Handed, NoOpMiddleware<Nanos>>;

pub struct Slowing {
    accounts: Mutex<HashMap<Key, Account>>,
    addresses: Addresses,
    time: Handed,
}

#[derive(Debug, Default)]
struct Account {
    failures: u32,
    last: i64,
    /// From when each client may try again, in milliseconds.
    clients: HashMap<String, i64>,
}

impl Default for Slowing {
    fn default() -> Slowing {
        let time = Handed::default();
        let quota = Quota::with_period(ADDRESS_EVERY).unwrap_or(Quota::per_second(ADDRESS_BURST));
        let addresses = RateLimiter::new(quota.allow_burst(ADDRESS_BURST), DashMapStateStore::default(), time.clone());
        Slowing { accounts: Mutex::default(), addresses, time }
    }
}

impl Slowing {
    /// Whether a password may be tried now on the account called `email`, which need not exist.
    pub fn ask(&self, email: &str, client: Client, now: Instant) -> Result<Try, Wait> {
        let (key, client) = match client {
            Client::KnownBrowser(hash) => (key("browser", email, hash), ""),
            Client::Address(address) => {
                self.ask_address(address, now)?;
                (key("account", email, &[]), address)
            }
        };
        let mut accounts = self.accounts.lock().unwrap_or_else(PoisonError::into_inner);
        let now = now.as_millisecond();
        make_room(&mut accounts, |account| account.last + FORGOTTEN_AFTER, now);
        accounts.entry(key).or_default().ask(&network(client), now)?;
        Ok(Try(key))
    }

    /// The password was right.
    pub fn succeeded(&self, tried: Try) {
        let mut accounts = self.accounts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(account) = accounts.get_mut(&tried.0) {
            account.failures = account.failures.saturating_sub(1);
            if account.failures == 0 {
                accounts.remove(&tried.0);
            }
        }
    }

    fn ask_address(&self, address: &str, now: Instant) -> Result<(), Wait> {
        self.time.hand(now);
        if self.addresses.len() > MOST {
            self.addresses.retain_recent();
        }
        self.addresses.check_key(&network(address)).map_err(|not_until| {
            let milliseconds = not_until.wait_time_from(self.time.now()).as_millis();
            Wait(i64::try_from(milliseconds.div_ceil(1000)).unwrap_or(i64::MAX).max(1))
        })
    }
}

impl Account {
    fn ask(&mut self, client: &str, now: i64) -> Result<(), Wait> {
        if self.last + FORGOTTEN_AFTER <= now {
            *self = Account::default();
        }
        let wait = wait_after(self.failures);
        if wait > 0 {
            make_room(&mut self.clients, |from| from + LONGEST_WAIT, now);
            let from = *self.clients.entry(client.to_owned()).or_insert(now + wait);
            if from > now {
                return Err(Wait((from - now + SECOND - 1) / SECOND));
            }
        }
        self.failures += 1;
        self.last = now;
        self.clients.insert(client.to_owned(), now + wait_after(self.failures));
        Ok(())
    }
}

/// Milliseconds: nothing at first, then 1, 2, 4 … seconds.
fn wait_after(failures: u32) -> i64 {
    match failures.checked_sub(FREE) {
        None => 0,
        Some(more) => (SECOND << more.min(6)).min(LONGEST_WAIT),
    }
}

/// Before one more comes in: what is over goes, and, when that is not enough, what will be over first.
fn make_room<K: Clone + Eq + std::hash::Hash, V>(map: &mut HashMap<K, V>, over_at: impl Fn(&V) -> i64, now: i64) {
    if map.len() < MOST {
        return;
    }
    map.retain(|_, value| over_at(value) > now);
    if map.len() >= MOST
        && let Some(first) = map.iter().min_by_key(|(_, value)| over_at(value)).map(|(key, _)| key.clone())
    {
        map.remove(&first);
    }
}

/// A hash: people type passwords into the wrong field, and these stay in memory.
fn key(kind: &str, email: &str, browser: &[u8]) -> Key {
    let mut hash = Sha256::new();
    hash.update(kind);
    hash.update([0]);
    hash.update(browser);
    hash.update(email);
    hash.finalize().into()
}

/// Whoever has one address of IPv6 has a whole /64 of them.
fn network(address: &str) -> String {
    match address.parse() {
        Ok(IpAddr::V6(v6)) => {
            let [a, b, c, d, ..] = v6.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
        _ => address.to_owned(),
    }
}

/// The limiter's clock: the time of the request, handed on to it, and never back.
#[derive(Debug, Clone, Default)]
struct Handed(Arc<AtomicU64>);

impl Handed {
    fn hand(&self, now: Instant) {
        let milliseconds = u64::try_from(now.as_millisecond()).unwrap_or(0);
        self.0.fetch_max(milliseconds.saturating_mul(1_000_000), Ordering::Relaxed);
    }
}

impl Clock for Handed {
    type Instant = Nanos;

    fn now(&self) -> Nanos {
        Nanos::from(self.0.load(Ordering::Relaxed))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PRIYA: &str = "priya@council.example";
    const HOME: Client = Client::Address("203.0.113.7");

    fn at(seconds: i64) -> Instant {
        Instant::from_millisecond(1_760_000_000_000 + seconds * SECOND)
    }

    /// As many failures as it takes until the wait is as long as it gets, each from an address of its own.
    fn under_attack(slowing: &Slowing) {
        for attacker in 0..200 {
            let address = format!("198.51.100.{attacker}");
            let _ = slowing.ask(PRIYA, Client::Address(&address), at(0));
            let _ = slowing.ask(PRIYA, Client::Address(&address), at(60));
        }
    }

    #[test]
    fn the_wait_grows_and_is_bounded() {
        let waits: Vec<i64> = (0..14).map(|failures| wait_after(failures) / SECOND).collect();
        assert_eq!(waits, [0, 0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 60, 60, 60]);
        assert_eq!(wait_after(u32::MAX), LONGEST_WAIT);
    }

    #[test]
    fn after_five_failures_each_try_waits() {
        let slowing = Slowing::default();
        for _ in 0..5 {
            assert!(slowing.ask(PRIYA, HOME, at(0)).is_ok());
        }
        assert_eq!(slowing.ask(PRIYA, HOME, at(0)).unwrap_err(), Wait(1));
        assert!(slowing.ask(PRIYA, HOME, at(1)).is_ok());
        assert_eq!(slowing.ask(PRIYA, HOME, at(1)).unwrap_err(), Wait(2));
    }

    #[test]
    fn trying_too_early_does_not_make_the_wait_longer() {
        let slowing = Slowing::default();
        for _ in 0..5 {
            assert!(slowing.ask(PRIYA, HOME, at(0)).is_ok());
        }
        for _ in 0..20 {
            assert!(slowing.ask(PRIYA, HOME, at(0)).is_err());
        }
        assert!(slowing.ask(PRIYA, HOME, at(1)).is_ok());
    }

    #[test]
    fn another_account_is_not_slowed() {
        let slowing = Slowing::default();
        for _ in 0..6 {
            let _ = slowing.ask(PRIYA, HOME, at(0));
        }
        assert!(slowing.ask("tom@council.example", HOME, at(0)).is_ok());
    }

    #[test]
    fn a_known_browser_is_not_slowed_by_guesses_from_elsewhere() {
        let slowing = Slowing::default();
        under_attack(&slowing);
        assert!(slowing.ask(PRIYA, Client::KnownBrowser(&[1]), at(60)).is_ok());
    }

    #[test]
    fn a_known_browser_that_guesses_is_slowed_itself() {
        let slowing = Slowing::default();
        for _ in 0..5 {
            assert!(slowing.ask(PRIYA, Client::KnownBrowser(&[1]), at(0)).is_ok());
        }
        assert_eq!(slowing.ask(PRIYA, Client::KnownBrowser(&[1]), at(0)).unwrap_err(), Wait(1));
    }

    #[test]
    fn a_new_browser_gets_in_after_one_bounded_wait_whatever_others_do_meanwhile() {
        let slowing = Slowing::default();
        under_attack(&slowing);
        let Wait(seconds) = slowing.ask(PRIYA, HOME, at(60)).unwrap_err();
        assert!(seconds * SECOND <= LONGEST_WAIT);
        for attacker in 0..200 {
            let _ = slowing.ask(PRIYA, Client::Address(&format!("198.51.100.{attacker}")), at(60 + seconds));
        }
        assert!(slowing.ask(PRIYA, HOME, at(60 + seconds)).is_ok());
    }

    #[test]
    fn success_takes_the_try_back_and_an_hour_forgets_the_rest() {
        let slowing = Slowing::default();
        for _ in 0..50 {
            let tried = slowing.ask(PRIYA, Client::KnownBrowser(&[1]), at(0)).unwrap();
            slowing.succeeded(tried);
        }
        for _ in 0..6 {
            let _ = slowing.ask(PRIYA, HOME, at(0));
        }
        assert!(slowing.ask(PRIYA, HOME, at(0)).is_err());
        for _ in 0..5 {
            assert!(slowing.ask(PRIYA, HOME, at(3601)).is_ok());
        }
    }

    #[test]
    fn an_address_has_a_rate_over_all_accounts() {
        let slowing = Slowing::default();
        let refused = (0..200).filter(|n| slowing.ask(&format!("{n}@x.example"), HOME, at(0)).is_err()).count();
        assert_eq!(refused, 170);
        assert_eq!(slowing.ask("new@x.example", HOME, at(0)).unwrap_err(), Wait(2));
        assert!(slowing.ask("new@x.example", HOME, at(2)).is_ok());
        assert!(slowing.ask("new@x.example", Client::Address("203.0.113.8"), at(2)).is_ok());
    }

    #[test]
    fn addresses_of_one_ipv6_network_are_one() {
        assert_eq!(network("2001:db8:1:2:3:4:5:6"), network("2001:db8:1:2::1"));
        assert_ne!(network("2001:db8:1:2::1"), network("2001:db8:1:3::1"));
        assert_eq!(network("203.0.113.7"), "203.0.113.7");
    }

    #[test]
    fn memory_is_bounded() {
        let slowing = Slowing::default();
        for n in 0..MOST + 500 {
            let _ = slowing.ask(&n.to_string(), Client::KnownBrowser(&[1]), at(0));
        }
        assert_eq!(slowing.accounts.lock().unwrap().len(), MOST);
    }
}
