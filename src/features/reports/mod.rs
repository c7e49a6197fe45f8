//! Reports: what is counted, from the same code for pages, files and the command line. One file a report.

mod files;
mod funnel;
mod numbers;
mod queries;
mod report;
#[cfg(test)]
mod tests;

pub use files::{funnel_csv, funnel_table};
pub use report::{FunnelReport, Head, funnel, funnels};
