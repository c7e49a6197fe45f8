//! What tasks do by themselves when the facts of their enquiry change: rules make, move and withdraw them; they rest
//! with an enquiry that is approved or closed, go with it to another officer, and end when the family was reached.

use serde_json::json;
use sqlx::SqliteConnection;

use super::actions::{ActionError, Wanted, insert, new, replace};
use super::queries::{self, Task};
use super::queries_rules::{RuleRow, list_rules};
use crate::domain::actor::Actor;
use crate::domain::audit::Action;
use crate::domain::day::Day;
use crate::domain::ids::{EnquiryId, UserId};
use crate::domain::ledger::{AttributeName, Facts};
use crate::domain::milestone::MilestoneKind;
use crate::domain::task::{TaskOrigin, TaskState, Whose};
use crate::features::time_limits;

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
            update(connection, actor, changed).await?;
        }
    }
    let moved = |kind| before.first_on(kind) != after.first_on(kind);
    if !MilestoneKind::ALL.iter().any(|kind| moved(*kind)) {
        return Ok(());
    }
    for row in list_rules(&mut *connection).await? {
        if row.in_force && moved(row.rule.milestone) {
            apply(connection, actor, enquiry, &row, before, after).await?;
        }
    }
    Ok(())
}

/// One rule, whose milestone was recorded, corrected or withdrawn.
async fn apply(
    connection: &mut SqliteConnection,
    actor: &Actor,
    enquiry: EnquiryId,
    row: &RuleRow,
    before: &Facts,
    after: &Facts,
) -> sqlx::Result<()> {
    let tasks = queries::list_of_enquiry(&mut *connection, enquiry).await?;
    let made = tasks.into_iter().find(|task| task.rule == Some(row.root));
    let due = match row.rule.counts_from(after) {
        Some(on) => Some(row.rule.due(on, &time_limits::rules(&mut *connection).await?.days)),
        None => None,
    };
    match (made, due) {
        (None, Some(due)) if row.rule.active && before.first(row.rule.milestone).is_none() => {
            let whose = row.rule.role.map_or(Whose::Officer, Whose::Role);
            let wanted = Wanted { what: row.rule.what.clone(), due, whose };
            let task = new(connection, actor, Some(enquiry), &wanted, TaskOrigin::Rule).await?;
            insert(connection, actor, Task { rule: Some(row.root), rule_due: Some(due), ..task }).await?;
            Ok(())
        }
        (Some(task), due) => {
            let is_recorded = after.first(row.rule.milestone).is_some();
            match followed(&task, due, is_recorded) {
                Some(changed) => update(connection, actor, changed).await,
                None => Ok(()),
            }
        }
        (None, _) => Ok(()),
    }
}

/// What becomes of a rule's task when its milestone has another date, or none. None where it stays as it is.
fn followed(task: &Task, due: Option<Day>, is_recorded: bool) -> Option<Task> {
    let now = match (task.state, due) {
        // A day that a person has chosen stays.
        (TaskState::Open | TaskState::Resting, Some(due)) if Some(task.due) == task.rule_due => {
            Task { due, rule_due: Some(due), ..task.clone() }
        }
        (TaskState::Open | TaskState::Resting, None) if !is_recorded && !task.touched => {
            Task { state: TaskState::Withdrawn, outcome: "The milestone was withdrawn".to_owned(), ..task.clone() }
        }
        (TaskState::Withdrawn, Some(due)) if !task.touched => {
            Task { state: TaskState::Open, outcome: String::new(), due, rule_due: Some(due), ..task.clone() }
        }
        _ => return None,
    };
    (now != *task).then_some(now)
}

/// What every task does, whoever made it. None where it stays as it is.
fn changed(task: &Task, actor: &Actor, before: &Facts, after: &Facts) -> Option<Task> {
    let mut now = task.clone();
    if task.state == TaskState::Open && !has_ended(before) && has_ended(after) {
        now.state = TaskState::Resting;
    }
    if task.state == TaskState::Resting && !has_ended(after) {
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

/// Approved or closed: nobody is to be reminded of recruiting them.
fn has_ended(facts: &Facts) -> bool {
    facts.closure().is_some() || facts.first(MilestoneKind::Approved).is_some()
}

fn officer(facts: &Facts) -> Option<UserId> {
    facts.latest_attribute(AttributeName::Officer).filter(|officer| officer.value.is_some())?.user
}

async fn update(connection: &mut SqliteConnection, actor: &Actor, task: Task) -> sqlx::Result<()> {
    let action = match task.state {
        TaskState::Done => Action::TaskDone,
        TaskState::Withdrawn => Action::TaskWithdrawn,
        _ => Action::TaskChanged,
    };
    let detail = json!({ "due": task.due });
    match replace(connection, actor, task, action, detail).await {
        Ok(()) => Ok(()),
        Err(ActionError::Database(error)) => Err(error),
        // It was read a moment ago in the same transaction.
        Err(ActionError::Stale) => Err(sqlx::Error::RowNotFound),
    }
}
