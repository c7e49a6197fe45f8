//! The funnel, read from the database.

use sqlx::SqliteConnection;

use super::queries;
use crate::domain::fostering::{Side, TypeFilter};
use crate::domain::funnel::{Funnel, Pattern};
use crate::domain::instant::Instant;
use crate::domain::question::{Basis, Dimension, Question};

/// Counts within the connection's transaction, so that every statement sees the same. `now` tells whether what is
/// asked about is what is known at present. Questions that differ only in whose figures they want, or in whether they
/// want them split, are answered from one reading: it is by far the most of the work.
pub(super) async fn read(
    connection: &mut SqliteConnection,
    questions: &[Question],
    now: Instant,
) -> sqlx::Result<Vec<Funnel>> {
    let mut readings: Vec<(Question, Vec<(Side, Pattern)>)> = Vec::new();
    let mut funnels = Vec::with_capacity(questions.len());
    for question in questions {
        let finest = finest(question, questions);
        let at = match readings.iter().position(|(of, _)| *of == finest) {
            Some(at) => at,
            None => {
                readings.push((finest, patterns(connection, &finest, now).await?));
                readings.len() - 1
            }
        };
        let taken = readings[at].1.iter().filter(|(side, _)| question.types.takes(*side));
        let patterns: Vec<_> = taken.map(|(_, pattern)| pattern.clone()).collect();
        funnels.push(Funnel::of(question.basis, question.by, &patterns));
    }
    Ok(funnels)
}

/// What to read for a question: of every type, and split where another of the questions is. A page of mainstream beside
/// kinship, each whole and by source, asks four questions that are all answered by one reading of every type by source.
/// Not by quarter, where a milestone and its household can stand in different groups.
fn finest(question: &Question, questions: &[Question]) -> Question {
    let whole = |question: &Question| Question { types: TypeFilter::All, by: None, ..*question };
    let alike = questions.iter().filter(|other| whole(other) == whole(question));
    let split = alike.filter_map(|other| other.by).find(|by| *by != Dimension::Quarter);
    Question { by: question.by.or(split), ..whole(question) }
}

async fn patterns(
    connection: &mut SqliteConnection,
    question: &Question,
    now: Instant,
) -> sqlx::Result<Vec<(Side, Pattern)>> {
    match question.by {
        Some(Dimension::Quarter) => by_quarter(connection, question, now).await,
        _ => in_all(connection, question, now).await,
    }
}

/// The quarter of a household or milestone is that of its own date (counting rule 4): each quarter is a report of its
/// own, from the first to the last in which anything happened.
async fn by_quarter(
    connection: &mut SqliteConnection,
    question: &Question,
    now: Instant,
) -> sqlx::Result<Vec<(Side, Pattern)>> {
    let Some((first, last)) = queries::find_first_and_last_day(connection, question.basis).await? else {
        return Ok(Vec::new());
    };
    let mut all = Vec::new();
    for (quarter, question) in question.quarters_between(first, last) {
        let patterns = in_all(connection, &question, now).await?;
        let named = |pattern| Pattern { group: Some(quarter.to_string()), ..pattern };
        all.extend(patterns.into_iter().map(|(side, pattern)| (side, named(pattern))));
    }
    Ok(all)
}

/// What is known now stands in one row an enquiry; what was known earlier, and all activity, is in the ledgers.
async fn in_all(
    connection: &mut SqliteConnection,
    question: &Question,
    now: Instant,
) -> sqlx::Result<Vec<(Side, Pattern)>> {
    if question.basis == Basis::Cohort && question.known_at >= now {
        queries::list_cohort_patterns_now(connection, question).await
    } else {
        queries::list_patterns(connection, question).await
    }
}
