//! Reports: what is counted, from the same code for pages, files and the command line. One file a report.

mod asked;
mod files;
mod finding;
mod funnel;
mod handlers;
mod numbers;
mod queries;
mod report;
#[cfg(test)]
mod tests;
mod views;
mod views_chart;
mod views_households;

pub use files::{funnel_csv, funnel_table};
pub use report::{FunnelReport, Head, funnel, funnels};

use crate::domain::role::Permission::{ReadReportHouseholds, ReadReports};
use crate::web::Routes;

pub fn routes() -> Routes {
    Routes::new()
        .get("/reports", ReadReports, handlers::index)
        .get("/reports/funnel", ReadReports, handlers::funnel)
        .get("/reports/funnel.csv", ReadReports, handlers::funnel_csv)
        .get("/reports/funnel.xlsx", ReadReports, handlers::funnel_xlsx)
        .get("/reports/funnel/households", ReadReportHouseholds, handlers::households)
}
