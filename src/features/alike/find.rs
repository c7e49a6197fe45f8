//! Two households with everything that is known of them, as whoever asks may see it.

use sqlx::SqliteConnection;

use super::queries::{self, LastWrite, Row};
use super::queries_separated::{self, Parting};
use crate::domain::day::Day;
use crate::domain::ids::{EnquiryId, HouseholdId, UserId};
use crate::domain::ledger::{Facts, Ledger};
use crate::domain::merge::{Fate, Portrait, Side, suggested};
use crate::domain::text::phone;
use crate::features::appointments::{self, Planned};
use crate::features::households::{self, Household, Left};
use crate::features::notes::{self, Note};
use crate::features::pipeline;
use crate::features::tasks::{self, Task};

pub struct Two {
    pub kept: One,
    pub goes: One,
    /// Of everything that was before whoever looks: it must still be so when they decide.
    pub seen: String,
    /// They are two because they separated.
    pub parting: Option<Parting>,
    pub last_write: Option<LastWrite>,
}

pub struct One {
    pub household: Household,
    pub portrait: Portrait,
    /// The newest first.
    pub enquiries: Vec<Enquiry>,
    /// Without one of their own: what they left.
    pub left: Option<Left>,
}

pub struct Enquiry {
    pub row: Row,
    pub ledger: Ledger,
    pub facts: Facts,
    pub notes: Vec<Note>,
    pub tasks: Vec<Task>,
    /// But for those that an earlier merge has brought to another.
    pub visits: Vec<Planned>,
    /// Of a restricted one: who may open it.
    pub named: Vec<UserId>,
}

/// None where one of them is not there, has gone into another, has neither an enquiry that stands nor left one, or holds
/// a record that this person may not open.
pub async fn two(
    connection: &mut SqliteConnection,
    kept: HouseholdId,
    goes: HouseholdId,
    viewer: UserId,
) -> sqlx::Result<Option<Two>> {
    if kept == goes {
        return Ok(None);
    }
    let (Some(kept), Some(goes)) = (one(connection, kept, viewer).await?, one(connection, goes, viewer).await?) else {
        return Ok(None);
    };
    let enquiries: Vec<_> = kept.enquiries.iter().chain(&goes.enquiries).map(|it| it.row.id).collect();
    let last_write = queries::find_last_write(&mut *connection, &enquiries).await?;
    let ids: Vec<_> = enquiries.iter().map(ToString::to_string).collect();
    let (versions, last) =
        ((kept.household.version, goes.household.version), last_write.as_ref().map_or(0, |it| it.id));
    let seen = format!("{}.{}.{last}.{}", versions.0, versions.1, ids.join("-"));
    let ones = households::list_gone_into(connection, kept.household.id).await?;
    let others = households::list_gone_into(connection, goes.household.id).await?;
    let parting = queries_separated::find_parting(&mut *connection, &ones, &others).await?;
    Ok(Some(Two { kept, goes, seen, parting, last_write }))
}

async fn one(connection: &mut SqliteConnection, id: HouseholdId, viewer: UserId) -> sqlx::Result<Option<One>> {
    let Some(household) = households::find(connection, id).await? else { return Ok(None) };
    if households::find_standing(connection, id).await? != id {
        return Ok(None);
    }
    let rows = queries::list_enquiries(&mut *connection, &[id], viewer).await?;
    let left = households::list_left(&mut *connection, &[id], viewer).await?.pop();
    let is_known = !rows.is_empty() || left.as_ref().is_some_and(|it| it.may_open);
    if !is_known || rows.iter().any(|row| row.restricted && !row.named) {
        return Ok(None);
    }
    let portrait = portrait(connection, &household).await?;
    let mut enquiries = Vec::with_capacity(rows.len());
    for row in rows {
        let ledger = pipeline::load(connection, row.id).await?;
        let notes = notes::list(&mut *connection, row.id).await?;
        let tasks = tasks::list_of_enquiry(&mut *connection, row.id).await?;
        let mut visits = appointments::list_of_enquiry(&mut *connection, row.id).await?;
        let gone = appointments::list_gone_over(&mut *connection, row.id, viewer).await?;
        visits.retain(|visit| gone.iter().all(|it| it.visit != visit.id));
        let named = if row.restricted { queries::list_named(&mut *connection, row.id).await? } else { Vec::new() };
        enquiries.push(Enquiry { facts: ledger.facts(), row, ledger, notes, tasks, visits, named });
    }
    Ok(Some(One { household, portrait, enquiries, left }))
}

pub async fn portrait(connection: &mut SqliteConnection, household: &Household) -> sqlx::Result<Portrait> {
    let it = household.clone();
    Ok(Portrait {
        applicants: households::list_applicants(connection, household.id).await?,
        address: it.address,
        postcode: it.postcode,
        language: it.language,
        contact_hours: it.contact_hours,
        message_allowed: it.message_allowed,
        consent_to_contact: it.consent_to_contact,
    })
}

impl Two {
    /// The household that was heard of last.
    pub fn newer(&self) -> Side {
        let last = |one: &One| one.enquiries.iter().map(|it| it.row.day).max();
        if last(&self.goes) > last(&self.kept) { Side::Goes } else { Side::Kept }
    }

    pub fn enquiry_of_kept(&self, id: EnquiryId) -> Option<&Enquiry> {
        self.kept.enquiries.iter().find(|it| it.row.id == id)
    }

    /// None where it has to be asked.
    pub fn suggested(&self, enquiry: &Enquiry, today: Day) -> Option<Fate> {
        let others: Vec<_> = self.kept.enquiries.iter().map(|it| (it.row.id, it.facts.clone())).collect();
        suggested(&enquiry.facts, &others, today)
    }

    pub fn is_restricted(&self) -> bool {
        self.kept.enquiries.iter().chain(&self.goes.enquiries).any(|it| it.row.restricted)
    }
}

/// Telephone numbers as people read them.
pub fn shown_phones(phones: &str) -> String {
    phones.split(';').map(|number| phone::shown(number.trim())).collect::<Vec<_>>().join(", ")
}
