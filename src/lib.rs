//! Hearth: the foster carer recruitment pipeline tracker for English councils.

/// The routes of every feature, and the layers around them.
pub mod app;
/// The commands.
pub mod cli;
/// The one source of time.
pub mod clock;
/// Settings, from flags and the environment.
pub mod config;
/// How the database is opened and written.
pub mod db;
/// What is true in fostering recruitment. Pure.
pub mod domain;
/// What people do with it.
pub mod features;
/// What the service does by itself, and how often.
pub mod jobs;
/// What every page is made with; knows no feature.
pub mod web;
