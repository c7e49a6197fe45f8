//! CSV answers, made while they are sent.

use axum::body::Body;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use futures::{Stream, StreamExt, TryStreamExt};

/// A cell that a spreadsheet would take for a formula gets an apostrophe, which the import takes off again.
pub use crate::domain::text::formula::harmless;

/// A download of `rows` under `header`. A failure on the way breaks the download off, so that nobody takes half of it
/// for the whole.
pub fn answer<E>(
    file_name: &str,
    header: &[&str],
    rows: impl Stream<Item = Result<Vec<String>, E>> + Send + 'static,
) -> Response
where
    E: Into<Box<dyn std::error::Error + Send + Sync>> + 'static,
{
    let header = line(header.iter().map(|cell| (*cell).to_owned()));
    let body = rows.map_err(|error| std::io::Error::other(error.into())).map(|row| row.and_then(line));
    // Spreadsheets take a file without a byte-order mark for an old 8-bit one.
    let start = futures::stream::iter([Ok("\u{feff}".as_bytes().to_vec()), header]);
    let disposition = format!("attachment; filename=\"{}\"", plain(file_name));
    let headers = [(CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()), (CONTENT_DISPOSITION, disposition)];
    (headers, Body::from_stream(start.chain(body))).into_response()
}

fn line(cells: impl IntoIterator<Item = String>) -> std::io::Result<Vec<u8>> {
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    writer.write_record(cells.into_iter().map(|cell| harmless(&cell)))?;
    writer.into_inner().map_err(|error| std::io::Error::other(error.to_string()))
}

fn plain(file_name: &str) -> String {
    file_name.chars().map(|c| if c.is_ascii_alphanumeric() || ".-_".contains(c) { c } else { '-' }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_starts_a_formula() {
        for (cell, sent) in [
            ("=1+1", "'=1+1"),
            ("+44 7700 900123", "'+44 7700 900123"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("-2+3", "'-2+3"),
            ("\t=1", "'\t=1"),
            ("'=1", "''=1"),
            ("-12.5", "-12.5"),
            ("'tis", "'tis"),
            ("Priya", "Priya"),
            ("", ""),
        ] {
            assert_eq!(harmless(cell), sent);
        }
    }

    #[test]
    fn a_file_name_holds_nothing_that_a_header_could_mistake() {
        assert_eq!(plain("funnel 2025\"\r\n.csv"), "funnel-2025---.csv");
    }
}
