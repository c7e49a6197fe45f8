//! The ledgers of an enquiry, and how it stands now. Other features record facts through the actions here, so that
//! the order rules, `enquiry_now` and the audit are never forgotten.

mod actions;
mod bulk;
mod now;
mod queries;
mod queries_now;
#[cfg(test)]
mod tests;

pub use actions::{ActionError, assign, correct, record, set_attributes, withdraw};
pub use bulk::{Beginning, begin};
pub use now::{disagreements, rebuild, refresh};
pub use queries::{list_close_reasons, load, load_many};
