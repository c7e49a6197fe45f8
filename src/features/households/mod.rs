//! Households: who they are, how to reach them safely, and how one is recognised when it comes again.

mod actions;
mod queries;
mod recognition;

pub use actions::{ActionError, HouseholdForm, NewHousehold, create, update};
pub use queries::{Applicant, Household, find, list_applicants, list_known_by};
pub use recognition::{disagreements, rebuild};
