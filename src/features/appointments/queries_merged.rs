//! SQL of visits that a merge of two households brought to another enquiry, and of those that went when it was undone.

use sqlx::SqliteExecutor;

use crate::domain::ids::{AppointmentId, EnquiryId, UserId};

/// A planned visit of an enquiry that was logged twice, and the enquiry that goes on with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GoneOver {
    pub visit: AppointmentId,
    pub to: EnquiryId,
    /// None where whoever asks may not open that one.
    pub reference: Option<String>,
}

impl GoneOver {
    /// `E-000001`, as far as it may be said.
    pub fn in_words(&self) -> String {
        self.reference.clone().unwrap_or_else(|| "the enquiry that goes on".to_owned())
    }
}

/// By merges that stand. It stays in the plan of the other enquiry too, so that undoing the merge has nothing to put back.
pub async fn list_gone_over(
    db: impl SqliteExecutor<'_>,
    enquiry: EnquiryId,
    viewer: UserId,
) -> sqlx::Result<Vec<GoneOver>> {
    sqlx::query_as!(
        GoneOver,
        r#"select it.id as "visit!: AppointmentId", other.id as "to!: EnquiryId",
            case
                when other.restricted = 0
                    or exists (select 1 from enquiry_access where enquiry_id = other.id and user_id = ?2)
                then other.reference
            end as "reference?: String"
        from household_merge_enquiry moved
        cross join household_merge merge on merge.id = moved.merge_id
        cross join enquiry other on other.id = moved.duplicate_of
        cross join appointment it on it.enquiry_id = moved.enquiry_id
        where moved.enquiry_id = ?1
            and merge.undone_at is null
            and it.superseded_at is null
            and it.state = 'planned'
            and exists (
                select 1
                from appointment brought
                where brought.enquiry_id = moved.duplicate_of
                    and brought.recorded_at = merge.merged_at
                    and brought.recorded_by = merge.merged_by
                    and brought.happens_on = it.happens_on
                    and brought.starts_at = it.starts_at)
        order by it.id, merge.id desc"#,
        enquiry,
        viewer,
    )
    .fetch_all(db)
    .await
}

/// As they stand now: cancelled with the merge that had brought them, by whoever undid it.
pub async fn list_taken_back(db: impl SqliteExecutor<'_>, enquiry: EnquiryId) -> sqlx::Result<Vec<AppointmentId>> {
    sqlx::query_scalar!(
        r#"select it.id as "id!: AppointmentId"
        from household_merge_enquiry moved
        cross join household_merge merge on merge.id = moved.merge_id
        cross join appointment it on it.enquiry_id = moved.duplicate_of
            and it.recorded_at = merge.undone_at
            and it.recorded_by = merge.undone_by
        where moved.duplicate_of = ?
            and it.superseded_at is null
            and it.state = 'cancelled'
        order by it.id"#,
        enquiry,
    )
    .fetch_all(db)
    .await
}
