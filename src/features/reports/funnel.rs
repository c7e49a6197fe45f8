//! The funnel, read from the database.

use sqlx::SqliteConnection;

use super::queries;
use crate::domain::funnel::{Funnel, Pattern};
use crate::domain::instant::Instant;
use crate::domain::question::{Basis, Dimension, Question};

/// Counts within the connection's transaction, so that every statement sees the same. `now` tells whether what is
/// asked about is what is known at present.
pub(super) async fn read(connection: &mut SqliteConnection, question: &Question, now: Instant) -> sqlx::Result<Funnel> {
    let patterns = match question.by {
        Some(Dimension::Quarter) => by_quarter(connection, question, now).await?,
        _ => patterns(connection, question, now).await?,
    };
    Ok(Funnel::of(question.basis, question.by, &patterns))
}

/// The quarter of a household or milestone is that of its own date (counting rule 4): each quarter is a report of its
/// own, from the first to the last in which anything happened.
async fn by_quarter(
    connection: &mut SqliteConnection,
    question: &Question,
    now: Instant,
) -> sqlx::Result<Vec<Pattern>> {
    let Some((first, last)) = queries::find_first_and_last_day(connection, question.basis).await? else {
        return Ok(Vec::new());
    };
    let mut all = Vec::new();
    for (quarter, question) in question.quarters_between(first, last) {
        let patterns = patterns(connection, &question, now).await?;
        all.extend(patterns.into_iter().map(|pattern| Pattern { group: Some(quarter.to_string()), ..pattern }));
    }
    Ok(all)
}

/// What is known now stands in one row an enquiry; what was known earlier, and all activity, is in the ledgers.
async fn patterns(connection: &mut SqliteConnection, question: &Question, now: Instant) -> sqlx::Result<Vec<Pattern>> {
    if question.basis == Basis::Cohort && question.known_at >= now {
        queries::list_cohort_patterns_now(connection, question).await
    } else {
        queries::list_patterns(connection, question).await
    }
}
