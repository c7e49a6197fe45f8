//! The next step in words, with where it leads.

use super::ladder::days;
use super::queries_merges::Merging;
use crate::domain::day::Day;
use crate::domain::ids::{EnquiryId, EntryId};
use crate::domain::ledger::{Entry, Ledger};
use crate::domain::milestone::MilestoneKind;
use crate::domain::next_step::{Offer, next_step};
use crate::domain::standing::State;
use crate::domain::text::lower_first;

pub struct NextView {
    pub heading: String,
    pub sentence: String,
    /// What the button says and where it leads.
    pub action: Option<(String, String)>,
    pub others: Vec<(String, String)>,
}

/// What a merge closed is not reopened: whoever may merge undoes that instead.
pub fn after_merging(merging: &Merging, may_undo: bool) -> NextView {
    let goes_on = merging.reference.as_deref().unwrap_or("another enquiry");
    let sentence = format!(
        "It was logged twice: the family goes on with {goes_on}. {} merged the two on {}.",
        merging.by,
        merging.at.london_text()
    );
    let open = |reference: &String| (format!("Open {reference}"), format!("/enquiries/{}", merging.other));
    let undo = ("See the merge, and undo it".to_owned(), format!("/households/merges/{}", merging.id));
    let others = merging.reference.iter().map(open).chain(may_undo.then_some(undo));
    NextView { heading: "Closed".to_owned(), sentence, action: None, others: others.collect() }
}

pub fn view(enquiry: EnquiryId, ledger: &Ledger, today: Day) -> NextView {
    let facts = ledger.facts();
    let step = next_step(&facts, today);
    let link = |label: &str, to: &str| (label.to_owned(), format!("/enquiries/{enquiry}{to}"));
    let milestone = |kind: MilestoneKind| format!("/milestones/new?kind={}", kind.code());
    let others: Vec<_> = step.others.iter().map(|kind| link(kind.label(), &milestone(*kind))).collect();
    let since = facts.milestones.last().map_or(0, |last| last.on.days_until(today));
    let (heading, sentence, action) = match step.offer {
        Offer::FirstContact => {
            let waited = facts.day_received().map_or(0, |day| day.days_until(today));
            (
                format!("Make {}", lower_first(MilestoneKind::FirstContact.label())),
                waiting(waited),
                Some(link("Record contact", "/notes/new?kind=call")),
            )
        }
        Offer::Milestone(kind) => {
            let label = format!("Record {}", lower_first(kind.label()));
            (kind.label().to_owned(), usually(since), Some(link(&label, &milestone(kind))))
        }
        Offer::ContactAgain => (
            "Contact them again".to_owned(),
            "They asked to hear from you by now.".to_owned(),
            Some(link("Record contact", "/notes/new?kind=call")),
        ),
        Offer::KeepInTouch => {
            let again = facts.in_touch.last().and_then(|it| it.contact_again_on);
            let sentence = match again {
                Some(on) => format!("Contact them again on {}.", on.long()),
                None => "No day is set on which to contact them again.".to_owned(),
            };
            (State::InTouch.label().to_owned(), sentence, of_entry(&ledger.in_touch, "in-touch", "They go on", &link))
        }
        Offer::EndPause => {
            let until = facts.pauses.last().and_then(|pause| pause.to);
            let sentence = match until {
                Some(to) => format!("They go on from {}.", to.long()),
                None => "Nobody knows yet when they go on.".to_owned(),
            };
            ("Paused".to_owned(), sentence, of_entry(&ledger.pauses, "pauses", "End the pause", &link))
        }
        Offer::Close => (
            "Close the enquiry".to_owned(),
            "It was decided not to go on.".to_owned(),
            Some(link("Close the enquiry", "/closures/new")),
        ),
        Offer::Reopen => (
            "Closed".to_owned(),
            "Nothing is left to do. If the family comes back soon, it can be reopened; later, log a new enquiry."
                .to_owned(),
            None,
        ),
        Offer::Nothing => ("Approved".to_owned(), "This enquiry has reached its end.".to_owned(), None),
    };
    let others = match step.offer {
        Offer::Milestone(MilestoneKind::InitialVisit) => {
            [link("Plan the visit", "/appointments/new")].into_iter().chain(others).collect()
        }
        Offer::Reopen => vec![link("Reopen the enquiry", "/reopenings/new")],
        Offer::ContactAgain => of_entry(&ledger.in_touch, "in-touch", "They go on", &link).into_iter().collect(),
        _ => others,
    };
    NextView { heading, sentence, action, others }
}

fn of_entry<F>(
    entries: &[Entry<F>],
    noun: &str,
    label: &str,
    link: &impl Fn(&str, &str) -> (String, String),
) -> Option<(String, String)> {
    let entry: EntryId = entries.iter().rfind(|entry| entry.in_force())?.id;
    Some(link(label, &format!("/{noun}/{entry}/endings")))
}

fn waiting(waited: i64) -> String {
    match waited {
        0 => "Received today. Nobody has spoken with them yet.".to_owned(),
        waited => format!("Received {} ago. Nobody has spoken with them yet.", days(waited)),
    }
}

fn usually(since: i64) -> String {
    match since {
        0 => "This usually comes next.".to_owned(),
        since => format!("This usually comes next. Nothing has happened for {}.", days(since)),
    }
}
