use crate::domain::day::Day;
use crate::domain::ids::EnquiryId;
use crate::domain::ledger::{Fact, Facts, Milestone};
use crate::domain::milestone::MilestoneKind;
use crate::domain::note::NoteKind;
use crate::domain::reason::{Applies, CloseReason, ReasonCode};
use crate::features::access::understood;
use crate::features::notes::NewNote;
use crate::features::pipeline::save::Change;
use crate::web::Form;
use crate::web::form::Choice;

/// The reason of what is here twice.
const DUPLICATE: &str = "duplicate";

pub fn empty(today: Day) -> Form {
    understood(Form::of([("on", today.short())]), &["on"], today)
}

/// Those that apply before or after applying; after it, an applicant's reasons are Ofsted's. One that is no longer
/// offered stays with the enquiry that has it.
pub fn reasons_for<'a>(facts: &Facts, reasons: &'a [CloseReason]) -> impl Iterator<Item = &'a CloseReason> {
    let has_applied = facts.has_applied();
    let recorded: Vec<_> = facts.milestones.iter().filter_map(|milestone| milestone.close_reason.clone()).collect();
    let applies = move |reason: &CloseReason| match reason.applies {
        Applies::Any => true,
        Applies::BeforeApplying => !has_applied,
        Applies::AfterApplying => has_applied,
    };
    reasons.iter().filter(move |reason| applies(reason) && (reason.in_use || recorded.contains(&reason.code)))
}

/// With who ended it, for a list that is not grouped.
pub fn reason_choices(facts: &Facts, reasons: &[CloseReason]) -> Vec<Choice> {
    reasons_for(facts, reasons)
        .map(|reason| Choice::of(reason.code.0.clone(), format!("{}: {}", reason.ended_by.label(), reason.label)))
        .collect()
}

/// The closure, and what there is to say of it, together.
/// `other` is what the reference of the other enquiry was found to be.
pub fn closure(
    form: &mut Form,
    today: Day,
    facts: &Facts,
    reasons: &[CloseReason],
    other: Option<EnquiryId>,
) -> Option<Vec<Change>> {
    let on = form.required_day("on", today, "Enter the date on which it ended");
    let reason = form.required("reason", "Choose why it ended");
    if let Some(code) = reason.as_deref()
        && !reasons_for(facts, reasons).any(|known| known.code.0 == code)
    {
        form.fail("reason", "Choose one of the reasons");
    }
    if form.text("duplicate_of").is_some() && reason.as_deref() != Some(DUPLICATE) {
        form.fail("duplicate_of", "Only a duplicate has another enquiry. Choose that reason, or leave this empty");
    } else if form.text("duplicate_of").is_some() && other.is_none() {
        form.fail("duplicate_of", "There is no other enquiry with this reference that you may open");
    }
    let closed = Milestone::closed(on?, ReasonCode(reason?)).duplicate_of(other);
    form.is_valid().then(|| with_note(form, closed))
}

pub fn reopening(form: &mut Form, today: Day) -> Option<Vec<Change>> {
    let on = form.required_day("on", today, "Enter the date from which it goes on")?;
    form.is_valid().then(|| with_note(form, Milestone::new(MilestoneKind::Reopened, on)))
}

fn with_note(form: &Form, milestone: Milestone) -> Vec<Change> {
    let note = form.text("note").map(|body| Change::Note(NewNote { kind: NoteKind::Note, on: milestone.on, body }));
    [Change::Record(Fact::Milestone(milestone))].into_iter().chain(note).collect()
}
