//! SQL of how households are reached.

use sqlx::SqliteExecutor;

use crate::db::Json;
use crate::domain::household::{Answer, Applicant};
use crate::domain::ids::EnquiryId;

/// One of a household, and what the household has said about being contacted.
pub struct Person {
    pub enquiry: EnquiryId,
    pub applicant: Applicant,
    pub language: Option<String>,
    pub contact_hours: Option<String>,
    pub message_allowed: Answer,
    pub consent_to_contact: Answer,
}

/// Those of each enquiry stand together, in their order.
pub async fn list(db: impl SqliteExecutor<'_>, enquiries: &[EnquiryId]) -> sqlx::Result<Vec<Person>> {
    let enquiries = Json(enquiries);
    let rows = sqlx::query!(
        r#"select enquiry.id as "enquiry!: EnquiryId", member.name as "name!", member.email, member.phone,
            household.language, household.contact_hours, household.message_allowed as "message_allowed!: Answer",
            household.consent_to_contact as "consent_to_contact!: Answer"
        from enquiry
        join household on household.id = enquiry.household_id
        join member on member.household_id = household.id
        where enquiry.id in (select value from json_each(?))
        order by enquiry.id, member.position"#,
        enquiries,
    )
    .fetch_all(db)
    .await?;
    let person = rows.into_iter().map(|row| Person {
        enquiry: row.enquiry,
        applicant: Applicant { name: row.name, email: row.email, phone: row.phone },
        language: row.language,
        contact_hours: row.contact_hours,
        message_allowed: row.message_allowed,
        consent_to_contact: row.consent_to_contact,
    });
    Ok(person.collect())
}
