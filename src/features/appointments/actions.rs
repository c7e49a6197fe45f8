//! Planning a visit, moving it, cancelling it, and recording that it took place: then the milestone is recorded in the
//! same step.

use serde_json::{Value, json};
use sqlx::SqliteConnection;

use super::queries::{self, Planned};
use super::queries_merged;
use crate::domain::actor::Actor;
use crate::domain::appointment::{Appointment, AppointmentRefusal, AppointmentState};
use crate::domain::audit::{Action, Event};
use crate::domain::ids::{AppointmentId, EnquiryId};
use crate::domain::ledger::{Fact, Milestone, Stamp};
use crate::domain::milestone::MilestoneKind;
use crate::features::{audit, pipeline};
use crate::web::one_time::OrFailure;

#[derive(Debug, thiserror::Error)]
pub enum ActionError {
    #[error("Somebody else has changed this visit since you opened it")]
    Stale,
    /// The enquiry was logged twice, and whoever visits goes on with the other.
    #[error("The visit went over to {0} when the two enquiries were merged. Change it there")]
    GoneOver(String),
    #[error(transparent)]
    Refused(#[from] AppointmentRefusal),
    /// The order rules do not allow the visit on that day.
    #[error("{0}")]
    NotRecorded(String),
    /// Another visit stands in its way. `told`: those that the sentence stands for, for the form's second sending.
    #[error("{sentence}")]
    Clash { sentence: String, told: String },
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

impl From<pipeline::ActionError> for ActionError {
    fn from(error: pipeline::ActionError) -> ActionError {
        match error {
            pipeline::ActionError::Database(error) => ActionError::Database(error),
            refused => ActionError::NotRecorded(refused.to_string()),
        }
    }
}

/// One thing that a person does with a planned visit. `seen` is the version that they had before them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Deed {
    Plan { enquiry: EnquiryId, visit: Appointment },
    Move { seen: AppointmentId, visit: Appointment, why: String },
    Cancel { seen: AppointmentId, why: String },
    Keep { seen: AppointmentId },
}

pub async fn apply(connection: &mut SqliteConnection, actor: &Actor, deed: Deed) -> Result<(), ActionError> {
    match deed {
        Deed::Plan { enquiry, visit } => plan(connection, actor, enquiry, &visit).await,
        Deed::Move { seen, visit, why } => change(connection, actor, seen, &visit, &why).await,
        Deed::Cancel { seen, why } => cancel(connection, actor, seen, &why).await,
        Deed::Keep { seen } => keep(connection, actor, seen).await,
    }
}

async fn plan(
    connection: &mut SqliteConnection,
    actor: &Actor,
    enquiry: EnquiryId,
    visit: &Appointment,
) -> Result<(), ActionError> {
    visit.plan(actor.at)?;
    queries::insert(connection, actor, None, enquiry, visit, AppointmentState::Planned, "").await?;
    trace(connection, actor, enquiry, Action::AppointmentMade, detail(visit)).await
}

/// Another time, other people, another place. What stays in the past is not asked about again.
async fn change(
    connection: &mut SqliteConnection,
    actor: &Actor,
    seen: AppointmentId,
    visit: &Appointment,
    why: &str,
) -> Result<(), ActionError> {
    let now = open(connection, actor, seen).await?;
    if (now.visit.on, now.visit.at) != (visit.on, visit.at) || visit.with == Some(visit.goes) {
        visit.plan(actor.at)?;
    }
    replace(connection, actor, &now, visit, AppointmentState::Planned, why).await?;
    let detail = json!({ "appointment": when(visit), "before": when(&now.visit), "why": why });
    trace(connection, actor, now.enquiry, Action::AppointmentChanged, detail).await
}

async fn cancel(
    connection: &mut SqliteConnection,
    actor: &Actor,
    seen: AppointmentId,
    why: &str,
) -> Result<(), ActionError> {
    let now = open(connection, actor, seen).await?;
    replace(connection, actor, &now, &now.visit, AppointmentState::Cancelled, why).await?;
    let detail = json!({ "appointment": when(&now.visit), "why": why });
    trace(connection, actor, now.enquiry, Action::AppointmentCancelled, detail).await
}

/// Planned for the other enquiry too, where one was logged twice, as it stands: a time that is over as well, until
/// somebody says whether it took place.
pub async fn bring(
    connection: &mut SqliteConnection,
    actor: &Actor,
    enquiry: EnquiryId,
    visit: &Appointment,
    why: &str,
) -> Result<(), ActionError> {
    queries::insert(connection, actor, None, enquiry, visit, AppointmentState::Planned, "").await?;
    let detail = json!({ "appointment": when(visit), "lone": visit.is_lone(), "why": why });
    trace(connection, actor, enquiry, Action::AppointmentMade, detail).await
}

/// Cancels what somebody planned of an enquiry at one instant. What took place or was cancelled since stays so.
pub async fn take_back(
    connection: &mut SqliteConnection,
    actor: &Actor,
    enquiry: EnquiryId,
    recorded: Stamp,
    why: &str,
) -> Result<(), ActionError> {
    let visits = queries::list_recorded(&mut *connection, enquiry, recorded).await?;
    for planned in visits.iter().filter(|it| it.state == AppointmentState::Planned) {
        cancel(connection, actor, planned.id, why).await?;
    }
    Ok(())
}

/// Of what somebody planned at one instant, what does not take place: as it was planned then, and its cancellation.
pub async fn list_cancelled(
    connection: &mut SqliteConnection,
    enquiry: EnquiryId,
    recorded: Stamp,
) -> sqlx::Result<Vec<(Planned, Planned)>> {
    let mut visits = then_and_now(connection, enquiry, recorded).await?;
    visits.retain(|(_, now)| now.state == AppointmentState::Cancelled);
    Ok(visits)
}

/// A visit that somebody planned at one instant and that is planned otherwise by now: as it was, and as it is.
pub async fn find_moved(
    connection: &mut SqliteConnection,
    enquiry: EnquiryId,
    recorded: Stamp,
) -> sqlx::Result<Option<(Planned, Planned)>> {
    let visits = then_and_now(connection, enquiry, recorded).await?;
    let is_moved = |(then, now): &(Planned, Planned)| now.state == AppointmentState::Planned && then.visit != now.visit;
    Ok(visits.into_iter().find(is_moved))
}

/// What somebody planned at one instant: as it was planned then, and as it stands.
async fn then_and_now(
    connection: &mut SqliteConnection,
    enquiry: EnquiryId,
    recorded: Stamp,
) -> sqlx::Result<Vec<(Planned, Planned)>> {
    let then = queries::list_planned_at(&mut *connection, enquiry, recorded).await?;
    let now = queries::list_recorded(&mut *connection, enquiry, recorded).await?;
    let then_of = |now: &Planned| then.iter().find(|then| then.id == now.root).cloned();
    Ok(now.into_iter().filter_map(|now| Some((then_of(&now)?, now))).collect())
}

/// It took place as planned: the initial visit is recorded on its day.
async fn keep(connection: &mut SqliteConnection, actor: &Actor, seen: AppointmentId) -> Result<(), ActionError> {
    let now = open(connection, actor, seen).await?;
    now.visit.keep(actor.at.london_day())?;
    let visited = Milestone::new(MilestoneKind::InitialVisit, now.visit.on);
    // Somebody may have recorded it on the record's own page meanwhile.
    let known = pipeline::load(connection, now.enquiry).await?.facts().milestones;
    if !known.iter().any(|milestone| (milestone.kind, milestone.on) == (visited.kind, visited.on)) {
        pipeline::record(connection, actor, now.enquiry, Fact::Milestone(visited)).await?;
    }
    replace(connection, actor, &now, &now.visit, AppointmentState::Kept, "").await?;
    trace(connection, actor, now.enquiry, Action::AppointmentKept, detail(&now.visit)).await
}

pub(super) async fn planned(connection: &mut SqliteConnection, seen: AppointmentId) -> Result<Planned, ActionError> {
    let now = queries::find_current(connection, seen).await?;
    now.filter(|it| it.id == seen && it.state == AppointmentState::Planned).ok_or(ActionError::Stale)
}

/// The same, where it is still this enquiry's to change.
async fn open(connection: &mut SqliteConnection, actor: &Actor, seen: AppointmentId) -> Result<Planned, ActionError> {
    let now = planned(connection, seen).await?;
    let gone = queries_merged::list_gone_over(connection, now.enquiry, actor.user).await?;
    match gone.iter().find(|it| it.visit == seen) {
        Some(gone) => Err(ActionError::GoneOver(gone.in_words())),
        None => Ok(now),
    }
}

async fn replace(
    connection: &mut SqliteConnection,
    actor: &Actor,
    now: &Planned,
    visit: &Appointment,
    state: AppointmentState,
    why: &str,
) -> Result<(), ActionError> {
    if !queries::supersede(connection, actor, now.id).await? {
        return Err(ActionError::Stale);
    }
    queries::insert(connection, actor, Some(now.root), now.enquiry, visit, state, why).await?;
    Ok(())
}

/// Where they live and what to take care of stays out of the audit.
fn detail(visit: &Appointment) -> Value {
    json!({ "appointment": when(visit), "lone": visit.is_lone() })
}

fn when(visit: &Appointment) -> String {
    format!("{} {}", visit.on, visit.at)
}

async fn trace(
    connection: &mut SqliteConnection,
    actor: &Actor,
    enquiry: EnquiryId,
    action: Action,
    detail: Value,
) -> Result<(), ActionError> {
    Ok(audit::record(connection, actor, &Event::of_enquiry(action, enquiry).with(detail)).await?)
}
