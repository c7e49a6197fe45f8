//! Pauses: a family that cannot go on just now. Not an ending.

mod forms;
pub(super) mod handlers;
mod views;
