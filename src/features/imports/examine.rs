//! The first pass over a file: read, check, and tell the known from the new. Writes nothing.

use std::ops::ControlFlow;

use sqlx::SqliteConnection;

use super::file::{NotATable, Table};
use super::matching::{Decision, Index, Known, Likeness};
use super::queries;
use super::reading::{self, Place, Plan, ReadRow, Reading};

/// What a file would make of the database as it was known.
pub struct Examined {
    pub reading: Reading,
    pub index: Index,
    /// One for each row that was read, in the file's order.
    pub decisions: Vec<Decision>,
    pub known: Vec<(Place, Known)>,
    pub likenesses: Vec<Likeness>,
    pub created: usize,
}

/// How far what is known goes: the last enquiry, and the last entry of the audit. Once there are more enquiries, or
/// something was written that makes rows known or unknown, it is out of date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark {
    pub enquiry: i64,
    pub audit: i64,
}

pub struct KnownSoFar {
    pub index: Index,
    pub mark: Mark,
}

pub async fn load_known(connection: &mut SqliteConnection) -> sqlx::Result<KnownSoFar> {
    let mut index = Index::default();
    let mark = queries::find_mark(connection).await?;
    if mark.enquiry > 0 {
        let households = queries::add_known(connection, &mut index).await?;
        queries::add_keys(connection, &mut index, &households).await?;
    }
    Ok(KnownSoFar { index, mark })
}

pub fn examine(
    table: &mut Table,
    plan: Plan<'_>,
    mut index: Index,
    each: &mut dyn FnMut(&ReadRow),
) -> Result<Examined, NotATable> {
    let (mut decisions, mut known) = (Vec::new(), Vec::new());
    let reading = reading::read(table, plan, &mut |row| {
        let decision = index.decide(&row.place, &row.enquiry);
        if let Decision::Known(of) = decision {
            known.push((row.place.clone(), of));
        }
        decisions.push(decision);
        each(&row);
        ControlFlow::Continue(())
    })?;
    let likenesses = index.likenesses();
    let created = decisions.len() - known.len();
    Ok(Examined { reading, index, decisions, known, likenesses, created })
}
