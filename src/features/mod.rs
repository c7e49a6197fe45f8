//! The product: one folder for each thing that people do with it.

/// Who may open which record.
pub mod access;
/// The same household twice: told apart, merged, and merges undone.
pub mod alike;
/// Visits that are planned, and kept.
pub mod appointments;
/// Who did what, when and from where; a chain that cannot be shortened unseen.
pub mod audit;
/// Backups: taken, kept by rule, restored.
pub mod backups;
/// The board: a column a stage, and cards that move by what has happened.
pub mod board;
/// Whether a database is sound: what `hearth doctor` looks at.
pub mod condition;
/// A council that does not exist, for a first look.
pub mod demo;
/// Enquiries: logging, the list, the record, and everything a person does to one.
pub mod enquiries;
/// Enquiries as files for others.
pub mod exports;
/// The service's own words for what codes are called.
pub mod glossary;
/// Households: who they are, how to reach them safely, and whether we know them already.
pub mod households;
/// Files of enquiries, read, checked and taken.
pub mod imports;
/// Notes and contacts, with all their versions.
pub mod notes;
/// The ledgers: milestones, pauses, keeping in touch and what reports group by; and how an enquiry stands now.
pub mod pipeline;
/// Why enquiries end: the list that a service keeps.
pub mod reasons;
/// Reports: how many reached each step, and what became of them.
pub mod reports;
/// Search from anywhere, and the index that makes it quick.
pub mod search;
/// Applicants who separate: one household become two.
pub mod separations;
/// What a service sets for itself.
pub mod settings;
/// Sources and campaigns: the lists from which the forms suggest.
pub mod sources;
/// What somebody has to do by a day.
pub mod tasks;
/// Time limits: how long each step may take, on which days that counts, and how every clock stands.
pub mod time_limits;
/// The start page: what needs doing, and whose it is.
pub mod today;
/// Who may come in: people, their roles and one-time links, signing in and out.
pub mod users;
