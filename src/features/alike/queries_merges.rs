//! SQL of merges: what each did, and whether it stands.

use sqlx::{SqliteConnection, SqliteExecutor};

use crate::domain::actor::Actor;
use crate::domain::ids::{EnquiryId, HouseholdId, MergeId, TaskId, UserId};
use crate::domain::instant::Instant;
use crate::domain::ledger::Stamp;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Merged {
    pub id: MergeId,
    pub kept: HouseholdId,
    pub goes: HouseholdId,
    pub at: Instant,
    pub user: UserId,
    pub by: String,
    /// Portraits of the kept household, as JSON, before and just after; empty once it is undone.
    pub before: Option<String>,
    pub after: Option<String>,
    pub undone_at: Option<Instant>,
    pub undone_by: Option<String>,
}

impl Merged {
    /// With which everything is recorded that it did.
    pub fn stamp(&self) -> Stamp {
        Stamp { at: self.at, by: self.user }
    }
}

macro_rules! merges {
    ($where:literal, $($argument:expr),+) => {
        sqlx::query_as!(
            Merged,
            r#"select merge.id as "id!: MergeId", merge.kept_id as "kept!: HouseholdId",
                merge.goes_id as "goes!: HouseholdId", merge.merged_at as "at!: Instant",
                merge.merged_by as "user!: UserId", user.name as "by!", merge.kept_before as "before?",
                merge.kept_after as "after?", merge.undone_at as "undone_at?: Instant", undoer.name as "undone_by?"
            from household_merge merge
            join user on user.id = merge.merged_by
            left join user undoer on undoer.id = merge.undone_by
            where "# + $where,
            $($argument),+
        )
    };
}

pub async fn find(db: impl SqliteExecutor<'_>, id: MergeId) -> sqlx::Result<Option<Merged>> {
    merges!("merge.id = ?1", id).fetch_optional(db).await
}

/// The merge by which a household has gone into another.
pub async fn find_standing_of(db: impl SqliteExecutor<'_>, goes: HouseholdId) -> sqlx::Result<Option<Merged>> {
    merges!("merge.goes_id = ?1 and merge.undone_at is null", goes).fetch_optional(db).await
}

/// A merge after one, of any other household into the same, that stands.
pub async fn find_later_of(
    db: impl SqliteExecutor<'_>,
    kept: HouseholdId,
    after: MergeId,
) -> sqlx::Result<Option<Merged>> {
    merges!(
        "merge.kept_id = ?1 and merge.id > ?2 and merge.undone_at is null order by merge.id desc limit 1",
        kept,
        after
    )
    .fetch_optional(db)
    .await
}

/// The latest first, before one, of which this person may open every enquiry.
pub async fn list_before(
    db: impl SqliteExecutor<'_>,
    before: MergeId,
    viewer: UserId,
    limit: i64,
) -> sqlx::Result<Vec<Merged>> {
    merges!(
        "merge.id < ?1
            and not exists (
                select 1
                from enquiry
                where enquiry.household_id in (merge.kept_id, merge.goes_id)
                    and enquiry.restricted = 1
                    and not exists (
                        select 1 from enquiry_access where enquiry_id = enquiry.id and user_id = ?2))
        order by merge.id desc
        limit ?3",
        before,
        viewer,
        limit
    )
    .fetch_all(db)
    .await
}

pub async fn insert(
    connection: &mut SqliteConnection,
    actor: &Actor,
    kept: HouseholdId,
    goes: HouseholdId,
    before: &str,
    after: &str,
) -> sqlx::Result<MergeId> {
    sqlx::query_scalar!(
        r#"insert into household_merge (kept_id, goes_id, merged_at, merged_by, kept_before, kept_after)
        values (?, ?, ?, ?, ?, ?)
        returning id as "id!: MergeId""#,
        kept,
        goes,
        actor.at,
        actor.user,
        before,
        after,
    )
    .fetch_one(connection)
    .await
}

pub async fn insert_enquiry(
    connection: &mut SqliteConnection,
    id: MergeId,
    enquiry: EnquiryId,
    duplicate_of: Option<EnquiryId>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into household_merge_enquiry (merge_id, enquiry_id, duplicate_of) values (?, ?, ?)",
        id,
        enquiry,
        duplicate_of,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Once, whoever had it.
pub async fn insert_task(connection: &mut SqliteConnection, id: MergeId, task: TaskId) -> sqlx::Result<()> {
    sqlx::query!("insert or ignore into household_merge_task (merge_id, task_id) values (?, ?)", id, task)
        .execute(connection)
        .await?;
    Ok(())
}

/// An enquiry that moved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moved {
    pub enquiry: EnquiryId,
    pub reference: String,
    pub duplicate_of: Option<EnquiryId>,
    pub other_reference: Option<String>,
}

pub async fn list_moved(db: impl SqliteExecutor<'_>, id: MergeId) -> sqlx::Result<Vec<Moved>> {
    sqlx::query_as!(
        Moved,
        r#"select moved.enquiry_id as "enquiry!: EnquiryId", enquiry.reference as "reference!",
            moved.duplicate_of as "duplicate_of?: EnquiryId", other.reference as "other_reference?"
        from household_merge_enquiry moved
        join enquiry on enquiry.id = moved.enquiry_id
        left join enquiry other on other.id = moved.duplicate_of
        where moved.merge_id = ?
        order by moved.enquiry_id"#,
        id,
    )
    .fetch_all(db)
    .await
}

pub async fn list_tasks(db: impl SqliteExecutor<'_>, id: MergeId) -> sqlx::Result<Vec<TaskId>> {
    sqlx::query_scalar!(
        r#"select task_id as "id!: TaskId" from household_merge_task where merge_id = ? order by task_id"#,
        id,
    )
    .fetch_all(db)
    .await
}

/// The latest separation of the household since it was merged.
pub struct SeparatedSince {
    pub at: Instant,
    pub by: String,
}

pub async fn find_separated_since(
    db: impl SqliteExecutor<'_>,
    merged: &Merged,
) -> sqlx::Result<Option<SeparatedSince>> {
    sqlx::query_as!(
        SeparatedSince,
        r#"select separation.recorded_at as "at!: Instant", user.name as "by!"
        from household_separation separation
        join user on user.id = separation.recorded_by
        where separation.from_id = ?1 and separation.recorded_at >= ?2 and separation.undone_at is null
        order by separation.id desc
        limit 1"#,
        merged.kept,
        merged.at,
    )
    .fetch_optional(db)
    .await
}

pub async fn update_undone(connection: &mut SqliteConnection, actor: &Actor, id: MergeId) -> sqlx::Result<()> {
    sqlx::query!(
        "update household_merge
        set undone_at = ?2, undone_by = ?3, kept_before = null, kept_after = null
        where id = ?1",
        id,
        actor.at,
        actor.user,
    )
    .execute(connection)
    .await?;
    Ok(())
}
