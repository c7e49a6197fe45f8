//! Reports: what is counted, from the same code for pages, files and the command line. One file a report.

mod funnel;
mod queries;
#[cfg(test)]
mod tests;
