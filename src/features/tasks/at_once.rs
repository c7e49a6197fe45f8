//! The same task for many enquiries at once, and taking that back while nobody has worked on them.

use sqlx::SqliteConnection;

use super::actions::{self, ActionError, Wanted};
use super::queries;
use super::span::Span;
use crate::domain::actor::Actor;
use crate::domain::ids::EnquiryId;
use crate::domain::task::TaskState;
use crate::features::access::Viewer;

/// Why a task that was taken back is not needed.
const TAKEN_BACK: &str = "Added to many at once, and taken back";

/// Each with its own audit. None where there are no enquiries.
pub async fn make_for_all(
    connection: &mut SqliteConnection,
    actor: &Actor,
    enquiries: &[EnquiryId],
    wanted: &Wanted,
) -> sqlx::Result<Option<Span>> {
    let mut span: Option<Span> = None;
    for enquiry in enquiries {
        let last = actions::make(connection, actor, Some(*enquiry), wanted).await?;
        span = Some(Span { first: span.map_or(last, |span| span.first), last });
    }
    Ok(span)
}

/// What became of tasks that somebody takes back.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct TakenBack {
    pub taken: usize,
    /// Somebody has worked on them.
    pub stay: usize,
}

/// Only what the same person made in one go, and may still change; asked a second time, the answer is the same.
pub async fn take_back(
    connection: &mut SqliteConnection,
    actor: &Actor,
    viewer: Viewer,
    span: Span,
) -> Result<TakenBack, ActionError> {
    let mut all = TakenBack::default();
    for task in queries::list_made_at_once(&mut *connection, span, viewer).await? {
        if task.is_open() && !task.touched {
            actions::finish(connection, actor, task, TaskState::Withdrawn, TAKEN_BACK).await?;
            all.taken += 1;
        } else if task.state == TaskState::Withdrawn && task.outcome == TAKEN_BACK {
            all.taken += 1;
        } else {
            all.stay += 1;
        }
    }
    Ok(all)
}

impl TakenBack {
    pub fn sentence(self) -> String {
        let TakenBack { taken, stay } = self;
        match (taken, stay) {
            (0, 0) => "There is nothing to take back".to_owned(),
            (0, _) => "Nothing is taken back: somebody has worked on each of these tasks".to_owned(),
            (_, 0) => format!("{} taken back", tasks(taken, "is", "are")),
            (_, 1) => format!("{} taken back. 1 stays, because somebody has worked on it", tasks(taken, "is", "are")),
            (_, stay) => {
                format!("{} taken back. {stay} stay, because somebody has worked on them", tasks(taken, "is", "are"))
            }
        }
    }
}

fn tasks(count: usize, one: &str, many: &str) -> String {
    if count == 1 { format!("1 task {one}") } else { format!("{count} tasks {many}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_taken_back_and_what_stays_is_said() {
        let said = |taken, stay| TakenBack { taken, stay }.sentence();
        assert_eq!(said(46, 0), "46 tasks are taken back");
        assert_eq!(said(1, 1), "1 task is taken back. 1 stays, because somebody has worked on it");
        assert_eq!(said(3, 2), "3 tasks are taken back. 2 stay, because somebody has worked on them");
        assert!(said(0, 2).starts_with("Nothing is taken back"));
    }
}
