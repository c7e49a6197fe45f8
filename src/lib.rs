//! Hearth: the foster carer recruitment pipeline tracker for English councils.

/// How the database is opened and written.
pub mod db;
/// What is true in fostering recruitment. Pure.
pub mod domain;
/// What people do with it.
pub mod features;
