//! Long work under way: how far each piece is, for a page that can be left and come back to. Heavy reading takes turns,
//! so that the service stays quick for everybody else.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// How long a request waits for a piece that it has begun. Most are done within it: then the next page says so already.
pub const MOMENT: Duration = Duration::from_millis(1_500);

#[derive(Clone)]
pub struct Work(Arc<Inner>);

struct Inner {
    under_way: Mutex<HashMap<String, Progress>>,
    /// What pieces that have ended left to say. A restart forgets it, so nothing may hang on it.
    left: Mutex<HashMap<String, String>>,
    turns: Arc<Semaphore>,
}

/// How far a piece of work is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Progress {
    pub done: usize,
    /// Where the end is known.
    pub of: Option<usize>,
}

impl Progress {
    /// Hundredths, where the end is known.
    pub fn hundredths(self) -> Option<usize> {
        self.of.filter(|of| *of > 0).map(|of| self.done * 100 / of)
    }
}

impl Default for Work {
    fn default() -> Work {
        let turns = Arc::new(Semaphore::new(1));
        Work(Arc::new(Inner { under_way: Mutex::default(), left: Mutex::default(), turns }))
    }
}

impl Work {
    /// None while the same piece is under way already. What it left to say before is over.
    pub fn begin(&self, key: &str) -> Option<UnderWay> {
        let mut under_way = self.under_way();
        if under_way.contains_key(key) {
            return None;
        }
        under_way.insert(key.to_owned(), Progress::default());
        self.left().remove(key);
        Some(UnderWay { key: key.to_owned(), work: self.clone() })
    }

    /// None where nothing of that name is under way: it has ended, or the service was stopped in the middle of it.
    pub fn progress(&self, key: &str) -> Option<Progress> {
        self.under_way().get(key).copied()
    }

    /// A sentence for whoever comes back to a piece that has ended.
    pub fn said(&self, key: &str) -> Option<String> {
        self.left().get(key).cloned()
    }

    /// One at a time, in the order of asking. Held until it is dropped.
    pub async fn turn(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.0.turns).acquire_owned().await.ok()
    }

    fn under_way(&self) -> MutexGuard<'_, HashMap<String, Progress>> {
        self.0.under_way.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn left(&self) -> MutexGuard<'_, HashMap<String, String>> {
        self.0.left.lock().unwrap_or_else(PoisonError::into_inner)
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

    /// To be read when it has ended, until it is begun again.
    pub fn leave(&self, sentence: String) {
        self.work.left().insert(self.key.clone(), sentence);
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

    #[test]
    fn what_a_piece_leaves_to_say_stays_until_it_is_begun_again() {
        let work = Work::default();
        let piece = work.begin("a").unwrap();
        piece.leave("It did not work".to_owned());
        drop(piece);
        assert_eq!((work.said("a").as_deref(), work.said("b")), (Some("It did not work"), None));
        let _again = work.begin("a").unwrap();
        assert_eq!(work.said("a"), None);
    }

    #[test]
    fn hundredths_are_of_an_end_that_is_known() {
        for (done, of, hundredths) in [
            (0, None, None),
            (5, None, None),
            (0, Some(0), None),
            (4_000, Some(19_000), Some(21)),
            (9, Some(9), Some(100)),
        ] {
            assert_eq!(Progress { done, of }.hundredths(), hundredths);
        }
    }
}
