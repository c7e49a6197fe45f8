//! Search from anywhere: households by half of what somebody remembers of them, and the index that makes it quick.

mod finding;
mod handlers;
mod index;
mod queries;
mod queries_index;
mod queries_separated;
#[cfg(test)]
mod tests;
mod views;

pub use finding::{Found, best, find};
pub use index::{agrees, complete, rebuild, refresh, refresh_of};

use crate::domain::role::Permission;
use crate::web::Routes;

pub fn routes() -> Routes {
    Routes::new().get("/search", Permission::ReadEnquiries, handlers::show)
}
