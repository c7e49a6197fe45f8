//! Giving an enquiry to an officer, or to nobody.

use crate::domain::day::Day;
use crate::domain::ids::{EnquiryId, UserId};
use crate::features::enquiries::restriction;
use crate::features::pipeline::{self, ActionError, Seen};
use crate::web::one_time::{self, OrFailure};
use crate::web::{AppError, AppState, Ctx};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Giving {
    pub officer: Option<(String, UserId)>,
    pub from: Day,
    /// Who had it when the form was opened.
    pub seen: Seen,
    /// Who shall be named on a restricted record with it: whoever gives it has been asked.
    pub naming: Option<UserId>,
}

#[derive(Debug, thiserror::Error)]
pub enum GivingRefusal {
    /// A restricted record, and its officer would not find it.
    #[error("The record is open to named people only, and {name} is not one of them")]
    NotNamed { name: String },
    #[error(transparent)]
    Refused(#[from] ActionError),
}

impl From<sqlx::Error> for GivingRefusal {
    fn from(error: sqlx::Error) -> GivingRefusal {
        GivingRefusal::Refused(ActionError::Database(error))
    }
}

impl OrFailure for GivingRefusal {
    fn or_failure(self) -> Result<GivingRefusal, sqlx::Error> {
        match self {
            GivingRefusal::Refused(refused) => Ok(GivingRefusal::Refused(refused.or_failure()?)),
            not_named => Ok(not_named),
        }
    }
}

/// Returns where to go on: with a form that was sent twice, where its first sending led.
pub async fn give(
    state: &AppState,
    ctx: &Ctx,
    enquiry: EnquiryId,
    token: String,
    giving: Giving,
) -> Result<Result<String, GivingRefusal>, AppError> {
    let location = format!("/enquiries/{enquiry}");
    one_time::save(state, ctx.actor(), token, location, move |write, actor| {
        Box::pin(async move {
            let Giving { officer, from, seen, naming } = giving;
            pipeline::still_with(write, enquiry, &seen).await?;
            if let Some((name, user)) = &officer
                && !restriction::list_shut_out(write, &[enquiry], *user).await?.is_empty()
            {
                if naming != Some(*user) {
                    return Err(GivingRefusal::NotNamed { name: name.clone() });
                }
                restriction::name_as_well(write, actor, enquiry, *user).await?;
            }
            let officer = officer.map(|(name, user)| (name, Some(user)));
            Ok(pipeline::assign(write, actor, enquiry, officer, from).await?)
        })
    })
    .await
}
