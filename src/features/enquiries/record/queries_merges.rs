//! SQL of the merge by which an enquiry was closed.

use sqlx::SqliteExecutor;

use crate::domain::ids::{EnquiryId, MergeId, UserId};
use crate::domain::instant::Instant;

/// Two households were merged, and this enquiry was logged twice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Merging {
    pub id: MergeId,
    pub at: Instant,
    pub by: String,
    /// The enquiry that goes on.
    pub other: EnquiryId,
    /// None where whoever asks may not open that one.
    pub reference: Option<String>,
}

/// The latest that stands.
pub async fn find_merging(
    db: impl SqliteExecutor<'_>,
    enquiry: EnquiryId,
    viewer: UserId,
) -> sqlx::Result<Option<Merging>> {
    sqlx::query_as!(
        Merging,
        r#"select merge.id as "id!: MergeId", merge.merged_at as "at!: Instant", user.name as "by!",
            other.id as "other!: EnquiryId",
            case
                when other.restricted = 0
                    or exists (select 1 from enquiry_access where enquiry_id = other.id and user_id = ?2)
                then other.reference
            end as "reference?: String"
        from household_merge_enquiry moved
        cross join household_merge merge on merge.id = moved.merge_id
        cross join user on user.id = merge.merged_by
        cross join enquiry other on other.id = moved.duplicate_of
        where moved.enquiry_id = ?1 and merge.undone_at is null
        order by merge.id desc
        limit 1"#,
        enquiry,
        viewer,
    )
    .fetch_optional(db)
    .await
}
