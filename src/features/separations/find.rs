//! A household whose applicants may have separated, as whoever asks may see it.

use sqlx::SqliteConnection;

use crate::domain::day::Day;
use crate::domain::ids::{EnquiryId, HouseholdId, UserId};
use crate::domain::merge::Portrait;
use crate::features::alike::{self, Row};
use crate::features::households::{self, Household};

pub struct Together {
    pub household: Household,
    pub portrait: Portrait,
    /// Those that stand, the newest first.
    pub enquiries: Vec<Row>,
}

/// None where the household is not there, has gone into another, or holds a record that this person may not open.
pub async fn together(
    connection: &mut SqliteConnection,
    id: HouseholdId,
    viewer: UserId,
) -> sqlx::Result<Option<Together>> {
    let Some(household) = households::find(connection, id).await? else { return Ok(None) };
    if households::find_standing(connection, id).await? != id {
        return Ok(None);
    }
    let enquiries = alike::list_enquiries(&mut *connection, &[id], viewer).await?;
    if enquiries.iter().any(|row| row.restricted && !row.named) {
        return Ok(None);
    }
    let portrait = alike::portrait(connection, &household).await?;
    Ok(Some(Together { household, portrait, enquiries }))
}

impl Together {
    pub fn names(&self) -> Vec<String> {
        self.portrait.applicants.iter().map(|it| it.name.clone()).collect()
    }

    /// The day of one of its enquiries.
    pub fn day_of(&self, enquiry: EnquiryId) -> Option<Day> {
        self.enquiries.iter().find(|row| row.id == enquiry).map(|row| row.day)
    }

    /// There is nobody to leave.
    pub fn is_alone(&self) -> bool {
        self.portrait.applicants.len() < 2
    }

    pub fn is_restricted(&self) -> bool {
        self.enquiries.iter().any(|row| row.restricted)
    }
}
