//! Pages through the whole router, asked as a browser asks.

// The layout names its static files by their path in the crate, and a test's own page uses the layout.
use hearth::web;

mod given;
mod kit;
mod people;
mod permissions;
mod sign_in;
mod support;
