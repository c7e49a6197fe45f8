//! Pages through the whole router, asked as a browser asks.

#![allow(clippy::unwrap_used, reason = "a test that finds nothing to unwrap has failed")]

// The layout names its static files by their path in the crate, and a test's own page uses the layout.
use hearth::web;

mod addresses;
mod alike;
mod alike_brought;
mod alike_details;
mod alike_two_people;
mod board;
mod day_received;
mod drafts;
mod enquiry_known;
mod enquiry_list;
mod enquiry_new;
mod given;
mod import_command;
mod import_undo;
mod imports;
mod kit;
mod kit_sessions;
mod late;
mod links;
mod list_files;
mod list_filters;
mod people;
mod permissions;
mod reasons;
mod record;
mod record_history;
mod record_spans;
mod reports;
mod restriction;
mod saved_views;
mod search;
mod selection;
mod separation;
mod separation_after;
mod separation_gone;
mod separation_own;
mod separation_undo;
mod sign_in;
mod sources;
mod sources_merged;
mod support;
mod task_rules;
mod tasks;
mod time_limits;
mod today;
mod two_people;
mod visits;
mod words;
