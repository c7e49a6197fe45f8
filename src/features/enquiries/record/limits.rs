//! The time limits of one enquiry in words: how each stands, from when it runs and until when, and the pause beside it.

use crate::domain::day::Day;
use crate::domain::time_limit::{State, Timing};
use crate::features::time_limits::{self, Badge, Clocks};

pub struct LimitView {
    pub badge: Badge,
    /// `5 working days from Mon 3 Mar 2025, until Mon 10 Mar 2025`.
    pub about: String,
    /// Of a statutory one, where it comes from.
    pub source: String,
    /// What holds today and puts it forward, or is shown beside it.
    pub pause: Option<String>,
}

pub fn view((timing, state): &(Timing, State), clocks: &Clocks, today: Day) -> LimitView {
    let due = match timing.due {
        Some(due) => format!(", until {}", due.long()),
        None => String::new(),
    };
    let pause = timing.pause_on(today, &clocks.pauses).map(|pause| {
        let effect = if timing.limit.statutory { "it runs on" } else { "put forward" };
        format!("Paused since {}: {effect}", pause.from.short())
    });
    LimitView {
        badge: time_limits::badge(timing, *state, today),
        about: format!("{} from {}{due}", timing.limit.words(), timing.start.long()),
        source: if timing.limit.statutory { timing.limit.source.clone() } else { String::new() },
        pause,
    }
}
