//! One write transaction at a time: `begin immediate`, so that a read inside it cannot fail later with a stale
//! snapshot, and everybody waits their turn.

use std::ops::{Deref, DerefMut};

use sqlx::{Sqlite, SqliteConnection, Transaction};

/// Rolled back when dropped; nobody is told of success before `commit` has returned.
pub struct Write(pub(super) Transaction<'static, Sqlite>);

impl Write {
    pub async fn commit(self) -> sqlx::Result<()> {
        self.0.commit().await
    }

    pub async fn rollback(self) -> sqlx::Result<()> {
        self.0.rollback().await
    }
}

impl Deref for Write {
    type Target = SqliteConnection;

    fn deref(&self) -> &SqliteConnection {
        &self.0
    }
}

impl DerefMut for Write {
    fn deref_mut(&mut self) -> &mut SqliteConnection {
        &mut self.0
    }
}
