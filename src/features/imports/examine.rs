//! The first pass over a file: read, check, and tell the known from the new. Writes nothing.

use std::ops::ControlFlow;

use sqlx::SqliteConnection;

use super::file::{NotATable, Table};
use super::matching::{Decision, Index, Known, Likeness};
use super::queries;
use super::reading::{self, Place, Plan, Reading};

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

/// What is known, and how far it goes: once there are more enquiries, it is out of date.
pub struct KnownSoFar {
    pub index: Index,
    pub last_enquiry: i64,
}

pub async fn load_known(connection: &mut SqliteConnection) -> sqlx::Result<KnownSoFar> {
    let mut index = Index::default();
    let last_enquiry = queries::find_last_enquiry(connection).await?;
    if last_enquiry > 0 {
        let households = queries::add_known(connection, &mut index).await?;
        queries::add_keys(connection, &mut index, &households).await?;
    }
    Ok(KnownSoFar { index, last_enquiry })
}

pub fn examine(
    table: &mut Table,
    plan: Plan<'_>,
    mut index: Index,
    each: &dyn Fn(usize),
) -> Result<Examined, NotATable> {
    let (mut decisions, mut known) = (Vec::new(), Vec::new());
    let reading = reading::read(table, plan, &mut |row| {
        let decision = index.decide(&row.place, &row.enquiry);
        if let Decision::Known(of) = decision {
            known.push((row.place, of));
        }
        decisions.push(decision);
        each(decisions.len());
        ControlFlow::Continue(())
    })?;
    let likenesses = index.likenesses();
    let created = decisions.len() - known.len();
    Ok(Examined { reading, index, decisions, known, likenesses, created })
}
