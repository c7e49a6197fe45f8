//! Faults, staged on real processes: killed, starved, crowded out and lied to. What must hold in each case: every
//! acknowledged save is there afterwards, none is half there, the message is clear, and the service works again
//! without anybody mending anything.

#![allow(clippy::unwrap_used, reason = "a test that finds nothing to unwrap has failed")]

mod support;

mod clients;
mod crowded;
mod damaged;
mod full;
mod killed;
mod known;
mod restored;
