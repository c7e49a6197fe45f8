//! What tasks do by themselves when the facts of their enquiry change: they rest with a closed enquiry, go with it to
//! another officer, and end when the family was reached.

use serde_json::json;
use sqlx::SqliteConnection;

use super::actions::{ActionError, replace};
use super::queries::{self, Task};
use crate::domain::actor::Actor;
use crate::domain::audit::Action;
use crate::domain::ids::{EnquiryId, UserId};
use crate::domain::ledger::{AttributeName, Facts};
use crate::domain::milestone::MilestoneKind;
use crate::domain::task::{TaskOrigin, TaskState};

/// To be called in the transaction of every change of an enquiry's facts.
pub async fn follow(
    connection: &mut SqliteConnection,
    actor: &Actor,
    enquiry: EnquiryId,
    before: &Facts,
    after: &Facts,
) -> sqlx::Result<()> {
    for task in queries::list_of_enquiry(&mut *connection, enquiry).await? {
        if let Some(changed) = changed(&task, actor, before, after) {
            let action = if changed.state == TaskState::Done { Action::TaskDone } else { Action::TaskChanged };
            let detail = json!({ "due": changed.due });
            match replace(connection, actor, changed, action, detail).await {
                Ok(()) => {}
                Err(ActionError::Database(error)) => return Err(error),
                // Read a moment ago in the same transaction.
                Err(ActionError::Stale) => unreachable!("nobody writes in between"),
            }
        }
    }
    Ok(())
}

/// None where it stays as it is.
fn changed(task: &Task, actor: &Actor, before: &Facts, after: &Facts) -> Option<Task> {
    let mut now = task.clone();
    if task.state == TaskState::Open && before.closure().is_none() && after.closure().is_some() {
        now.state = TaskState::Resting;
    }
    if task.state == TaskState::Resting && after.closure().is_none() {
        now.state = TaskState::Open;
    }
    if task.with_officer && task.is_open() && officer(before) != officer(after) {
        now.user = officer(after);
    }
    let reached = |facts: &Facts| facts.first(MilestoneKind::FirstContact).is_some();
    if task.is_open() && task.origin == TaskOrigin::NoAnswer && !reached(before) && reached(after) {
        now.state = TaskState::Done;
        now.done_on = Some(actor.at.london_day());
        now.outcome = "They were reached".to_owned();
    }
    (now != *task).then_some(now)
}

fn officer(facts: &Facts) -> Option<UserId> {
    facts.latest_attribute(AttributeName::Officer).filter(|officer| officer.value.is_some())?.user
}
