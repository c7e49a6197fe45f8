//! Opening a record: may this person, and the trace that it leaves.

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
        return Err(why_gone(state, ctx, enquiry, permission).await?);
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

/// Of a record whose import was undone whoever might open it is told so; anybody else finds nothing.
async fn why_gone(
    state: &AppState,
    ctx: &Ctx,
    enquiry: EnquiryId,
    permission: Permission,
) -> Result<AppError, AppError> {
    if ctx.reach(permission) < Reach::All {
        return Ok(AppError::NotFound);
    }
    Ok(match queries::find_undone(state.db.read(), enquiry, ctx.user.id).await? {
        None => AppError::NotFound,
        Some(undone) => AppError::Gone(format!(
            "{} came with the file “{}”. {} undid that import on {}, so the record counts nowhere and cannot be opened. \
             Brought in again, the file makes it anew.",
            undone.reference,
            undone.file_name,
            undone.by,
            undone.at.london_text()
        )),
    })
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
