//! The rules of the architecture, checked by reading the sources. Each failure says where, why the rule is there and
//! what usually mends it.

#![allow(clippy::unwrap_used, reason = "a test that finds nothing to unwrap has failed")]

mod circles;
mod layers;
mod layout;
mod plans;
mod sources;
mod sql;
