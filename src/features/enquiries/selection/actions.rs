//! The same for many enquiries in one transaction: all of it, or nothing.

use sqlx::SqliteConnection;

use super::forms::Officer;
use super::queries;
use super::rows::Rows;
use crate::domain::actor::Actor;
use crate::domain::ids::EnquiryId;
use crate::features::access::Viewer;
use crate::features::enquiries::restriction;
use crate::features::pipeline::{self, ActionError};
use crate::features::tasks::{self, Span, Wanted};
use crate::web::one_time::OrFailure;

/// What is done to each of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Deed {
    /// From today.
    Assign(Officer),
    Task(Wanted),
}

impl Deed {
    /// Leaves the rows that stay as they are: somebody who has it already need not be given it, and nobody is given a
    /// restricted one that they could not open. To name somebody is decided record by record.
    pub async fn leaving(&self, db: &mut SqliteConnection, rows: Rows) -> sqlx::Result<Rows> {
        let Deed::Assign(officer) = self else { return Ok(rows) };
        let Some((name, user)) = officer else {
            return Ok(rows.leaving(|row| row.officer.is_none().then(|| "unassigned already".to_owned())));
        };
        let rows = rows.leaving(|row| (row.officer_user == Some(*user)).then(|| format!("{name} has it already")));
        let ids: Vec<_> = rows.chosen.iter().map(|row| row.id).collect();
        Ok(rows.leaving_shut_out(&restriction::list_shut_out(db, &ids, *user).await?, name))
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
/// enquiry what they decided for another. Returns the tasks that were made.
pub async fn apply(
    write: &mut SqliteConnection,
    actor: &Actor,
    viewer: Viewer,
    seen: &[(EnquiryId, String)],
    deed: &Deed,
) -> Result<Option<Span>, Hindered> {
    let ids: Vec<_> = seen.iter().map(|(id, _)| *id).collect();
    let rows = Rows::of(queries::list_chosen(write, &ids, viewer).await?);
    let rows = deed.leaving(write, rows).await?.unchanged_since(&seen.iter().cloned().collect());
    if rows.chosen.len() < seen.len() {
        return Err(Hindered::Rows(rows));
    }
    match deed {
        Deed::Assign(officer) => assign(write, actor, rows, officer).await.map(|()| None),
        Deed::Task(wanted) => Ok(tasks::make_for_all(write, actor, &ids, wanted).await?),
    }
}

async fn assign(write: &mut SqliteConnection, actor: &Actor, rows: Rows, officer: &Officer) -> Result<(), Hindered> {
    let mut refused = Vec::new();
    for row in &rows.chosen {
        let officer = officer.as_ref().map(|(name, user)| (name.clone(), Some(*user)));
        match pipeline::assign(write, actor, row.id, officer, actor.at.london_day()).await {
            Ok(()) => {}
            Err(ActionError::Database(error)) => return Err(error.into()),
            Err(why) => refused.push(row.clone().left(why.to_string())),
        }
    }
    if refused.is_empty() {
        return Ok(());
    }
    let chosen = rows.chosen.into_iter().filter(|row| refused.iter().all(|left| left.id != row.id)).collect();
    Err(Hindered::Rows(Rows { chosen, left: refused, shut_out: None }))
}
