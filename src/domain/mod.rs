//! What is true in fostering recruitment, as plain types and functions: no SQL, HTTP, HTML, async or I/O.
//! Every rule names its regulation; time is always an argument.

pub mod actor;
pub mod appointment;
pub mod audit;
pub mod code;
pub mod day;
pub mod enquiry_row;
pub mod fingerprint;
pub mod fostering;
pub mod funnel;
pub mod household;
pub mod ids;
pub mod instant;
pub mod interval;
pub mod invitation;
pub mod ladder;
pub mod ledger;
pub mod milestone;
pub mod next_step;
pub mod note;
pub mod order;
pub mod password;
pub mod pause;
pub mod person;
pub mod question;
pub mod reason;
pub mod referral;
pub mod role;
pub mod stage;
pub mod standing;
pub mod task;
pub mod task_rule;
pub mod text;
pub mod time_limit;
pub mod time_of_day;
pub mod working_days;
