//! One function a route.

pub mod account;
pub mod invitations;
pub mod people;
pub mod sign_in;
