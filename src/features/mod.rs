//! The product: one folder for each thing that people do with it.

/// Who did what, when and from where; a chain that cannot be shortened unseen.
pub mod audit;
