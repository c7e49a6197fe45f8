//! Lists are paged by key, never by offset: a page stays the same while rows come and go before it.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// One page of a list.
#[derive(Debug, Clone)]
pub struct Slice<T> {
    pub rows: Vec<T>,
    /// The cursor of the page after this one, if there is one.
    pub next: Option<String>,
}

impl<T> Slice<T> {
    /// From a query that asked for one row more than `limit`; `key` is what the list is sorted by.
    pub fn new<K: Serialize>(mut rows: Vec<T>, limit: usize, key: impl Fn(&T) -> K) -> Slice<T> {
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next = rows.last().filter(|_| more).map(|row| cursor(&key(row)));
        Slice { rows, next }
    }
}

/// Opaque to everybody else: nobody should build one.
pub fn cursor<K: Serialize>(key: &K) -> String {
    URL_SAFE_NO_PAD.encode(serde_json::to_vec(key).unwrap_or_default())
}

/// None for what is not a cursor of this list: then the list begins at its beginning.
pub fn key<K: DeserializeOwned>(cursor: &str) -> Option<K> {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(cursor).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_gives_its_key_back() {
        let kept = ("2025-03-11".to_owned(), 42_i64);
        assert_eq!(key::<(String, i64)>(&cursor(&kept)), Some(kept));
        for broken in ["", "%", "bm90IGpzb24", &cursor(&1)] {
            assert_eq!(key::<(String, i64)>(broken), None);
        }
    }

    #[test]
    fn the_row_too_many_tells_that_there_is_more() {
        let slice = Slice::new(vec![1, 2, 3], 2, |row| *row);
        assert_eq!((slice.rows, slice.next.as_deref().and_then(key::<i64>)), (vec![1, 2], Some(2)));
        assert!(Slice::new(vec![1, 2], 2, |row| *row).next.is_none());
        assert!(Slice::new(Vec::<i32>::new(), 2, |row| *row).next.is_none());
    }
}
