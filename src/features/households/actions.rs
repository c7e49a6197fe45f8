//! Making a household and its people, with the keys by which it is recognised.

use serde_json::json;
use sqlx::SqliteConnection;

use super::queries::{self, Applicant, Household, NewMember, NewRow};
use super::recognition;
use crate::domain::actor::Actor;
use crate::domain::audit::{Action, Event};
use crate::domain::household::{Answer, sort_name};
use crate::domain::ids::HouseholdId;
use crate::features::{audit, pipeline, search};
use crate::web::one_time::OrFailure;

/// A household as first recorded.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NewHousehold {
    /// At least one, in the order given.
    pub applicants: Vec<Applicant>,
    pub address: Option<String>,
    pub postcode: Option<String>,
    pub language: Option<String>,
    pub contact_hours: Option<String>,
    pub message_allowed: Answer,
    pub consent_to_contact: Answer,
}

/// A household as somebody wants it to be, and the version they edited.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct HouseholdForm {
    pub household: Household,
    pub applicants: Vec<Applicant>,
}

#[derive(Debug, thiserror::Error)]
pub enum ActionError {
    #[error("Somebody else has changed this household since you opened it")]
    Stale,
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

impl OrFailure for ActionError {
    fn or_failure(self) -> Result<ActionError, sqlx::Error> {
        match self {
            ActionError::Database(error) => Err(error),
            refused => Ok(refused),
        }
    }
}

/// Writes many households by a few statements. The audit is the caller's.
pub async fn create(
    connection: &mut SqliteConnection,
    actor: &Actor,
    households: &[NewHousehold],
) -> sqlx::Result<Vec<HouseholdId>> {
    let first = queries::find_last_id(connection).await? + 1;
    let numbered = || (first..).zip(households);
    let rows: Vec<_> = numbered().map(|(id, household)| new_row(id, household)).collect();
    let members: Vec<_> = numbered().flat_map(|(id, household)| members(id, &household.applicants)).collect();
    queries::insert(connection, actor, &rows).await?;
    queries::insert_members(connection, &members).await?;
    let ids: Vec<_> = numbered().map(|(id, _)| HouseholdId(id)).collect();
    recognition::write_new(connection, &ids).await?;
    Ok(ids)
}

/// Changes a household, its people and what it is recognised by; its enquiries show the new name at once.
pub async fn update(connection: &mut SqliteConnection, actor: &Actor, form: &HouseholdForm) -> Result<(), ActionError> {
    let id = form.household.id;
    if !queries::update(connection, &form.household).await? {
        return Err(ActionError::Stale);
    }
    queries::delete_people(connection, id).await?;
    let members: Vec<_> = members(id.0, &form.applicants).collect();
    queries::insert_members(connection, &members).await?;
    recognition::refresh(connection, &[id]).await?;
    let enquiries = queries::list_enquiries(connection, id).await?;
    pipeline::refresh(connection, &enquiries).await?;
    search::refresh(connection, &[id]).await?;
    // Each of its enquiries shows the change in its own history; who left without an enquiry has none that could.
    let nowhere = enquiries.is_empty().then_some(None);
    for enquiry in enquiries.into_iter().map(Some).chain(nowhere) {
        let event = Event {
            household: Some(id),
            enquiry,
            ..Event::new(Action::HouseholdChanged).with(json!({ "version": form.household.version + 1 }))
        };
        audit::record(connection, actor, &event).await?;
    }
    Ok(())
}

fn new_row(id: i64, household: &NewHousehold) -> NewRow<'_> {
    NewRow {
        id,
        address: household.address.as_deref(),
        postcode: household.postcode.as_deref(),
        language: household.language.as_deref(),
        contact_hours: household.contact_hours.as_deref(),
        message_allowed: household.message_allowed,
        consent_to_contact: household.consent_to_contact,
    }
}

fn members(household: i64, applicants: &[Applicant]) -> impl Iterator<Item = NewMember<'_>> {
    (1..).zip(applicants).map(move |(position, applicant)| NewMember {
        household,
        position,
        sort_name: sort_name(std::slice::from_ref(&applicant.name)),
        applicant,
    })
}
