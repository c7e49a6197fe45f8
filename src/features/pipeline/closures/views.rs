use askama::Template;

use crate::domain::ledger::Facts;
use crate::domain::reason::{CloseReason, EndedBy};
use crate::features::access::FormPage;
use crate::features::pipeline::closures::reasons_for;
use crate::web::Page;

#[derive(Template)]
#[template(path = "pipeline/closure.html")]
pub struct ClosurePage {
    pub page: Page,
    pub head: FormPage,
    pub groups: Vec<Group>,
    pub has_applied: bool,
}

/// The reasons of one who may end it.
pub struct Group {
    pub by: &'static str,
    pub hint: &'static str,
    pub reasons: Vec<CloseReason>,
}

#[derive(Template)]
#[template(path = "pipeline/reopening.html")]
pub struct ReopeningPage {
    pub page: Page,
    pub head: FormPage,
    /// When and why it was closed; None where it is open.
    pub closed: Option<String>,
}

pub fn groups(facts: &Facts, reasons: &[CloseReason]) -> Vec<Group> {
    let group = |by: EndedBy| {
        let reasons = reasons_for(facts, reasons).filter(|reason| reason.ended_by == by).cloned().collect();
        let (by, hint) = match by {
            EndedBy::Applicant => ("They decided not to continue", ""),
            EndedBy::Service => ("We decided not to continue", ""),
            EndedBy::Transferred => ("Somebody else takes it on", ""),
            EndedBy::Duplicate => ("It is here twice", "A duplicate counts nowhere"),
        };
        Group { by, hint, reasons }
    };
    EndedBy::ALL.iter().copied().map(group).filter(|group| !group.reasons.is_empty()).collect()
}
