//! A council that does not exist, with years of believable history: for a first look, for training, and for tests.
//! Written by the same actions as people use, at the instants at which they would have.

mod apart;
mod approach;
mod assessment;
mod council;
mod course;
mod decks;
mod desk;
mod diary;
mod dice;
mod endings;
mod lists;
mod names;
mod pen;
mod people;
mod plan;
mod queries;
mod restricted;
mod staff;
mod story;
mod telling;
#[cfg(test)]
mod tests;
mod twice;
mod weekly;
mod words;

pub use council::build;
pub use plan::{Plan, stories};
pub use staff::{PEOPLE, Person, SERVICE};
pub use story::Story;
pub use telling::{Played, play};
pub use weekly::bring_in;
