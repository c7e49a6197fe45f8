//! The one source of time. Everything else is given the instant or the day as an argument.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use jiff::Timestamp;

use crate::domain::instant::Instant;

#[derive(Debug, Clone)]
pub struct Clock(Source);

#[derive(Debug, Clone)]
enum Source {
    System,
    /// Shared by every clone, so that a test can move the time of a running program.
    Fixed(Arc<AtomicI64>),
}

impl Clock {
    pub fn system() -> Clock {
        Clock(Source::System)
    }

    /// Stands still until it is `set`.
    pub fn fixed(at: Instant) -> Clock {
        Clock(Source::Fixed(Arc::new(AtomicI64::new(at.as_millisecond()))))
    }

    #[allow(clippy::disallowed_methods)]
    pub fn now(&self) -> Instant {
        match &self.0 {
            Source::System => Instant::from(Timestamp::now()),
            Source::Fixed(at) => Instant::from_millisecond(at.load(Ordering::SeqCst)),
        }
    }

    /// Moves a fixed clock; the system's clock is not ours to move.
    pub fn set(&self, to: Instant) {
        if let Source::Fixed(at) = &self.0 {
            at.store(to.as_millisecond(), Ordering::SeqCst);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fixed_clock_stands_still_until_it_is_moved_in_every_clone() {
        let clock = Clock::fixed(Instant::from_millisecond(1));
        let other = clock.clone();
        assert_eq!(clock.now(), other.now());
        clock.set(Instant::from_millisecond(90_000));
        assert_eq!(other.now().as_millisecond(), 90_000);
    }
}
