//! The first pass over a file: read, check, and tell the known from the new. Writes nothing.

use sqlx::SqliteConnection;

use super::matching::{Decision, Index, Known, Likeness};
use super::queries::{self, Mark};
use super::read_rows::{Place, ReadRow};
use super::reading::Reading;

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

/// A file while its rows come in.
pub struct Examining {
    index: Index,
    decisions: Vec<Decision>,
    known: Vec<(Place, Known)>,
}

impl Examining {
    pub fn of(index: Index) -> Examining {
        Examining { index, decisions: Vec::new(), known: Vec::new() }
    }

    /// The next one, in the file's order.
    pub fn row(&mut self, row: &ReadRow) {
        let decision = self.index.decide(&row.place, &row.enquiry);
        if let Decision::Known(of) = decision {
            self.known.push((row.place.clone(), of));
        }
        self.decisions.push(decision);
    }

    pub fn end(self, reading: Reading) -> Examined {
        let Examining { mut index, decisions, known } = self;
        let likenesses = index.likenesses();
        let created = decisions.len() - known.len();
        Examined { reading, index, decisions, known, likenesses, created }
    }
}
