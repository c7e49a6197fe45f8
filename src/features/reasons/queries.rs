//! Every SQL statement of the list of reasons.

use sqlx::{SqliteConnection, SqliteExecutor};

use crate::domain::reason::{Applies, EndedBy, ReasonCode};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    pub code: ReasonCode,
    pub label: String,
    pub ended_by: EndedBy,
    pub applies: Applies,
    pub in_use: bool,
    /// A rule or Ofsted's return depends on it.
    pub fixed: bool,
}

pub async fn list(db: impl SqliteExecutor<'_>) -> sqlx::Result<Vec<Reason>> {
    sqlx::query_as!(
        Reason,
        r#"select code as "code!: ReasonCode", label as "label!", ended_by as "ended_by!: EndedBy",
            applies as "applies!: Applies", in_use as "in_use!: bool", fixed as "fixed!: bool"
        from close_reason
        order by position, code"#,
    )
    .fetch_all(db)
    .await
}

pub async fn find(db: impl SqliteExecutor<'_>, code: &ReasonCode) -> sqlx::Result<Option<Reason>> {
    sqlx::query_as!(
        Reason,
        r#"select code as "code!: ReasonCode", label as "label!", ended_by as "ended_by!: EndedBy",
            applies as "applies!: Applies", in_use as "in_use!: bool", fixed as "fixed!: bool"
        from close_reason
        where code = ?"#,
        code,
    )
    .fetch_optional(db)
    .await
}

/// Behind the others of those who ended it.
pub async fn insert(
    write: &mut SqliteConnection,
    code: &ReasonCode,
    label: &str,
    ended_by: EndedBy,
    applies: Applies,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into close_reason (code, label, ended_by, applies, fixed, position)
        select ?1, ?2, ?3, ?4, 0, max(position)
        from close_reason
        where ended_by = ?3",
        code,
        label,
        ended_by,
        applies,
    )
    .execute(write)
    .await
    .map(drop)
}

pub async fn update(write: &mut SqliteConnection, code: &ReasonCode, label: &str, in_use: bool) -> sqlx::Result<()> {
    sqlx::query!("update close_reason set label = ?2, in_use = ?3 where code = ?1", code, label, in_use)
        .execute(write)
        .await
        .map(drop)
}
