//! Reports: what is counted, from the same code for pages, files and the command line. One file a report.

mod asked;
mod clocks;
mod clocks_files;
mod clocks_handlers;
mod clocks_views;
mod files;
mod finding;
mod funnel;
mod handlers;
mod numbers;
mod queries;
mod report;
mod sheet;
#[cfg(test)]
mod tests;
mod views;
mod views_chart;
mod views_households;

pub use clocks::{ClocksReport, clocks};
pub use clocks_files::{clocks_csv, clocks_table};
pub use files::{funnel_csv, funnel_table};
pub use report::{FunnelReport, Head, funnel, funnels, small_number};

use crate::domain::role::Permission::{ReadReportHouseholds, ReadReports};
use crate::web::Routes;

pub fn routes() -> Routes {
    Routes::new()
        .get("/reports", ReadReports, handlers::index)
        .get("/reports/funnel", ReadReports, handlers::funnel)
        .get("/reports/funnel.csv", ReadReports, handlers::funnel_csv)
        .get("/reports/funnel.xlsx", ReadReports, handlers::funnel_xlsx)
        .get("/reports/funnel/households", ReadReportHouseholds, handlers::households)
        .get("/reports/clocks", ReadReports, clocks_handlers::show)
        .get("/reports/clocks.csv", ReadReports, clocks_handlers::as_csv)
        .get("/reports/clocks.xlsx", ReadReports, clocks_handlers::as_xlsx)
        .get("/reports/clocks/households", ReadReportHouseholds, clocks_handlers::households)
}
