//! SQL of the rules that make tasks.

use sqlx::{SqliteConnection, SqliteExecutor};

use crate::domain::actor::Actor;
use crate::domain::ids::TaskRuleId;
use crate::domain::instant::Instant;
use crate::domain::milestone::MilestoneKind;
use crate::domain::role::Role;
use crate::domain::task_rule::{RuleUnit, TaskRule};

/// One version of a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleRow {
    pub id: TaskRuleId,
    /// The first version's: all versions of a rule share it.
    pub root: TaskRuleId,
    pub rule: TaskRule,
    pub recorded_at: Instant,
    pub by: String,
    pub in_force: bool,
}

/// Every version of every rule, by its first version, the latest last.
pub async fn list_rules(db: impl SqliteExecutor<'_>) -> sqlx::Result<Vec<RuleRow>> {
    let rows = sqlx::query!(
        r#"select task_rule.id as "id!: TaskRuleId", task_rule.root_id as "root!: TaskRuleId",
            task_rule.milestone as "milestone!: MilestoneKind", task_rule.what as "what!", task_rule.days as "days!",
            task_rule.unit as "unit!: RuleUnit", task_rule.role as "role?: Role", task_rule.active as "active!: bool",
            task_rule.recorded_at as "recorded_at!: Instant", user.name as "by!",
            task_rule.superseded_at is null as "in_force!: bool"
        from task_rule
        join user on user.id = task_rule.recorded_by
        order by task_rule.root_id, task_rule.id"#
    )
    .fetch_all(db)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| RuleRow {
            id: row.id,
            root: row.root,
            rule: TaskRule {
                milestone: row.milestone,
                what: row.what,
                days: row.days,
                unit: row.unit,
                role: row.role,
                active: row.active,
            },
            recorded_at: row.recorded_at,
            by: row.by,
            in_force: row.in_force,
        })
        .collect())
}

/// A version over `root`'s, or the first one of a rule.
pub async fn insert_rule(
    connection: &mut SqliteConnection,
    actor: &Actor,
    root: Option<TaskRuleId>,
    rule: &TaskRule,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into task_rule (root_id, milestone, what, days, unit, role, active, recorded_at, recorded_by)
        values (coalesce(?1, (select coalesce(max(id), 0) + 1 from task_rule)), ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        root,
        rule.milestone,
        rule.what,
        rule.days,
        rule.unit,
        rule.role,
        rule.active,
        actor.at,
        actor.user,
    )
    .execute(connection)
    .await
    .map(drop)
}

/// False where somebody else was first.
pub async fn supersede_rule(
    connection: &mut SqliteConnection,
    actor: &Actor,
    version: TaskRuleId,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update task_rule set superseded_at = ?2, superseded_by = ?3 where id = ?1 and superseded_at is null",
        version,
        actor.at,
        actor.user,
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}
