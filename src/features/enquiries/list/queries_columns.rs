//! SQL of columns that somebody has chosen: for the rows of one page, each in one statement by their ids.

use std::collections::BTreeMap;

use sqlx::SqliteConnection;

use crate::db::Json;
use crate::domain::day::Day;
use crate::domain::fostering::FosteringType;
use crate::domain::ids::EnquiryId;
use crate::domain::note::NoteKind;
use crate::domain::text::phone;

/// What the row of `enquiry_now` holds besides what every list shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    pub id: EnquiryId,
    pub campaign: Option<String>,
    pub kind: Option<FosteringType>,
    pub enquired: Option<Day>,
    pub first_contact: Option<Day>,
    pub initial_visit: Option<Day>,
    pub application: Option<Day>,
    pub stage_1: Option<Day>,
    pub stage_2: Option<Day>,
    pub panel: Option<Day>,
    pub approved: Option<Day>,
    pub closed: Option<Day>,
}

pub async fn list_facts(db: &mut SqliteConnection, ids: &[EnquiryId]) -> sqlx::Result<BTreeMap<EnquiryId, Facts>> {
    let ids = Json(ids);
    let rows = sqlx::query_as!(
        Facts,
        r#"select enquiry_id as "id!: EnquiryId", campaign as "campaign?", fostering_type as "kind?: FosteringType",
            enquired_on as "enquired?: Day", first_contact_on as "first_contact?: Day",
            initial_visit_on as "initial_visit?: Day", application_received_on as "application?: Day",
            assessment_started_on as "stage_1?: Day", stage_2_started_on as "stage_2?: Day",
            panel_on as "panel?: Day", approved_on as "approved?: Day", closed_on as "closed?: Day"
        from json_each(?1) picked
        join enquiry_now on enquiry_id = picked.value"#,
        ids,
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(|row| (row.id, row)).collect())
}

/// How to reach the people of a household, the first applicant first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reached {
    pub phones: Vec<String>,
    pub emails: Vec<String>,
}

pub async fn list_people(db: &mut SqliteConnection, ids: &[EnquiryId]) -> sqlx::Result<BTreeMap<EnquiryId, Reached>> {
    let ids = Json(ids);
    let rows = sqlx::query!(
        r#"select enquiry.id as "id!: EnquiryId", member.phone as "phone?", member.email as "email?"
        from json_each(?1) picked
        join enquiry on enquiry.id = picked.value
        join member on member.household_id = enquiry.household_id
        where member.phone is not null or member.email is not null
        order by enquiry.id, member.position"#,
        ids,
    )
    .fetch_all(db)
    .await?;
    let mut people: BTreeMap<_, Reached> = BTreeMap::new();
    for row in rows {
        let reached = people.entry(row.id).or_default();
        reached.phones.extend(row.phone.iter().flat_map(|phones| phones.split(phone::JOINED_BY)).map(str::to_owned));
        reached.emails.extend(row.email);
    }
    Ok(people)
}

/// Of the tasks that are open the first one due.
pub async fn list_next_tasks(
    db: &mut SqliteConnection,
    ids: &[EnquiryId],
) -> sqlx::Result<BTreeMap<EnquiryId, (Day, String)>> {
    let ids = Json(ids);
    let rows = sqlx::query!(
        r#"select task.enquiry_id as "id!: EnquiryId", task.due_on as "due!: Day", task.what as "what!"
        from json_each(?1) picked
        join task on task.enquiry_id = picked.value and task.superseded_at is null and task.state = 'open'
        order by task.due_on desc, task.id desc"#,
        ids,
    )
    .fetch_all(db)
    .await?;
    // Of one enquiry the last one stays, which is the first one due.
    Ok(rows.into_iter().map(|row| (row.id, (row.due, row.what))).collect())
}

/// The latest call, letter, meeting …; a note to oneself is none.
pub async fn list_last_contacts(
    db: &mut SqliteConnection,
    ids: &[EnquiryId],
) -> sqlx::Result<BTreeMap<EnquiryId, (Day, NoteKind)>> {
    let ids = Json(ids);
    let rows = sqlx::query!(
        r#"select note.enquiry_id as "id!: EnquiryId", note.kind as "kind!: NoteKind",
            max(note.happened_on) as "on!: Day"
        from json_each(?1) picked
        join note on note.enquiry_id = picked.value and note.superseded_at is null and note.kind <> 'note'
        group by note.enquiry_id"#,
        ids,
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(|row| (row.id, (row.on, row.kind))).collect())
}
