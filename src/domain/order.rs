//! In which order things can have happened. The same rules for people, files and the hub's systems; what merely
//! looks odd (a visit after the application) is taken and listed under data quality.

use std::fmt;

use super::day::Day;
use super::ledger::Facts;
use super::milestone::MilestoneKind;
use super::text::lower_first;

/// Nothing about fostering recruitment that is still in use was recorded before this year.
pub const EARLIEST_YEAR: i16 = 1990;

/// What a refused date belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dated {
    Milestone(MilestoneKind),
    PausedFrom,
    PausedTo,
    InTouchFrom,
    InTouchTo,
    ContactAgain,
}

/// Why a set of facts cannot be; reads as a sentence for the person who recorded it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Of two in the wrong order, the one that comes later in the pipeline.
    pub what: Dated,
    pub on: Day,
    pub why: Why,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    InTheFuture {
        today: Day,
    },
    TooLongAgo,
    BeforeTheEnquiry {
        enquiry: Day,
    },
    /// It is dated before a milestone that it can only follow.
    Before {
        earlier: MilestoneKind,
        on: Day,
    },
    ApprovedAndClosed {
        approved: Day,
    },
    ClosedTwice {
        closed: Day,
    },
    ReopenedWhileOpen,
    /// It can happen once only: another date is a correction of the first.
    RecordedAlready {
        on: Day,
    },
    EndsBeforeItBegins {
        from: Day,
    },
    Overlaps {
        from: Day,
    },
}

/// The chains of the pipeline. Each holds over members that are missing; of repeats the earliest are compared.
const CHAINS: &[&[MilestoneKind]] = {
    use MilestoneKind as K;
    &[
        &[K::Enquired, K::EnquiryReceived],
        &[K::ApplicationReceived, K::AssessmentStarted, K::Stage1InformationComplete, K::Stage1OutcomeNotified],
        &[K::ApplicationReceived, K::Stage2Started, K::PanelRecommendation],
        &[K::ApplicationReceived, K::PanelRecommendation, K::PanelMinutesFinal],
        &[K::PanelRecommendation, K::DecisionMade, K::Approved],
        &[K::EnquiryReceived, K::Approved],
        &[K::EnquiryReceived, K::Closed],
    ]
};

/// Everything that cannot be, in the order of the pipeline; empty when the facts may stand. `today` is London's.
pub fn refusals(facts: &Facts, today: Day) -> Vec<Refusal> {
    let mut found = Vec::new();
    milestone_dates(facts, today, &mut found);
    chains(facts, &mut found);
    repeats(facts, &mut found);
    closures(facts, &mut found);
    approved_and_closed(facts, &mut found);
    pauses(facts, today, &mut found);
    in_touch(facts, today, &mut found);
    found
}

fn milestone_dates(facts: &Facts, today: Day, found: &mut Vec<Refusal>) {
    let enquiry = facts.first_on(MilestoneKind::Enquired).or_else(|| facts.first_on(MilestoneKind::EnquiryReceived));
    for milestone in &facts.milestones {
        let what = Dated::Milestone(milestone.kind);
        impossible_day(what, milestone.on, today, found);
        let is_the_enquiry = matches!(milestone.kind, MilestoneKind::Enquired | MilestoneKind::EnquiryReceived);
        if let Some(enquiry) = enquiry.filter(|enquiry| !is_the_enquiry && milestone.on < *enquiry) {
            found.push(Refusal { what, on: milestone.on, why: Why::BeforeTheEnquiry { enquiry } });
        }
    }
}

fn impossible_day(what: Dated, on: Day, today: Day, found: &mut Vec<Refusal>) {
    if on > today {
        found.push(Refusal { what, on, why: Why::InTheFuture { today } });
    }
    too_long_ago(what, on, found);
}

fn too_long_ago(what: Dated, on: Day, found: &mut Vec<Refusal>) {
    if on.0.year() < EARLIEST_YEAR {
        found.push(Refusal { what, on, why: Why::TooLongAgo });
    }
}

fn chains(facts: &Facts, found: &mut Vec<Refusal>) {
    for chain in CHAINS {
        let mut earlier: Option<(MilestoneKind, Day)> = None;
        for (kind, on) in chain.iter().filter_map(|kind| facts.first_on(*kind).map(|on| (*kind, on))) {
            if let Some((earlier, earlier_on)) = earlier.filter(|(_, earlier_on)| on < *earlier_on) {
                let why = Why::Before { earlier, on: earlier_on };
                let refusal = Refusal { what: Dated::Milestone(kind), on, why };
                if !found.contains(&refusal) {
                    found.push(refusal);
                }
            }
            earlier = Some((kind, on));
        }
    }
}

/// A second visit, panel or decision is a second fact; a second application is a mistake.
fn repeats(facts: &Facts, found: &mut Vec<Refusal>) {
    for milestone in facts.milestones.iter().filter(|milestone| !milestone.kind.may_repeat()) {
        let first = facts.first(milestone.kind).filter(|first| !std::ptr::eq(*first, milestone));
        if let Some(first) = first {
            let why = Why::RecordedAlready { on: first.on };
            found.push(Refusal { what: Dated::Milestone(milestone.kind), on: milestone.on, why });
        }
    }
}

/// Closures and reopenings take turns.
fn closures(facts: &Facts, found: &mut Vec<Refusal>) {
    let mut closed: Option<Day> = None;
    for milestone in &facts.milestones {
        match (milestone.kind, closed) {
            (MilestoneKind::Closed, Some(closed)) => found.push(Refusal {
                what: Dated::Milestone(MilestoneKind::Closed),
                on: milestone.on,
                why: Why::ClosedTwice { closed },
            }),
            (MilestoneKind::Closed, None) => closed = Some(milestone.on),
            (MilestoneKind::Reopened, None) => found.push(Refusal {
                what: Dated::Milestone(MilestoneKind::Reopened),
                on: milestone.on,
                why: Why::ReopenedWhileOpen,
            }),
            (MilestoneKind::Reopened, Some(_)) => closed = None,
            _ => {}
        }
    }
}

/// An enquiry is approved or closed, never both, unless it was reopened between.
fn approved_and_closed(facts: &Facts, found: &mut Vec<Refusal>) {
    let Some(approved) = facts.first_on(MilestoneKind::Approved) else { return };
    let reopened_between = |closed: Day| {
        let between = approved.min(closed)..=approved.max(closed);
        facts.milestones.iter().any(|it| it.kind == MilestoneKind::Reopened && between.contains(&it.on))
    };
    let closures = facts.milestones.iter().filter(|it| it.kind == MilestoneKind::Closed);
    for closed in closures.filter(|it| !reopened_between(it.on)) {
        found.push(Refusal {
            what: Dated::Milestone(MilestoneKind::Closed),
            on: closed.on,
            why: Why::ApprovedAndClosed { approved },
        });
    }
}

fn pauses(facts: &Facts, today: Day, found: &mut Vec<Refusal>) {
    for pause in &facts.pauses {
        impossible_day(Dated::PausedFrom, pause.from, today, found);
    }
    spans(facts.pauses.iter().map(|pause| (pause.from, pause.to)), Dated::PausedFrom, Dated::PausedTo, found);
}

fn in_touch(facts: &Facts, today: Day, found: &mut Vec<Refusal>) {
    for in_touch in &facts.in_touch {
        impossible_day(Dated::InTouchFrom, in_touch.from, today, found);
        if let Some(again) = in_touch.contact_again_on {
            too_long_ago(Dated::ContactAgain, again, found);
        }
    }
    spans(facts.in_touch.iter().map(|it| (it.from, it.to)), Dated::InTouchFrom, Dated::InTouchTo, found);
}

/// Spans of one kind, in order of their start: none ends before it begins, none begins while another holds.
fn spans(spans: impl Iterator<Item = (Day, Option<Day>)>, begins: Dated, ends: Dated, found: &mut Vec<Refusal>) {
    let mut before: Option<(Day, Option<Day>)> = None;
    for (from, to) in spans {
        if let Some(to) = to.filter(|to| *to < from) {
            found.push(Refusal { what: ends, on: to, why: Why::EndsBeforeItBegins { from } });
        }
        if let Some((earlier, _)) = before.filter(|(_, until)| until.is_none_or(|until| until > from)) {
            found.push(Refusal { what: begins, on: from, why: Why::Overlaps { from: earlier } });
        }
        before = Some((from, to));
    }
}

impl Dated {
    pub fn label(self) -> &'static str {
        match self {
            Dated::Milestone(kind) => kind.label(),
            Dated::PausedFrom => "Paused from",
            Dated::PausedTo | Dated::InTouchTo => "Goes on from",
            Dated::InTouchFrom => "Keeping in touch from",
            Dated::ContactAgain => "Contact again on",
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (what, on) = (self.what.label(), self.on.words());
        match self.why {
            Why::InTheFuture { today } => {
                write!(f, "{what}: {on} is in the future. Record what has happened; today is {}", today.words())
            }
            Why::TooLongAgo => write!(f, "{what}: {on} is before {EARLIEST_YEAR}. Check the year"),
            Why::BeforeTheEnquiry { enquiry } => {
                write!(f, "{what} cannot be on {on}, before the enquiry of {}", enquiry.words())
            }
            Why::Before { earlier, on: earlier_on } => {
                write!(f, "{what} cannot be on {on}, before {} on {}", lower_first(earlier.label()), earlier_on.words())
            }
            Why::ApprovedAndClosed { approved } => write!(
                f,
                "It cannot be closed on {on} and approved on {} unless it was reopened between",
                approved.words()
            ),
            Why::ClosedTwice { closed } => {
                write!(f, "It was closed already on {}. Correct that closure or reopen the enquiry", closed.words())
            }
            Why::ReopenedWhileOpen => write!(f, "It cannot be reopened on {on}: it was not closed then"),
            Why::RecordedAlready { on: first } => {
                write!(f, "{what} is recorded already, on {}. Correct that date instead", first.words())
            }
            Why::EndsBeforeItBegins { from } => write!(f, "{what}: {on} is before its start on {}", from.words()),
            Why::Overlaps { from } => {
                write!(f, "{what} {on}: the one from {} has not ended by then. End that one first", from.words())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ledger::Milestone;
    use crate::domain::reason::ReasonCode;
    use MilestoneKind as K;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    fn facts(milestones: &[(MilestoneKind, &str)]) -> Facts {
        let mut milestones: Vec<_> = milestones
            .iter()
            .map(|(kind, on)| match kind {
                K::Closed => Milestone::closed(day(on), ReasonCode("not_now".into())),
                kind => Milestone::new(*kind, day(on)),
            })
            .collect();
        milestones.sort_by_key(|milestone| milestone.on);
        Facts { milestones, ..Facts::default() }
    }

    fn refused(milestones: &[(MilestoneKind, &str)]) -> Vec<(Dated, String)> {
        let refusals = refusals(&facts(milestones), day("2025-10-14"));
        refusals.into_iter().map(|refusal| (refusal.what, refusal.to_string())).collect()
    }

    #[test]
    fn what_may_stand() {
        for milestones in [
            // Equal days pass.
            &[(K::EnquiryReceived, "2025-03-03"), (K::ApplicationReceived, "2025-03-03"), (K::Closed, "2025-03-03")][..],
            // A hub may have visited before the service received it.
            &[(K::Enquired, "2025-03-01"), (K::EnquiryReceived, "2025-03-03"), (K::InitialVisit, "2025-03-02")],
            // What merely looks odd is taken: a visit after the application, Stage 2 before the Stage 1 outcome.
            &[
                (K::EnquiryReceived, "2025-03-03"),
                (K::ApplicationReceived, "2025-03-05"),
                (K::InitialVisit, "2025-04-01"),
            ],
            &[
                (K::EnquiryReceived, "2025-03-03"),
                (K::Stage2Started, "2025-04-01"),
                (K::Stage1OutcomeNotified, "2025-05-01"),
            ],
            // Of repeats the earliest are compared.
            &[
                (K::EnquiryReceived, "2025-03-03"),
                (K::PanelRecommendation, "2025-05-01"),
                (K::PanelMinutesFinal, "2025-05-08"),
                (K::PanelRecommendation, "2025-06-01"),
            ],
            // Reopened between.
            &[
                (K::EnquiryReceived, "2025-03-03"),
                (K::Closed, "2025-04-01"),
                (K::Reopened, "2025-05-01"),
                (K::Approved, "2025-06-01"),
            ],
        ] {
            assert_eq!(refused(milestones), vec![], "{milestones:?}");
        }
    }

    #[test]
    fn what_is_refused_names_the_later_one() {
        for (milestones, what) in [
            (&[(K::EnquiryReceived, "2025-10-15")][..], K::EnquiryReceived),
            (&[(K::EnquiryReceived, "1924-10-15")], K::EnquiryReceived),
            (&[(K::EnquiryReceived, "2025-03-03"), (K::FirstContact, "2025-03-02")], K::FirstContact),
            (&[(K::Enquired, "2025-03-03"), (K::EnquiryReceived, "2025-03-02")], K::EnquiryReceived),
            // The chain holds over members that are missing.
            (
                &[
                    (K::EnquiryReceived, "2025-03-03"),
                    (K::ApplicationReceived, "2025-05-01"),
                    (K::PanelMinutesFinal, "2025-04-01"),
                ],
                K::PanelMinutesFinal,
            ),
            (
                &[
                    (K::EnquiryReceived, "2025-03-03"),
                    (K::PanelRecommendation, "2025-05-02"),
                    (K::Approved, "2025-05-01"),
                ],
                K::Approved,
            ),
            (&[(K::Enquired, "2025-03-01"), (K::EnquiryReceived, "2025-03-03"), (K::Closed, "2025-03-02")], K::Closed),
            (&[(K::EnquiryReceived, "2025-03-03"), (K::Approved, "2025-05-01"), (K::Closed, "2025-06-01")], K::Closed),
            (&[(K::EnquiryReceived, "2025-03-03"), (K::Closed, "2025-05-01"), (K::Closed, "2025-06-01")], K::Closed),
            (&[(K::EnquiryReceived, "2025-03-03"), (K::Reopened, "2025-05-01")], K::Reopened),
            (
                &[(K::EnquiryReceived, "2025-03-03"), (K::FirstContact, "2025-03-04"), (K::FirstContact, "2025-03-05")],
                K::FirstContact,
            ),
        ] {
            let refused = refused(milestones);
            assert_eq!(refused.len(), 1, "{milestones:?}: {refused:?}");
            assert_eq!(refused[0].0, Dated::Milestone(what), "{refused:?}");
        }
    }

    #[test]
    fn refusals_are_sentences() {
        let refused = refused(&[
            (K::EnquiryReceived, "2025-03-03"),
            (K::ApplicationReceived, "2025-05-01"),
            (K::PanelRecommendation, "2025-04-01"),
        ]);
        assert_eq!(
            refused[0].1,
            "Panel recommendation cannot be on 1 April 2025, before application received on 1 May 2025"
        );
    }

    #[test]
    fn spans_neither_overlap_nor_end_before_they_begin() {
        use crate::domain::pause::{Pause, PauseReason};
        let pause =
            |from: &str, to: Option<&str>| Pause { from: day(from), to: to.map(day), reason: PauseReason::Work };
        let check = |pauses: Vec<Pause>| {
            let facts = Facts { pauses, ..facts(&[(K::EnquiryReceived, "2025-03-03")]) };
            refusals(&facts, day("2025-10-14"))
        };
        assert!(
            check(vec![pause("2025-04-01", Some("2025-05-01")), pause("2025-05-01", Some("2030-01-01"))]).is_empty()
        );
        assert_eq!(check(vec![pause("2025-04-01", None), pause("2025-05-01", None)]).len(), 1);
        assert_eq!(check(vec![pause("2025-04-01", Some("2025-03-31"))]).len(), 1);
        assert_eq!(check(vec![pause("2025-12-01", None)]).len(), 1);
    }
}
