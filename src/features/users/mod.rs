//! Who may come in: people, their roles and one-time links, signing in and out.

mod actions;
mod forms;
mod handlers;
mod hashing;
mod queries;
mod slowing;
mod views;

use std::sync::Arc;

use axum::Extension;
use axum::handler::Handler;

pub use actions::{Link, PersonRefusal, add, first_administrator_link, link, set_password};
pub use hashing::hash as hash_password;
pub use queries::{delete_every_unused_invitation as end_every_link, find_id_by_email};

use crate::domain::role::Permission::{ManagePeople, OwnAccount};
use crate::web::Routes;
use handlers::{account, invitations, people, sign_in};
use slowing::Slowing;

pub fn routes() -> Routes {
    let slowing = Extension(Arc::new(Slowing::default()));
    Routes::new()
        .public_get("/sign-in", sign_in::show)
        .public_post("/sign-in", sign_in::enter.layer(slowing.clone()))
        .post("/sign-out", OwnAccount, sign_in::leave)
        .public_get("/invitations/{token}", invitations::show)
        .public_post("/invitations/{token}", invitations::accept)
        .get("/account", OwnAccount, account::show)
        .get("/account/stay", OwnAccount, account::stay)
        .post("/account/password", OwnAccount, account::change_password.layer(slowing))
        .post("/account/session-endings", OwnAccount, account::end_session)
        .get("/people", ManagePeople, people::index)
        .post("/people", ManagePeople, people::create)
        .get("/people/new", ManagePeople, people::new)
        .get("/people/{id}", ManagePeople, people::show)
        .post("/people/{id}", ManagePeople, people::update)
        .post("/people/{id}/links", ManagePeople, people::link)
        .post("/people/{id}/deactivations", ManagePeople, people::deactivate)
        .post("/people/{id}/activations", ManagePeople, people::activate)
}
