//! What goes wrong with a database through nobody's fault, as sentences for whoever is in front of it.

use sqlx::error::DatabaseError;
use sqlx::sqlite::SqliteError;

/// In each case the write under way was rolled back as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Trouble {
    #[error(
        "Something else is writing to the database just now, perhaps an import. Nothing was changed. Try again in a minute."
    )]
    Busy,
    #[error("The disk is full. Nothing was changed, and what was saved before is safe. Make room, then try again.")]
    Full,
    #[error("The database is damaged. Stop the service, run `hearth doctor`, and restore a backup.")]
    Damaged,
    #[error("The database cannot be written: its file or its disk is read-only. Nothing was changed.")]
    ReadOnly,
    #[error("The disk does not answer as it should. Nothing was changed. Look at the disk before anything else.")]
    Disk,
}

// SQLite's primary result codes, <https://www.sqlite.org/rescode.html>.
const BUSY: i32 = 5;
const LOCKED: i32 = 6;
const READ_ONLY: i32 = 8;
const IO: i32 = 10;
const CORRUPT: i32 = 11;
const FULL: i32 = 13;
const CANNOT_OPEN: i32 = 14;
const NOT_A_DATABASE: i32 = 26;

impl Trouble {
    /// None where the statement itself was at fault.
    pub fn of(error: &sqlx::Error) -> Option<Trouble> {
        match error {
            sqlx::Error::PoolTimedOut => Some(Trouble::Busy),
            sqlx::Error::Database(inner) => inner.code().and_then(|code| code.parse().ok()).and_then(Trouble::of_code),
            _ => None,
        }
    }

    /// Of an extended result code, whose lowest byte is the primary one.
    fn of_code(code: i32) -> Option<Trouble> {
        match code & 0xff {
            BUSY | LOCKED => Some(Trouble::Busy),
            FULL => Some(Trouble::Full),
            CORRUPT | NOT_A_DATABASE => Some(Trouble::Damaged),
            READ_ONLY => Some(Trouble::ReadOnly),
            IO | CANNOT_OPEN => Some(Trouble::Disk),
            _ => None,
        }
    }

    /// The trouble behind any error, however it was wrapped. A transparent wrapper hides the error that it wraps from
    /// the chain: of sqlx's then only what SQLite said is left, or the words.
    pub fn behind(error: &(dyn std::error::Error + 'static)) -> Option<Trouble> {
        let mut next = Some(error);
        while let Some(error) = next {
            let of_sqlx = error.downcast_ref().and_then(Trouble::of);
            let code = error.downcast_ref::<SqliteError>().and_then(|inner| inner.code()?.parse().ok());
            let boxed = error.downcast_ref::<Box<dyn DatabaseError>>().and_then(|inner| inner.code()?.parse().ok());
            if let Some(trouble) = of_sqlx.or_else(|| code.or(boxed).and_then(Trouble::of_code)) {
                return Some(trouble);
            }
            if error.to_string() == sqlx::Error::PoolTimedOut.to_string() {
                return Some(Trouble::Busy);
            }
            next = error.source();
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use sqlx::Connection;

    use super::*;

    #[test]
    fn extended_codes_are_known_by_their_lowest_byte() {
        assert_eq!(Trouble::of_code(5), Some(Trouble::Busy));
        assert_eq!(Trouble::of_code(517), Some(Trouble::Busy));
        assert_eq!(Trouble::of_code(13), Some(Trouble::Full));
        assert_eq!(Trouble::of_code(779), Some(Trouble::Damaged));
        assert_eq!(Trouble::of_code(1032), Some(Trouble::ReadOnly));
        assert_eq!(Trouble::of_code(1), None);
        assert_eq!(Trouble::of_code(2067), None, "a unique constraint is the writer's doing");
    }

    #[test]
    fn a_wrapped_error_is_looked_through() {
        let error = anyhow::Error::new(sqlx::Error::PoolTimedOut).context("saving").context("the form");
        assert_eq!(Trouble::behind(error.as_ref()), Some(Trouble::Busy));
        assert_eq!(Trouble::behind(anyhow::anyhow!("else").as_ref()), None);
    }

    #[derive(Debug, thiserror::Error)]
    #[error(transparent)]
    struct Refusal(#[from] sqlx::Error);

    #[tokio::test]
    async fn a_transparent_wrapper_hides_nothing() {
        let late = anyhow::Error::new(Refusal(sqlx::Error::PoolTimedOut));
        assert_eq!(Trouble::behind(late.as_ref()), Some(Trouble::Busy));

        let mut connection = sqlx::SqliteConnection::connect("sqlite::memory:").await.unwrap();
        sqlx::raw_sql("create table t (x); pragma max_page_count = 1").execute(&mut connection).await.unwrap();
        let full = sqlx::query("insert into t values (zeroblob(100000))").execute(&mut connection).await.unwrap_err();
        assert_eq!(Trouble::of(&full), Some(Trouble::Full));
        assert_eq!(Trouble::behind(anyhow::Error::new(Refusal(full)).as_ref()), Some(Trouble::Full));
    }
}
