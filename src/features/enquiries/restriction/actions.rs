//! Saying who may open a record.

use serde_json::json;
use sqlx::SqliteConnection;

use super::now::{Now, list_stranded};
use super::queries;
use crate::domain::actor::Actor;
use crate::domain::audit::{Action, Event};
use crate::domain::ids::{EnquiryId, UserId};
use crate::domain::restriction::OpenTo;
use crate::features::audit;
use crate::web::one_time::OrFailure;

#[derive(Debug, thiserror::Error)]
pub enum RestrictionRefusal {
    #[error("Somebody else has changed who may open this record since you opened the page")]
    Stale,
    #[error("Somebody may open this record again. Ask them")]
    NotStranded,
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

impl OrFailure for RestrictionRefusal {
    fn or_failure(self) -> Result<RestrictionRefusal, sqlx::Error> {
        match self {
            RestrictionRefusal::Database(error) => Err(error),
            refused => Ok(refused),
        }
    }
}

/// `seen` is who might open it when the change began: `OpenTo::code`. Whoever changes it stays among the named.
pub async fn change(
    write: &mut SqliteConnection,
    actor: &Actor,
    enquiry: EnquiryId,
    seen: &str,
    wanted: OpenTo,
) -> Result<(), RestrictionRefusal> {
    let now = Now::load(write, enquiry).await?;
    let shut_out = now.open_to != OpenTo::Everybody && !now.open_to.names(actor.user);
    if shut_out || now.open_to.code() != seen {
        return Err(RestrictionRefusal::Stale);
    }
    Ok(set(write, actor, enquiry, &now, &wanted.with(actor.user)).await?)
}

/// Open to these and to whoever says so, whoever might open it before.
pub async fn restrict(
    write: &mut SqliteConnection,
    actor: &Actor,
    enquiry: EnquiryId,
    named: &[UserId],
) -> sqlx::Result<()> {
    let now = Now::load(write, enquiry).await?;
    let wanted = OpenTo::Named(named.iter().copied().collect()).with(actor.user);
    set(write, actor, enquiry, &now, &wanted).await
}

/// One more, beside those who are named already.
pub async fn name_as_well(
    write: &mut SqliteConnection,
    actor: &Actor,
    enquiry: EnquiryId,
    person: UserId,
) -> sqlx::Result<()> {
    let now = Now::load(write, enquiry).await?;
    let wanted = now.open_to.clone().with(person);
    set(write, actor, enquiry, &now, &wanted).await
}

/// Of a record that nobody may open: one more may. Who says so does not open it by that.
pub async fn name_for_stranded(
    write: &mut SqliteConnection,
    actor: &Actor,
    enquiry: EnquiryId,
    person: UserId,
) -> Result<(), RestrictionRefusal> {
    if list_stranded(&mut *write).await?.iter().all(|stranded| stranded.id != enquiry) {
        return Err(RestrictionRefusal::NotStranded);
    }
    Ok(name_as_well(write, actor, enquiry, person).await?)
}

async fn set(
    write: &mut SqliteConnection,
    actor: &Actor,
    enquiry: EnquiryId,
    now: &Now,
    wanted: &OpenTo,
) -> sqlx::Result<()> {
    if now.open_to == *wanted {
        return Ok(());
    }
    let named: Vec<UserId> = match wanted {
        OpenTo::Everybody => Vec::new(),
        OpenTo::Named(named) => named.iter().copied().collect(),
    };
    queries::update(write, enquiry, *wanted != OpenTo::Everybody, &named).await?;
    let detail = json!({ "open_to": { "before": now.names(&now.open_to), "after": now.names(wanted) } });
    audit::record(write, actor, &Event::of_enquiry(Action::RestrictionChanged, enquiry).with(detail)).await
}
