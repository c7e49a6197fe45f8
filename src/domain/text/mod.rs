//! What people type, in the form that is kept and the form that is compared.

/// Days as people type them.
pub mod day_words;
pub mod fold;
