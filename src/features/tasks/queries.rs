//! Every SQL statement that writes a task or reads one.

use sqlx::{SqliteConnection, SqliteExecutor};

use super::span::Span;
use crate::domain::actor::Actor;
use crate::domain::day::Day;
use crate::domain::ids::{EnquiryId, TaskId, TaskRuleId, UserId};
use crate::domain::instant::Instant;
use crate::domain::role::Role;
use crate::domain::task::{TaskOrigin, TaskState};
use crate::features::access::Viewer;

/// One version of a task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Task {
    pub id: TaskId,
    /// The first version's: all versions of a task share it.
    pub root: TaskId,
    pub enquiry: Option<EnquiryId>,
    pub what: String,
    pub due: Day,
    pub user: Option<UserId>,
    pub role: Option<Role>,
    pub with_officer: bool,
    pub origin: TaskOrigin,
    pub rule: Option<TaskRuleId>,
    pub rule_due: Option<Day>,
    pub touched: bool,
    pub attempts: i64,
    pub state: TaskState,
    pub done_on: Option<Day>,
    pub outcome: String,
    /// The name of whose it is, where it is one person's.
    pub person: Option<String>,
    pub recorded_at: Instant,
    /// The name of who wrote this version.
    pub by: String,
}

macro_rules! tasks {
    ($where:literal, $($argument:expr),+) => {
        sqlx::query_as!(
            Task,
            r#"select task.id as "id!: TaskId", task.root_id as "root!: TaskId",
                task.enquiry_id as "enquiry?: EnquiryId", task.what as "what!", task.due_on as "due!: Day",
                task.user_id as "user?: UserId", task.role as "role?: Role", task.with_officer as "with_officer!: bool",
                task.origin as "origin!: TaskOrigin", task.rule_id as "rule?: TaskRuleId",
                task.rule_due_on as "rule_due?: Day", task.touched as "touched!: bool", task.attempts as "attempts!",
                task.state as "state!: TaskState", task.done_on as "done_on?: Day", task.outcome as "outcome!",
                person.name as "person?", task.recorded_at as "recorded_at!: Instant", writer.name as "by!"
            from task
            join user writer on writer.id = task.recorded_by
            left join user person on person.id = task.user_id
            where "# + $where,
            $($argument),+
        )
    };
}

/// As it stands now, by the id of any of its versions.
pub async fn find_current(db: impl SqliteExecutor<'_>, version: TaskId) -> sqlx::Result<Option<Task>> {
    tasks!("task.root_id = (select root_id from task where id = ?1) and task.superseded_at is null", version)
        .fetch_optional(db)
        .await
}

/// The first one first.
pub async fn list_versions(db: impl SqliteExecutor<'_>, root: TaskId) -> sqlx::Result<Vec<Task>> {
    tasks!("task.root_id = ?1 order by task.id", root).fetch_all(db).await
}

/// What one person made in one go, as it stands now: of what they may still change.
pub async fn list_made_at_once(db: impl SqliteExecutor<'_>, span: Span, viewer: Viewer) -> sqlx::Result<Vec<Task>> {
    let own = viewer.own_only.then_some(viewer.user);
    tasks!(
        "task.root_id between ?1 and ?2
            and task.superseded_at is null
            and exists (
                select 1
                from task made
                join task first on first.id = ?1 and first.recorded_at = made.recorded_at
                where made.id = task.root_id and made.recorded_by = ?3)
            and exists (
                select 1
                from enquiry_now now
                join enquiry on enquiry.id = now.enquiry_id
                where now.enquiry_id = task.enquiry_id
                    and (?4 is null or now.officer_user_id = ?4)
                    and (enquiry.restricted = 0
                        or exists (select 1 from enquiry_access where enquiry_id = enquiry.id and user_id = ?3)))
        order by task.root_id",
        span.first,
        span.last,
        viewer.user,
        own
    )
    .fetch_all(db)
    .await
}

/// As they stand, what is due first.
pub async fn list_of_enquiry(db: impl SqliteExecutor<'_>, enquiry: EnquiryId) -> sqlx::Result<Vec<Task>> {
    tasks!("task.enquiry_id = ?1 and task.superseded_at is null order by task.due_on, task.id", enquiry)
        .fetch_all(db)
        .await
}

pub async fn count_open(db: impl SqliteExecutor<'_>, enquiry: EnquiryId) -> sqlx::Result<i64> {
    sqlx::query_scalar!(
        r#"select count(*) as "count!: i64"
        from task
        where enquiry_id = ? and superseded_at is null and state = 'open'"#,
        enquiry,
    )
    .fetch_one(db)
    .await
}

/// Writes a version; without a root it is a task of its own.
pub async fn insert(connection: &mut SqliteConnection, actor: &Actor, task: &Task, new: bool) -> sqlx::Result<TaskId> {
    let root = (!new).then_some(task.root);
    sqlx::query_scalar!(
        r#"insert into task
            (root_id, enquiry_id, what, due_on, user_id, role, with_officer, origin, rule_id, rule_due_on, touched,
             attempts, state, done_on, outcome, recorded_at, recorded_by)
        values
            (coalesce(?1, (select coalesce(max(id), 0) + 1 from task)), ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11,
             ?12, ?13, ?14, ?15, ?16, ?17)
        returning id as "id!: TaskId""#,
        root,
        task.enquiry,
        task.what,
        task.due,
        task.user,
        task.role,
        task.with_officer,
        task.origin,
        task.rule,
        task.rule_due,
        task.touched,
        task.attempts,
        task.state,
        task.done_on,
        task.outcome,
        actor.at,
        actor.user,
    )
    .fetch_one(connection)
    .await
}

/// False where somebody else was first.
pub async fn supersede(connection: &mut SqliteConnection, actor: &Actor, version: TaskId) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update task set superseded_at = ?2, superseded_by = ?3 where id = ?1 and superseded_at is null",
        version,
        actor.at,
        actor.user,
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

pub async fn find_officer(connection: &mut SqliteConnection, enquiry: EnquiryId) -> sqlx::Result<Option<UserId>> {
    let officer = sqlx::query_scalar!(
        r#"select officer_user_id as "officer?: UserId" from enquiry_now where enquiry_id = ?"#,
        enquiry,
    )
    .fetch_optional(connection)
    .await?;
    Ok(officer.flatten())
}

/// Somebody who may be given a task, or who goes on a visit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Colleague {
    pub id: UserId,
    pub name: String,
}

pub async fn list_colleagues(db: impl SqliteExecutor<'_>) -> sqlx::Result<Vec<Colleague>> {
    sqlx::query_as!(
        Colleague,
        r#"select id as "id!: UserId", name as "name!"
        from user
        where active = 1
            and exists (
                select 1
                from user_role
                where user_id = user.id and role in ('officer', 'manager', 'social_worker'))
        order by name, id"#
    )
    .fetch_all(db)
    .await
}
