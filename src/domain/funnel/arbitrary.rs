//! Believable random ledgers: with facts recorded late, corrected and withdrawn, closures, reopenings and duplicates.

use proptest::option;
use proptest::prelude::*;

use crate::domain::day::{Day, Period};
use crate::domain::fostering::TypeFilter;
use crate::domain::ids::{EntryId, RootId, UserId};
use crate::domain::instant::Instant;
use crate::domain::ledger::{Attribute, AttributeName, Entry, Ledger, Milestone, Stamp, Superseded};
use crate::domain::milestone::MilestoneKind;
use crate::domain::pause::{InTouch, Pause, PauseReason};
use crate::domain::question::{Basis, Dimension, Question};
use crate::domain::reason::{Applies, CloseReason, EndedBy, ReasonCode};

const DAY: i64 = 86_400_000;

/// The reasons that these ledgers close with; of the shipped list.
pub fn reasons() -> Vec<CloseReason> {
    [
        ("not_now", EndedBy::Applicant),
        ("AW3", EndedBy::Applicant),
        ("not_eligible", EndedBy::Service),
        ("transferred", EndedBy::Transferred),
        ("duplicate", EndedBy::Duplicate),
    ]
    .map(|(code, ended_by)| CloseReason {
        code: ReasonCode(code.to_owned()),
        label: code.to_owned(),
        ended_by,
        applies: Applies::Any,
        in_use: true,
    })
    .into()
}

/// The first day on which anybody enquires.
fn first_day() -> Day {
    Day(jiff::civil::date(2024, 2, 20))
}

/// What happened to a fact after it was recorded.
#[derive(Debug, Clone)]
struct Life {
    recorded_after: i64,
    then: Then,
}

#[derive(Debug, Clone)]
enum Then {
    Stays,
    Corrected { after: i64, days: i32 },
    Withdrawn { after: i64 },
}

fn life() -> impl Strategy<Value = Life> {
    let then = prop_oneof![
        6 => Just(Then::Stays),
        2 => (1..90_i64, -2..=2_i32).prop_map(|(after, days)| Then::Corrected { after, days }),
        1 => (1..90_i64).prop_map(|after| Then::Withdrawn { after }),
    ];
    (0..60_i64, then).prop_map(|(recorded_after, then)| Life { recorded_after, then })
}

fn stays() -> impl Strategy<Value = Life> {
    (0..60_i64).prop_map(|recorded_after| Life { recorded_after, then: Then::Stays })
}

/// Writes the versions of one ledger's facts.
struct Scribe<F> {
    next: i64,
    entries: Vec<Entry<F>>,
}

impl<F: Clone> Scribe<F> {
    fn new() -> Scribe<F> {
        Scribe { next: 1, entries: Vec::new() }
    }

    fn write(&mut self, on: Day, fact: F, life: &Life, moved: impl Fn(&F, i32) -> F) {
        let at = Instant::start_of(on).plus_milliseconds(life.recorded_after * DAY + 36_000_123);
        let root = self.next;
        match life.then {
            Then::Stays => self.push(root, fact, at, None),
            Then::Withdrawn { after } => self.push(root, fact, at, Some(at.plus_milliseconds(after * DAY))),
            Then::Corrected { after, days } => {
                let corrected_at = at.plus_milliseconds(after * DAY);
                self.push(root, fact.clone(), at, Some(corrected_at));
                self.push(root, moved(&fact, days), corrected_at, None);
            }
        }
    }

    fn push(&mut self, root: i64, fact: F, at: Instant, superseded: Option<Instant>) {
        let by = UserId::COMMAND_LINE;
        self.entries.push(Entry {
            id: EntryId(self.next),
            root: RootId(root),
            fact,
            recorded: Stamp { at, by },
            superseded: superseded.map(|at| Superseded { at, by, why: "mistake".to_owned() }),
        });
        self.next += 1;
    }
}

type Happening = Option<(i32, Life)>;

fn happening(odds: f64, days: i32) -> impl Strategy<Value = Happening> {
    option::weighted(odds, (0..days, life()))
}

#[derive(Debug, Clone)]
enum End {
    Open,
    Approved(Life),
    Closed(usize, Life),
    ClosedAndReopened { reason: usize, again: Option<usize>, life: Life, later: (Life, Life) },
}

fn end() -> impl Strategy<Value = End> {
    let reopened = (0..5_usize, option::of(0..5_usize), life(), (stays(), stays()));
    prop_oneof![
        2 => Just(End::Open),
        1 => life().prop_map(End::Approved),
        4 => (0..5_usize, life()).prop_map(|(reason, life)| End::Closed(reason, life)),
        2 => reopened.prop_map(|(reason, again, life, later)| End::ClosedAndReopened { reason, again, life, later }),
    ]
}

prop_compose! {
    fn milestones(received: Day)(
        enquired in happening(0.3, 10),
        first in life(),
        steps in (happening(0.7, 9), happening(0.5, 20), happening(0.1, 20), happening(0.4, 40), happening(0.3, 60), happening(0.3, 80)),
        end in end(),
        ends_after in 0..90_i32,
    ) -> Vec<Entry<Milestone>> {
        let mut scribe = Scribe::new();
        let moved = |milestone: &Milestone, days: i32| Milestone { on: milestone.on.plus_days(days), ..milestone.clone() };
        if let Some((before, life)) = enquired {
            let on = received.plus_days(-before);
            scribe.write(on, Milestone::new(MilestoneKind::Enquired, on), &life, moved);
        }
        scribe.write(received, Milestone::new(MilestoneKind::EnquiryReceived, received), &first, moved);
        let mut on = received;
        use MilestoneKind as K;
        let kinds = [K::FirstContact, K::InitialVisit, K::InitialVisit, K::ApplicationReceived, K::Stage2Started, K::PanelRecommendation];
        for (kind, happened) in kinds.into_iter().zip([steps.0, steps.1, steps.2, steps.3, steps.4, steps.5]) {
            if let Some((days, life)) = happened {
                on = on.plus_days(days);
                scribe.write(on, Milestone::new(kind, on), &life, moved);
            }
        }
        on = on.plus_days(ends_after);
        let closed = |on: Day, reason: usize| Milestone::closed(on, reasons()[reason].code.clone());
        match end {
            End::Open => {}
            End::Approved(life) => scribe.write(on, Milestone::new(K::Approved, on), &life, moved),
            End::Closed(reason, life) => scribe.write(on, closed(on, reason), &life, moved),
            End::ClosedAndReopened { reason, again, life, later } => {
                scribe.write(on, closed(on, reason), &life, moved);
                let reopened = on.plus_days(5 + ends_after);
                scribe.write(reopened, Milestone::new(K::Reopened, reopened), &later.0, moved);
                let on = reopened.plus_days(10 + ends_after);
                if let Some(reason) = again {
                    scribe.write(on, closed(on, reason), &later.1, moved);
                }
            }
        }
        scribe.entries
    }
}

const VALUES: [(AttributeName, &[&str]); 4] = [
    (AttributeName::Source, &["Radio", "Website", "website"]),
    (AttributeName::Campaign, &["Spring", "=cmd"]),
    (AttributeName::Hub, &["Foster with North East"]),
    (AttributeName::FosteringType, &["long_term", "family_and_friends", "supported_lodgings", "mainstream"]),
];

prop_compose! {
    fn attributes(received: Day)(
        values in proptest::collection::vec(option::weighted(0.7, (0..12_usize, life())), VALUES.len()),
        officers in proptest::collection::vec((0..120_i32, option::weighted(0.8, 0..3_usize), life()), 0..3),
    ) -> Vec<Entry<Attribute>> {
        let mut scribe = Scribe::new();
        for ((name, choices), value) in VALUES.into_iter().zip(values) {
            if let Some((choice, life)) = value {
                let attribute = |choice: usize| {
                    Attribute { name, value: Some(choices[choice % choices.len()].to_owned()), user: None, from: None }
                };
                // A correction of what has no date is another value.
                scribe.write(received, attribute(choice), &life, |_, days| attribute(choice + days.unsigned_abs() as usize));
            }
        }
        for (days, officer, life) in officers {
            let from = received.plus_days(days);
            let value = officer.map(|officer| ["Amy Bell", "Tom Reed", "Zoë Shah"][officer].to_owned());
            let attribute = Attribute { name: AttributeName::Officer, value, user: None, from: Some(from) };
            scribe.write(from, attribute, &life, |attribute, days| {
                Attribute { from: attribute.from.map(|from| from.plus_days(days)), ..attribute.clone() }
            });
        }
        scribe.entries
    }
}

/// From when, for how long, and what happened to the record of it.
fn span() -> impl Strategy<Value = Option<(i32, Option<i32>, Life)>> {
    option::weighted(0.3, (0..80_i32, option::of(0..60_i32), life()))
}

prop_compose! {
    pub fn ledger()(received in 0..420_i32)(
        milestones in milestones(first_day().plus_days(received)),
        attributes in attributes(first_day().plus_days(received)),
        received in Just(first_day().plus_days(received)),
        pause in span(),
        in_touch in span(),
    ) -> Ledger {
        let mut pauses = Scribe::new();
        if let Some((days, length, life)) = pause {
            let from = received.plus_days(days);
            let fact = Pause { from, to: length.map(|length| from.plus_days(length)), reason: PauseReason::Work };
            pauses.write(from, fact, &life, |pause, _| Pause { to: None, ..pause.clone() });
        }
        let mut kept = Scribe::new();
        if let Some((days, length, life)) = in_touch {
            let from = received.plus_days(days);
            let fact = InTouch { from, to: length.map(|length| from.plus_days(length)), contact_again_on: None };
            kept.write(from, fact, &life, |it, _| InTouch { to: None, ..it.clone() });
        }
        Ledger { milestones, attributes, pauses: pauses.entries, in_touch: kept.entries }
    }
}

prop_compose! {
    /// Of any kind, about the days that the ledgers are about.
    pub fn question()(
        from in -20..420_i32,
        length in 0..420_i32,
        as_at in 0..550_i32,
        known in 0..900_i64,
        types in proptest::sample::select(TypeFilter::ALL),
        basis in proptest::sample::select(Basis::ALL),
        by in option::of(proptest::sample::select(Dimension::ALL)),
    ) -> Question {
        let from = first_day().plus_days(from);
        Question {
            period: Period { from, to: from.plus_days(length) },
            as_at: first_day().plus_days(as_at),
            known_at: Instant::start_of(first_day()).plus_milliseconds(known * DAY),
            types,
            basis,
            by,
        }
    }
}
