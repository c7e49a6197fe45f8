//! Adding a reason, wording it anew, taking it out of use.

use serde_json::json;
use sqlx::SqliteConnection;

use super::queries::{self, Reason};
use crate::domain::actor::Actor;
use crate::domain::audit::{Action, Event};
use crate::domain::reason::{Applies, EndedBy, ReasonCode};
use crate::domain::text::fold::fold;
use crate::features::audit;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewReason {
    pub label: String,
    pub ended_by: EndedBy,
    pub applies: Applies,
}

#[derive(Debug, thiserror::Error)]
pub enum ReasonRefusal {
    #[error("There is a reason with these words: {0}")]
    Known(String),
    /// Somebody else changed it first; this is what it is now.
    #[error("Somebody else has changed this reason since you opened the page")]
    Stale(Reason),
    #[error("This reason cannot be changed: a rule or Ofsted's return depends on it")]
    Fixed,
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

/// Its code is made from its words and stays when those change.
pub async fn add(write: &mut SqliteConnection, actor: &Actor, new: &NewReason) -> Result<ReasonCode, ReasonRefusal> {
    let all = queries::list(&mut *write).await?;
    if let Some(known) = all.iter().find(|known| is_said_by(known, &new.label)) {
        return Err(ReasonRefusal::Known(known.label.clone()));
    }
    let code = ReasonCode::of_words(&new.label, |taken| all.iter().any(|known| known.code.0 == taken));
    queries::insert(write, &code, &new.label, new.ended_by, new.applies).await?;
    let detail = json!({ "code": code, "label": new.label, "ended_by": new.ended_by, "applies": new.applies });
    audit::record(write, actor, &Event::new(Action::ReasonAdded).with(detail)).await?;
    Ok(code)
}

/// `before` is what the change began from.
pub async fn change(
    write: &mut SqliteConnection,
    actor: &Actor,
    before: &Reason,
    label: &str,
    in_use: bool,
) -> Result<(), ReasonRefusal> {
    let all = queries::list(&mut *write).await?;
    let now = all.iter().find(|known| known.code == before.code).ok_or(sqlx::Error::RowNotFound)?;
    if now.fixed {
        return Err(ReasonRefusal::Fixed);
    }
    if now != before {
        return Err(ReasonRefusal::Stale(now.clone()));
    }
    if let Some(known) = all.iter().find(|known| known.code != now.code && is_said_by(known, label)) {
        return Err(ReasonRefusal::Known(known.label.clone()));
    }
    if (label, in_use) == (now.label.as_str(), now.in_use) {
        return Ok(());
    }
    queries::update(write, &now.code, label, in_use).await?;
    let detail = json!({
        "code": now.code,
        "before": { "label": now.label, "in_use": now.in_use },
        "after": { "label": label, "in_use": in_use },
    });
    Ok(audit::record(write, actor, &Event::new(Action::ReasonChanged).with(detail)).await?)
}

fn is_said_by(reason: &Reason, words: &str) -> bool {
    fold(&reason.label) == fold(words)
}
