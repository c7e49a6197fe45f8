//! Opening a record: may this person, and the trace that it leaves.

use super::gone;
use super::queries::{self, Subject};
use crate::domain::audit::{Action, Event};
use crate::domain::ids::{EnquiryId, UserId};
use crate::domain::role::{Permission, Reach};
use crate::web::{AppError, AppState, Ctx};

/// The enquiry, if whoever asks may do this with it. A restricted one is not found by anybody who is not named: that
/// there is one would already say something.
pub async fn open(
    state: &AppState,
    ctx: &Ctx,
    enquiry: EnquiryId,
    permission: Permission,
) -> Result<Subject, AppError> {
    let Some(subject) = queries::find(state.db.read(), enquiry, ctx.user.id).await? else {
        let gone = gone::find(state, &ctx.user, enquiry, permission).await?;
        return Err(gone.map_or(AppError::NotFound, |gone| AppError::Gone(gone.sentence)));
    };
    if subject.restricted && !subject.named {
        return Err(AppError::NotFound);
    }
    match ctx.reach(permission) {
        Reach::All => Ok(subject),
        Reach::Own if subject.officer == Some(ctx.user.id) => Ok(subject),
        Reach::Own | Reach::None => Err(AppError::Forbidden),
    }
}

/// Puts down that somebody looked at the record; written soon, so that reading does not wait for the one writer.
pub fn opened(state: &AppState, ctx: &Ctx, subject: &Subject) {
    state.openings.add(ctx.actor(), Event::of_enquiry(Action::EnquiryOpened, subject.id));
}

/// Who is asking for a list: a restricted record is shown to named people only, and some see only what is assigned to
/// them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Viewer {
    pub user: UserId,
    pub own_only: bool,
}

impl Viewer {
    pub fn of(ctx: &Ctx) -> Viewer {
        Viewer { user: ctx.user.id, own_only: ctx.reach(Permission::ReadEnquiries) < Reach::All }
    }
}
