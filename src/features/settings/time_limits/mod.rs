//! The pages of the time limits: the table, and one clock with its history and the form that changes it.

pub mod handlers;
mod views;
