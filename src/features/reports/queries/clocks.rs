//! SQL of the report on time limits.

use sqlx::SqliteConnection;

use super::dimension;
use crate::db::Json;
use crate::domain::day::Day;
use crate::domain::ids::{EnquiryId, UserId};
use crate::domain::milestone::MilestoneKind as K;
use crate::domain::question::{Dimension, Question};
use crate::domain::stage::Stage;
use crate::domain::time_limit::{Clock, Started, StateName};

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

struct Row {
    clock: Clock,
    month: Option<String>,
    label: Option<String>,
    state: StateName,
    taken: Option<i64>,
    households: i64,
}

/// The clocks that started in the period as they stand today, from one covering index.
pub async fn count_started_now(connection: &mut SqliteConnection, question: &Question) -> sqlx::Result<Vec<Started>> {
    let (until, by, types) = (question.until(), dimension(question), question.types.code());
    let by_quarter = question.by == Some(Dimension::Quarter);
    let rows = labelled!(
        Row,
        r#"select one.clock as "clock!: Clock",
            case when ?6 then substr(one.start_on, 1, 7) end as "month?: String",
            "#,
        r#" as "label?: String",
            case
                when one.course <> 'open' then one.course
                when one.overdue_on <= ?2 and one.lapses then 'not_recorded'
                when one.overdue_on <= ?2 then 'overdue'
                when one.soon_on <= ?2 then 'due_soon'
                else 'running'
            end as "state!: StateName",
            one.days_taken as "taken?: i64",
            count(*) as "households!: i64"
        from limit_now one
        join enquiry_now on enquiry_now.enquiry_id = one.enquiry_id
        where one.start_on between ?3 and ?4
            and ended_by is not 'duplicate'
            and case ?5
                when 'all' then 1
                when 'kinship' then fostering_type is 'family_and_friends'
                else coalesce(fostering_type not in ('family_and_friends', 'supported_lodgings'), 1)
            end
        group by 1, 2, 3, 4, 5"#,
        by,
        question.as_at,
        question.period.from,
        until,
        types,
        by_quarter
    )
    .fetch_all(connection)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let first: Option<Day> = row.month.and_then(|month| format!("{month}-01").parse().ok());
            let group = first.map(|first| first.quarter().to_string()).or(row.label);
            Started { group, clock: row.clock, state: row.state, taken: row.taken, households: row.households }
        })
        .collect())
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
