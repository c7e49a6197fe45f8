//! Records that were opened and are not in the audit yet: a page does not wait for the one writer.

use std::sync::{Arc, Mutex, PoisonError};

use crate::domain::actor::Actor;
use crate::domain::audit::Event;

/// Cheap to clone; all clones hold the same.
#[derive(Clone, Default)]
pub struct Openings(Arc<Mutex<Vec<Opening>>>);

#[derive(Debug, Clone)]
pub struct Opening {
    pub actor: Actor,
    pub event: Event,
}

impl Openings {
    pub fn add(&self, actor: Actor, event: Event) {
        self.with(|waiting| waiting.push(Opening { actor, event }));
    }

    /// All that wait, in order; the caller writes them.
    pub fn take(&self) -> Vec<Opening> {
        self.with(std::mem::take)
    }

    /// What could not be written waits on, before what came since.
    pub fn put_back(&self, openings: Vec<Opening>) {
        self.with(|waiting| {
            waiting.splice(..0, openings);
        });
    }

    fn with<T>(&self, work: impl FnOnce(&mut Vec<Opening>) -> T) -> T {
        work(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
