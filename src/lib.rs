//! Hearth: the foster carer recruitment pipeline tracker for English councils.

/// What is true in fostering recruitment. Pure.
pub mod domain;
