//! Undoing an import beside the requests, as a file is taken in beside them: how far it is stands on a page that can be
//! left, and why it could not be is kept for whoever comes back. It is one transaction: where the service stops in the
//! middle of it nothing has happened, and nothing else needs to be remembered.

use tokio::sync::oneshot;
use tracing::Instrument;

use super::queries::Import;
use crate::domain::actor::Actor;
use crate::domain::ids::ImportId;
use crate::features::imports::undo::{Tell, UndoError, undo};
use crate::web::work::{MOMENT, Progress, UnderWay};
use crate::web::{AppState, Ctx};

type Done = Result<Import, UndoError>;

/// The page of how far it is.
pub fn address(import: ImportId) -> String {
    format!("/settings/imports/{import}/undoings")
}

fn key(import: ImportId) -> String {
    format!("undoing import {import}")
}

/// None where it is not being undone.
pub fn progress(state: &AppState, import: ImportId) -> Option<Progress> {
    state.work.progress(&key(import))
}

/// Why the last attempt failed, since the service has started.
pub fn why_not(state: &AppState, import: ImportId) -> Option<String> {
    state.work.said(&key(import))
}

/// What became of it. None where it takes longer than a moment, or is under way already: two presses are one undoing.
pub async fn begin(state: &AppState, ctx: &Ctx, import: ImportId) -> Option<Done> {
    let under_way = state.work.begin(&key(import))?;
    let (answer, done) = oneshot::channel();
    let piece = Piece { state: state.clone(), actor: ctx.actor(), who: ctx.user.name.clone(), import };
    // It runs on when the moment is over, and when the browser goes away.
    tokio::spawn(async move { piece.run(under_way, answer).await }.in_current_span());
    tokio::time::timeout(MOMENT, done).await.ok()?.ok()
}

struct Piece {
    state: AppState,
    actor: Actor,
    /// The name of who asks for it.
    who: String,
    import: ImportId,
}

impl Piece {
    async fn run(self, under_way: UnderWay, answer: oneshot::Sender<Done>) {
        let Some(_turn) = self.state.work.turn().await else { return };
        let done = self.undo(&|progress| under_way.tell(progress)).await;
        if let Err(error) = &done {
            under_way.leave(self.sentence(error));
        }
        // Over before anybody hears of it: whoever presses again begins anew.
        drop(under_way);
        // Where somebody still waits for it, the answer to them logs what failed.
        if let Err(Err(UndoError::Database(error))) = answer.send(done) {
            tracing::error!(error = format!("{error:#}"), import = self.import.0, "an import was not undone");
        }
    }

    async fn undo(&self, tell: Tell<'_>) -> Done {
        let mut write = self.state.db.write().await?;
        // It may have waited for its turn, and nothing can be superseded before it was recorded.
        let actor = Actor { at: self.state.clock.now(), ..self.actor.clone() };
        let import = undo(&mut write, &actor, self.import, tell).await?;
        write.commit().await?;
        Ok(import)
    }

    fn sentence(&self, error: &UndoError) -> String {
        let why = match error {
            UndoError::Database(_) => UNEXPECTED.to_owned(),
            refused => refused.to_string(),
        };
        format!("{} tried on {}. {why}. Nothing has changed.", self.who, self.actor.at.london_text())
    }
}

const UNEXPECTED: &str = "It did not work. Try again; if it happens again, tell your administrator";
