//! Who does something, when, and from where: what every write and every opening of a record is recorded with.

use super::ids::UserId;
use super::instant::Instant;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    pub user: UserId,
    pub at: Instant,
    /// The client's address, or `command line`.
    pub address: String,
}

impl Actor {
    pub fn command_line(at: Instant) -> Actor {
        Actor { user: UserId::COMMAND_LINE, at, address: "command line".to_owned() }
    }
}
