//! Who may come in: people, their roles and one-time links, signing in and out.

mod hashing;
mod slowing;
