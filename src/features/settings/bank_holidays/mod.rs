//! The page of the bank holidays: what the rule gives, what was moved and added, and the official list as a file.

pub mod handlers;
mod list;
mod views;
