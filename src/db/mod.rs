//! The database: how it is opened, how it is written, and the domain's types as SQL types.

mod gate;
mod lock;
mod open;
mod types;
mod write;

pub use gate::{Gate, OpenError};
pub use lock::{HeldLock, LockError};
pub use open::Db;
pub use types::Json;
pub use write::Write;

pub use sqlx::{SqliteConnection, SqlitePool};

/// The schema, embedded; forward only.
pub static MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!();
