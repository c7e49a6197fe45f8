//! The product: one folder for each thing that people do with it.

/// Who did what, when and from where; a chain that cannot be shortened unseen.
pub mod audit;
/// The ledgers: milestones, pauses, keeping in touch and what reports group by; and how an enquiry stands now.
pub mod pipeline;
