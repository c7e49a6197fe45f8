//! Journeys through the demonstration in real Chromium: as a newcomer starts it, with and without JavaScript, by
//! keyboard, narrow, dark, and looked over by axe.

mod board;
mod day;
mod imports;
mod journeys;
mod pages;
mod support;
