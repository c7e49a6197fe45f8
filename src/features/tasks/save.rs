//! Saving what a form about tasks asks for.

use super::actions::{self, ActionError, Wanted};
use crate::db::SqliteConnection;
use crate::domain::actor::Actor;
use crate::domain::day::Day;
use crate::domain::ids::{EnquiryId, TaskId};
use crate::web::{AppError, AppState, Ctx, one_time};

/// One thing that a person does with a task. `seen` is the version that they had before them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Deed {
    Make { enquiry: Option<EnquiryId>, wanted: Wanted },
    Change { seen: TaskId, wanted: Wanted },
    Complete { seen: TaskId, outcome: String },
    NoAnswer { seen: TaskId, again: Day },
    Withdraw { seen: TaskId, why: String },
    Reopen { seen: TaskId },
}

/// Returns where to go on: with a form that was sent twice, where its first sending led.
pub async fn save(
    state: &AppState,
    ctx: &Ctx,
    token: String,
    location: String,
    deed: Deed,
) -> Result<Result<String, ActionError>, AppError> {
    one_time::save(state, ctx.actor(), token, location, move |write, actor| Box::pin(apply(write, actor, deed))).await
}

async fn apply(connection: &mut SqliteConnection, actor: &Actor, deed: Deed) -> Result<(), ActionError> {
    match deed {
        Deed::Make { enquiry, wanted } => {
            actions::make(connection, actor, enquiry, &wanted).await?;
            Ok(())
        }
        Deed::Change { seen, wanted } => actions::change(connection, actor, seen, &wanted).await,
        Deed::Complete { seen, outcome } => actions::complete(connection, actor, seen, &outcome).await,
        Deed::NoAnswer { seen, again } => actions::no_answer(connection, actor, seen, again).await,
        Deed::Withdraw { seen, why } => actions::withdraw(connection, actor, seen, &why).await,
        Deed::Reopen { seen } => actions::reopen(connection, actor, seen).await,
    }
}
