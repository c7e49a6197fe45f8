//! Who has signed in.

use crate::domain::ids::UserId;
use crate::domain::role::{self, Permission, Reach, Role};

/// Somebody who has signed in, with the rights of this very moment.
#[derive(Debug, Clone)]
pub struct User {
    pub id: UserId,
    pub name: String,
    pub roles: Vec<Role>,
    /// The hub whose own referrals somebody with the role `hub` may see.
    pub hub: Option<String>,
}

impl User {
    pub fn reach(&self, permission: Permission) -> Reach {
        role::reach(&self.roles, permission)
    }
}
