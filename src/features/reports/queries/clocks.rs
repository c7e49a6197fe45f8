//! SQL of the report on time limits.

use sqlx::SqliteConnection;

use crate::db::Json;
use crate::domain::ids::{EnquiryId, UserId};
use crate::domain::milestone::MilestoneKind as K;
use crate::domain::question::Question;
use crate::domain::stage::Stage;

/// The milestones whose days start a clock.
const STARTS: [K; 11] = [
    K::Enquired,
    K::EnquiryReceived,
    K::ApplicationReceived,
    K::Stage1InformationComplete,
    K::ReportSharedWithApplicants,
    K::PapersSentToPanel,
    K::PanelRecommendation,
    K::PanelMinutesFinal,
    K::DecisionMade,
    K::DecisionWritten,
    K::TemporaryApproval,
];

/// Every enquiry of which a clock may have started in the period: each starts on the day of one of these milestones.
pub async fn list_candidates(connection: &mut SqliteConnection, question: &Question) -> sqlx::Result<Vec<EnquiryId>> {
    let (starts, until) = (Json(&STARTS[..]), question.until());
    sqlx::query_scalar!(
        r#"select distinct enquiry_id as "id!: EnquiryId"
        from milestone
        where kind in (select value from json_each(?1))
            and happened_on between ?2 and ?3
            and recorded_at <= ?4
            and (superseded_at is null or superseded_at > ?4)
        order by enquiry_id"#,
        starts,
        question.period.from,
        until,
        question.known_at,
    )
    .fetch_all(connection)
    .await
}

pub struct NameRow {
    pub enquiry: EnquiryId,
    pub reference: String,
    /// None where the enquiry has been withdrawn since.
    pub name: Option<String>,
    pub stage: Option<Stage>,
}

/// Of some enquiries those that this person may see.
pub async fn list_names(
    connection: &mut SqliteConnection,
    enquiries: &[EnquiryId],
    user: UserId,
) -> sqlx::Result<Vec<NameRow>> {
    let enquiries = Json(enquiries);
    sqlx::query_as!(
        NameRow,
        r#"select enquiry.id as "enquiry!: EnquiryId", enquiry.reference as "reference!",
            enquiry_now.display_name as "name?", enquiry_now.stage as "stage?: Stage"
        from enquiry
        left join enquiry_now on enquiry_now.enquiry_id = enquiry.id
        where enquiry.id in (select value from json_each(?1))
            and (enquiry.restricted = 0 or exists (
                select 1 from enquiry_access where enquiry_access.enquiry_id = enquiry.id and user_id = ?2
            ))"#,
        enquiries,
        user,
    )
    .fetch_all(connection)
    .await
}

/// Those of some enquiries that are restricted to others.
pub async fn list_hidden(connection: &mut SqliteConnection, user: UserId) -> sqlx::Result<Vec<EnquiryId>> {
    sqlx::query_scalar!(
        r#"select id as "id!: EnquiryId"
        from enquiry
        where restricted = 1
            and not exists (
                select 1 from enquiry_access where enquiry_access.enquiry_id = enquiry.id and user_id = ?1)"#,
        user,
    )
    .fetch_all(connection)
    .await
}
