//! SQL of `enquiry_now`. Rows travel as JSON objects by column name, written many at once.

use std::collections::BTreeMap;

use serde_json::Value;
use sqlx::SqliteConnection;

use crate::db::Json;
use crate::domain::ids::EnquiryId;

/// One row by column, without what is null: most columns of most rows.
pub type Row = BTreeMap<&'static str, Value>;

pub async fn insert(connection: &mut SqliteConnection, rows: &[Row]) -> sqlx::Result<()> {
    let rows = Json(rows);
    sqlx::query!(
        "insert into enquiry_now (enquiry_id, display_name, sort_name, day_on, enquired_on, received_on, first_contact_on,
            information_session_on, initial_visit_on, invited_to_apply_on, application_received_on,
            assessment_started_on, stage_1_information_complete_on, stage_1_outcome_on, stage_2_started_on,
            preparation_training_completed_on, report_completed_on, report_shared_on, observations_on,
            papers_sent_on, panel_on, panel_minutes_final_on, decision_on, decision_told_on,
            decision_written_on, representations_on, irm_applied_on, irm_recommendation_on,
            temporary_approval_on, temporary_approval_extended_on, approved_on, closed_on, reopened,
            approved_places, panel_recommendation, decision, close_reason, ended_by, stage, live, last_on,
            paused_from, paused_to, pause_reason, in_touch_from, in_touch_to, contact_again_on, source,
            campaign, fostering_type, hub, hub_reference, hub_key, officer, officer_user_id, officer_from,
            stage_since, stage_1_since)
        select value ->> 'enquiry_id', value ->> 'display_name', value ->> 'sort_name', value ->> 'day_on',
            value ->> 'enquired_on', value ->> 'received_on', value ->> 'first_contact_on',
            value ->> 'information_session_on', value ->> 'initial_visit_on', value ->> 'invited_to_apply_on',
            value ->> 'application_received_on', value ->> 'assessment_started_on',
            value ->> 'stage_1_information_complete_on', value ->> 'stage_1_outcome_on',
            value ->> 'stage_2_started_on', value ->> 'preparation_training_completed_on',
            value ->> 'report_completed_on', value ->> 'report_shared_on', value ->> 'observations_on',
            value ->> 'papers_sent_on', value ->> 'panel_on', value ->> 'panel_minutes_final_on',
            value ->> 'decision_on', value ->> 'decision_told_on', value ->> 'decision_written_on',
            value ->> 'representations_on', value ->> 'irm_applied_on', value ->> 'irm_recommendation_on',
            value ->> 'temporary_approval_on', value ->> 'temporary_approval_extended_on',
            value ->> 'approved_on', value ->> 'closed_on', value ->> 'reopened', value ->> 'approved_places',
            value ->> 'panel_recommendation', value ->> 'decision', value ->> 'close_reason',
            (select ended_by from close_reason where code = value ->> 'close_reason'), value ->> 'stage',
            value ->> 'live', value ->> 'last_on', value ->> 'paused_from', value ->> 'paused_to',
            value ->> 'pause_reason', value ->> 'in_touch_from', value ->> 'in_touch_to',
            value ->> 'contact_again_on', value ->> 'source', value ->> 'campaign', value ->> 'fostering_type',
            value ->> 'hub', value ->> 'hub_reference', value ->> 'hub_key', value ->> 'officer',
            value ->> 'officer_user_id', value ->> 'officer_from', value ->> 'stage_since', value ->> 'stage_1_since'
        from jsonb_each(?)",
        rows,
    )
    .execute(connection)
    .await?;
    Ok(())
}

pub async fn delete(connection: &mut SqliteConnection, enquiries: &[EnquiryId]) -> sqlx::Result<()> {
    let enquiries = Json(enquiries);
    sqlx::query!("delete from enquiry_now where enquiry_id in (select value from json_each(?))", enquiries)
        .execute(connection)
        .await?;
    Ok(())
}

/// The stored rows, by column, without what is null.
pub async fn list_stored(
    connection: &mut SqliteConnection,
    enquiries: &[EnquiryId],
) -> sqlx::Result<BTreeMap<EnquiryId, BTreeMap<String, Value>>> {
    let enquiries = Json(enquiries);
    let rows = sqlx::query!(
        r#"select enquiry_id as "enquiry: EnquiryId",
            json_object('enquiry_id', enquiry_id, 'display_name', display_name, 'sort_name', sort_name, 'day_on', day_on,
            'enquired_on', enquired_on, 'received_on', received_on, 'first_contact_on', first_contact_on,
            'information_session_on', information_session_on, 'initial_visit_on', initial_visit_on,
            'invited_to_apply_on', invited_to_apply_on, 'application_received_on', application_received_on,
            'assessment_started_on', assessment_started_on,
            'stage_1_information_complete_on', stage_1_information_complete_on,
            'stage_1_outcome_on', stage_1_outcome_on, 'stage_2_started_on', stage_2_started_on,
            'preparation_training_completed_on', preparation_training_completed_on,
            'report_completed_on', report_completed_on, 'report_shared_on', report_shared_on,
            'observations_on', observations_on, 'papers_sent_on', papers_sent_on, 'panel_on', panel_on,
            'panel_minutes_final_on', panel_minutes_final_on, 'decision_on', decision_on,
            'decision_told_on', decision_told_on, 'decision_written_on', decision_written_on,
            'representations_on', representations_on, 'irm_applied_on', irm_applied_on,
            'irm_recommendation_on', irm_recommendation_on, 'temporary_approval_on', temporary_approval_on,
            'temporary_approval_extended_on', temporary_approval_extended_on, 'approved_on', approved_on,
            'closed_on', closed_on, 'reopened', reopened, 'approved_places', approved_places,
            'panel_recommendation', panel_recommendation, 'decision', decision, 'close_reason', close_reason,
            'stage', stage, 'live', live, 'last_on', last_on, 'paused_from', paused_from,
            'paused_to', paused_to, 'pause_reason', pause_reason, 'in_touch_from', in_touch_from,
            'in_touch_to', in_touch_to, 'contact_again_on', contact_again_on, 'source', source,
            'campaign', campaign, 'fostering_type', fostering_type, 'hub', hub, 'hub_reference', hub_reference,
            'hub_key', hub_key, 'officer', officer, 'officer_user_id', officer_user_id,
            'officer_from', officer_from, 'stage_since', stage_since, 'stage_1_since', stage_1_since) as "row!: String"
        from enquiry_now
        where enquiry_id in (select value from json_each(?))"#,
        enquiries,
    )
    .fetch_all(connection)
    .await?;
    let mut stored = BTreeMap::new();
    for row in rows {
        let columns: BTreeMap<String, Value> =
            serde_json::from_str(&row.row).map_err(|error| sqlx::Error::Decode(error.into()))?;
        stored.insert(row.enquiry, columns.into_iter().filter(|(_, value)| !value.is_null()).collect());
    }
    Ok(stored)
}

pub async fn list_enquiries_after(
    connection: &mut SqliteConnection,
    after: EnquiryId,
    limit: i64,
) -> sqlx::Result<Vec<EnquiryId>> {
    sqlx::query_scalar!(
        r#"select id as "id: EnquiryId"
        from enquiry
        where id > ?
        order by id
        limit ?"#,
        after,
        limit,
    )
    .fetch_all(connection)
    .await
}

/// The applicants' names, in their order.
pub async fn list_names(
    connection: &mut SqliteConnection,
    enquiries: &[EnquiryId],
) -> sqlx::Result<BTreeMap<EnquiryId, Vec<String>>> {
    let enquiries = Json(enquiries);
    let rows = sqlx::query!(
        r#"select enquiry.id as "enquiry: EnquiryId", member.name
        from enquiry
        join member on member.household_id = enquiry.household_id
        where enquiry.id in (select value from json_each(?))
        order by enquiry.id, member.position"#,
        enquiries,
    )
    .fetch_all(connection)
    .await?;
    let mut names: BTreeMap<EnquiryId, Vec<String>> = BTreeMap::new();
    for row in rows {
        names.entry(row.enquiry).or_default().push(row.name);
    }
    Ok(names)
}
