use askama::Template;

use crate::domain::day::Day;
use crate::domain::ids::EntryId;
use crate::domain::milestone::MilestoneKind;
use crate::features::access::FormPage;
use crate::web::Page;
use crate::web::form::Choice;

#[derive(Template)]
#[template(path = "pipeline/milestone.html")]
pub struct RecordPage {
    pub page: Page,
    pub head: FormPage,
    pub kind: MilestoneKind,
    pub results: Vec<Choice>,
    /// It happens once, and is recorded already.
    pub already: Option<(EntryId, Day)>,
    /// It repeats, and was recorded on these days.
    pub before: Vec<Day>,
    /// Which of its kind stand on the page.
    pub seen: String,
}

#[derive(Template)]
#[template(path = "pipeline/milestone_correction.html")]
pub struct CorrectionPage {
    pub page: Page,
    pub head: FormPage,
    pub kind: MilestoneKind,
    pub recorded: String,
    pub results: Vec<Choice>,
    pub reasons: Vec<Choice>,
    /// Whether it may be withdrawn: a received date is corrected instead.
    pub entry: EntryId,
}

pub fn results(kind: MilestoneKind) -> Vec<Choice> {
    kind.results().iter().map(|result| Choice::of(result.code(), result.label())).collect()
}
