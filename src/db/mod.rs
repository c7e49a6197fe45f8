//! The database: how it is opened, how it is written, and the domain's types as SQL types.

pub mod copy;
pub mod files;
mod gate;
mod lock;
mod open;
#[cfg(test)]
mod tests;
mod trouble;
mod types;
mod write;

pub use gate::{APPLICATION_ID, Gate, OpenError, known_schema};
pub use lock::{HeldLock, LockError, hold};
pub use open::Db;
pub use trouble::Trouble;
pub use types::Json;
pub use write::Write;

pub use sqlx::{SqliteConnection, SqlitePool};

/// The schema, embedded; forward only.
pub static MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!();
