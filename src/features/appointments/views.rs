use askama::Template;

use super::queries::Planned;
use crate::domain::ids::AppointmentId;
use crate::features::access::FormPage;
use crate::web::Page;
use crate::web::form::Choice;

#[derive(Template)]
#[template(path = "appointments/appointment.html")]
pub struct AppointmentPage {
    pub page: Page,
    pub head: FormPage,
    pub people: Vec<Choice>,
    /// The visit that is moved; None for a new one.
    pub moved: Option<Planned>,
}

#[derive(Template)]
#[template(path = "appointments/cancellation.html")]
pub struct CancellationPage {
    pub page: Page,
    pub head: FormPage,
    pub when: String,
}

/// In place of the form for whoever comes before the day: nothing can be recorded yet.
#[derive(Template)]
#[template(path = "appointments/keeping_ahead.html")]
pub struct KeepingAheadPage {
    pub page: Page,
    pub head: FormPage,
    pub when: String,
    pub visit: AppointmentId,
}

#[derive(Template)]
#[template(path = "appointments/keeping.html")]
pub struct KeepingPage {
    pub page: Page,
    pub head: FormPage,
    pub when: String,
}
