use sqlx::SqliteExecutor;

use crate::domain::audit::Action;
use crate::domain::day::Day;
use crate::domain::ids::{EnquiryId, HouseholdId, UserId};
use crate::domain::instant::Instant;
use crate::domain::stage::Stage;

/// Another enquiry that has to do with this one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Related {
    pub id: EnquiryId,
    pub reference: String,
    pub name: String,
    pub day: Day,
    pub stage: Stage,
    pub closed: Option<Day>,
    pub officer: Option<UserId>,
    pub possible_duplicate: bool,
}

/// Of the same household, the latest first; restricted ones only for those who are named.
pub async fn list_of_household(
    db: impl SqliteExecutor<'_>,
    household: HouseholdId,
    but: EnquiryId,
    user: UserId,
) -> sqlx::Result<Vec<Related>> {
    sqlx::query_as!(
        Related,
        r#"select enquiry.id as "id!: EnquiryId", enquiry.reference as "reference!",
            enquiry_now.display_name as "name!", enquiry_now.day_on as "day!: Day",
            enquiry_now.stage as "stage!: Stage", enquiry_now.closed_on as "closed?: Day",
            enquiry_now.officer_user_id as "officer?: UserId", false as "possible_duplicate!: bool"
        from enquiry
        join enquiry_now on enquiry_now.enquiry_id = enquiry.id
        where enquiry.household_id = ?1
            and enquiry.id <> ?2
            and (enquiry.restricted = 0
                or exists (select 1 from enquiry_access where enquiry_id = enquiry.id and user_id = ?3))
        order by enquiry_now.day_on desc, enquiry.id desc
        limit 50"#,
        household,
        but,
        user,
    )
    .fetch_all(db)
    .await
}

/// Whose household looks like this one's, the latest first; restricted ones only for those who are named.
pub async fn list_alike(db: impl SqliteExecutor<'_>, enquiry: EnquiryId, user: UserId) -> sqlx::Result<Vec<Related>> {
    sqlx::query_as!(
        Related,
        r#"select enquiry.id as "id!: EnquiryId", enquiry.reference as "reference!",
            enquiry_now.display_name as "name!", enquiry_now.day_on as "day!: Day",
            enquiry_now.stage as "stage!: Stage", enquiry_now.closed_on as "closed?: Day",
            enquiry_now.officer_user_id as "officer?: UserId", alike.possible_duplicate as "possible_duplicate!: bool"
        from (
            select other_id as id, possible_duplicate from likeness where enquiry_id = ?1
            union
            select enquiry_id, possible_duplicate from likeness where other_id = ?1
        ) alike
        join enquiry on enquiry.id = alike.id
        join enquiry_now on enquiry_now.enquiry_id = enquiry.id
        where enquiry.restricted = 0
            or exists (select 1 from enquiry_access where enquiry_id = enquiry.id and user_id = ?2)
        order by enquiry_now.day_on desc, enquiry.id desc
        limit 50"#,
        enquiry,
        user,
    )
    .fetch_all(db)
    .await
}

pub struct AuditRow {
    pub id: i64,
    pub at: Instant,
    pub by: String,
    /// A code of `Action`; text, so that one of a later program can be shown too.
    pub action: String,
    pub detail: Option<String>,
}

impl AuditRow {
    pub fn action(&self) -> Option<Action> {
        self.action.parse().ok()
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
        r#"select audit.id as "id!", audit.at as "at!: Instant", user.name as "by!", audit.action as "action!",
            audit.detail as "detail?"
        from audit
        join user on user.id = audit.user_id
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
