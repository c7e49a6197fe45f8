//! Time limits as data: the limits and special days in force, and how every clock of every enquiry stands
//! (`limit_now`), written in the transaction that writes a ledger. Pages are elsewhere: the record, the list, Today, the
//! reports, and the settings.
//!
//! For a list of what is due: [`list_due`] gives one page of an officer's, of several officers', of everybody's or of
//! unassigned enquiries' clocks that are overdue, due today or tomorrow, or due soon, in the order of their due days,
//! from one covering index; [`words`] and [`rules`] turn a row into what people read.

mod actions;
mod due;
mod queries;
mod queries_due;
mod queries_rules;
mod stored;
#[cfg(test)]
mod tests;
mod words;

pub use actions::{LimitChange, RuleError, add_special_day, change_limit, take_official_list, withdraw_special_day};
pub use due::{DueRow, list_due};
pub use queries::Row;
pub use queries_due::{Asked as DueAsked, Due, DueKey, Whose};
pub use queries_rules::{
    LimitRow, Rebuild, SpecialDayRow, find_rebuild, list_limit_rows, list_special_day_rows, move_rebuild, rules,
    rules_known_at,
};
pub use stored::{Clocks, add, list_open, list_stored, replace, rows};
pub use words::{Badge, badge, days, state_words, worst};
