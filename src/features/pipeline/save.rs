//! Saving what a form about an enquiry asks for.

use super::action_error::ActionError;
use super::{actions, queries};
use crate::db::SqliteConnection;
use crate::domain::actor::Actor;
use crate::domain::ids::{EnquiryId, RootId};
use crate::domain::ledger::{AttributeName, Entry, Fact, Ledger, Milestone, Place};
use crate::domain::milestone::MilestoneKind;
use crate::domain::stage::Stage;
use crate::features::notes::{self, NewNote, Saved};
use crate::web::{AppError, AppState, Ctx, one_time};

/// One thing to do to an enquiry; a form may ask for several, which happen together or not at all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    Record(Fact),
    /// One more of a kind that repeats, if those that are recorded are still the ones that were shown.
    RecordOneMore {
        milestone: Milestone,
        seen: Seen,
    },
    /// The milestones of one move on the board, if nothing that bears on the stage has changed since it was asked for.
    Move {
        milestones: Vec<Milestone>,
        seen: Seen,
    },
    Correct {
        place: Place,
        fact: Fact,
        why: String,
    },
    Withdraw {
        place: Place,
        why: String,
    },
    SetAttributes {
        values: Vec<(AttributeName, Option<String>)>,
        why: String,
        seen: Seen,
    },
    Note(NewNote),
    /// The draft of the new note, once that is saved, if the note holds it.
    DropDraft(Saved),
}

/// Which versions of some attributes somebody had before them while they typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen(pub String);

impl Seen {
    pub fn of(ledger: &Ledger, names: &[AttributeName]) -> Seen {
        let in_force = ledger.attributes.iter().filter(|entry| entry.in_force() && names.contains(&entry.fact.name));
        Seen(in_force.map(|entry: &Entry<_>| entry.id.to_string()).collect::<Vec<_>>().join("-"))
    }

    /// Those of one kind; never empty, so that a form that shows none says so.
    pub fn of_kind(ledger: &Ledger, kind: MilestoneKind) -> Seen {
        let in_force = ledger.milestones.iter().filter(|entry| entry.in_force() && entry.fact.kind == kind);
        // A corrected version is the same visit.
        let ids = in_force.map(|entry| entry.root.to_string());
        Seen(std::iter::once("0".to_owned()).chain(ids).collect::<Vec<_>>().join("-"))
    }

    /// Whether it was among them.
    pub fn has(&self, root: RootId) -> bool {
        self.0.split('-').any(|seen| seen == root.to_string())
    }

    /// The milestones from which the stage follows.
    pub fn of_stage(ledger: &Ledger) -> Seen {
        let bears =
            |kind| Stage::after(kind).is_some() || matches!(kind, MilestoneKind::Closed | MilestoneKind::Reopened);
        let in_force = ledger.milestones.iter().filter(|entry| entry.in_force() && bears(entry.fact.kind));
        Seen(in_force.map(|entry| entry.id.to_string()).collect::<Vec<_>>().join("-"))
    }
}

/// Returns where to go on: with a form that was sent twice, where its first sending led.
pub async fn save(
    state: &AppState,
    ctx: &Ctx,
    enquiry: EnquiryId,
    token: String,
    changes: Vec<Change>,
) -> Result<Result<String, ActionError>, AppError> {
    let location = format!("/enquiries/{enquiry}");
    one_time::save(state, ctx.actor(), token, location, move |write, actor| {
        Box::pin(async move {
            for change in changes {
                apply(write, actor, enquiry, change).await?;
            }
            Ok(())
        })
    })
    .await
}

async fn apply(
    connection: &mut SqliteConnection,
    actor: &Actor,
    enquiry: EnquiryId,
    change: Change,
) -> Result<(), ActionError> {
    match change {
        Change::Record(fact) => {
            not_yet(connection, enquiry, &fact).await?;
            actions::record(connection, actor, enquiry, fact).await
        }
        Change::RecordOneMore { milestone, seen } => {
            let (kind, fact) = (milestone.kind, Fact::Milestone(milestone));
            not_yet(connection, enquiry, &fact).await?;
            if Seen::of_kind(&queries::load(connection, enquiry).await?, kind) != seen {
                return Err(ActionError::Stale);
            }
            actions::record(connection, actor, enquiry, fact).await
        }
        Change::Move { milestones, seen } => {
            if Seen::of_stage(&queries::load(connection, enquiry).await?) != seen {
                return Err(ActionError::Stale);
            }
            for milestone in milestones {
                actions::record(connection, actor, enquiry, Fact::Milestone(milestone)).await?;
            }
            Ok(())
        }
        Change::Correct { place, fact, why } => actions::correct(connection, actor, enquiry, place, fact, &why).await,
        Change::Withdraw { place, why } => actions::withdraw(connection, actor, enquiry, place, &why).await,
        Change::SetAttributes { values, why, seen } => {
            let names: Vec<_> = values.iter().map(|(name, _)| *name).collect();
            still(connection, enquiry, &names, &seen).await?;
            actions::set_attributes(connection, actor, enquiry, &values, &why).await
        }
        Change::Note(note) => Ok(notes::add(connection, actor, enquiry, &note).await?),
        Change::DropDraft(saved) => Ok(notes::drop_saved_draft(connection, actor.user, enquiry, None, &saved).await?),
    }
}

/// A second visit is a second fact, but not on the same day: then two people had the form open, and the second is told
/// who was first. Closing and reopening take turns, which the order rules know.
async fn not_yet(connection: &mut SqliteConnection, enquiry: EnquiryId, fact: &Fact) -> Result<(), ActionError> {
    let Fact::Milestone(new) = fact else { return Ok(()) };
    if matches!(new.kind, MilestoneKind::Closed | MilestoneKind::Reopened) {
        return Ok(());
    }
    let ledger = queries::load(connection, enquiry).await?;
    let is_same =
        |entry: &&Entry<Milestone>| entry.in_force() && (entry.fact.kind, entry.fact.on) == (new.kind, new.on);
    let Some(entry) = ledger.milestones.iter().find(is_same) else { return Ok(()) };
    let by = queries::find_user_name(&mut *connection, entry.recorded.by).await?;
    Err(ActionError::RecordedAlready { by, at: entry.recorded.at })
}

/// Nobody else has given it away since the form was opened.
pub async fn still_with(connection: &mut SqliteConnection, enquiry: EnquiryId, seen: &Seen) -> Result<(), ActionError> {
    still(connection, enquiry, &[AttributeName::Officer], seen).await
}

async fn still(
    connection: &mut SqliteConnection,
    enquiry: EnquiryId,
    names: &[AttributeName],
    seen: &Seen,
) -> Result<(), ActionError> {
    let ledger = queries::load(connection, enquiry).await?;
    if Seen::of(&ledger, names) == *seen { Ok(()) } else { Err(ActionError::Stale) }
}
