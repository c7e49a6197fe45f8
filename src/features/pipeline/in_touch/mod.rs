//! Keeping in touch: a family that is not ready now and wants to hear from us again. Not an ending.

mod forms;
pub(super) mod handlers;
mod views;
