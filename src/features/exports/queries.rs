//! Every SQL statement of exports: who enquired, and what was noted. The facts come from the ledgers.

use std::collections::BTreeMap;

use sqlx::SqliteConnection;

use crate::db::Json;
use crate::domain::household::Applicant;
use crate::domain::ids::EnquiryId;

pub struct Home {
    pub id: EnquiryId,
    pub reference: String,
    pub address: Option<String>,
    pub postcode: Option<String>,
}

pub async fn list_homes(connection: &mut SqliteConnection, enquiries: &[EnquiryId]) -> sqlx::Result<Vec<Home>> {
    let enquiries = Json(enquiries);
    sqlx::query_as!(
        Home,
        r#"select enquiry.id as "id: EnquiryId", enquiry.reference, household.address as "address?",
            household.postcode as "postcode?"
        from enquiry
        join household on household.id = enquiry.household_id
        where enquiry.id in (select value from json_each(?))
        order by enquiry.id"#,
        enquiries,
    )
    .fetch_all(connection)
    .await
}

pub async fn list_applicants(
    connection: &mut SqliteConnection,
    enquiries: &[EnquiryId],
) -> sqlx::Result<BTreeMap<EnquiryId, Vec<Applicant>>> {
    let enquiries = Json(enquiries);
    let rows = sqlx::query!(
        r#"select enquiry.id as "enquiry: EnquiryId", member.name, member.email as "email?", member.phone as "phone?"
        from enquiry
        join member on member.household_id = enquiry.household_id
        where enquiry.id in (select value from json_each(?))
        order by enquiry.id, member.position"#,
        enquiries,
    )
    .fetch_all(connection)
    .await?;
    let mut people: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for row in rows {
        people.entry(row.enquiry).or_default().push(Applicant { name: row.name, email: row.email, phone: row.phone });
    }
    Ok(people)
}

/// As they stand, the earliest first.
pub async fn list_notes(
    connection: &mut SqliteConnection,
    enquiries: &[EnquiryId],
) -> sqlx::Result<BTreeMap<EnquiryId, Vec<String>>> {
    let enquiries = Json(enquiries);
    let rows = sqlx::query!(
        r#"select enquiry_id as "enquiry: EnquiryId", body
        from note
        where enquiry_id in (select value from json_each(?)) and superseded_at is null
        order by enquiry_id, happened_on, root_id"#,
        enquiries,
    )
    .fetch_all(connection)
    .await?;
    let mut notes: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for row in rows {
        notes.entry(row.enquiry).or_default().push(row.body);
    }
    Ok(notes)
}

/// The next page of enquiries that stand.
pub async fn list_after(
    connection: &mut SqliteConnection,
    after: EnquiryId,
    limit: i64,
) -> sqlx::Result<Vec<EnquiryId>> {
    sqlx::query_scalar!(
        r#"select enquiry_id as "id: EnquiryId"
        from enquiry_now
        where enquiry_id > ?
        order by enquiry_id
        limit ?"#,
        after,
        limit,
    )
    .fetch_all(connection)
    .await
}
