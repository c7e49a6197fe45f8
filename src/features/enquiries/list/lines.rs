//! The rows of a page with the columns that are asked for, and nothing read for those that are not.

use sqlx::SqliteConnection;

use super::cells::{Cell, cell};
use super::columns::Column;
use super::more::More;
use super::queries_rows::{self, Row};
use crate::domain::day::Day;
use crate::domain::ids::EnquiryId;
use crate::domain::time_limit::Rules;
use crate::features::time_limits;

pub struct Line {
    pub row: Row,
    pub cells: Vec<Cell>,
}

/// The time limits in force, where they are shown.
pub async fn rules(db: &mut SqliteConnection, columns: &[Column]) -> sqlx::Result<Option<Rules>> {
    if columns.contains(&Column::Limit) { time_limits::rules(db).await.map(Some) } else { Ok(None) }
}

/// In the order of the ids. Statements: one for the rows, and one for each kind of column beyond them.
pub async fn list_lines(
    db: &mut SqliteConnection,
    ids: &[EnquiryId],
    columns: &[Column],
    rules: Option<&Rules>,
    today: Day,
) -> sqlx::Result<Vec<Line>> {
    let rows = queries_rows::list_rows(&mut *db, ids).await?;
    let more = More::read(db, ids, columns, rules, today).await?;
    Ok(rows
        .into_iter()
        .map(|row| Line { cells: columns.iter().map(|column| cell(*column, &row, &more, today)).collect(), row })
        .collect())
}
