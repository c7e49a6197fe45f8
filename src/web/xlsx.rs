//! Workbooks: what all of them share, and answers with one.

use axum::body::Body;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use rust_xlsxwriter::{ExcelDateTime, XlsxError};

use crate::domain::day::Day;

pub const TYPE: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
/// As many as a sheet holds below its header.
pub const MOST_ROWS: usize = 1_048_575;

/// A download.
pub fn answer(file_name: &str, workbook: impl Into<Body>) -> Response {
    let disposition = format!("attachment; filename=\"{file_name}\"");
    ([(CONTENT_TYPE, TYPE.to_owned()), (CONTENT_DISPOSITION, disposition)], workbook.into()).into_response()
}

/// A day as a spreadsheet counts it; an error where it knows none, as before 1900.
pub fn date(day: Day) -> Result<ExcelDateTime, XlsxError> {
    let part = |number: i8| u8::try_from(number).unwrap_or_default();
    ExcelDateTime::from_ymd(u16::try_from(day.0.year()).unwrap_or_default(), part(day.0.month()), part(day.0.day()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_before_spreadsheets_begin_has_no_number() {
        assert!(date("2025-10-14".parse().unwrap()).is_ok());
        assert!(date("1899-12-30".parse().unwrap()).is_err());
        assert!(date(Day(jiff::civil::date(-400, 1, 1))).is_err());
    }
}
