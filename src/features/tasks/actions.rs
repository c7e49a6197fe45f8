//! What people do with tasks: make, change, do, try in vain, withdraw. Each change is a new version over the one that
//! was seen, with its audit, in the caller's transaction.

use serde_json::{Value, json};
use sqlx::SqliteConnection;

use super::queries::{self, Task};
use crate::domain::actor::Actor;
use crate::domain::audit::{Action, Event};
use crate::domain::day::Day;
use crate::domain::ids::{EnquiryId, TaskId, UserId};
use crate::domain::note::NoteKind;
use crate::domain::role::Role;
use crate::domain::task::{TaskOrigin, TaskState, Whose, attempts_in_words};
use crate::features::audit;
use crate::features::notes::{self, NewNote};
use crate::web::one_time::OrFailure;

/// What a person decides about a task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    pub what: String,
    pub due: Day,
    pub whose: Whose,
}

#[derive(Debug, thiserror::Error)]
pub enum ActionError {
    #[error("Somebody else has changed this task since you opened it")]
    Stale,
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

impl OrFailure for ActionError {
    fn or_failure(self) -> Result<ActionError, sqlx::Error> {
        match self {
            ActionError::Database(error) => Err(error),
            refused => Ok(refused),
        }
    }
}

pub async fn make(
    connection: &mut SqliteConnection,
    actor: &Actor,
    enquiry: Option<EnquiryId>,
    wanted: &Wanted,
) -> sqlx::Result<TaskId> {
    let task = new(connection, actor, enquiry, wanted, TaskOrigin::Person).await?;
    insert(connection, actor, task).await
}

/// What it is, by when and whose. Without a difference nothing is written.
pub async fn change(
    connection: &mut SqliteConnection,
    actor: &Actor,
    seen: TaskId,
    wanted: &Wanted,
) -> Result<(), ActionError> {
    let task = in_force(connection, seen).await?;
    let (user, role) = whose(connection, task.enquiry, wanted.whose).await?;
    let with_officer = wanted.whose == Whose::Officer;
    let changed =
        Task { what: wanted.what.clone(), due: wanted.due, user, role, with_officer, touched: true, ..task.clone() };
    if (Task { touched: task.touched, ..changed.clone() }) == task {
        return Ok(());
    }
    let detail = json!({ "due": changed.due, "before": task.due });
    replace(connection, actor, changed, Action::TaskChanged, detail).await
}

/// Done, with what came of it.
pub async fn complete(
    connection: &mut SqliteConnection,
    actor: &Actor,
    seen: TaskId,
    outcome: &str,
) -> Result<(), ActionError> {
    let task = open(connection, seen).await?;
    finish(connection, actor, task, TaskState::Done, outcome).await
}

/// It is not needed after all.
pub async fn withdraw(
    connection: &mut SqliteConnection,
    actor: &Actor,
    seen: TaskId,
    why: &str,
) -> Result<(), ActionError> {
    let task = open(connection, seen).await?;
    finish(connection, actor, task, TaskState::Withdrawn, why).await
}

/// To do again: it was marked too soon.
pub async fn reopen(connection: &mut SqliteConnection, actor: &Actor, seen: TaskId) -> Result<(), ActionError> {
    let task = in_force(connection, seen).await?;
    let task = Task { state: TaskState::Open, done_on: None, outcome: String::new(), touched: true, ..task };
    let detail = json!({ "due": task.due });
    replace(connection, actor, task, Action::TaskChanged, detail).await
}

/// Rang, nobody answered: put down as a contact, counted, and due again on another day.
pub async fn no_answer(
    connection: &mut SqliteConnection,
    actor: &Actor,
    seen: TaskId,
    again: Day,
) -> Result<(), ActionError> {
    let task = open(connection, seen).await?;
    try_again(connection, actor, task, again).await
}

/// The same where no task is at hand: it moves the one that an earlier call without an answer made, or makes one.
pub async fn no_answer_of(
    connection: &mut SqliteConnection,
    actor: &Actor,
    enquiry: EnquiryId,
    again: Day,
) -> Result<(), ActionError> {
    let tasks = queries::list_of_enquiry(&mut *connection, enquiry).await?;
    let reaching = |task: &Task| task.state == TaskState::Open && task.origin == TaskOrigin::NoAnswer;
    if let Some(task) = tasks.into_iter().find(reaching) {
        return try_again(connection, actor, task, again).await;
    }
    let wanted = Wanted { what: "Try to reach them again".to_owned(), due: again, whose: Whose::Officer };
    let mut task = new(connection, actor, Some(enquiry), &wanted, TaskOrigin::NoAnswer).await?;
    task.attempts = 1;
    note(connection, actor, enquiry).await?;
    insert(connection, actor, task).await?;
    Ok(())
}

async fn try_again(
    connection: &mut SqliteConnection,
    actor: &Actor,
    task: Task,
    again: Day,
) -> Result<(), ActionError> {
    if let Some(enquiry) = task.enquiry {
        note(connection, actor, enquiry).await?;
    }
    let detail = json!({ "due": again, "before": task.due, "attempts": task.attempts + 1 });
    let task = Task { due: again, attempts: task.attempts + 1, touched: true, ..task };
    replace(connection, actor, task, Action::TaskChanged, detail).await
}

async fn note(connection: &mut SqliteConnection, actor: &Actor, enquiry: EnquiryId) -> sqlx::Result<()> {
    let note = NewNote { kind: NoteKind::NoAnswer, on: actor.at.london_day(), body: String::new() };
    notes::add(connection, actor, enquiry, &note).await
}

/// The version that somebody saw, while nobody has changed it.
async fn in_force(connection: &mut SqliteConnection, seen: TaskId) -> Result<Task, ActionError> {
    let now = queries::find_current(connection, seen).await?;
    now.filter(|task| task.id == seen).ok_or(ActionError::Stale)
}

async fn open(connection: &mut SqliteConnection, seen: TaskId) -> Result<Task, ActionError> {
    let task = in_force(connection, seen).await?;
    let is_open = matches!(task.state, TaskState::Open | TaskState::Resting);
    if is_open { Ok(task) } else { Err(ActionError::Stale) }
}

pub(super) async fn finish(
    connection: &mut SqliteConnection,
    actor: &Actor,
    task: Task,
    state: TaskState,
    outcome: &str,
) -> Result<(), ActionError> {
    let (done_on, action) = match state {
        TaskState::Done => (Some(actor.at.london_day()), Action::TaskDone),
        _ => (None, Action::TaskWithdrawn),
    };
    let task = Task { state, done_on, outcome: outcome.to_owned(), touched: true, ..task };
    let detail = json!({ "due": task.due, "attempts": task.attempts });
    replace(connection, actor, task, action, detail).await
}

/// A task that nobody has touched yet.
pub(super) async fn new(
    connection: &mut SqliteConnection,
    actor: &Actor,
    enquiry: Option<EnquiryId>,
    wanted: &Wanted,
    origin: TaskOrigin,
) -> sqlx::Result<Task> {
    let (user, role) = whose(connection, enquiry, wanted.whose).await?;
    Ok(Task {
        id: TaskId(0),
        root: TaskId(0),
        enquiry,
        what: wanted.what.clone(),
        due: wanted.due,
        user,
        role,
        with_officer: wanted.whose == Whose::Officer,
        origin,
        rule: None,
        rule_due: None,
        touched: false,
        attempts: 0,
        state: TaskState::Open,
        done_on: None,
        outcome: String::new(),
        person: None,
        recorded_at: actor.at,
        by: String::new(),
    })
}

/// What a task is about is a person's words, like a note: none of them in the audit.
pub(super) async fn insert(connection: &mut SqliteConnection, actor: &Actor, task: Task) -> sqlx::Result<TaskId> {
    let id = queries::insert(connection, actor, &task, true).await?;
    trace(connection, actor, (id, &task), Action::TaskMade, json!({ "due": task.due })).await?;
    Ok(id)
}

/// Another version over the one that `task` was read from.
pub(super) async fn replace(
    connection: &mut SqliteConnection,
    actor: &Actor,
    task: Task,
    action: Action,
    detail: Value,
) -> Result<(), ActionError> {
    if !queries::supersede(connection, actor, task.id).await? {
        return Err(ActionError::Stale);
    }
    let id = queries::insert(connection, actor, &task, false).await?;
    Ok(trace(connection, actor, (id, &task), action, detail).await?)
}

async fn trace(
    connection: &mut SqliteConnection,
    actor: &Actor,
    (id, task): (TaskId, &Task),
    action: Action,
    mut detail: Value,
) -> sqlx::Result<()> {
    // By which a record's history finds what the task is about, where it may be shown.
    detail["task"] = json!(id);
    let event = Event { enquiry: task.enquiry, ..Event::new(action) };
    audit::record(connection, actor, &event.with(detail)).await
}

async fn whose(
    connection: &mut SqliteConnection,
    enquiry: Option<EnquiryId>,
    whose: Whose,
) -> sqlx::Result<(Option<UserId>, Option<Role>)> {
    Ok(match (whose, enquiry) {
        (Whose::Officer, Some(enquiry)) => (queries::find_officer(connection, enquiry).await?, None),
        (Whose::Person(user), _) => (Some(user), None),
        (Whose::Role(role), _) => (None, Some(role)),
        (Whose::Officer, None) | (Whose::Nobody, _) => (None, None),
    })
}

impl Task {
    pub fn whose(&self) -> Whose {
        match (self.with_officer, self.user, self.role) {
            (true, ..) => Whose::Officer,
            (_, Some(user), _) => Whose::Person(user),
            (_, _, Some(role)) => Whose::Role(role),
            _ => Whose::Nobody,
        }
    }

    /// "Kerry Blyth", "Any manager", "Unassigned".
    pub fn whose_in_words(&self) -> String {
        in_words(self.person.as_deref(), self.role)
    }

    pub fn attempts_in_words(&self) -> String {
        attempts_in_words(self.attempts)
    }

    pub fn is_open(&self) -> bool {
        matches!(self.state, TaskState::Open | TaskState::Resting)
    }
}

pub fn in_words(person: Option<&str>, role: Option<Role>) -> String {
    match (person, role) {
        (Some(person), _) => person.to_owned(),
        (None, Some(role)) => format!("Any {}", crate::domain::text::lower_first(role.label())),
        (None, None) => "Unassigned".to_owned(),
    }
}
