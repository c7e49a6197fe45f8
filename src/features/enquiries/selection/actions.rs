//! The same for many enquiries in one transaction: all of it, or nothing.

use sqlx::SqliteConnection;

use super::forms::Officer;
use super::queries::{self, Chosen};
use super::rows::{Left, Rows};
use crate::domain::actor::Actor;
use crate::domain::ids::EnquiryId;
use crate::features::access::Viewer;
use crate::features::pipeline::{self, ActionError};
use crate::features::tasks::{self, Wanted};
use crate::web::one_time::OrFailure;

/// What is done to each of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Deed {
    /// From today.
    Assign(Officer),
    Task(Wanted),
}

impl Deed {
    /// Why a row stays as it is: somebody who has it already need not be given it.
    pub fn leaves(&self, row: &Chosen) -> Option<String> {
        let Deed::Assign(officer) = self else { return None };
        match officer {
            Some((name, user)) if row.officer_user == Some(*user) => Some(format!("{name} has it already")),
            None if row.officer.is_none() => Some("unassigned already".to_owned()),
            _ => None,
        }
    }
}

/// What stands in the way; nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum Hindered {
    #[error("{} rows cannot be changed", .0.left.len())]
    Rows(Rows),
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

impl OrFailure for Hindered {
    fn or_failure(self) -> Result<Hindered, sqlx::Error> {
        match self {
            Hindered::Database(error) => Err(error),
            rows => Ok(rows),
        }
    }
}

/// `seen`: which rows, and what the page said of each. Rows that are no longer so hinder it all: nobody does to one
/// enquiry what they decided for another.
pub async fn apply(
    write: &mut SqliteConnection,
    actor: &Actor,
    viewer: Viewer,
    seen: &[(EnquiryId, String)],
    deed: &Deed,
) -> Result<(), Hindered> {
    let ids: Vec<_> = seen.iter().map(|(id, _)| *id).collect();
    let rows = Rows::of(queries::list_chosen(write, &ids, viewer).await?);
    let rows = rows.leaving(|row| deed.leaves(row)).unchanged_since(&seen.iter().cloned().collect());
    if rows.chosen.len() < seen.len() {
        return Err(Hindered::Rows(rows));
    }
    match deed {
        Deed::Assign(officer) => assign(write, actor, rows, officer).await,
        Deed::Task(wanted) => {
            tasks::make_for_all(write, actor, &ids, wanted).await?;
            Ok(())
        }
    }
}

async fn assign(write: &mut SqliteConnection, actor: &Actor, rows: Rows, officer: &Officer) -> Result<(), Hindered> {
    let mut refused = Vec::new();
    for row in &rows.chosen {
        let officer = officer.as_ref().map(|(name, user)| (name.clone(), Some(*user)));
        match pipeline::assign(write, actor, row.id, officer, actor.at.london_day()).await {
            Ok(()) => {}
            Err(ActionError::Database(error)) => return Err(error.into()),
            Err(why) => refused.push(Left { id: row.id, name: row.name.clone(), why: why.to_string() }),
        }
    }
    if refused.is_empty() {
        return Ok(());
    }
    let chosen = rows.chosen.into_iter().filter(|row| refused.iter().all(|left| left.id != row.id)).collect();
    Err(Hindered::Rows(Rows { chosen, left: refused }))
}
