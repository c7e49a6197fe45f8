//! Every SQL statement of who may open a record.

use sqlx::SqliteExecutor;

use crate::domain::ids::{EnquiryId, HouseholdId, UserId};
use crate::domain::instant::Instant;

/// The enquiry that a page is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    pub id: EnquiryId,
    pub household: HouseholdId,
    pub reference: String,
    /// "Priya Nair and Tom Reed".
    pub name: String,
    pub officer: Option<UserId>,
    /// Open to named people only.
    pub restricted: bool,
    /// The person who asks is one of them.
    pub named: bool,
}

/// None as well for an enquiry that was withdrawn entirely.
pub async fn find(db: impl SqliteExecutor<'_>, id: EnquiryId, user: UserId) -> sqlx::Result<Option<Subject>> {
    sqlx::query_as!(
        Subject,
        r#"select enquiry.id as "id!: EnquiryId", enquiry.household_id as "household!: HouseholdId",
            enquiry.reference as "reference!", enquiry_now.display_name as "name!",
            enquiry_now.officer_user_id as "officer?: UserId", enquiry.restricted as "restricted!: bool",
            exists (select 1 from enquiry_access where enquiry_id = enquiry.id and user_id = ?2) as "named!: bool"
        from enquiry
        join enquiry_now on enquiry_now.enquiry_id = enquiry.id
        where enquiry.id = ?1"#,
        id,
        user,
    )
    .fetch_optional(db)
    .await
}

/// The import that made an enquiry, and that somebody has undone.
pub struct Undone {
    pub reference: String,
    pub file_name: String,
    pub at: Instant,
    pub by: String,
}

/// None for a restricted one of whoever is not named.
pub async fn find_undone(db: impl SqliteExecutor<'_>, id: EnquiryId, user: UserId) -> sqlx::Result<Option<Undone>> {
    sqlx::query_as!(
        Undone,
        r#"select enquiry.reference as "reference!", import.file_name as "file_name!", import.undone_at as "at!: Instant",
            undoer.name as "by!"
        from enquiry
        join import on import.id = enquiry.import_id
        join user undoer on undoer.id = import.undone_by
        where enquiry.id = ?1
            and import.undone_at is not null
            and (enquiry.restricted = 0
                or exists (select 1 from enquiry_access where enquiry_id = enquiry.id and user_id = ?2))"#,
        id,
        user,
    )
    .fetch_optional(db)
    .await
}

/// The separation that made an enquiry, and that somebody has undone.
pub struct Withdrawn {
    pub reference: String,
    pub at: Instant,
    pub by: String,
    /// The enquiry on whose record it was said that they separated, which they are part of again.
    pub from: EnquiryId,
    pub from_reference: String,
    pub from_name: String,
}

/// None where one of the two enquiries is restricted and whoever asks is not named.
pub async fn find_withdrawn(
    db: impl SqliteExecutor<'_>,
    id: EnquiryId,
    user: UserId,
) -> sqlx::Result<Option<Withdrawn>> {
    sqlx::query_as!(
        Withdrawn,
        r#"select own.reference as "reference!", separation.undone_at as "at!: Instant", undoer.name as "by!",
            earlier.id as "from!: EnquiryId", earlier.reference as "from_reference!",
            enquiry_now.display_name as "from_name!"
        from household_separation separation
        join user undoer on undoer.id = separation.undone_by
        join enquiry own on own.id = separation.own_enquiry_id
        join enquiry earlier on earlier.id = separation.enquiry_id
        join enquiry_now on enquiry_now.enquiry_id = earlier.id
        where separation.own_enquiry_id = ?1
            and separation.undone_at is not null
            and not exists (
                select 1
                from enquiry
                where enquiry.id in (own.id, earlier.id)
                    and enquiry.restricted = 1
                    and not exists (
                        select 1 from enquiry_access where enquiry_id = enquiry.id and user_id = ?2))"#,
        id,
        user,
    )
    .fetch_optional(db)
    .await
}
