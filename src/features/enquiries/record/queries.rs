use sqlx::SqliteExecutor;

use crate::domain::audit::Action;
use crate::domain::day::Day;
use crate::domain::ids::{EnquiryId, HouseholdId, MergeId, UserId};
use crate::domain::instant::Instant;
use crate::domain::stage::Stage;

/// Another enquiry that has to do with this one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Related {
    pub id: EnquiryId,
    pub household: HouseholdId,
    pub reference: String,
    pub name: String,
    pub day: Day,
    pub stage: Stage,
    pub closed: Option<Day>,
    pub officer: Option<UserId>,
    pub possible_duplicate: bool,
}

/// Enquiries besides the one that is looked at, the latest first; restricted ones only for those who are named. What stands
/// before, whether one is possibly a duplicate, and how it leads to `enquiry`: from the few to the many, because for its
/// order SQLite would rather walk every enquiry.
macro_rules! related {
    ([$($with:literal)?], $duplicate:literal, $from:literal, $where:literal, $user:expr $(, $argument:expr)*) => {
        sqlx::query_as!(
            Related,
            "" + $($with +)? r#"select enquiry.id as "id!: EnquiryId", enquiry.household_id as "household!: HouseholdId",
                enquiry.reference as "reference!", enquiry_now.display_name as "name!",
                enquiry_now.day_on as "day!: Day", enquiry_now.stage as "stage!: Stage",
                enquiry_now.closed_on as "closed?: Day", enquiry_now.officer_user_id as "officer?: UserId",
                "# + $duplicate + r#" as "possible_duplicate!: bool"
            from "# + $from + "
            where (enquiry.restricted = 0
                    or exists (select 1 from enquiry_access where enquiry_id = enquiry.id and user_id = ?1))
                and " + $where + "
            order by enquiry_now.day_on desc, enquiry.id desc
            limit 50",
            $user
            $(, $argument)*
        )
    };
}
pub(super) use related;

/// Of the same household.
pub async fn list_of_household(
    db: impl SqliteExecutor<'_>,
    household: HouseholdId,
    but: EnquiryId,
    user: UserId,
) -> sqlx::Result<Vec<Related>> {
    related!(
        [],
        "false",
        "enquiry
            cross join enquiry_now on enquiry_now.enquiry_id = enquiry.id",
        "enquiry.household_id = ?2 and enquiry.id <> ?3",
        user,
        household,
        but
    )
    .fetch_all(db)
    .await
}

/// Whose household looks like this one's and has not been told apart; nothing where either is closed as a duplicate, as
/// in the list of those to look at. Within 365 days it is possibly a duplicate (import rule 18).
pub async fn list_alike(db: impl SqliteExecutor<'_>, enquiry: EnquiryId, user: UserId) -> sqlx::Result<Vec<Related>> {
    related!(
        ["with mine as materialized (
            select enquiry.household_id, enquiry_now.day_on
            from enquiry
            join enquiry_now on enquiry_now.enquiry_id = enquiry.id
            where enquiry.id = ?2 and enquiry_now.ended_by is not 'duplicate'),
        alike (id) as (
            select other.id
            from mine
            cross join household_pair pair on pair.low_id = mine.household_id and pair.told_apart = 0
            cross join enquiry other on other.household_id = pair.high_id
            union
            select other.id
            from mine
            cross join household_pair pair on pair.high_id = mine.household_id and pair.told_apart = 0
            cross join enquiry other on other.household_id = pair.low_id
            union
            select other_id
            from likeness
            where enquiry_id = ?2
            union
            select enquiry_id
            from likeness
            where other_id = ?2) "],
        "abs(julianday(enquiry_now.day_on) - julianday(mine.day_on)) <= 365",
        "alike
            cross join enquiry on enquiry.id = alike.id
            cross join enquiry_now on enquiry_now.enquiry_id = enquiry.id
            cross join mine on mine.household_id <> enquiry.household_id",
        "enquiry_now.ended_by is not 'duplicate'
            and not exists (
                select 1
                from household_told_apart told
                where told.low_id = min(mine.household_id, enquiry.household_id)
                    and told.high_id = max(mine.household_id, enquiry.household_id)
                    and told.taken_back_at is null)",
        user,
        enquiry
    )
    .fetch_all(db)
    .await
}

/// The enquiry that this one is a duplicate of, or those that are duplicates of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Twice {
    pub id: EnquiryId,
    pub reference: String,
    /// This one goes on; the other is closed as its duplicate.
    pub goes_on: bool,
}

pub async fn list_twice(db: impl SqliteExecutor<'_>, enquiry: EnquiryId, user: UserId) -> sqlx::Result<Vec<Twice>> {
    sqlx::query_as!(
        Twice,
        r#"with twice (id, goes_on) as (
            select duplicate_of, 0
            from milestone
            where enquiry_id = ?1 and kind = 'closed' and superseded_at is null and duplicate_of is not null
            union
            select enquiry_id, 1
            from milestone
            where duplicate_of = ?1 and superseded_at is null)
        select enquiry.id as "id!: EnquiryId", enquiry.reference as "reference!", twice.goes_on as "goes_on!: bool"
        from twice
        join enquiry on enquiry.id = twice.id
        join enquiry_now on enquiry_now.enquiry_id = enquiry.id
        where enquiry.restricted = 0
            or exists (select 1 from enquiry_access where enquiry_id = enquiry.id and user_id = ?2)
        order by enquiry.id
        limit 20"#,
        enquiry,
        user,
    )
    .fetch_all(db)
    .await
}

/// A merge by which another record of the household went into it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Merge {
    pub id: MergeId,
    pub at: Instant,
    pub by: String,
}

/// Those that stand, the latest first.
pub async fn list_merges(db: impl SqliteExecutor<'_>, household: HouseholdId) -> sqlx::Result<Vec<Merge>> {
    sqlx::query_as!(
        Merge,
        r#"select merge.id as "id!: MergeId", merge.merged_at as "at!: Instant", user.name as "by!"
        from household_merge merge
        join user on user.id = merge.merged_by
        where merge.kept_id = ? and merge.undone_at is null
        order by merge.id desc
        limit 20"#,
        household,
    )
    .fetch_all(db)
    .await
}

pub struct AuditRow {
    pub id: i64,
    pub at: Instant,
    pub user: UserId,
    pub by: String,
    /// A code of `Action`; text, so that one of a later program can be shown too.
    pub action: String,
    pub detail: Option<String>,
    /// What the task is about that it tells of.
    pub task: Option<String>,
}

impl AuditRow {
    pub fn action(&self) -> Option<Action> {
        self.action.parse().ok()
    }

    pub fn is_opening(&self) -> bool {
        self.action() == Some(Action::EnquiryOpened)
    }
}

/// The audit of one record, the latest first, before an entry.
pub async fn list_audit(
    db: impl SqliteExecutor<'_>,
    enquiry: EnquiryId,
    before: i64,
    limit: i64,
) -> sqlx::Result<Vec<AuditRow>> {
    sqlx::query_as!(
        AuditRow,
        r#"select audit.id as "id!", audit.at as "at!: Instant", audit.user_id as "user!: UserId",
            user.name as "by!", audit.action as "action!", audit.detail as "detail?", task.what as "task?"
        from audit
        join user on user.id = audit.user_id
        left join task on audit.action like 'task%' and task.id = audit.detail ->> 'task'
            and task.enquiry_id = audit.enquiry_id
        where audit.enquiry_id = ?1 and audit.id < ?2
        order by audit.id desc
        limit ?3"#,
        enquiry,
        before,
        limit,
    )
    .fetch_all(db)
    .await
}

pub async fn count_notes(db: impl SqliteExecutor<'_>, enquiry: EnquiryId) -> sqlx::Result<i64> {
    sqlx::query_scalar!(
        r#"select count(*) as "count!: i64" from note where enquiry_id = ? and superseded_at is null"#,
        enquiry,
    )
    .fetch_one(db)
    .await
}
