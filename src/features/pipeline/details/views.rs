use askama::Template;

use crate::domain::ids::EntryId;
use crate::features::access::FormPage;
use crate::web::Page;
use crate::web::form::Choice;

#[derive(Template)]
#[template(path = "pipeline/details.html")]
pub struct DetailsPage {
    pub page: Page,
    pub head: FormPage,
    pub kinds: Vec<Choice>,
    /// Offered while typing, as the next two.
    pub sources: Vec<String>,
    pub campaigns: Vec<String>,
    pub hubs: Vec<String>,
    /// The dates it began with, which are corrected on pages of their own: label, date, entry.
    pub dates: Vec<(&'static str, String, EntryId)>,
}
