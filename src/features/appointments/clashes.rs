//! Two visits at once: whoever plans the second is told of the first, and may mean both.

use sqlx::SqliteConnection;

use super::actions::{ActionError, Deed, planned};
use super::queries::{self, Near};
use crate::domain::appointment::Appointment;
use crate::domain::ids::{AppointmentId, EnquiryId, UserId};
use crate::features::access::Viewer;

/// Between the beginnings of two visits of one person.
const APART: i64 = 60;

/// Who plans, and what they have been told of already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    pub viewer: Viewer,
    /// The visits, as `ActionError::Clash` gave them to the form.
    pub told: String,
    /// What is pressed again if both are meant.
    pub button: &'static str,
}

impl Asked {
    fn knows(&self, visit: AppointmentId) -> bool {
        self.told.split('-').any(|told| told == visit.to_string())
    }
}

pub async fn none_untold(connection: &mut SqliteConnection, deed: &Deed, asked: &Asked) -> Result<(), ActionError> {
    let Some(Time { enquiry, moved, visit }) = time_of(connection, deed).await? else { return Ok(()) };
    let near = queries::list_near(connection, visit.on, moved, asked.viewer).await?;
    let clashes: Vec<_> = near.iter().filter(|it| is_clash(it, enquiry, visit)).collect();
    let Some(first) = clashes.iter().find(|it| !asked.knows(it.id)) else { return Ok(()) };
    let told = clashes.iter().map(|it| it.id.to_string()).collect::<Vec<_>>().join("-");
    let sentence = format!("{}. Press “{}” again if both are meant", said(first, enquiry, visit), asked.button);
    Err(ActionError::Clash { sentence, told })
}

/// What a deed takes up.
struct Time<'a> {
    enquiry: EnquiryId,
    /// The visit that leaves its own time for this one.
    moved: Option<AppointmentId>,
    visit: &'a Appointment,
}

/// None where no time changes.
async fn time_of<'a>(connection: &mut SqliteConnection, deed: &'a Deed) -> Result<Option<Time<'a>>, ActionError> {
    match deed {
        Deed::Plan { enquiry, visit } => Ok(Some(Time { enquiry: *enquiry, moved: None, visit })),
        Deed::Move { seen, visit, .. } => {
            let now = planned(connection, *seen).await?;
            let taken = |it: &Appointment| (it.on, it.at, it.goes, it.with);
            let time = Time { enquiry: now.enquiry, moved: Some(now.root), visit };
            Ok((taken(&now.visit) != taken(visit)).then_some(time))
        }
        Deed::Cancel { .. } | Deed::Keep { .. } => Ok(None),
    }
}

/// Nobody is visited twice on a day, nor is in two places within the hour.
fn is_clash(near: &Near, enquiry: EnquiryId, visit: &Appointment) -> bool {
    let minutes = (near.at.minutes() - visit.at.minutes()).abs();
    near.enquiry == enquiry || (minutes < APART && both(near, visit).is_some())
}

/// Who would go to both, by name.
fn both<'a>(near: &'a Near, visit: &Appointment) -> Option<&'a str> {
    let goes = |user: UserId| visit.goes == user || visit.with == Some(user);
    if goes(near.user) {
        return Some(&near.goes);
    }
    near.second.filter(|user| goes(*user)).and(near.with.as_deref())
}

fn said(near: &Near, enquiry: EnquiryId, visit: &Appointment) -> String {
    match both(near, visit) {
        Some(who) if near.enquiry != enquiry => {
            let family = near.family.as_deref().unwrap_or("another family");
            format!("{who} already goes to {family} at {} that day", near.at)
        }
        _ => format!("A visit to them is planned that day already, at {}", near.at),
    }
}
