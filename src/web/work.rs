//! Long work under way: how far each piece is, for a page that can be left and come back to. Heavy reading takes turns,
//! so that the service stays quick for everybody else.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

#[derive(Clone)]
pub struct Work(Arc<Inner>);

struct Inner {
    under_way: Mutex<HashMap<String, Progress>>,
    turns: Arc<Semaphore>,
}

/// How far a piece of work is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Progress {
    pub done: usize,
    /// Where the end is known.
    pub of: Option<usize>,
}

impl Default for Work {
    fn default() -> Work {
        Work(Arc::new(Inner { under_way: Mutex::default(), turns: Arc::new(Semaphore::new(1)) }))
    }
}

impl Work {
    /// None while the same piece is under way already.
    pub fn begin(&self, key: &str) -> Option<UnderWay> {
        let mut under_way = self.under_way();
        if under_way.contains_key(key) {
            return None;
        }
        under_way.insert(key.to_owned(), Progress::default());
        Some(UnderWay { key: key.to_owned(), work: self.clone() })
    }

    /// None where nothing of that name is under way: it has ended, or the service was stopped in the middle of it.
    pub fn progress(&self, key: &str) -> Option<Progress> {
        self.under_way().get(key).copied()
    }

    /// One at a time, in the order of asking. Held until it is dropped.
    pub async fn turn(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.0.turns).acquire_owned().await.ok()
    }

    fn under_way(&self) -> MutexGuard<'_, HashMap<String, Progress>> {
        self.0.under_way.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A piece of work, until it is dropped: also when it fails or panics.
pub struct UnderWay {
    key: String,
    work: Work,
}

impl UnderWay {
    pub fn tell(&self, progress: Progress) {
        self.work.under_way().insert(self.key.clone(), progress);
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.work.under_way().remove(&self.key);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_piece_is_begun_once_until_it_ends() {
        let work = Work::default();
        let piece = work.begin("a").unwrap();
        assert!(work.begin("a").is_none() && work.begin("b").is_some());
        piece.tell(Progress { done: 3, of: Some(9) });
        assert_eq!(work.progress("a"), Some(Progress { done: 3, of: Some(9) }));
        drop(piece);
        assert_eq!(work.progress("a"), None);
        assert!(work.begin("a").is_some());
    }
}
