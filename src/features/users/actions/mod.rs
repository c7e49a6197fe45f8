//! What people do about who may come in. Each records its event in the transaction that it writes in.

mod account;
mod invitations;
mod people;
mod sign_in;

pub use account::{PasswordRefusal, change_password, end_other_sessions, end_session, sign_out};
pub use invitations::{
    Added, InvitationError, Link, accept, accept_as_first_administrator, add_once, first_administrator_link,
    has_administrator, link, set_password,
};
pub use people::{PersonRefusal, activate, add, change, deactivate};
pub use sign_in::{Refusal, sign_in};
